"""What the worker does for comments: a function for each kind of outbox row."""

import time

from django.db import connection
from django.utils import timezone

from comments.flows import letters, no_mail, notices, questions, reports, rights, subscriptions
from comments.flows.retention import batches
from mail import outbox
from mail.outbox import MORE

# Seconds after which what is urgent goes first again.
SLICE = 2.0


def run_retention(payload: dict) -> str | None:
    """Erase what its time has passed, for some seconds; returns MORE when there is more."""
    until = time.monotonic() + SLICE
    for _ in batches(timezone.now()):
        if time.monotonic() >= until:
            return MORE
    outbox.add("empty_log", key="empty_log")
    return None


def empty_log(payload: dict) -> None:
    """Take what was erased out of SQLite's write-ahead log too; raises RuntimeError while somebody reads from it.

    The file of the database itself is overwritten (secure_delete); the log would hold the words until it is used again.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    if busy:
        raise RuntimeError("the write-ahead log is in use")


HANDLERS = {
    "answer": subscriptions.send_answer,
    "clinician_notice": notices.send_clinician_notice,
    "digest": notices.send_digest,
    "empty_log": empty_log,
    "letter": letters.send_letter,
    "letter_answered": letters.send_answered,
    "outcome": subscriptions.send_outcome,
    "question": questions.send_question,
    "refused": no_mail.refuse_under_newer_keys,
    "retention": run_retention,
    "rights": rights.send_link,
    "reports_notice": reports.send_reports_notice,
    "urgent_notice": notices.send_urgent_notice,
    "urgent_reminder": notices.send_urgent_reminder,
    "help_lines_changed": notices.send_help_lines_changed,
}
