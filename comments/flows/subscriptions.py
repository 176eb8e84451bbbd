"""Mail that an author asked for: the outcome, and answers. It waits until nobody can undo what it tells.

Asked for by a check box, confirmed by a mail of its own that holds nothing of the comment, ended by one press. Every
subscription is confirmed by itself: that an address once wanted mail does not say that this comment came from its owner.
"""

import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from comments.flows import addresses
from comments.flows.reasons import sentence
from comments.flows.second_try import may_revise
from comments.flows.secret_links import secret_link
from comments.models import Comment, CommentEvent, State, Subscription
from comments.models.contact import Contact
from comments.screening import Lane
from mail import outbox
from mail.message import link, message
from mail.models import Outbox
from web import limits
from web.network import day_tag

# Longer than the ten minutes in which a decision can be undone, so that no mail tells what was taken back.
MAIL_AFTER = datetime.timedelta(minutes=10, seconds=30)
# How long a mail is tried that does not go out: a server may be down for days, a mistyped address for ever.
TRIED_FOR = datetime.timedelta(days=7)
# So that nobody fills another person's mail box with questions.
QUESTIONS_A_DAY = 3
A_DAY = datetime.timedelta(days=1)


def start(comment: Comment) -> None:
    """Note that the author wants mail, and ask the address to confirm it; what looks like a robot's is not asked yet."""
    if comment.contact_id is None:
        return
    subscription, made = Subscription.objects.get_or_create(comment=comment, defaults={"contact_id": comment.contact_id})
    if made and comment.lane != Lane.SPAM:
        _ask(subscription)


@transaction.atomic
def confirm(subscription: Subscription) -> None:
    """Let mail go out from now on; an outcome that came before goes out now. Twice is the same as once."""
    now = timezone.now()
    waiting = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None, ended_at=None)
    if not waiting.update(confirmed_at=now):
        return
    event = _standing(subscription.comment).last()
    if event is None or event.after not in {State.APPROVED, State.REJECTED}:
        return
    due_at = max(now, event.created_at + MAIL_AFTER)
    if Outbox.objects.filter(kind="outcome", cancel_key=event.cancel_key, done_at=None).exists():
        # The row that waits may be in somebody's hands: it may still see nobody to write to, or it goes out, and this one not.
        due_at += outbox.LEASE
    outbox.add("outcome", {"comment": subscription.comment_id, "event": event.pk}, due_at=due_at, cancel_key=event.cancel_key)


