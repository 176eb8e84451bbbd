"""How long what is kept: one table, applied every day and printed by the privacy page."""

import datetime

from django.db.models import Exists, OuterRef, Q

from comments.flows import addresses, moderation, redaction
from comments.models import Comment, Letter, Report, State, Subscription
from comments.models.contact import Contact
from mail.models import Outbox

ADDRESS_MONTHS = 12
ADDRESS = datetime.timedelta(days=365)
SPAM = datetime.timedelta(days=30)
REJECTED = datetime.timedelta(days=90)
REPEAT_KEY = datetime.timedelta(days=1)
OUTBOX = datetime.timedelta(days=30)
UNCONFIRMED = datetime.timedelta(days=30)
ANSWER = datetime.timedelta(days=90)
REPORT = datetime.timedelta(days=90)

# What the privacy page says, in the words of a reader.
TABLE = [
    ("A comment that waits to be read", "Until it is decided"),
    ("A published comment", "As long as its article is online, or until you take it back"),
    ("A comment that was not published", f"{REJECTED.days} days after the decision"),
    ("A comment that was marked as spam", f"{SPAM.days} days after the decision"),
    ("A comment that you took back", "Words, name and address are erased at once"),
    (
        "Your e-mail address",
        f"{ADDRESS_MONTHS} months after your last comment, not before it is decided or while you get mail about it",
    ),
    ("That you wanted mail, when you did not confirm it", f"{UNCONFIRMED.days} days"),
    ("Your answer to a letter from a moderator", f"{ANSWER.days} days"),
    ("Words that a moderator covered in a comment", f"{redaction.KEPT_FOR.days} days, in case it was a mistake"),
    ("That a comment was reported, and the note to it", f"{REPORT.days} days"),
]


def apply_retention(now: datetime.datetime, *, dry_run: bool = False) -> list[tuple[str, int]]:
    """Erase what its time has passed and return (what, how many); safe to run twice. `dry_run` only counts."""
    return [
        ("spam erased", _erase(State.SPAM, now - SPAM, dry_run)),
        ("rejected comments erased", _erase(State.REJECTED, now - REJECTED, dry_run)),
        ("unconfirmed subscriptions deleted", _delete(_unconfirmed(now - UNCONFIRMED), dry_run)),
        ("answers to letters erased", _erase_answers(now - ANSWER, dry_run)),
        ("addresses deleted", _delete_contacts(_contacts_without_need(now), dry_run)),
        ("repeat keys cleared", _clear_repeat_keys(now - REPEAT_KEY, dry_run)),
        ("covered words destroyed", redaction.destroyable(now).count() if dry_run else redaction.destroy(now)),
        ("reports deleted", _delete(Report.objects.filter(created_at__lt=now - REPORT), dry_run)),
        ("finished outbox rows deleted", _delete(Outbox.objects.filter(done_at__lt=now - OUTBOX), dry_run)),
    ]


def _erase(state, before, dry_run):
    due = Comment.objects.filter(state=state, decided_at__lt=before)
    if dry_run:
        return due.count()
    count = 0
    for comment in due.iterator(chunk_size=500):
        # Only while it still is what was counted: somebody may have returned it to the queue just now.
        moderation.erase(comment, reason="retention", only_if=state)
        count += 1
    return count


def _contacts_without_need(now):
    """Return contacts whose comments are all decided and older than twelve months, or gone, and who get no mail."""
    needed = Comment.objects.filter(Q(state=State.PENDING) | Q(submitted_at__gte=now - ADDRESS), contact=OuterRef("pk"))
    reading = Subscription.objects.filter(confirmed_at__isnull=False, ended_at=None, contact=OuterRef("pk"))
    return Contact.objects.filter(~Exists(needed), ~Exists(reading))


def _delete_contacts(unneeded, dry_run):
    keys = list(unneeded.values_list("pk", flat=True))
    return len(keys) if dry_run else sum(addresses.delete_if(pk, unneeded) for pk in keys)


def _unconfirmed(before):
    return Subscription.objects.filter(confirmed_at=None, created_at__lt=before)


def _erase_answers(before, dry_run):
    old = Letter.objects.filter(answered_at__lt=before).exclude(answer="")
    return old.count() if dry_run else old.update(answer="")


def _delete(rows, dry_run):
    if dry_run:
        return rows.count()
    _, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


def _clear_repeat_keys(before, dry_run):
    old = Comment.objects.filter(repeat_key__isnull=False, submitted_at__lt=before)
    return old.count() if dry_run else old.update(repeat_key=None)
