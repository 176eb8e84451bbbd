"""Every change of a comment: one table of moves, one function that makes them, one event for each, and undoing.

A move is made on the version that was seen. Nothing here publishes by itself: `decide` takes a person.
"""

import datetime
import uuid

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from articles.models import Article
from comments.flows import notices, subscriptions, thread_pages
from comments.models import WAITING, Comment, CommentEvent, Reason, State
from comments.screening import Lane
from mail import outbox

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
# In the sensitive lanes these three need `approve_sensitive`; taking down and asking the doctor do not.
FINAL = {State.APPROVED, State.REJECTED, State.SPAM}
UNDO_FOR = datetime.timedelta(minutes=10)
UNDOABLE = {
    CommentEvent.Kind.DECIDED,
    CommentEvent.Kind.ESCALATED,
    CommentEvent.Kind.RAISED,
    CommentEvent.Kind.RETURNED,
    CommentEvent.Kind.DETAILS_SHOWN,
}
# What a move may change besides the words, and what undoing it puts back.
RESTORED = ("state", "lane", "decided_at", "decided_by_id", "confirmed_at", "show_contact_details")


class InvalidMove(Exception):
    """There is no such move; the text says so for the moderator."""


class Conflict(Exception):
    """The comment is not what the moderator saw; the text says what came first."""


@transaction.atomic
def decide(
    comment: Comment,
    to: str,
    *,
    version: int,
    by,
    reason: str = "",
    note: str = "",
    batch: uuid.UUID | None = None,
    lane: str | None = None,
) -> CommentEvent:
    """Move a comment to a state of MOVES, if it still is the version that the moderator saw.

    `reason` is one of `Reason`, needed for a rejection and only there; `batch` is the same for all that one click decided;
    `lane` is where it belongs from now on, when that changes.
    Raises PermissionDenied, InvalidMove, or Conflict with the decision that came first.
    """
    if (to == State.REJECTED) != (reason in Reason.values):
        raise InvalidMove(_("To reject a comment, choose a reason. Other decisions don't need one."))
    # The article's row is held so that two approvals do not take the last place of a page.
    Article.objects.select_for_update(no_key=True).get(pk=comment.article_id)
    comment = seen(comment, version, by)
    if to in FINAL:
        check_lane(comment, by)
    if to not in MOVES[comment.state]:
        words = _("You can't change this comment from “{state}” to “{wanted}”.")
        raise InvalidMove(words.format(state=comment.get_state_display(), wanted=State(to).label))
    changes = {"decided_at": timezone.now(), "decided_by": by, "lane": lane or comment.lane}
    if to == State.PENDING:
        changes["repeat_key"] = None  # The same form may have come in again, and may wait.
    if to == State.APPROVED and comment.page is None:
        changes["page"] = thread_pages.give_page(comment)
    if to == State.APPROVED and comment.state == State.HIDDEN and _is_second_look(comment, by):
        changes["confirmed_at"] = timezone.now()
    event = move(comment, to, CommentEvent.Kind.DECIDED, actor=by, reason=reason, note=note, batch=batch, **changes)
    subscriptions.after_decision(comment, event)
    return event


@transaction.atomic
def escalate(comment: Comment, *, version: int, by, note: str = "") -> CommentEvent:
    """Ask the doctor: put a waiting comment into the clinician lane, with a note, and mail clinicians; raises like `decide`."""
    comment = seen(comment, version, by)
    if comment.state != State.PENDING or comment.lane in SENSITIVE:
        raise InvalidMove(_("You can only ask the doctor about a comment that is waiting in another lane."))
    event = move(comment, comment.state, CommentEvent.Kind.ESCALATED, actor=by, note=note, lane=Lane.CLINICIAN)
    notices.ask_clinicians(by)
    return event


@transaction.atomic
def raise_to_urgent(comment: Comment, *, version: int, by, note: str = "") -> CommentEvent:
    """Put a waiting comment into the urgent lane, with a note, and mail the rota at once; raises like `decide`."""
    comment = seen(comment, version, by)
    if comment.state not in WAITING or comment.lane == Lane.URGENT:
        raise InvalidMove(_("You can only raise a comment that is waiting and isn't urgent yet."))
    event = move(comment, comment.state, CommentEvent.Kind.RAISED, actor=by, note=note, lane=Lane.URGENT)
    notices.tell_urgent()
    return event


