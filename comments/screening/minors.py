"""Finds an author who is a minor, and one in danger."""

from comments.screening.reading import Reading
from comments.screening.types import Signal


def minor(reading: Reading) -> list[Signal]:
    """Find an author under 18; a second signal if they tell of abuse, neglect or a stranger, or of a crisis."""
    hits = reading.hits("minor")
    if not hits:
        return []
    signals = [Signal("minor", spans=reading.spans([(hit.start, hit.end) for hit in hits]))]
    danger = reading.hits("danger")
    if danger:
        signals.append(Signal("minor_in_danger", spans=reading.spans([(hit.start, hit.end) for hit in danger])))
    return signals
