"""What happens between a reader pressing Send and the moderators' queue, and when the author changes the words in it."""

import datetime
import logging

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.models import Article
from comments import screening
from comments.flows import moderation, notices, subscriptions, watch_list
from comments.models import Comment, CommentEvent, State, digest_of
from comments.models.contact import Contact
from comments.screening import Lane, Signal, Submission, is_read_first, lane_of
from comments.screening.consequences import CALLS_FOR_HELP
from web import limits
from web.prepared import Prepared

log = logging.getLogger("comments.flows.submission")

# Found in how the first form was sent; they stay when the author changes the words.
OF_THE_FORM = {"trap", "too_fast"}


_sent_before = Prepared(lambda key: Comment.objects.filter(repeat_key=key, state=State.PENDING), str)


def submit_comment(
    article: Article,
    submission: Submission,
    *,
    network: str,
    parent: Comment | None = None,
    revises: Comment | None = None,
    subscribe: bool = False,
    consent: int | None = None,
) -> Comment:
    """Store a comment unpublished, screen it, tell the moderators; the same form again returns the first one.

    `network` is what `web.network.network_of` says; `revises` the rejected comment that this is the second try of; with
    `subscribe` the address is asked whether it wants mail; `consent` is the number of the sentence above the button.
    Raises limits.TooMany when a flood limit is reached; then nothing is stored.
    """
    screening.prepare()  # Before the transaction: reading the language data takes a second, and others wait to write.
    for _attempt in range(3):
        try:
            return _submit(article, submission, network, parent, revises, subscribe, consent)
        except IntegrityError:
            # The same form came in at the same moment, or the contact was just forgotten: now the first one is there.
            continue
    return _submit(article, submission, network, parent, revises, subscribe, consent)


@transaction.atomic
def _submit(article, submission, network, parent, revises, subscribe, consent):
    today = timezone.localdate()
    keys = [_repeat_key(article, submission, network, parent, day) for day in (today, today - datetime.timedelta(days=1))]
    since = timezone.now() - datetime.timedelta(days=1)
    earlier = next((comment for key in keys for comment in _sent_before(key) if comment.submitted_at > since), None)
    if earlier:
        if subscribe:
            subscriptions.start(earlier)
        return earlier
    contact = Contact.objects.of(submission.email)
    digest = digest_of(submission.body)
    signals = watch_list.screened(submission, watch_list.known_of(contact, digest), watch_list.current())
    comment = Comment.objects.create(
        article=article,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        revises=revises,
        contact=contact,
        name=submission.name,
        body=submission.body,
        lane=lane_of(signals),
        read_first=is_read_first(signals),
        **watch_list.kept(signals),
        submitted_at=timezone.now(),
        consent_version=consent,
        consent_at=timezone.now() if consent else None,
        repeat_key=keys[0],
        text_digest=digest,
    )
    # Counted last: the row is there, so that the same form sent twenty times at once counts as one comment.
    # By network alone: anybody can type anybody's address, and must neither lock its owner out nor see that she wrote.
    limits.take_of_network("network", network, today)
    CommentEvent.objects.create(comment=comment, kind=CommentEvent.Kind.SUBMITTED, after=comment.state, version=comment.version)
    if comment.lane == Lane.URGENT:
        notices.tell_urgent()
    if subscribe:
        subscriptions.start(comment)
    return comment


def change_words(comment: Comment, body: str, *, version: int, network: str) -> None:
    """Put the author's new words in place of those that nobody has decided on, and screen them; the same words change nothing.

    The comment keeps its place in the queue. It leaves the urgent lane, or the doctor's, only upwards: a second thought must
    not hide what the first one said. Raises moderation.Conflict when it is no longer the version that the author saw, or no
    longer waits; limits.TooMany.
    """
    screening.prepare()
    _change(comment, body, version, network)


@transaction.atomic
def _change(comment, body, version, network):
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if body == comment.body:
        return  # Also when the button was pressed twice, and this press saw the version before.
    if comment.state != State.PENDING or comment.version != version:
        raise moderation.Conflict(_("Someone read or changed it after you opened this page."))
    digest = digest_of(body)
    contact = Contact.objects.defer("address").filter(pk=comment.contact_id).first()
    known = watch_list.known_of(contact, digest, besides=comment.pk)
    found = watch_list.screened(Submission(name=comment.name, email="", body=body), known, watch_list.current())
    kept = [Signal(row["code"], row["detail"]) for row in comment.signals if row["code"] in OF_THE_FORM]
    signals = kept + found
    lane = lane_of(signals)
    signals = _said_before(comment, signals) + signals
    if comment.lane in moderation.SENSITIVE and lane != Lane.URGENT:
        lane = comment.lane
    # The new words are the author's whole text: what was covered in the old ones is gone with them.
    comment.redactions.all().delete()
    moderation.move(
        comment,
        State.PENDING,
        CommentEvent.Kind.CHANGED,
        actor=None,
        body=body,
        lane=lane,
        read_first=comment.read_first or is_read_first(signals),
        **watch_list.kept(signals),
        text_digest=digest,
        show_contact_details=False,
    )
    limits.take_of_network("change", network, timezone.localdate())
    if lane == Lane.URGENT and comment.lane != Lane.URGENT:
        notices.tell_urgent()


def _said_before(comment, signals):
    """Return the signals of danger that only the words before the change gave: what to offer and to ask does not go with them."""
    codes = {row["code"] for row in comment.signals} & CALLS_FOR_HELP - {signal.code for signal in signals}
    return [Signal(code) for code in sorted(codes)]


def _repeat_key(article, submission, network, parent, day):
    """Return the key of the same form from the same network on the same day; keyed, so it tells nothing by itself."""
    parts = [submission.name, submission.email, submission.body, str(article.pk), str(parent.pk if parent else ""), network]
    text = "\n".join(f"{len(part)}:{part}" for part in [day.isoformat(), *parts])
    return salted_hmac("comments.repeat", text, algorithm="sha256").hexdigest()
