"""What is to happen after a transaction: a row written in it, done by the worker at least once.

A handler takes the payload and must bear a second call: a worker that dies between doing and noting it is followed by another.
"""

import datetime
import logging
from collections.abc import Callable, Mapping

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

log = logging.getLogger("comments.outbox")

LEASE = datetime.timedelta(minutes=5)
FIRST_RETRY = datetime.timedelta(seconds=30)
LONGEST_RETRY = datetime.timedelta(hours=1)


class OutboxQuerySet(models.QuerySet):
    """Rows of the outbox by what can be done with them."""

    def due(self, now):
        """Return what waits, is due, and no worker holds, oldest first."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now), done_at=None, due_at__lte=now).order_by(
            "due_at", "pk"
        )


class Outbox(models.Model):
    """One thing to do. `key` is unique: a second row with the same key is not added."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, null=True, unique=True)
    payload = models.JSONField(default=dict)
    event = models.ForeignKey(
        "comments.Event",
        on_delete=models.PROTECT,
        null=True,
        related_name="outbox",
        help_text="Undoing this event deletes the row.",
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="When the last attempt failed.")
    created_at = models.DateTimeField(db_default=Now())

    objects = OutboxQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        verbose_name = verbose_name_plural = "outbox"
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="comments_outbox_waiting")]

    def __str__(self):
        return f"{self.kind}, due {self.due_at:%Y-%m-%d %H:%M}"


def add(
    kind: str, payload: dict | None = None, *, due_at: datetime.datetime | None = None, key: str | None = None, event=None
) -> None:
    """Write a row in the caller's transaction; with a key that is taken, nothing is written.

    With `event` the row is deleted when that event is undone; give it a `due_at` after the time for undoing.
    """
    row = Outbox(kind=kind, payload=payload or {}, due_at=due_at or timezone.now(), key=key, event=event)
    Outbox.objects.bulk_create([row], ignore_conflicts=key is not None)


def run_due(handlers: Mapping[str, Callable[[dict], None]], *, limit: int = 100) -> int:
    """Do what is due, at most `limit` rows, and return how many were done; a failure is logged and tried again later."""
    done = 0
    for pk in list(Outbox.objects.due(timezone.now()).values_list("pk", flat=True)[:limit]):
        done += _run(pk, handlers)
    return done


def _run(pk: int, handlers) -> bool:
    now = timezone.now()
    # The lease is one conditional UPDATE, so two workers never hold the same row.
    if not Outbox.objects.due(now).filter(pk=pk).order_by().update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    row = Outbox.objects.get(pk=pk)
    if row.key and not row.payload.get("keep_key"):
        # Free from here on: what comes in while this runs must be able to ask for the same again. A key that names one
        # occasion for ever (a day) stays taken.
        Outbox.objects.filter(pk=pk).update(key=None)
    try:
        handlers[row.kind](row.payload)
    except Exception as error:
        wait = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 12), LONGEST_RETRY)
        # The name of the error only: its text may hold what a mail server said about an address.
        log.warning("%s failed (%s), attempt %d, again in %s", row.kind, type(error).__name__, row.attempts, wait)
        now = timezone.now()
        Outbox.objects.filter(pk=pk).update(leased_until=None, failed_at=now, due_at=now + wait)
        return False
    Outbox.objects.filter(pk=pk).update(leased_until=None, done_at=timezone.now())
    return True