@transaction.atomic
def return_to_standard(comment: Comment, *, version: int, by, note: str = "") -> CommentEvent:
    """Give a comment back from the urgent or clinician lane, with a note; raises like `decide`."""
    comment = seen(comment, version, by)
    if not by.has_perm("comments.approve_sensitive"):
        raise PermissionDenied(_("Only a clinician can move this comment back."))
    if comment.state != State.PENDING or comment.lane not in SENSITIVE:
        raise InvalidMove(_("You can only move a comment back from the urgent or clinician lane."))
    return move(comment, comment.state, CommentEvent.Kind.RETURNED, actor=by, note=note, lane=Lane.STANDARD)


@transaction.atomic
def show_contact_details(comment: Comment, *, version: int, by) -> CommentEvent:
    """Let readers see the addresses and numbers that stand in the comment's own words; raises like `decide`."""
    comment = seen(comment, version, by)
    check_lane(comment, by)
    if comment.state not in {State.PENDING, State.APPROVED, State.HIDDEN}:
        raise InvalidMove(_("This comment is “{state}”. Readers can't see it.").format(state=comment.get_state_display()))
    return move(comment, comment.state, CommentEvent.Kind.DETAILS_SHOWN, actor=by, show_contact_details=True)


@transaction.atomic
def take_down(comment: Comment, *, why: str, lane: str | None = None) -> None:
    """Hide a public comment because readers reported it; hiding is all that happens without a person."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if comment.state == State.APPROVED:
        move(comment, State.HIDDEN, CommentEvent.Kind.REPORTED, actor=None, detail=why, lane=lane or comment.lane)


@transaction.atomic
def put_back(comment: Comment, *, version: int, by, batch: uuid.UUID | None = None) -> CommentEvent:
    """Make a comment public again that nothing but reports took down, in the lane it was in before; raises like `decide`."""
    comment = seen(comment, version, by)
    hiding = comment.events.filter(kind=CommentEvent.Kind.REPORTED).last()
    if comment.state != State.HIDDEN or hiding is None or hiding.version + 1 != comment.version:
        raise InvalidMove(_("Only comments that reports hid, and that no one has changed since, can be put back this way."))
    return decide(comment, State.APPROVED, version=version, by=by, batch=batch, lane=hiding.was["lane"])


@transaction.atomic
def undo(event: CommentEvent, *, by) -> CommentEvent:
    """Put back what the event says was before, its mail included; for the same person, within ten minutes.

    Raises PermissionDenied for anybody else, InvalidMove when it is too late or no such event, Conflict when something
    happened to the comment since.
    """
    if event.actor_id != by.pk or not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only the person who made the decision can undo it."))
    if event.kind not in UNDOABLE or event.was is None:
        raise InvalidMove(_("You can't undo this."))
    if timezone.now() - event.created_at >= UNDO_FOR:
        raise InvalidMove(_("More than ten minutes have passed. Please make a new decision instead."))
    comment = Comment.objects.select_for_update(no_key=True).get(pk=event.comment_id)
    if comment.version != event.version + 1:
        raise Conflict(_came_first(comment))
    was = event.was | {
        name: parse_datetime(event.was[name]) if event.was[name] else None for name in ("decided_at", "confirmed_at")
    }
    state = was.pop("state")
    if state == State.PENDING and comment.repeat_key and _waits_again(comment):
        was["repeat_key"] = None
    outbox.cancel(event.cancel_key)
    try:
        with transaction.atomic():
            return move(comment, state, CommentEvent.Kind.UNDONE, actor=by, undoes=event, **was)
    except IntegrityError:
        raise Conflict(_("This has already been undone.")) from None


def _waits_again(comment):
    """Return whether the same form came in again after the decision."""
    return Comment.objects.filter(repeat_key=comment.repeat_key, state=State.PENDING).exclude(pk=comment.pk).exists()


def undo_batch(batch: uuid.UUID, *, by) -> tuple[int, int]:
    """Undo all decisions of one click, each by itself; return how many were undone and how many had changed since."""
    undone = changed = 0
    for event in CommentEvent.objects.filter(batch=batch, actor=by).order_by("-pk"):
        try:
            undo(event, by=by)
            undone += 1
        except (Conflict, InvalidMove):
            changed += 1
    return undone, changed


def move(
    comment: Comment, to: str, kind: str, *, actor, reason="", note="", detail="", batch=None, undoes=None, **changes
) -> CommentEvent:
    """Make one conditional UPDATE and write its event; for the flows of this app, which check what may be done.

    `note` is what a person wrote, `detail` what the site itself says of it.

    Raises Conflict when the row is not what the caller loaded: the slower of two people is told what came first.
    """
    if "body" in changes:
        changes["repeat_key"] = None  # It stands for the words that were sent: the same form again is not answered by other ones.
    if kind == CommentEvent.Kind.CHANGED or (to, changes.get("lane", comment.lane)) != (comment.state, comment.lane):
        # Whoever said "I have this" said it of what it was: nobody is to rely on it for what it is now.
        changes |= {"claimed_by": None, "claimed_at": None}
    seen = Comment.objects.filter(pk=comment.pk, version=comment.version, state=comment.state)
    if not seen.update(state=to, version=F("version") + 1, **changes):
        raise Conflict(_came_first(Comment.objects.get(pk=comment.pk)))
    return CommentEvent.objects.log(
        comment,
        kind=kind,
        actor=actor,
        before=comment.state,
        after=to,
        version=comment.version,
        reason=reason,
        note=note,
        detail=detail,
        batch=batch,
        undoes=undoes,
        was=as_it_was(comment),
    )


def as_it_was(comment: Comment) -> dict:
    """Return what an event keeps of a comment as it was before, to be put back by undoing it."""
    was = {name: getattr(comment, name) for name in RESTORED}
    return was | {name: was[name].isoformat() if was[name] else None for name in ("decided_at", "confirmed_at")}


def seen(comment: Comment, version: int, by) -> Comment:
    """Return the comment as it is now, if it is what this moderator saw; raises PermissionDenied or Conflict."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only a moderator can decide on comments."))
    comment = Comment.objects.get(pk=comment.pk)
    if comment.version != version:
        raise Conflict(_came_first(comment))
    return comment


