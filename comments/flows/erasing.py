"""Words, name and contact gone for good: taken back by the author, or erased by a privacy officer or the retention."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.flows import addresses, moderation, subscriptions
from comments.models import Comment, CommentEvent, State
from mail import outbox
from mail.models import Outbox

# What is left of a comment whose words are gone.
GONE = {
    "name": "",
    "body": "",
    "contact": None,
    "signals": [],
    "topics": "",
    "read_first": False,
    "text_digest": "",
    "repeat_key": None,
    "show_contact_details": False,
}


def withdraw(comment: Comment) -> None:
    """Take a comment back for its author: words, name and contact go at once. Twice is the same as once."""
    with transaction.atomic():
        comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if comment.state in {State.WITHDRAWN, State.ERASED}:
            return
        _forget(comment, State.WITHDRAWN, CommentEvent.Kind.WITHDRAWN, actor=None)
    addresses.forget_unused(comment.contact_id)


def erase(comment: Comment, *, by=None, reason: str, only_if: str | None = None) -> None:
    """Erase words, name and contact for good; `by` is a privacy officer, or None for the retention.

    With `only_if`, nothing happens unless the comment is in that state.

    Raises PermissionDenied without `comments.erase_comment`, ValueError without a reason.
    """
    if by is not None and not by.has_perm("comments.erase_comment"):
        raise PermissionDenied(_("Only a privacy officer can erase a comment."))
    if not reason.strip():
        raise ValueError(_("Please give a reason. It's kept in the comment's history."))
    with transaction.atomic():
        comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if comment.state == State.ERASED or only_if not in {None, comment.state}:
            return
        _forget(comment, State.ERASED, CommentEvent.Kind.ERASED, actor=by, note=reason.strip())
    addresses.forget_unused(comment.contact_id)


def _forget(comment, to, kind, *, actor, note=""):
    """Erase what the person gave, wherever it lies."""
    moderation.move(comment, to, kind, actor=actor, note=note, **GONE)
    subscriptions.forget(comment)
    comment.redactions.exclude(original="").update(original="", destroyed_at=timezone.now())
    comment.letters.exclude(answer="").update(answer="")
    comment.reports.exclude(note="").update(note="")
    comment.events.filter(kind__in=CommentEvent.Kind.with_notes()).exclude(note="").update(note="")
    Outbox.objects.filter(payload__comment=comment.pk, done_at=None).delete()
    outbox.add("empty_log", key="empty_log")
