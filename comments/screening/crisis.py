"""Danger to life: suicide and self-harm now or in the past, violence."""

import itertools

from comments.screening import likeness
from comments.screening.phrases import Hit
from comments.screening.reading import Reading
from comments.screening.types import Signal

# Farewell, affairs, burden, despair, means: each is common in a hard week, two of them near each other are not.
NEAR = 400
CUES_NEAR = 160
CUES_NEEDED = 3
MOST_CUES = 12
GRAVE_CUES = {"means", "death", "affairs", "calm", "final"}


def crisis_now(reading: Reading) -> list[Signal]:
    """Find a wish to die, suicide or self-harm, the author's or somebody's, that is not said to be over."""
    hits = _present(reading)
    return [Signal("crisis_now", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def crisis_past(reading: Reading) -> list[Signal]:
    """Find the same, said to be over, or a death by suicide in the past."""
    hits = [hit for hit in reading.hits("crisis_past") if not _is_now(reading, hit)]
    hits += [hit for hit in reading.hits("crisis_now") if _is_distant(reading, hit)]
    return [Signal("crisis_past", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def crisis_like(reading: Reading) -> list[Signal]:
    """Find what is worded like a cry for help without any phrase that says so; not where a phrase says it is none."""
    if _present(reading) or reading.hits("violence") or reading.hits("crisis_past"):
        return []
    if reading.harmless & {"crisis_now", "crisis_past", "violence"} or reading.hits("spam_bot") or reading.hits("promo"):
        return []
    if any(hit.kind == "care" for hit in reading.hits("crisis_distance")):
        return []
    places = list(likeness.cries(reading.plain.text))
    return [Signal("crisis_like", spans=reading.spans(places))] if places else []


def violence(reading: Reading) -> list[Signal]:
    """Find a threat, or somebody who is being hurt or locked in."""
    hits = reading.hits("violence")
    return [Signal("violence", spans=reading.spans([(hit.start, hit.end) for hit in hits]))] if hits else []


def _present(reading: Reading) -> list[Hit]:
    hits = [hit for hit in reading.hits("crisis_now") if not _is_distant(reading, hit)]
    hits += [hit for hit in reading.hits("crisis_past") if _is_now(reading, hit)]
    return hits or _hints(reading) or _cues(reading)


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


def _hints(reading: Reading) -> list[Hit]:
    """Return hints that weigh enough together: two near each other, or one that is heavy; not where the author is cared for."""
    hits = _apart(reading.hits("crisis_hint"))
    if any(hit.kind == "care" for hit in reading.hits("crisis_distance")):
        return []
    heavy = [hit for hit in hits if hit.kind == "burden"]
    near = []
    for first, second in itertools.pairwise(hits):
        # Thanks and goodbyes come in pairs in any friendly comment.
        alike = first.kind == second.kind and first.kind in {"farewell", "affairs", "means"}
        if not alike and second.start - first.end < NEAR:
            near += [first, second]
    return list(dict.fromkeys(heavy + near))


def _cues(reading: Reading) -> list[Hit]:
    """Return single words of several kinds close together: means, loneliness, finality, night, farewell …

    This finds what is said without any of the usual words: three kinds with a grave one among them, or two grave ones.
    """
    if any(hit.kind in {"care", "past"} for hit in reading.hits("crisis_distance")):
        return []
    hits = _apart(reading.hits("crisis_cue"))
    for index, first in enumerate(hits):
        near = [hit for hit in hits[index : index + MOST_CUES] if hit.end - first.start <= CUES_NEAR]
        kinds = {hit.kind for hit in near}
        if len(kinds & GRAVE_CUES - {"final"}) >= 2 or (len(kinds) >= CUES_NEEDED and kinds & GRAVE_CUES):
            return near
    return []


def _apart(hits: list[Hit]) -> list[Hit]:
    """Return hits that do not overlap, in the order of the text."""
    result: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not result or hit.start >= result[-1].end:
            result.append(hit)
    return result
