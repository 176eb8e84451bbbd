"""What is to happen after a transaction: a row written in it, done by the worker at least once."""

import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

# Longer than any lease, and than the clocks of two machines differ.
CLOCK_WAS_WRONG = datetime.timedelta(hours=1)


class OutboxQuerySet(models.QuerySet):
    """Rows of the outbox by what can be done with them."""

    def due(self, now):
        """Return what waits, is due, and no worker holds: what is urgent first, then the oldest.

        A clock that was ahead leaves leases and failures in what is now the future: they count as over, or their rows would wait
        for the day they name.
        """
        never = now + CLOCK_WAS_WRONG
        free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=never)
        due = Q(due_at__lte=now) | Q(failed_at__gt=never)
        return self.filter(free, due, done_at=None).order_by("priority", "due_at", "pk")


class Outbox(models.Model):
    """One thing to do. `key` is unique: a second row with the same key is not added."""

    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgent"
        NORMAL = 2, "Normal"
        BATCH = 3, "When nothing else waits"

    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, null=True, unique=True)
    payload = models.JSONField(default=dict)
    cancel_key = models.CharField(
        max_length=80, blank=True, help_text="What the row follows from; taking that back deletes the row, see outbox.cancel."
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
        indexes = [
            models.Index(fields=["priority", "due_at"], condition=Q(done_at=None), name="mail_outbox_waiting"),
            models.Index(fields=["cancel_key"], condition=~Q(cancel_key=""), name="mail_outbox_by_cancel_key"),
        ]

    def __str__(self):
        return f"{self.kind}, due {self.due_at:%Y-%m-%d %H:%M %Z}"


class ServerSince(models.Model):
    """Since when there has been a mail server; no row while there is none."""

    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="mail_one_server_since")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M %Z}"


class Asleep(models.Model):
    """While there is a row, nothing of the outbox is done: a copy of a site must not write to the people of the first."""

    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="mail_asleep_once")]

    def __str__(self):
        return f"{self.since:%Y-%m-%d %H:%M %Z}"
