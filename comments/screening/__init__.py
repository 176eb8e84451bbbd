"""Text in, signals out: what a moderator should know before reading. Pure: no database, no request, no network.

`screen()` runs every rule, always; a rule that fails yields RULE_ERROR, which holds the comment like any other. Nothing here
refuses or publishes: `lane_of()` only picks the queue.
"""

from comments.screening.rules import RULES
from comments.screening.types import History, Lane, Signal, Submission, lane_of

__all__ = ["History", "Lane", "Signal", "Submission", "lane_of", "screen"]


def screen(submission: Submission, history: History) -> list[Signal]:
    """Return what every rule found, in the order of the rules."""
    signals = []
    for rule in RULES:
        try:
            signals += rule(submission, history)
        except Exception:
            # Whatever is wrong with a rule must neither lose the comment nor hide what the other rules found.
            signals.append(Signal("rule_error", detail=rule.__name__))
    return signals
