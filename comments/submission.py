"""What happens between a reader pressing Send and the moderators' queue."""

import datetime
import logging

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.models import Article
from comments import limits, outbox
from comments.contacts import Contact, blind_index
from comments.models import Comment, Event, State, digest_of
from comments.network import day_tag
from comments.screening import History, Lane, Submission, lane_of, screen

log = logging.getLogger("comments.submission")

NOTICE_EVERY = datetime.timedelta(minutes=15)


def submit_comment(article: Article, submission: Submission, *, network: str, parent: Comment | None = None) -> Comment:
    """Store a comment unpublished, screen it, tell the moderators; the same form again returns the first one.

    `network` is what `comments.network.network_of` says. Raises limits.TooMany when a flood limit is reached; then nothing
    is stored.
    """
    for _ in range(3):
        try:
            return _submit(article, submission, network, parent)
        except IntegrityError:
            # The same form came in at the same moment, or the contact was just forgotten: now the first one is there.
            continue
    return _submit(article, submission, network, parent)


@transaction.atomic
def _submit(article, submission, network, parent):
    today = timezone.localdate()
    keys = [_repeat_key(article, submission, network, parent, day) for day in (today, today - datetime.timedelta(days=1))]
    since = timezone.now() - datetime.timedelta(days=1)
    earlier = Comment.objects.filter(repeat_key__in=keys, state=State.PENDING, submitted_at__gt=since).first()
    if earlier:
        return earlier
    contact = Contact.objects.of(submission.email)
    digest = digest_of(submission.body)
    history = History(same_text=Comment.objects.filter(text_digest=digest).count())
    signals = screen(submission, history)
    comment = Comment.objects.create(
        article=article,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        contact=contact,
        name=submission.name,
        body=submission.body,
        lane=lane_of(signals),
        signals=[signal.as_dict() for signal in signals],
        submitted_at=timezone.now(),
        repeat_key=keys[0],
        text_digest=digest,
    )
    # Counted last: the row is there, so that the same form sent twenty times at once counts as one comment.
    tags = [day_tag("network", network, today)]
    limits.take(tags + ([day_tag("person", blind_index(submission.email), today)] if submission.email else []))
    Event.objects.create(comment=comment, kind=Event.Kind.SUBMITTED, after=comment.state, version=comment.version)
    _tell_moderators(comment.lane)
    return comment


def _repeat_key(article, submission, network, parent, day):
    """Return the key of the same form from the same network on the same day; keyed, so it tells nothing by itself."""
    parts = [submission.name, submission.email, submission.body, str(article.pk), str(parent.pk if parent else ""), network]
    text = "\n".join(f"{len(part)}:{part}" for part in [day.isoformat(), *parts])
    return salted_hmac("comments.repeat", text, algorithm="sha256").hexdigest()


def _tell_moderators(lane):
    """Ask for a notice: an urgent one at once, any other at most every fifteen minutes."""
    if lane == Lane.URGENT:
        outbox.add("urgent_notice")
        return
    last = outbox.Outbox.objects.filter(kind="notice", done_at__isnull=False).order_by("-done_at").first()
    due_at = max(timezone.now(), last.done_at + NOTICE_EVERY) if last else timezone.now()
    outbox.add("notice", due_at=due_at, key="notice")
