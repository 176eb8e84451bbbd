"""What the worker does for comments: a function for each kind of outbox row."""

import time

from django.utils import timezone

from comments.flows import letters, notices, questions, reports, subscriptions
from comments.flows.retention import batches
from mail.outbox import MORE

# Seconds after which what is urgent goes first again.
SLICE = 2.0


def run_retention(payload: dict) -> str | None:
    """Erase what its time has passed, for some seconds; returns MORE when there is more."""
    until = time.monotonic() + SLICE
    for _ in batches(timezone.now()):
        if time.monotonic() >= until:
            return MORE
    return None


HANDLERS = {
    "answer": subscriptions.send_answer,
    "clinician_notice": notices.send_clinician_notice,
    "digest": notices.send_digest,
    "letter": letters.send_letter,
    "letter_answered": letters.send_answered,
    "outcome": subscriptions.send_outcome,
    "question": questions.send_question,
    "retention": run_retention,
    "reports_notice": reports.send_reports_notice,
    "urgent_notice": notices.send_urgent_notice,
    "urgent_reminder": notices.send_urgent_reminder,
    "help_lines_changed": notices.send_help_lines_changed,
}
