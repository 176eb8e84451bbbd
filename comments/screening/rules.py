"""The rules, each a function from (submission, history) to the signals it found."""

import re

from comments.screening import details
from comments.screening.types import History, Signal, Submission

LINK = re.compile(r"(?:https?://|www\.)([^\s/<>\"'()]{1,253})", re.IGNORECASE)
TOO_FAST = 3.0


def trap(submission: Submission, history: History) -> list[Signal]:
    """Find the field that only robots see."""
    return [Signal("trap")] if submission.trap else []


def too_fast(submission: Submission, history: History) -> list[Signal]:
    """Find a form sent within three seconds, where a script told the time."""
    if submission.elapsed is None or submission.elapsed >= TOO_FAST:
        return []
    return [Signal("too_fast", detail=f"{max(submission.elapsed, 0):.0f}")]


def links(submission: Submission, history: History) -> list[Signal]:
    """Find links; one signal a host."""
    hosts = {}
    for match in LINK.finditer(submission.body):
        hosts.setdefault(match[1].lower(), []).append(match.span())
    return [Signal("link", detail=host, spans=tuple(spans)) for host, spans in hosts.items()]


def email_in_text(submission: Submission, history: History) -> list[Signal]:
    """Find e-mail addresses in the text or the name."""
    spans = details.emails(submission.body)
    return [Signal("personal_email", spans=tuple(spans))] if spans or details.emails(submission.name) else []


def phone_in_text(submission: Submission, history: History) -> list[Signal]:
    """Find phone numbers in the text or the name."""
    spans = details.phones(submission.body)
    return [Signal("personal_phone", spans=tuple(spans))] if spans or details.phones(submission.name) else []


def same_text(submission: Submission, history: History) -> list[Signal]:
    """Find a text that was sent before."""
    return [Signal("same_text", detail=str(history.same_text))] if history.same_text else []


RULES = [trap, too_fast, links, email_in_text, phone_in_text, same_text]
