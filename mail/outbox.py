"""Adding to the outbox, and doing what is due.

A handler takes the payload and must bear a second call: a worker that dies between doing and noting it is followed by another.
It works for some seconds at most, far shorter than its lease, for what is urgent waits behind it.
"""

import datetime
import logging
from collections.abc import Callable, Mapping

from django.db.models import F
from django.utils import timezone

from mail.models import Asleep, Outbox

log = logging.getLogger("mail.outbox")
LEASE = datetime.timedelta(minutes=5)
FIRST_RETRY = datetime.timedelta(seconds=30)
LONGEST_RETRY = datetime.timedelta(hours=1)
# What a handler returns when there is more to do than fits into a moment.
MORE = "more"
DONE = "done"
Handler = Callable[[dict], str | None]


def add(
    kind: str,
    payload: dict | None = None,
    *,
    due_at: datetime.datetime | None = None,
    key: str | None = None,
    cancel_key: str = "",
    priority: Outbox.Priority = Outbox.Priority.NORMAL,
) -> None:
    """Write a row in the caller's transaction; with a key that is taken, nothing is written.

    With `cancel_key` the row is deleted by `cancel`; give it a `due_at` after the time in which that may happen.
    """
    row = Outbox(
        kind=kind, payload=payload or {}, due_at=due_at or timezone.now(), key=key, cancel_key=cancel_key, priority=priority
    )
    Outbox.objects.bulk_create([row], ignore_conflicts=key is not None)


def cancel(cancel_key: str) -> None:
    """Delete what waits under this key, because what it follows from was taken back."""
    # The index is on rows that have one, and SQLite takes it only when that is said.
    Outbox.objects.filter(cancel_key=cancel_key, done_at=None).exclude(cancel_key="").delete()


def is_asleep() -> bool:
    """Return whether nothing is done until somebody wakes it, as in a site that was just restored."""
    return Asleep.objects.exists()


def sleep() -> None:
    """Do nothing from here on; what is added waits."""
    Asleep.objects.get_or_create(pk=1)


def wake() -> None:
    """Go on."""
    Asleep.objects.all().delete()


def waiting() -> int:
    """Return how many rows are not done yet."""
    return Outbox.objects.filter(done_at=None).count()


def discard_waiting() -> int:
    """Throw away what is not done yet, and return how many rows that were."""
    return Outbox.objects.filter(done_at=None).delete()[0]


def run_due(handlers: Mapping[str, Handler], *, limit: int = 100) -> int:
    """Do what is due, at most `limit` rows, and return how many were done; a failure is logged and tried again later.

    What is urgent is looked for again after every row. A handler that has more to do returns MORE: its row waits again, with a
    new lease next time, and the call ends, so that the worker looks at the clock in between.
    """
    if is_asleep():
        return 0
    done = 0
    for _ in range(limit):
        pk = Outbox.objects.due(timezone.now()).values_list("pk", flat=True).first()
        if pk is None:
            break
        result = _run(pk, handlers)
        done += result == DONE
        if result == MORE:
            break
    return done


def _run(pk, handlers):
    """Return DONE, MORE, or None for a row that failed or that another worker took."""
    now = timezone.now()
    # The lease is one conditional UPDATE, so two workers never hold the same row.
    if not Outbox.objects.due(now).filter(pk=pk).order_by().update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    row = Outbox.objects.get(pk=pk)
    if row.key and not row.payload.get("keep_key"):
        # Free from here on: what comes in while this runs must be able to ask for the same again. A key that names one
        # occasion for ever (a day) stays taken.
        Outbox.objects.filter(pk=pk).update(key=None)
    try:
        more = handlers[row.kind](row.payload) == MORE
    except Exception as error:
        wait = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 12), LONGEST_RETRY)
        log.warning("%s failed, attempt %d, again in %s", row.kind, row.attempts, wait, exc_info=error)
        now = timezone.now()
        Outbox.objects.filter(pk=pk).update(leased_until=None, failed_at=now, due_at=now + wait)
        return None
    now = timezone.now()
    Outbox.objects.filter(pk=pk).update(leased_until=None, **({"attempts": 0, "due_at": now} if more else {"done_at": now}))
    return MORE if more else DONE
