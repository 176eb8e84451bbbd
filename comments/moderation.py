"""Every change of a comment's state: one table of moves, one function that makes them, one event for each.

A move is made on the version that was seen. Nothing here is a machine's decision: `decide` takes a person.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.timesince import timesince

from articles.models import Article
from comments import contacts, threads
from comments.models import Comment, Event, Reason, State
from comments.screening import Lane

MOVES = {
    State.PENDING: {State.APPROVED, State.REJECTED, State.SPAM},
    State.APPROVED: {State.HIDDEN, State.REJECTED, State.SPAM},
    State.REJECTED: {State.PENDING},
    State.SPAM: {State.PENDING},
    State.HIDDEN: {State.APPROVED, State.REJECTED, State.SPAM},
    State.WITHDRAWN: set(),
    State.ERASED: set(),
}
SENSITIVE = {Lane.URGENT, Lane.CLINICIAN}
# What is left of a comment whose words are gone.
GONE = {
    "name": "",
    "body": "",
    "contact": None,
    "signals": [],
    "text_digest": "",
    "repeat_key": None,
    "show_contact_details": False,
}


class InvalidMove(Exception):
    """There is no such move; the text says so for the moderator."""


class Conflict(Exception):
    """The comment is not what the moderator saw; the text says what came first."""


@transaction.atomic
def decide(comment: Comment, to: str, *, version: int, by, reason: str = "", note: str = "") -> Event:
    """Move a comment to a state of MOVES, if it still is the version that the moderator saw.

    `reason` is one of `Reason`, needed for a rejection and only there. Raises PermissionDenied, InvalidMove, or Conflict with
    the decision that came first.
    """
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied("Deciding on comments needs a permission of its own.")
    if (to == State.REJECTED) != (reason in Reason.values):
        raise InvalidMove("A rejection, and nothing else, needs one of the reasons.")
    # The article's row is held so that two approvals do not take the last place of a page.
    Article.objects.select_for_update().get(pk=comment.article_id)
    comment = Comment.objects.get(pk=comment.pk)
    if comment.lane in SENSITIVE and not by.has_perm("comments.approve_sensitive"):
        raise PermissionDenied("Comments in this lane are decided by a clinician.")
    if comment.version != version:
        raise Conflict(_came_first(comment))
    if to not in MOVES[comment.state]:
        raise InvalidMove(f"{comment.get_state_display()}: this comment cannot become “{State(to).label}”.")
    changes = {"decided_at": timezone.now(), "decided_by": by, "repeat_key": None}
    if to == State.APPROVED and comment.page is None:
        changes["page"] = threads.give_page(comment)
    return _move(comment, to, Event.Kind.DECIDED, actor=by, reason=reason, note=note, **changes)


@transaction.atomic
def show_contact_details(comment: Comment, *, version: int, by) -> Event:
    """Let readers see the addresses and numbers that stand in the comment's own words; raises like `decide`."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied("Deciding on comments needs a permission of its own.")
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.lane in SENSITIVE and not by.has_perm("comments.approve_sensitive"):
        raise PermissionDenied("Comments in this lane are decided by a clinician.")
    if comment.version != version:
        raise Conflict(_came_first(comment))
    if comment.state not in {State.PENDING, State.APPROVED, State.HIDDEN}:
        raise InvalidMove(f"{comment.get_state_display()}: nobody sees this comment.")
    return _move(comment, comment.state, Event.Kind.DETAILS_SHOWN, actor=by, show_contact_details=True)


def withdraw(comment: Comment) -> None:
    """Take a comment back for its author: words, name and contact go at once. Twice is the same as once."""
    with transaction.atomic():
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.state in {State.WITHDRAWN, State.ERASED}:
            return
        _move(comment, State.WITHDRAWN, Event.Kind.WITHDRAWN, actor=None, **GONE)
    contacts.forget_unused(comment.contact_id)


def erase(comment: Comment, *, by=None, reason: str, only_if: str | None = None) -> None:
    """Erase words, name and contact for good; `by` is a privacy officer, or None for the retention.

    With `only_if`, nothing happens unless the comment is in that state.

    Raises PermissionDenied without `comments.erase_comment`, ValueError without a reason.
    """
    if by is not None and not by.has_perm("comments.erase_comment"):
        raise PermissionDenied("Erasing a comment needs a permission of its own.")
    if not reason.strip():
        raise ValueError("Please give a reason. It is kept in the comment's history.")
    with transaction.atomic():
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.state == State.ERASED or only_if not in {None, comment.state}:
            return
        _move(comment, State.ERASED, Event.Kind.ERASED, actor=by, note=reason.strip(), **GONE)
    contacts.forget_unused(comment.contact_id)


def _move(comment, to, kind, *, actor, reason="", note="", **changes):
    """Make one conditional UPDATE and write its event; the slower of two people is told what came first."""
    seen = Comment.objects.filter(pk=comment.pk, version=comment.version, state=comment.state)
    if not seen.update(state=to, version=F("version") + 1, **changes):
        raise Conflict(_came_first(Comment.objects.get(pk=comment.pk)))
    return Event.objects.create(
        comment=comment, kind=kind, actor=actor, before=comment.state, after=to, version=comment.version, reason=reason, note=note
    )


def _came_first(comment):
    event = comment.events.exclude(kind=Event.Kind.REVEALED).latest()
    ago = timezone.now() - event.created_at
    when = "just now" if ago < datetime.timedelta(minutes=1) else f"{timesince(event.created_at)} ago"
    who = f" by {event.actor}" if event.actor else ""
    what = event.get_after_display() if event.kind == Event.Kind.DECIDED else event.get_kind_display()
    return f"Already “{what.lower()}”{who}, {when}. Nothing was changed; please look again."
