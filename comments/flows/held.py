"""Everything that is kept about one person, as they get it: a page, and the same as JSON.

Two things are left out: the address itself, which leaves by no public door and which the person has typed, and who of the staff
did what, which is told by what they do here.
"""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from comments.flows import addresses, no_mail
from comments.models import Comment, CommentEvent, Contact, DataRequest, Letter, Redaction, Report, consent
from comments.screening.types import in_words
from mail.message import link

FORMAT = "what-we-keep-1"


def comments_of(contact: int | None) -> QuerySet:
    """Return the comments of a contact in every state, the newest first, with what hangs on them; seven queries."""
    return (
        Comment.objects.filter(contact=contact, contact__isnull=False)
        .select_related("article", "subscription")
        .prefetch_related(
            Prefetch("events", CommentEvent.objects.select_related("written").order_by("pk")),
            Prefetch("letters", Letter.objects.order_by("pk")),
            Prefetch("redactions", Redaction.objects.order_by("pk")),
            Prefetch("reports", Report.objects.order_by("pk")),
        )
        .order_by("-submitted_at", "-pk")
    )


def everything(contact: int) -> dict:
    """Return what is kept about a contact, ready for JSON; raises Contact.DoesNotExist."""
    person = Contact.objects.defer("address").get(pk=contact)
    searched = DataRequest.objects.filter(contact=contact, by__isnull=False).order_by("pk")
    return {
        "format": FORMAT,
        "person": {
            "email_address": _("The one this link was sent to. It's kept encrypted, apart from the comments."),
            "person_tag": person.tag,
            "kept_since": person.created_at.isoformat(),
            "new_comments_are_treated": person.get_standing_display(),
            "never_wants_email": no_mail.is_unwanted(addresses.mailboxes(contact)),
            "looked_up_by_staff": [{"at": row.created_at.isoformat(), "reason": row.reason} for row in searched],
        },
        "comments": [of_comment(comment) for comment in comments_of(contact)],
    }


def of_comment(comment: Comment) -> dict:
    """Return what is kept about one comment."""
    wish = getattr(comment, "subscription", None)
    return {
        "number": comment.pk,
        "article": comment.article.title,
        "address": link("comments:permalink", comment.article.slug, comment.pk) if comment.state == "approved" else "",
        "name": comment.name,
        "text": comment.body,
        "state": comment.get_state_display(),
        "in_reply_to": comment.parent_id,
        "second_try_of": comment.revises_id,
        "sent_at": comment.submitted_at.isoformat(),
        "decided_at": comment.decided_at.isoformat() if comment.decided_at else None,
        "agreed_to": {
            "sentence": str(consent.SENTENCES.get(comment.consent_version, "")),
            "at": comment.consent_at.isoformat() if comment.consent_at else None,
        },
        "queue": comment.get_lane_display(),
        "found_by_automatic_checks": [str(in_words(signal)) for signal in comment.signals],
        "contact_details_shown": comment.show_contact_details,
        "email": {
            "asked_for_at": wish.created_at.isoformat(),
            "confirmed_at": wish.confirmed_at.isoformat() if wish.confirmed_at else None,
            "ended_at": wish.ended_at.isoformat() if wish.ended_at else None,
        }
        if wish
        else None,
        "letters": [
            {
                "written_at": letter.created_at.isoformat(),
                "your_reply": letter.answer,
                "replied_at": letter.answered_at.isoformat() if letter.answered_at else None,
            }
            for letter in comment.letters.all()
        ],
        "covered_words": [
            {"kind": row.get_kind_display(), "original": row.original, "at": row.made_at.isoformat()}
            for row in comment.redactions.all()
        ],
        "reported_by_readers": [
            {"reason": str(row.get_reason_display()), "at": row.created_at.isoformat()} for row in comment.reports.all()
        ],
        "history": [
            {
                "what": str(event.get_kind_display()),
                "state": str(event.get_after_display()),
                "reason": str(event.get_reason_display()) if event.reason else "",
                "note": event.note,
                "at": event.created_at.isoformat(),
            }
            for event in comment.events.all()
        ],
    }
