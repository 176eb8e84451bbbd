"""An answer for the site, under a name and with a badge: written and approved by the same person, in one go."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.models import Article
from comments.flows import moderation
from comments.flows.thread_pages import DEEPEST
from comments.models import WAITING, Comment, CommentEvent, StaffRole, State

MAX_NAME = 80
# Of somebody without a full name: what people log in with is not for readers.
NAMELESS = gettext_noop("A moderator")


def can_be_answered(comment: Comment, *, by) -> bool:
    """Return whether this person may answer for the site: what readers see or would see by it, and not too deep."""
    if comment.depth >= DEEPEST or not by.has_perm("comments.moderate_comment"):
        return False
    return comment.state == State.APPROVED or (comment.state in WAITING and moderation.may_decide(comment, by))


@transaction.atomic
def approve_and_reply(comment: Comment, *, version: int, by, body: str, note: str = "") -> uuid.UUID:
    """Approve a waiting comment and publish an answer to it, both or neither; return the batch by which both are undone.

    Raises like `moderation.decide` and `reply_as_staff`.
    """
    batch = uuid.uuid4()
    moderation.decide(comment, State.APPROVED, version=version, by=by, batch=batch, note=note)
    reply_as_staff(comment, by=by, body=body, batch=batch)
    return batch


@transaction.atomic
def reply_as_staff(parent: Comment, *, by, body: str, batch: uuid.UUID | None = None) -> tuple[Comment, CommentEvent]:
    """Publish an answer for the site and return it with the event of its approval, which can be undone like any other.

    It goes through the queue's own door: stored as pending, then approved. The same words pressed twice are one answer. Raises
    PermissionDenied, or moderation.InvalidMove when the parent is not public or too deep.
    """
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only a moderator can reply for the site."))
    # The article's row first, as `decide` does: what happens to the parent meanwhile waits, and nobody waits in a circle.
    Article.objects.select_for_update(no_key=True).get(pk=parent.article_id)
    parent = Comment.objects.get(pk=parent.pk)
    if parent.state != State.APPROVED or parent.depth >= DEEPEST:
        raise moderation.InvalidMove(_("You can only reply to a published comment, and replies can go only two levels deep."))
    earlier = Comment.objects.filter(parent=parent, staff=by, body=body, state=State.APPROVED).first()
    if earlier:
        return earlier, earlier.events.filter(kind=CommentEvent.Kind.DECIDED, after=State.APPROVED).latest()
    # A superuser has every permission and need not be a doctor.
    is_doctor = by.has_perm("comments.approve_sensitive") and not by.is_superuser
    reply = Comment.objects.create(
        article_id=parent.article_id,
        parent=parent,
        depth=parent.depth + 1,
        name=(by.get_full_name() or NAMELESS)[:MAX_NAME],
        body=body,
        staff=by,
        staff_role=StaffRole.DOCTOR if is_doctor else StaffRole.STAFF,
    )
    CommentEvent.objects.create(comment=reply, kind=CommentEvent.Kind.REPLIED, actor=by, after=reply.state, version=reply.version)
    reply.refresh_from_db()
    return reply, moderation.decide(reply, State.APPROVED, version=reply.version, by=by, batch=batch)
