"""Words, name and contact gone for good: taken back by the author, or erased by a privacy officer or the retention."""

import re

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.flows import addresses, moderation
from comments.models import Comment, CommentEvent, EventNote, Letter, Redaction, Report, State, Subscription
from mail import outbox
from mail.models import Outbox
from web import many_rows

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
# So many words of a comment in a row, or all when it has fewer, are a quotation.
QUOTED = 4
WORD = re.compile(r"\w+")


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
        # A reason that somebody gave outlasts the words only where it does not hold them.
        note = "" if repeats(reason, comment.name, comment.body) else reason.strip()
        _forget(comment, State.ERASED, CommentEvent.Kind.ERASED, actor=by, **({"note": note} if by else {"detail": reason}))
    addresses.forget_unused(comment.contact_id)


@transaction.atomic
def erase_all(keys: list[int], *, only_if: str) -> int:
    """Erase these comments for the retention while they are in that state, in one transaction; return how many.

    An address that is not needed any more has a line of its own in the table, which comes later.
    """
    held = Comment.objects.select_for_update(no_key=True).filter(pk__in=keys, state=only_if).order_by("pk")
    comments = list(held.only("version", *moderation.RESTORED))
    keys = [comment.pk for comment in comments]
    notes = _notes_to_go(keys)
    changes = GONE | {"state": State.ERASED, "version": F("version") + 1, "claimed_by": None, "claimed_at": None}
    Comment.objects.filter(pk__in=keys).update(**changes)
    said = (CommentEvent.Kind.ERASED, only_if, State.ERASED, "retention")
    many_rows.insert(
        CommentEvent,
        ("comment_id", "version", "was", "kind", "before", "after", "detail"),
        ((comment.pk, comment.version, moderation.as_it_was(comment), *said) for comment in comments),
    )
    _forget_around(keys, notes)
    return len(comments)


def clear_signals(keys: list[int]) -> int:
    """Forget what screening found in these comments while they are public; return how many."""
    return Comment.objects.filter(pk__in=keys, state=State.APPROVED).update(signals=[], topics="")


def _forget(comment, to, kind, *, actor, **why):
    """Erase what the person gave, wherever it lies."""
    notes = _notes_to_go([comment.pk])
    moderation.move(comment, to, kind, actor=actor, **why, **GONE)
    _forget_around([comment.pk], notes)


def repeats(note: str, name: str, body: str) -> bool:
    """Return whether a note quotes these words or names their author, whatever the case and the signs between."""
    said, named, written = (WORD.findall(text.casefold()) for text in (note, name, body))
    lengths = ((named, len(named)), (written, min(QUOTED, len(written))))
    return any(length and _runs(words, length) & _runs(said, length) for words, length in lengths)


def _runs(words, length):
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def _notes_to_go(keys):
    """Return the notes that go with these comments: what moderators noted about them, and reasons that repeat their words."""
    # Sorted out here: asked for the kind as well, SQLite would look through every event of that kind.
    written = EventNote.objects.filter(event__comment__in=keys).values_list(
        "pk", "text", "event__kind", "event__comment__name", "event__comment__body"
    )
    with_comment = CommentEvent.Kind.with_notes()
    return [pk for pk, text, kind, *words in written if kind in with_comment or repeats(text, *words)]


def _forget_around(keys, notes):
    """Erase what was said about comments that are gone, and what was still to be told of them."""
    Subscription.objects.filter(comment__in=keys).delete()
    Redaction.objects.filter(comment__in=keys).exclude(original="").update(original="", destroyed_at=timezone.now())
    Letter.objects.filter(comment__in=keys).exclude(answer="").update(answer="")
    Report.objects.filter(comment__in=keys).exclude(note="").update(note="")
    EventNote.objects.filter(pk__in=notes).delete()
    Outbox.objects.filter(payload__comment__in=keys, done_at=None).delete()
    outbox.add("empty_log", key="empty_log")
