"""Danger to life: suicide and self-harm now or in the past, violence."""

from comments.screening.phrase_signals import simple_signal
from comments.screening.reading import Reading
from comments.screening.text.phrases import Hit
from comments.screening.types import Signal

# What bench/likeness.py measures: above HIGH a score wakes people; above CRISIS_LIKE a comment is only read first.
HIGH, CRISIS_LIKE = 1.0, -2.0


def crisis_now(reading: Reading) -> list[Signal]:
    """Find a wish to die, suicide or self-harm, the author's or somebody's, that is not said to be over."""
    hits = _present(reading)
    return [Signal("crisis_now", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def crisis_past(reading: Reading) -> list[Signal]:
    """Find the same, said to be over, or a death by suicide in the past."""
    hits = [hit for hit in reading.hits("crisis_past") if not _is_now(reading, hit)]
    hits += [hit for hit in reading.hits("crisis_now") if _is_distant(reading, hit)]
    return [Signal("crisis_past", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def crisis_worded(reading: Reading) -> list[Signal]:
    """Find what is worded so much like a cry for help or a threat that it wakes people, without any phrase that says so.

    The name is judged by itself, so that no name can calm a text: it only raises.
    """
    if _present(reading) or reading.hits("violence"):
        return []
    found = reading.like("crisis_worded", "crisis", HIGH)
    if found or reading.likeness_of_name.get("crisis", 0) <= HIGH:
        return found
    return [Signal("crisis_worded")]


def crisis_like(reading: Reading) -> list[Signal]:
    """Find what may be a farewell, or is worded a little like a cry for help: nobody is woken, but it is read first in its lane."""
    if _present(reading) or reading.hits("violence") or crisis_worded(reading):
        return []
    return simple_signal("crisis_like", reading) or reading.like("crisis_like", "crisis", CRISIS_LIKE)


def violence(reading: Reading) -> list[Signal]:
    """Find a threat, or somebody who is being hurt or locked in."""
    hits = reading.hits("violence")
    return [Signal("violence", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def _present(reading: Reading) -> list[Hit]:
    hits = [hit for hit in reading.hits("crisis_now") if not _is_distant(reading, hit)]
    return hits + [hit for hit in reading.hits("crisis_past") if _is_now(reading, hit)]


def _in_sentence(reading: Reading, hit: Hit, kind: str) -> bool:
    return any(other.kind == kind and other.sentence == hit.sentence for other in reading.hits("crisis_distance"))


def _is_distant(reading: Reading, hit: Hit) -> bool:
    """Return whether a wish in the present tense is told of the past: inside a longer phrase, or by its sentence."""
    # "Tried to kill myself" contains the words of a wish; the longer phrase knows better, and is judged by itself.
    if any(other.start <= hit.start and hit.end <= other.end for other in reading.hits("crisis_past")):
        return True
    return _in_sentence(reading, hit, "past") and not _in_sentence(reading, hit, "again")


def _is_now(reading: Reading, hit: Hit) -> bool:
    """Return whether what is told in the past tense is of today: just happened, or an attempt that nothing says is over."""
    if hit.kind == "lost":
        return False
    if _in_sentence(reading, hit, "again"):
        return True
    if _in_sentence(reading, hit, "recent") and not _in_sentence(reading, hit, "past"):
        return True
    told_as_over = any(other.kind in {"past", "over"} for other in reading.hits("crisis_distance"))
    return hit.kind == "attempt" and not told_as_over
