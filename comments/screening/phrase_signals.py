"""From phrases that were found to a signal."""

from collections.abc import Callable

from comments.screening.reading import Reading
from comments.screening.text.phrases import Hit
from comments.screening.types import Signal

# Below this a text is not of the kind, whatever words stand in it: "throw the tablets away", said to laugh about it.
UNLIKE = -4.0
MOST_SPANS = 20


def spans_of(reading: Reading, hits: list[Hit]) -> tuple[tuple[int, int], ...]:
    """Return where phrases stand, at most MOST_SPANS places."""
    return reading.spans([(hit.start, hit.end) for hit in hits[:MOST_SPANS]])


def simple_signal(code: str, reading: Reading) -> list[Signal]:
    """Return the signal when one of its phrases was found."""
    hits = reading.hits(code)
    return [Signal(code, spans=spans_of(reading, hits))] if hits else []


def signal_of_kind(kind: str, code: str, reading: Reading, hits: list[Hit]) -> list[Signal]:
    """Return the signal for phrases that were found, unless the text as a whole is not at all like its kind."""
    if not hits or (kind in reading.likeness and reading.likeness[kind].score < UNLIKE):
        return []
    return [Signal(code, spans=spans_of(reading, hits))]


def signal_of_wording(
    kind: str, code: str, reading: Reading, limit: float, *rules: Callable[[Reading], list[Signal]]
) -> list[Signal]:
    """Return the signal for wording, unless one of the rules that look for phrases says the same."""
    found = reading.like(code, kind, limit)
    return [] if found and any(rule(reading) for rule in rules) else found