def may_decide(comment: Comment, by) -> bool:
    """Return whether this person may decide on a comment of this lane."""
    return by.has_perm("comments.moderate_comment") and (
        comment.lane not in SENSITIVE or by.has_perm("comments.approve_sensitive")
    )


def check_lane(comment: Comment, by) -> None:
    """Raise PermissionDenied where only a clinician decides, and this is none."""
    if not may_decide(comment, by):
        raise PermissionDenied(_("You need the clinician permission for this one."))


def _is_second_look(comment, by):
    """Return whether approving again counts as a second look: by somebody else, when anybody else could give it."""
    approval = comment.events.filter(kind=CommentEvent.Kind.DECIDED, after=State.APPROVED, undone_by=None).last()
    if approval is None or approval.actor_id != by.pk:
        return True
    needed = "comments.approve_sensitive" if comment.lane in SENSITIVE else "comments.moderate_comment"
    return not get_user_model().objects.staff_who_may(needed).exclude(pk=by.pk).exists()


def _came_first(comment):
    """Return what was done to the comment last, as a sentence for whoever was slower."""
    event = comment.events.exclude(kind__in=CommentEvent.Kind.meanwhile()).latest()
    decided = event.kind == CommentEvent.Kind.DECIDED
    what = (event.get_after_display() if decided else event.get_kind_display()).lower()
    is_recent = timezone.now() - event.created_at < datetime.timedelta(minutes=1)
    when = _("just now") if is_recent else _("{time} ago").format(time=timesince(event.created_at))
    words = _("This comment changed after you opened the page ({what}, {when}).")
    if event.actor:
        words = _("{who} got there first ({what}, {when}).")
    not_saved = _("Your change wasn't saved. Please look again.")
    return f"{words.format(who=event.actor, what=what, when=when)} {not_saved}"