def end(subscription: Subscription) -> None:
    """Send no more mail about this comment. Twice is the same as once."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=timezone.now())


def after_decision(comment: Comment, event: CommentEvent) -> None:
    """Put the mails that follow from a decision into the outbox: they go with the event when it is undone."""
    due_at = event.created_at + MAIL_AFTER
    if event.after in {State.APPROVED, State.REJECTED} and Subscription.objects.filter(comment=comment).exists():
        outbox.add("outcome", {"comment": comment.pk, "event": event.pk}, due_at=due_at, cancel_key=event.cancel_key)
    if event.after == State.APPROVED and comment.parent_id and Subscription.objects.filter(comment=comment.parent_id).exists():
        outbox.add("answer", {"comment": comment.pk, "event": event.pk}, due_at=due_at, cancel_key=event.cancel_key)


def forget(comment: Comment) -> None:
    """End all mail about a comment whose author took it back, or that was erased."""
    Subscription.objects.filter(comment=comment).delete()


def send_question(payload: dict) -> None:
    """Ask an address whether it wants mail; nothing of the comment is in it."""
    subscription = Subscription.objects.filter(pk=payload["subscription"], confirmed_at=None, ended_at=None).first()
    asked_at = datetime.datetime.fromisoformat(payload["asked_at"])
    if subscription is None or timezone.now() - asked_at > TRIED_FOR:
        return
    _send(subscription, "Do you want mail from us?", "confirm", {"confirm": secret_link(subscription, "confirm")})


def send_outcome(payload: dict) -> None:
    """Tell an author what was decided, if that is still so and was not told before."""
    event = _still_true("outcome", payload)
    subscription = event and Subscription.objects.filter(comment=event.comment_id, ended_at=None).first()
    if not subscription:
        return
    comment = event.comment
    if subscription.confirmed_at is None:
        if event.after == State.APPROVED:
            _ask(subscription)  # It looked like a robot's, and was not.
        return
    told = _sent("outcome", comment).last()
    if _too_late(event, subscription) or (told and (told.after, told.reason) == (event.after, event.reason)):
        return
    article = Article.objects.published().filter(pk=comment.article_id).first()
    approved = event.after == State.APPROVED
    if approved and article is None:
        return  # Nobody can open the page.
    context = {
        "approved": approved,
        "title": article.revision.title if article else "",
        "public": link("comments:permalink", article.slug, comment.pk) if approved else "",
        "reason": sentence(event.reason),
        "own": link("comments:own", comment.pk, comment.token),
        "revise": link("comments:revise", comment.pk, comment.token) if may_revise(comment) else "",
    }
    subject = "Your comment is published" if approved else "Your comment was not published"
    _send(subscription, subject, "outcome", context, event=event)
    _note_sent("outcome", event)


def send_answer(payload: dict) -> None:
    """Tell an author that somebody answered: who and where, as on the page, without the words."""
    event = _still_true("answer", payload)
    if event is None:
        return
    answer = event.comment
    subscription = (
        Subscription.objects.filter(comment=answer.parent_id, confirmed_at__isnull=False, ended_at=None)
        .select_related("comment")
        .first()
    )
    if subscription and subscription.comment.state not in {State.APPROVED, State.HIDDEN}:
        _wait_for(_standing(subscription.comment).last(), "answer", payload, event)
        return
    article = Article.objects.published().filter(pk=answer.article_id).first()
    if subscription is None or article is None or _too_late(event, subscription):
        return
    if subscription.contact_id == answer.contact_id or _sent("answer", answer).exists():
        return
    context = {
        "name": answer.name_shown,
        "title": article.revision.title,
        "public": link("comments:permalink", article.slug, answer.pk),
    }
    _send(subscription, "Somebody answered your comment", "answer", context, event=event)
    _note_sent("answer", event)


def _ask(subscription):
    key = f"question:{subscription.pk}"
    if Outbox.objects.filter(key=key).exists():
        return
    since = timezone.now() - A_DAY
    others = Subscription.objects.filter(contact=subscription.contact_id, confirmed_at=None, created_at__gt=since)
    if others.exclude(pk=subscription.pk).count() >= QUESTIONS_A_DAY:
        return
    # Counted once more where taking a comment back, and with it every trace of the address, does not reach.
    address = Contact.objects.values_list("index", flat=True).get(pk=subscription.contact_id)
    try:
        limits.take([day_tag("question", address, timezone.localdate())], [(QUESTIONS_A_DAY, int(A_DAY.total_seconds()))])
    except limits.TooMany:
        return
    payload = {
        "comment": subscription.comment_id,
        "subscription": subscription.pk,
        "asked_at": timezone.now().isoformat(),
        "keep_key": True,
    }
    outbox.add("question", payload, key=key)


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
    _wait_for(last, kind, payload, event)
    return None


def _wait_for(later, kind, payload, event):
    """Put the mail of an event off until a later one, which forbids it, can no longer be undone; then it is not sent."""
    settled_at = later.created_at + MAIL_AFTER
    if timezone.now() < settled_at:
        # One row, however many came: two workers would each send theirs.
        outbox.add(kind, payload, due_at=settled_at, cancel_key=event.cancel_key, key=f"{kind}:{event.pk}")


def _too_late(event, subscription):
    return timezone.now() - max(event.created_at, subscription.confirmed_at) > TRIED_FOR


def _sent(kind, comment):
    """Return the events of a comment that such a mail was sent about, as the outbox remembers them."""
    rows = Outbox.objects.filter(kind=kind, payload__comment=comment.pk, payload__sent=True)
    return CommentEvent.objects.filter(pk__in=[row.payload["event"] for row in rows])


def _note_sent(kind, event):
    payload = {"comment": event.comment_id, "event": event.pk, "sent": True}
    Outbox.objects.filter(kind=kind, cancel_key=event.cancel_key).update(payload=payload)


def _send(subscription, subject, template, context, *, event=None):
    occasion = f"{template}:{subscription.pk}:{event.pk if event else ''}"
    ending = secret_link(subscription, "end")
    mail = message(subject, f"comments/mail/{template}.txt", context, occasion=occasion, end=ending)
    addresses.send(subscription.contact_id, mail)
