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


# Safety first: no signal below can move a comment out of a lane above. A failed check may have been the one that looks for
# danger, so nothing goes to likely spam, the lane read last, while one is missing.
POLICY = (
    _line(Lane.URGENT, "crisis_now"),
    _line(Lane.URGENT, "violence"),
    _line(Lane.URGENT, "medical_emergency"),
    _line(Lane.URGENT, "minor_in_danger"),
    # A guess from the words alone; an advertisement sounds like much, so beside one a phrase has to say it.
    _line(Lane.URGENT, "crisis_worded", unless={"promo", "spam_bot", "link"}),
    _line(Lane.CLINICIAN, "crisis_past"),
    _line(Lane.SPAM, "trap", unless={"rule_error"}),
    _line(Lane.SPAM, "promo", unless={"rule_error"}),
    _line(Lane.SPAM, "spam_bot", unless={"rule_error"}),
    _line(Lane.SPAM, "spam_like", unless={"rule_error"}),
    _line(Lane.SPAM, "blocked_host", unless={"rule_error"}),
    _line(Lane.SPAM, "blocked_person", unless={"rule_error"}),
    _line(Lane.SPAM, "too_fast", "link", unless={"rule_error"}),
    _line(Lane.SPAM, "same_text", "link", unless={"rule_error"}),
    _line(Lane.CLINICIAN, "medical_dose"),
    _line(Lane.CLINICIAN, "medical_stop"),
    _line(Lane.CLINICIAN, "medical_cure"),
    _line(Lane.CLINICIAN, "dose_like"),
    _line(Lane.CLINICIAN, "stop_like"),
    _line(Lane.CLINICIAN, "cure_like"),
)


# Nobody is woken for these, and nobody overlooks them: in whichever lane, they are read first.
READ_FIRST = {"crisis_worded", "crisis_like", "other_language", "other_script"}


def is_read_first(signals: Iterable[Signal]) -> bool:
    """Return whether a comment stands before the others of its lane."""
    return any(signal.code in READ_FIRST for signal in signals)


def lane_of(signals: Iterable[Signal]) -> Lane:
    """Return the lane for what was found; without a line that holds it is the standard one."""
    codes = {signal.code for signal in signals}
    return next((line.lane for line in POLICY if line.needed <= codes and not line.unless & codes), Lane.STANDARD)
