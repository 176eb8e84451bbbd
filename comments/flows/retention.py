"""How long what is kept: one table, applied every day and printed by the privacy page."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comments.flows import addresses, erasing, redaction
from comments.models import Comment, CommentEvent, Letter, Report, State, Subscription
from comments.models.contact import Contact
from mail.models import Outbox

BATCH = 200
ADDRESS_MONTHS = 12
ADDRESS = datetime.timedelta(days=365 * ADDRESS_MONTHS // 12)
SPAM = datetime.timedelta(days=30)
REJECTED = datetime.timedelta(days=90)
REPEAT_KEY = datetime.timedelta(days=1)
OUTBOX = datetime.timedelta(days=30)
UNCONFIRMED = datetime.timedelta(days=30)
ANSWER = datetime.timedelta(days=90)
REPORT = datetime.timedelta(days=90)
REASON_MONTHS = 24
REASON = datetime.timedelta(days=365 * REASON_MONTHS // 12)

# What the privacy page says, in the words of a reader: what, how long, and the number in it.
TABLE = [
    (_("A comment we haven't decided on yet"), _("Until we decide")),
    (_("A published comment"), _("As long as its article is online, or until you take it back")),
    (_("A comment we didn't publish"), _("{days} days after the decision"), REJECTED.days),
    (_("A comment marked as spam"), _("{days} days after the decision"), SPAM.days),
    (
        _("A comment you took back"),
        _("We erase your words and your name right away, and your email address is no longer tied to the comment"),
    ),
    (
        _("Your email address"),
        _("{days} months after your last comment, or longer if we haven't decided on it yet or are still emailing you about it"),
        ADDRESS_MONTHS,
    ),
    (_("An unconfirmed request for email"), _("{days} days"), UNCONFIRMED.days),
    (_("Your request that we never email you"), _("Until you undo it, and only as a coded fingerprint")),
    (_("Your reply to a message from a moderator"), _("{days} days"), ANSWER.days),
    (_("Words a moderator covered in a comment"), _("{days} days, in case it was a mistake"), redaction.KEPT_FOR.days),
    (_("A report about a comment, with its note"), _("{days} days"), REPORT.days),
    (_("A moderator's note about your comment"), _("Until the comment is taken back or erased")),
    (
        _("The reason someone gave for viewing your email address or erasing your comment"),
        _("{days} months. That it was done, by whom and when stays in the log"),
        REASON_MONTHS,
    ),
    # Articles keep these themselves (articles.mistakes); the page has one table.
    (_("A mistake you reported in an article"), _("90 days after an editor deals with it")),
]


def table() -> list[tuple[str, str]]:
    """Return (what, how long) for the privacy page."""
    return [(what, how_long.format(days=number[0]) if number else how_long) for what, how_long, *number in TABLE]


@dataclasses.dataclass(frozen=True)
class Rule:
    """One line of what is applied: which rows are due at a moment, and what is done to some of them by their keys."""

    words: str
    due: Callable[[datetime.datetime], QuerySet]
    apply: Callable[[list[int], datetime.datetime], int]


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
    for rule in RULES:
        last = 0
        while keys := list(rule.due(now).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            yield rule.words, rule.apply(keys, now)
            last = keys[-1]


def _comments_in(state, after):
    def due(now):
        return Comment.objects.filter(state=state, decided_at__lt=now - after)

    def erase(keys, now):
        count = 0
        for comment in Comment.objects.filter(pk__in=keys).only("pk"):
            # Only while it still is what was counted: somebody may have returned it to the queue just now.
            erasing.erase(comment, reason="retention", only_if=state)
            count += 1
        return count

    return due, erase


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


RULES = [
    Rule("spam erased", *_comments_in(State.SPAM, SPAM)),
    Rule("rejected comments erased", *_comments_in(State.REJECTED, REJECTED)),
    Rule(
        "unconfirmed subscriptions deleted",
        *_deleting(lambda now: Subscription.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED)),
    ),
    Rule(
        "answers to letters erased",
        *_updating(lambda now: Letter.objects.filter(answered_at__lt=now - ANSWER).exclude(answer=""), answer=""),
    ),
    Rule(
        "addresses deleted",
        _unneeded_contacts,
        lambda keys, now: sum(addresses.delete_if(pk, _unneeded_contacts(now)) for pk in keys),
    ),
    Rule(
        "repeat keys cleared",
        *_updating(
            lambda now: Comment.objects.filter(repeat_key__isnull=False, submitted_at__lt=now - REPEAT_KEY), repeat_key=None
        ),
    ),
    Rule("covered words destroyed", redaction.destroyable, redaction.destroy),
    Rule("reports deleted", *_deleting(lambda now: Report.objects.filter(created_at__lt=now - REPORT))),
    Rule(
        "reasons emptied",
        *_updating(
            lambda now: CommentEvent.objects.filter(
                kind__in=[CommentEvent.Kind.REVEALED, CommentEvent.Kind.ERASED], created_at__lt=now - REASON
            ).exclude(note=""),
            note="",
        ),
    ),
    Rule("finished outbox rows deleted", *_deleting(lambda now: Outbox.objects.filter(done_at__lt=now - OUTBOX))),
]
