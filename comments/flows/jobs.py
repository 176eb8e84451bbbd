"""What the worker does for comments: a function for each kind of outbox row."""

from django.utils import timezone

from comments.flows import letters, notices, subscriptions
from comments.flows.retention import apply_retention


def run_retention(payload: dict) -> None:
    """Erase what its time has passed."""
    apply_retention(timezone.now())


HANDLERS = {
    "answer": subscriptions.send_answer,
    "digest": notices.send_digest,
    "letter": letters.send_letter,
    "letter_answered": letters.send_answered,
    "outcome": subscriptions.send_outcome,
    "question": subscriptions.send_question,
    "retention": run_retention,
    "urgent_notice": notices.send_urgent_notice,
}
