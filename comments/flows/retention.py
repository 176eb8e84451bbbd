"""How long what is kept: one table, applied every day and printed by the privacy page."""

import dataclasses
import datetime
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from comments.flows import addresses, erasing, redaction
from comments.models import Comment, CommentEvent, DataRequest, EventNote, Letter, Report, State, Subscription
from comments.models.contact import Contact
from mail import server
from mail.models import Outbox

# Rows in one transaction, which keeps other writers waiting, and rows that are looked up at once.
BATCH, PAGE = 50, 5000
# SQLite looks every 25 ms whether it may write: so long a pause lets in who waits, in seconds.
PAUSE = 0.026
# After a batch that took longer, on a busy machine or a slow disk, fewer rows: nobody shall wait for a quarter of a second.
LONGEST, LEAST = 0.1, 10
ADDRESS_MONTHS = 12
ADDRESS = datetime.timedelta(days=365 * ADDRESS_MONTHS // 12)
SPAM = datetime.timedelta(days=30)
REJECTED = datetime.timedelta(days=90)
# Longer than the ten minutes in which an approval can be undone.
SIGNALS = datetime.timedelta(days=1)
REPEAT_KEY = datetime.timedelta(days=1)
NETWORK_TAG = datetime.timedelta(days=14)
OUTBOX = datetime.timedelta(days=30)
UNCONFIRMED = datetime.timedelta(days=7)
DATA_REQUEST = datetime.timedelta(days=1)
ANSWER = datetime.timedelta(days=90)
REPORT = datetime.timedelta(days=90)
# Articles delete these themselves (articles.mistakes).
MISTAKE = datetime.timedelta(days=90)
REASON_MONTHS = 24
REASON = datetime.timedelta(days=365 * REASON_MONTHS // 12)
# What a report holds in place of the tag of its network: another one on each, for a network reports a comment once.
TAGLESS = "report-"


@dataclasses.dataclass(frozen=True)
class Rule:
    """One line of what is applied: which rows are due at a moment, and what is done to some of them by their keys."""

    words: str
    due: Callable[[datetime.datetime], QuerySet]
    apply: Callable[[list[int], datetime.datetime], int]


@dataclasses.dataclass(frozen=True)
class Kept:
    """One line of the table: what is kept and how long, in the words of a reader, the number in them, and what is done then."""

    what: str
    how_long: str
    number: int = 0
    rules: tuple[Rule, ...] = ()


def table() -> list[tuple[str, str]]:
    """Return (what, how long) for the privacy page."""
    return [(kept.what, kept.how_long.format(number=kept.number)) for kept in TABLE]


def apply_retention(now: datetime.datetime, *, dry_run: bool = False) -> list[tuple[str, int]]:
    """Erase what its time has passed and return (what, how many); safe to run twice. `dry_run` only counts."""
    if dry_run:
        return [(rule.words, rule.due(now).count()) for rule in RULES]
    counts = dict.fromkeys((rule.words for rule in RULES), 0)
    for words, count in batches(now):
        counts[words] += count
    return list(counts.items())


def batches(now: datetime.datetime) -> Iterator[tuple[str, int]]:
    """Do the same in batches of at most BATCH rows, and yield (what, how many) after each; nothing is held in between."""
    size = BATCH
    for rule in RULES:
        last = 0
        # Found many at a time: a query that sorts what is due would cost more than erasing a hundred of them.
        while keys := list(rule.due(now).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAGE]):
            last = keys[-1]
            while keys:
                begin = time.monotonic()
                count = rule.apply(keys[:size], now)
                took = time.monotonic() - begin
                yield rule.words, count
                keys = keys[size:]
                size = min(max(size // 2, LEAST) if took > LONGEST else size + 1, BATCH)
                if connection.vendor == "sqlite":
                    time.sleep(PAUSE)


def _comments_in(state, after):
    """Return (due, a function that erases those comments)."""

    def due(now):
        return Comment.objects.filter(state=state, decided_at__lt=now - after)

    # Only while it still is what was counted: somebody may have returned it to the queue just now.
    return due, lambda keys, now: erasing.erase_all(keys, only_if=state)


def _unneeded_contacts(now):
    """Return contacts whose comments are all decided and older than twelve months, or gone, and who get no mail."""
    needed = Comment.objects.filter(Q(state=State.PENDING) | Q(submitted_at__gte=now - ADDRESS), contact=OuterRef("pk"))
    reading = Subscription.objects.filter(confirmed_at__isnull=False, ended_at=None, contact=OuterRef("pk"))
    return Contact.objects.filter(~Exists(needed), ~Exists(reading))


def _deleting(due):
    """Return (due, a function that deletes those rows)."""

    def delete(keys, now):
        _, by_model = due(now).filter(pk__in=keys).delete()
        return by_model.get(due(now).model._meta.label, 0)

    return due, delete


def _updating(due, **fields):
    """Return (due, a function that empties fields of those rows)."""
    return due, lambda keys, now: due(now).filter(pk__in=keys).update(**fields)


def _approved_with_signals(now):
    """Return public comments with what screening found in them, once their approval cannot be undone any more."""
    return Comment.objects.filter(state=State.APPROVED, decided_at__lt=now - SIGNALS).exclude(signals=[], topics="")


def _unconfirmed(now):
    """Return the requests for mail that nobody confirmed; one that was not asked about yet waits as long as its comment."""
    asked = Q(asked_at__lt=server.too_old_after(UNCONFIRMED, now))
    never_asked = Q(asked_at=None, created_at__lt=now - UNCONFIRMED) & ~Q(comment__state=State.PENDING)
    return Subscription.objects.filter(asked | never_asked, confirmed_at=None)


TABLE = [
    Kept(_("A comment we haven't decided on yet"), _("Until we decide")),
    Kept(_("A published comment"), _("As long as its article is online, or until you take it back")),
    Kept(
        _("A comment we didn't publish"),
        _("{number} days after the decision"),
        REJECTED.days,
        (Rule("rejected comments erased", *_comments_in(State.REJECTED, REJECTED)),),
    ),
    Kept(
        _("A comment marked as spam"),
        _("{number} days after the decision"),
        SPAM.days,
        (Rule("spam erased", *_comments_in(State.SPAM, SPAM)),),
    ),
    Kept(
        _("A comment you took back"),
        _("We erase your words and your name right away, and your email address is no longer tied to the comment"),
    ),
    Kept(
        _("What our automatic checks found in your comment"),
        _("Until a day after we publish it, or as long as the comment if we don't"),
        rules=(Rule("signals cleared", _approved_with_signals, lambda keys, now: erasing.clear_signals(keys)),),
    ),
    Kept(
        _("An unconfirmed request for email"),
        _("{number} days after we ask you to confirm it"),
        UNCONFIRMED.days,
        (Rule("unconfirmed subscriptions deleted", *_deleting(_unconfirmed)),),
    ),
    Kept(
        _("Your email address"),
        _("{number} months after your last comment, or longer while we haven't decided on it or are still emailing you about it"),
        ADDRESS_MONTHS,
        (Rule("addresses deleted", _unneeded_contacts, lambda keys, now: addresses.delete_among(keys, _unneeded_contacts(now))),),
    ),
    Kept(_("Your request that we never email you"), _("Until you undo it, and only as a coded fingerprint")),
    Kept(
        _("Your reply to a message from a moderator"),
        _("{number} days"),
        ANSWER.days,
        (
            Rule(
                "answers to letters erased",
                *_updating(lambda now: Letter.objects.filter(answered_at__lt=now - ANSWER).exclude(answer=""), answer=""),
            ),
        ),
    ),
    Kept(
        _("The coded fingerprint that keeps the same form from being stored twice"),
        _("Until we decide, and two days at most"),
        rules=(
            Rule(
                "repeat keys cleared",
                *_updating(
                    lambda now: Comment.objects.filter(repeat_key__isnull=False, submitted_at__lt=now - REPEAT_KEY),
                    repeat_key=None,
                ),
            ),
        ),
    ),
    Kept(
        _("Words a moderator covered in a comment"),
        _("{number} days, in case it was a mistake"),
        redaction.KEPT_FOR.days,
        (Rule("covered words destroyed", redaction.destroyable, redaction.destroy),),
    ),
    Kept(
        _("A report about a comment, with its note"),
        _("{number} days"),
        REPORT.days,
        (Rule("reports deleted", *_deleting(lambda now: Report.objects.filter(created_at__lt=now - REPORT))),),
    ),
    Kept(
        _("The coded tag of your network with that report"),
        _("{number} days"),
        NETWORK_TAG.days,
        (
            Rule(
                "network tags cleared",
                *_updating(
                    lambda now: Report.objects.filter(created_at__lt=now - NETWORK_TAG).exclude(network_tag__startswith=TAGLESS),
                    network_tag=Concat(Value(TAGLESS), Cast("pk", CharField())),
                    site_tag="",
                ),
            ),
        ),
    ),
    Kept(_("A moderator's note about your comment"), _("Until the comment is taken back or erased")),
    Kept(
        _("The reason someone gave for viewing your email address or erasing your comment"),
        _(
            "{number} months, or until the comment is taken back or erased if it repeats your words or your name. "
            "That it was done, by whom and when stays in the log"
        ),
        REASON_MONTHS,
        (
            Rule(
                "reasons deleted",
                *_deleting(
                    lambda now: EventNote.objects.filter(
                        event__kind__in=[CommentEvent.Kind.REVEALED, CommentEvent.Kind.ERASED],
                        event__created_at__lt=now - REASON,
                    )
                ),
            ),
        ),
    ),
    Kept(
        _("A request to see what we keep about you"),
        _("A day"),
        rules=(
            Rule(
                "requests about personal data deleted",
                *_deleting(lambda now: DataRequest.objects.filter(by=None, created_at__lt=now - DATA_REQUEST)),
            ),
        ),
    ),
    Kept(
        _("The reason a privacy officer gave for looking you up by your email address"),
        _("{number} months"),
        REASON_MONTHS,
        (
            Rule(
                "searches by address deleted",
                *_deleting(lambda now: DataRequest.objects.filter(by__isnull=False, created_at__lt=now - REASON)),
            ),
        ),
    ),
    Kept(
        _("What our site still has to do, such as sending you an email, once it's done"),
        _("{number} days"),
        OUTBOX.days,
        (Rule("finished outbox rows deleted", *_deleting(lambda now: Outbox.objects.filter(done_at__lt=now - OUTBOX))),),
    ),
    Kept(_("A mistake you reported in an article"), _("{number} days after an editor deals with it"), MISTAKE.days),
]
RULES = [rule for kept in TABLE for rule in kept.rules]
