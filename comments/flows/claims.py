"""Who takes care of what waits, and notes for the others: things said about a comment that decide nothing about it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.flows.moderation import Conflict, InvalidMove
from comments.models import WAITING, Comment, CommentEvent

# The box takes 500; a line break may count twice until it is here.
LONGEST_NOTE = 1000


@transaction.atomic
def claim(comment: Comment, *, by) -> CommentEvent:
    """Say that this person takes care of a waiting comment, for an hour, in which nobody is reminded of it.

    Anybody may still decide. Again by the same person is another hour. Raises PermissionDenied, InvalidMove when it does not
    wait, Conflict with the name of somebody who said so first.
    """
    _check(by)
    # The row is held: of two who press at once, one has it.
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if comment.state not in WAITING:
        raise InvalidMove(_("This comment isn't waiting anymore."))
    if comment.is_claimed and comment.claimed_by_id != by.pk:
        raise Conflict(_("Someone already has this one: {who}.").format(who=comment.claimed_by))
    Comment.objects.filter(pk=comment.pk).update(claimed_by=by, claimed_at=timezone.now())
    return _note_down(comment, CommentEvent.Kind.CLAIMED, by)


@transaction.atomic
def let_go(comment: Comment, *, by) -> CommentEvent:
    """Take back what `claim` said; raises PermissionDenied, or InvalidMove when somebody else has it or nobody."""
    _check(by)
    if not Comment.objects.filter(pk=comment.pk, claimed_by=by).update(claimed_by=None, claimed_at=None):
        raise InvalidMove(_("You don't have this one."))
    return _note_down(comment, CommentEvent.Kind.LET_GO, by)


@transaction.atomic
def release_all(person, *, by) -> int:
    """Take from somebody, who leaves, every comment that they had taken on; return how many."""
    held = list(Comment.objects.select_for_update(no_key=True).filter(claimed_by=person).order_by("pk"))
    Comment.objects.filter(pk__in=[comment.pk for comment in held]).update(claimed_by=None, claimed_at=None)
    for comment in held:
        _note_down(comment, CommentEvent.Kind.LET_GO, by)
    return len(held)


@transaction.atomic
def add_note(comment: Comment, *, by, note: str) -> CommentEvent:
    """Leave a note of at most LONGEST_NOTE characters for everybody who may see the comment, who may all leave one.

    Raises PermissionDenied, InvalidMove for a blank or a longer one.
    """
    if not by.has_perm("comments.view_comment"):
        raise PermissionDenied(_("You don't have permission to see comments."))
    if not note.strip():
        raise InvalidMove(_("Write a note first."))
    if len(note) > LONGEST_NOTE:
        raise InvalidMove(_("A note can have up to {most} characters.").format(most=LONGEST_NOTE))
    return _note_down(comment, CommentEvent.Kind.NOTED, by, note=note.strip())


def _check(by):
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only a moderator can take on a comment."))


def _note_down(comment, kind, by, note=""):
    comment = Comment.objects.only("state", "version").get(pk=comment.pk)
    return CommentEvent.objects.log(
        comment, kind=kind, actor=by, before=comment.state, after=comment.state, version=comment.version, note=note
    )
