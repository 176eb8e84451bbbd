"""From signals to a lane: one table, read from the top; the first line that holds decides."""

from collections.abc import Iterable
from typing import NamedTuple

from comments.screening.types import Lane, Signal


class Line(NamedTuple):
    """A lane for comments with all the `needed` signals and none of the `unless` ones."""

    lane: Lane
    needed: frozenset[str]
    unless: frozenset[str] = frozenset()


def _line(lane, *needed, unless=()):
    return Line(lane, frozenset(needed), frozenset(unless))


# Safety first: no signal below can move a comment out of a lane above.
POLICY = (
    _line(Lane.URGENT, "crisis_now"),
    _line(Lane.URGENT, "violence"),
    _line(Lane.URGENT, "medical_emergency"),
    _line(Lane.URGENT, "minor_in_danger"),
    # A guess from the words alone; an advertisement sounds like much, so beside one a phrase has to say it.
    _line(Lane.URGENT, "crisis_worded", unless={"promo", "spam_bot", "link"}),
    _line(Lane.CLINICIAN, "crisis_past"),
    _line(Lane.SPAM, "trap"),
    _line(Lane.SPAM, "promo"),
    _line(Lane.SPAM, "spam_bot"),
    _line(Lane.SPAM, "spam_like"),
    _line(Lane.SPAM, "blocked_host"),
    _line(Lane.SPAM, "blocked_person"),
    _line(Lane.SPAM, "too_fast", "link"),
    _line(Lane.SPAM, "same_text", "link"),
    _line(Lane.CLINICIAN, "medical_dose"),
    _line(Lane.CLINICIAN, "medical_stop"),
    _line(Lane.CLINICIAN, "medical_cure"),
    _line(Lane.CLINICIAN, "dose_like"),
    _line(Lane.CLINICIAN, "stop_like"),
    _line(Lane.CLINICIAN, "cure_like"),
)


# The checks that look for danger, and the reading that they share. While one of them has failed nothing goes to likely spam,
# the lane read last: who knows what it would have found.
LOOK_FOR_DANGER = {
    "reading",
    "crisis_now",
    "crisis_past",
    "crisis_worded",
    "crisis_like",
    "violence",
    "medical_emergency",
    "minor",
}
# Nobody is woken for these, and nobody overlooks them: in whichever lane, they are read first.
READ_FIRST = {"crisis_worded", "crisis_like", "other_language", "other_script"}


def is_read_first(signals: Iterable[Signal]) -> bool:
    """Return whether a comment stands before the others of its lane."""
    return any(signal.code in READ_FIRST for signal in signals)


def lane_of(signals: Iterable[Signal]) -> Lane:
    """Return the lane for what was found; without a line that holds it is the standard one."""
    signals = list(signals)
    codes = {signal.code for signal in signals}
    unsure = any(signal.code == "rule_error" and signal.detail in LOOK_FOR_DANGER for signal in signals)
    lanes = (line.lane for line in POLICY if line.needed <= codes and not line.unless & codes)
    return next((lane for lane in lanes if not (unsure and lane == Lane.SPAM)), Lane.STANDARD)
