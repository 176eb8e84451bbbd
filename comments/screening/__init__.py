"""Text in, signals out: what a moderator should know before reading. Pure: no database, no request, no network.

`screen()` runs every rule, always; a rule that fails or takes too long yields RULE_ERROR, which holds the comment like any other.
Nothing here refuses or publishes: `lane_of()` only picks the queue.
"""

import logging
import threading
import time

from comments.screening.policy import is_read_first, lane_of
from comments.screening.reading import Reading, read, speller
from comments.screening.rules import RULES
from comments.screening.text.likeness import rows
from comments.screening.text.phrases import compiled
from comments.screening.types import (
    COUNTED,
    NOTHING_KNOWN,
    NOTHING_WATCHED,
    WORDS,
    History,
    Lane,
    Signal,
    Submission,
    Watch,
    WatchedWord,
    in_words,
)

__all__ = [
    "COUNTED",
    "NOTHING_KNOWN",
    "NOTHING_WATCHED",
    "WORDS",
    "History",
    "Lane",
    "Signal",
    "Submission",
    "Watch",
    "WatchedWord",
    "in_words",
    "is_read_first",
    "lane_of",
    "prepare",
    "screen",
]

log = logging.getLogger("comments.screening")

# Seconds of processor time for one rule, and for making the views of the text that the rules share.
BUDGET = 0.02
READING_BUDGET = 0.04
_READING = threading.Lock()


def prepare() -> None:
    """Read the language data; later calls have nothing left to do, and calls at the same moment wait for one reading."""
    with _READING:
        speller()
        rows()


def screen(submission: Submission, history: History = NOTHING_KNOWN, watch: Watch = NOTHING_WATCHED) -> list[Signal]:
    """Return what every rule found, safety first; a rule that fails or exceeds its time yields `rule_error` with its name.

    What a slow rule found is kept. Bounded: at most 50 ms for 5,000 characters.
    """
    prepare()  # That is nobody's time.
    reading = Reading(submission, history, watch)
    signals = []
    for name, rule, budget in [("reading", read, READING_BUDGET), *((rule.__name__, rule, BUDGET) for rule in RULES)]:
        patterns, started = compiled.cache_info().misses, time.thread_time()
        try:
            signals += rule(reading)
        except Exception as error:
            # Whatever is wrong with a rule must neither lose the comment nor hide what the other rules found.
            log.error("the rule %s fails", name, exc_info=error)
            signals.append(Signal("rule_error", detail=name))
            continue
        # Whoever is the first to need a pattern waits for it to be made; that says nothing of the text.
        if time.thread_time() - started > budget and compiled.cache_info().misses == patterns:
            signals.append(Signal("rule_error", detail=name))
    return signals
