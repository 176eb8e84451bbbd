"""Mail that an author asked for: the outcome, and answers. It waits until nobody can undo what it tells.

Asked for by a check box, confirmed by a mail of its own that holds nothing of the comment, ended by one press. Every
subscription is confirmed by itself: that an address once wanted mail does not say that this comment came from its owner.
"""

import contextlib
import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments.flows import addresses, no_mail, questions
from comments.flows.second_try import may_revise
from comments.models import Comment, CommentEvent, State, Subscription
from comments.models.reasons import sentence
from comments.screening import Lane
from mail import outbox, server
from mail.message import link, message

# Longer than the ten minutes in which a decision can be undone, so that no mail tells what was taken back.
MAIL_AFTER = datetime.timedelta(minutes=10, seconds=30)
# How long a mail is tried that does not go out: a server may be down for days, a mistyped address for ever.
TRIED_FOR = datetime.timedelta(days=7)
# What a comment became that its author is told, or the author of what it answers.
TOLD = {"outcome": {State.APPROVED, State.REJECTED}, "answer": {State.APPROVED}}


class Busy(Exception):
    """Another worker is writing to the same person about the same comment; the outbox tries it again."""


def start(comment: Comment) -> None:
    """Note that the author wants mail, and ask the address to confirm it; what looks like a robot's is not asked yet."""
    if comment.contact_id is None:
        return
    subscription, made = Subscription.objects.get_or_create(comment=comment, defaults={"contact_id": comment.contact_id})
    if made and comment.lane != Lane.SPAM:
        questions.ask(subscription)


@transaction.atomic
def confirm(subscription: Subscription) -> None:
    """Let mail go out from now on; an outcome that came before goes out now. Twice is the same as once."""
    waiting = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None, ended_at=None)
    if not waiting.update(confirmed_at=timezone.now(), asking=None):
        return
    if event := _standing(subscription.comment).last():
        _tell("outcome", event)
    questions.ask_next(subscription)


def opened_by(pk: int, mailbox: str | None) -> Subscription | None:
    """Return the subscription if it is still wanted, and is that mailbox's under any key; a link may be older than the key."""
    theirs = Subscription.objects.filter(pk=pk, ended_at=None).first()
    return theirs if theirs and mailbox in addresses.mailboxes(theirs.contact_id) else None


def end(subscription: Subscription) -> None:
    """Send no more mail about this comment. Twice is the same as once."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=timezone.now(), asking=None)


def after_decision(comment: Comment, event: CommentEvent) -> None:
    """Put the mails that follow from a decision into the outbox: they go with the event when it is undone."""
    for kind, told in (("outcome", comment.pk), ("answer", comment.parent_id)):
        if told and Subscription.objects.filter(comment=told).exists():
            _tell(kind, event)


def send_outcome(payload: dict) -> None:
    """Tell an author what was decided, if that is still so and was not told before."""
    event = _still_true("outcome", payload)
    subscription = event and Subscription.objects.filter(comment=event.comment_id, ended_at=None).first()
    if not subscription:
        return
    comment, approved = event.comment, event.after == State.APPROVED
    if subscription.confirmed_at is None:
        if approved:
            questions.ask(subscription)  # It looked like a robot's, and was not.
        return
    article = Article.objects.published().filter(pk=comment.article_id).first()
    if _too_late(event, subscription) or (approved and article is None):
        return  # Nobody can open the page.
    context = {
        "approved": approved,
        "title": article.revision.title if article else "",
        "public": link("comments:permalink", article.slug, comment.pk) if approved else "",
        "reason": sentence(event.reason),
        "own": link("comments:own", comment.pk, comment.token),
        "revise": link("comments:revise", comment.pk, comment.token) if may_revise(comment) else "",
    }
    subject = _("Your comment is published") if approved else _("Your comment was not published")
    told = {"told_state": event.after, "told_reason": event.reason}
    with _alone(subscription):
        if not Subscription.objects.filter(pk=subscription.pk, **told).exists():
            _send(subscription, subject, "outcome", context, event)
            Subscription.objects.filter(pk=subscription.pk).update(**told)


def send_answer(payload: dict) -> None:
    """Tell an author that somebody answered: who and where, as on the page, without the words."""
    event = _still_true("answer", payload)
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False, ended_at=None).select_related("comment")
    subscription = event and confirmed.filter(comment=event.comment.parent_id).first()
    if not subscription:
        return
    if subscription.comment.state not in {State.APPROVED, State.HIDDEN}:
        _wait_for(_standing(subscription.comment).last(), "answer", event)
        return
    answer = event.comment
    article = Article.objects.published().filter(pk=answer.article_id).first()
    if article is None or _too_late(event, subscription) or subscription.contact_id == answer.contact_id:
        return
    public = link("comments:permalink", article.slug, answer.pk)
    context = {"name": answer.name_shown, "title": article.revision.title, "public": public}
    with _alone(subscription):
        if not subscription.answers_told.contains(answer):
            _send(subscription, _("Someone replied to your comment"), "answer", context, event)
            subscription.answers_told.add(answer)


def _tell(kind, event):
    """Put a mail about an event into the outbox, not to go out before the event can no longer be undone."""
    if event.after in TOLD[kind]:
        due_at = max(timezone.now(), event.created_at + MAIL_AFTER)
        outbox.add(kind, _about(event), due_at=due_at, cancel_key=event.cancel_key)


def _about(event):
    return {"comment": event.comment_id, "event": event.pk}


def _standing(comment):
    """Return the changes of state that nobody undid; the last one says how the comment stands."""
    return comment.events.exclude(before=F("after")).exclude(kind=CommentEvent.Kind.UNDONE).filter(undone_by=None)


def _still_true(kind, payload):
    """Return the event that a mail tells of while it is true, else None.

    When something came after it that can still be undone, the mail waits for that: undoing brings it back.
    """
    event = CommentEvent.objects.select_related("comment").filter(pk=payload["event"], undone_by=None).first()
    if event is None:
        return None
    last = _standing(event.comment).last()
    if last == event:
        return event if event.comment.state == event.after else None
    _wait_for(last, kind, event)
    return None


def _wait_for(later, kind, event):
    """Put the mail of an event off until a later one, which forbids it, can no longer be undone; then it is not sent."""
    settled_at = later.created_at + MAIL_AFTER
    if timezone.now() < settled_at:
        outbox.add(kind, _about(event), due_at=settled_at, cancel_key=event.cancel_key, key=f"{kind}:{event.pk}")


def _too_late(event, subscription):
    return max(event.created_at, subscription.confirmed_at) < server.too_old_after(TRIED_FOR)


@contextlib.contextmanager
def _alone(subscription):
    """Let nobody else write to this person while a mail goes out and is noted; raises Busy while another worker does.

    Noted after sending: a worker that dies in between sends the same mail, with the same Message-ID, once more.
    """
    now = timezone.now()
    free = Subscription.objects.filter(Q(held_until=None) | Q(held_until__lte=now), pk=subscription.pk)
    if not free.update(held_until=now + outbox.LEASE):
        raise Busy("another worker is writing to this person")
    try:
        yield
    finally:
        Subscription.objects.filter(pk=subscription.pk).update(held_until=None)


def _send(subscription, subject, template, context, event):
    ending = link("comments:mail-end", subscription.pk, no_mail.token_of(subscription.contact_id))
    occasion = f"{template}:{subscription.pk}:{event.pk}"
    mail = message(subject, f"comments/mail/{template}.txt", context, occasion=occasion, end=ending)
    addresses.send(subscription.contact_id, mail)
