"""What other pages of the admin show of comments: what waits, on the home page; reports, covers and standing, on a comment's."""

from django import template
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from comments.admin import waiting
from comments.flows import moderation, redaction
from comments.models import Redaction, Report
from comments.models.contact import Contact

register = template.Library()


@register.inclusion_tag("admin/comments/_reader_tools.html", takes_context=True)
def reader_tools(context, comment):
    """Print what readers reported, what can be covered or put back, and how this person's comments are treated."""
    may_decide = context["request"].user.has_perm("comments.moderate_comment")
    counts = dict(comment.reports.order_by().values_list("reason").annotate(Count("pk")))
    person = Contact.objects.filter(pk=comment.contact_id).values("tag", "standing").first()
    return {
        "csrf_token": context.get("csrf_token"),
        "comment": comment,
        "may_decide": may_decide,
        "reports": [(counts[reason], words) for reason, words in Report.Reason.choices if reason in counts],
        "notes": comment.reports.exclude(note="").values_list("note", flat=True) if counts else [],
        "can_cover": may_decide and comment.state in redaction.STATES and moderation.may_decide(comment, context["request"].user),
        "suggestions": _suggestions(comment),
        "kinds": Redaction.Kind.choices,
        "covers": comment.redactions.filter(made_at__gt=timezone.now() - redaction.KEPT_FOR)
        .exclude(original="")
        .select_related("made_by"),
        "kept_days": redaction.KEPT_FOR.days,
        "person": person,
        "standings": Contact.Standing.choices,
    }


@register.inclusion_tag("admin/comments/_waiting.html")
def comments_waiting():
    """Print how many comments wait in each lane, and since when; each is a link to the lane."""
    queue = reverse("admin:comments_queued_changelist")
    return {"tiles": [(lane, f"{queue}?lane={lane.lane}") for lane in waiting.waiting([])], "queue": queue}


def _suggestions(comment):
    """Return the parts that screening took for personal details, in the order of the text, each once."""
    found = {
        tuple(span): redaction.KIND_OF_SIGNAL[signal["code"]]
        for signal in comment.signals
        if signal["code"] in redaction.KIND_OF_SIGNAL
        for span in signal.get("spans", [])
    }
    return [
        {"start": start, "end": end, "words": comment.body[start:end], "kind": kind.value, "label": kind.label}
        for (start, end), kind in sorted(found.items())
    ]
