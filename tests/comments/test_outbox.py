"""A row is done at least once, by one worker at a time, and later when it fails."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from mail import outbox
from mail.models import Outbox

pytestmark = pytest.mark.django_db


def test_row_of_a_rolled_back_transaction_never_was():
    with transaction.atomic():
        outbox.add("note")
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_row_is_done_once():
    done = []
    outbox.add("note", {"a": 1})
    assert outbox.run_due({"note": done.append}) == 1
    assert outbox.run_due({"note": done.append}) == 0
    assert done == [{"a": 1}]


def test_row_waits_for_its_time():
    outbox.add("note", due_at=timezone.now() + datetime.timedelta(minutes=1))
    assert outbox.run_due({"note": lambda payload: None}) == 0


def test_second_worker_leaves_a_held_row_alone_until_the_lease_ends():
    outbox.add("note")
    seen = []

    def first(payload):
        seen.append(outbox.run_due({"note": lambda payload: None}))

    assert outbox.run_due({"note": first}) == 1
    assert seen == [0]


def test_row_of_a_worker_that_died_is_taken_up_again():
    outbox.add("note")
    with pytest.raises(KeyboardInterrupt):
        outbox.run_due({"note": interrupted})
    assert outbox.run_due({"note": lambda payload: None}) == 0
    with time_machine.travel(timezone.now() + outbox.LEASE + datetime.timedelta(seconds=1)):
        assert outbox.run_due({"note": lambda payload: None}) == 1


def interrupted(payload):
    raise KeyboardInterrupt


def test_failure_waits_longer_each_time_and_at_most_an_hour():
    outbox.add("note")
    waits = []
    moment = timezone.now()
    for _ in range(10):
        with time_machine.travel(moment, tick=False):
            outbox.run_due({})
            row = Outbox.objects.get()
            waits.append((row.due_at - moment).total_seconds())
            moment = row.due_at
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == 3600


def test_key_is_taken_while_it_waits_and_free_afterwards():
    outbox.add("note", key="note")
    outbox.add("note", key="note")
    assert Outbox.objects.count() == 1
    outbox.run_due({"note": lambda payload: None})
    outbox.add("note", key="note")
    assert Outbox.objects.filter(done_at=None).count() == 1


def test_what_comes_in_while_a_row_is_done_can_ask_again():
    outbox.add("note", key="note")
    outbox.run_due({"note": lambda payload: outbox.add("note", key="note")}, limit=1)
    assert Outbox.objects.filter(done_at=None).count() == 1


def test_key_of_a_day_stays_taken():
    for _ in range(2):
        outbox.add("retention", {"keep_key": True}, key="retention:2026-11-22")
        outbox.run_due({"retention": lambda payload: None})
    assert Outbox.objects.count() == 1


def test_what_is_urgent_goes_first_and_what_is_long_last():
    done = []
    for name in ("BATCH", "NORMAL", "URGENT"):
        outbox.add(name, priority=Outbox.Priority[name], due_at=timezone.now() - datetime.timedelta(hours=1))
    outbox.run_due({name: lambda payload, name=name: done.append(name) for name in Outbox.Priority.names})
    assert done == ["URGENT", "NORMAL", "BATCH"]


def test_what_is_urgent_overtakes_a_row_that_was_there_first():
    done = []

    def normal(payload):
        done.append("normal")
        if len(done) == 1:
            outbox.add("urgent", priority=Outbox.Priority.URGENT)

    outbox.add("normal")
    outbox.add("normal")
    outbox.run_due({"normal": normal, "urgent": lambda payload: done.append("urgent")})
    assert done == ["normal", "urgent", "normal"]


def test_a_long_task_goes_on_with_a_new_lease_and_lets_others_in_between():
    done, moment = [], timezone.now()

    def long(payload):
        done.append("long")
        return outbox.MORE if done.count("long") < 3 else None

    outbox.add("long", {"keep_key": True}, key="long", priority=Outbox.Priority.BATCH)
    for _ in range(4):
        # Twice the lease between the parts: what was done does not run out.
        moment += 2 * outbox.LEASE
        with time_machine.travel(moment, tick=False):
            outbox.add("urgent", priority=Outbox.Priority.URGENT)
            outbox.run_due({"long": long, "urgent": lambda payload: done.append("urgent")})
    assert done == ["urgent", "long", "urgent", "long", "urgent", "long", "urgent"]
    row = Outbox.objects.get(kind="long")
    assert (row.done_at, row.failed_at) == (moment - 2 * outbox.LEASE, None)


def test_a_long_task_that_fails_waits_as_any_other():
    def fails(payload):
        raise ValueError

    outbox.add("long", priority=Outbox.Priority.BATCH)
    outbox.run_due({"long": lambda payload: outbox.MORE})
    assert outbox.run_due({"long": fails}) == 0
    row = Outbox.objects.get()
    assert (row.attempts, row.done_at) == (1, None)
    assert row.due_at > timezone.now()


def test_a_clock_that_was_ahead_keeps_nothing_waiting_and_does_nothing_twice():
    done, now = [], timezone.now()

    def fails(payload):
        raise ValueError

    outbox.add("done")
    with time_machine.travel(now + datetime.timedelta(days=5), tick=False):
        outbox.run_due({"done": done.append})
        outbox.add("failed")
        outbox.add("leased")
        Outbox.objects.filter(kind="leased").update(leased_until=timezone.now() + outbox.LEASE)
        Outbox.objects.filter(kind="leased").update(due_at=now)
        outbox.run_due({"failed": fails})
        outbox.add("planned", due_at=timezone.now() + datetime.timedelta(minutes=10))
    outbox.run_due({"failed": lambda payload: done.append("failed"), "leased": lambda payload: done.append("leased")})
    assert done == [{}, "leased", "failed"]
    assert Outbox.objects.get(done_at=None).kind == "planned"


def test_a_clock_that_goes_back_does_what_comes_in_and_later_what_was_there():
    done, now = [], timezone.now()
    outbox.add("before")
    handlers = {"before": lambda payload: done.append("before"), "after": lambda payload: done.append("after")}
    with time_machine.travel(now - datetime.timedelta(days=2), tick=False):
        outbox.add("after")
        outbox.run_due(handlers)
        assert done == ["after"]
    outbox.run_due(handlers)
    outbox.run_due(handlers)
    assert done == ["after", "before"]
