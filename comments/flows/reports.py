"""What readers say about public comments, and what follows at once: taking down for a second look, never more."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from comments.flows import moderation, notices
from comments.models import Comment, CommentEvent, CommentSettings, Report, State
from comments.screening import Lane
from web import limits
from web.network import day_tag, site_of

LIMITS = [(10, 24 * 60 * 60)]
# So many reports of other kinds than harm, each from another network or day, take a comment down.
ENOUGH = 3
# Without a person no more than this goes offline in an hour: one stranger must not empty the site. The rest stays and is told.
MOST_TAKEN_DOWN, IN = 5, datetime.timedelta(hours=1)
# So many of the last reports are looked through.
LOOKED_THROUGH = 1000
# Kept in the history, and compared with it.
BY_HARM = gettext_noop("Reported: someone may be in danger")
BY_SEVERAL = gettext_noop("Reported three times")
# After one of these readers see, or may come to see, another text than the one that was looked at.
NEW_TEXT = {CommentEvent.Kind.CHANGED, CommentEvent.Kind.REDACTED, CommentEvent.Kind.DETAILS_SHOWN}


class NotPublic(Exception):
    """The comment is not on the page (any more), so nobody can report it."""


@transaction.atomic
def file_report(comment: Comment, reason: str, note: str, *, network: str) -> Report:
    """Keep what a reader reported, once for each network and day, and take the comment down when that is called for.

    One report of harm hides it and makes it urgent, and three others hide it: each at most once, because then a person has
    looked again; and neither after somebody has confirmed it. Both are about one text: for a changed one they begin anew.
    When MOST_TAKEN_DOWN were hidden within the hour the comment stays public, and the moderators are told at once.
    Raises NotPublic, limits.TooMany.
    """
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if comment.state != State.APPROVED:
        raise NotPublic
    today = timezone.localdate()
    said = {"version": comment.version, "reason": reason, "note": note, "site_tag": day_tag("report", site_of(network), today)}
    report, is_new = Report.objects.get_or_create(comment=comment, network_tag=day_tag("report", network, today), defaults=said)
    if is_new:
        limits.take_of_network("reports", network, timezone.localdate(), LIMITS if settings.COMMENT_LIMITS else [])
    else:
        _say_more(report, reason, note, comment.version)
    _take_down_if_called_for(comment, reason)
    return report


def _say_more(report, reason, note, version):
    """Add what the same reader, or somebody else in the same house, says now: that it is grave, and the note."""
    said = [report.note, note] if note not in report.note else [report.note]
    together = "\n".join(filter(None, said))[: Report._meta.get_field("note").max_length]
    is_graver = reason == Report.Reason.HARM != report.reason
    if is_graver:
        report.reason, report.version = reason, version
    if is_graver or together != report.note:
        report.note = together
        report.save()


def _take_down_if_called_for(comment, reason):
    changed = comment.events.filter(kind__in=NEW_TEXT, undone_by=None).last()
    if comment.confirmed_at and not (changed and changed.created_at > comment.confirmed_at):
        return
    taken_down = comment.events.filter(kind=CommentEvent.Kind.REPORTED, pk__gt=changed.pk if changed else 0).values_list(
        "detail", flat=True
    )
    if reason == Report.Reason.HARM:
        if BY_HARM not in taken_down and _may_take_down():
            moderation.take_down(comment, why=BY_HARM, lane=Lane.URGENT)
            notices.tell_urgent()
        return
    others = comment.reports.exclude(reason=Report.Reason.HARM).filter(created_at__gte=comment.decided_at)
    networks = {site or tag for site, tag in others.values_list("site_tag", "network_tag")}
    if len(networks) >= ENOUGH and BY_SEVERAL not in taken_down and _may_take_down():
        moderation.take_down(comment, why=BY_SEVERAL)


def _may_take_down():
    """Return whether another comment may go offline without a person; when not, ask for one."""
    CommentSettings.one_after_another()
    hidden = CommentEvent.objects.filter(kind=CommentEvent.Kind.REPORTED, created_at__gt=timezone.now() - IN)
    if hidden.count() < MOST_TAKEN_DOWN:
        return True
    for to in notices.rota():
        notices.tell_soon("reports_notice", to)
    return False


def send_reports_notice(payload: dict) -> None:
    """Tell one of the rota how many comments stay public though readers reported them, if any still does."""
    number = reported_in_public()
    if number:
        words = ngettext("{number} reported comment is still online", "{number} reported comments are still online", number)
        danger = Report.objects.danger_in_public().exists()
        if danger:
            words = _("URGENT: {subject}").format(subject=words)
        context = {"number": number, "most": MOST_TAKEN_DOWN, "page": notices.reports_page(), "danger": danger}
        notices.tell(payload["to"], words.format(number=number), "reported", context, occasion=payload["key"])


def reported_in_public() -> int:
    """Return how many public comments readers reported since somebody last decided on them, of the last reports; one query."""
    return len(set(Report.objects.open_in_public().order_by("-pk").values_list("comment", flat=True)[:LOOKED_THROUGH]))
