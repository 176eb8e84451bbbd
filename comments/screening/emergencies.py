"""Finds a body in danger this minute: an overdose just taken, heart, breathing, a stroke."""

import re

from comments.screening.phrase_signals import spans_of
from comments.screening.reading import Reading
from comments.screening.text.phrases import Hit
from comments.screening.types import Signal

NOT_ORDERED = re.compile(r"\b(?:not|never|isnt|wasnt) (?:as|like) (?:prescribed|directed|ordered|the doctor)")
NOW = re.compile(
    r"\b(?:now|right now|just|an? (?:hour|minute)s? ago|(?:hours|minutes|min) ago|tonight|help|ahora|ahorita|acabo)\b"
)


def medical_emergency(reading: Reading) -> list[Signal]:
    """Find what an ambulance is called for; not what the sentence tells of the past, of the cold, or as a doctor ordered it."""
    hits = [hit for hit in reading.hits("emergency") if not _is_calm(reading, hit)]
    return [Signal("medical_emergency", spans=spans_of(reading, hits))] if hits else []


def _is_calm(reading: Reading, hit: Hit) -> bool:
    sentence = reading.plain.text[slice(*hit.sentence)]
    said = {other.kind for other in reading.hits("emergency_calm") if other.sentence == hit.sentence}
    if hit.kind == "overdose":
        return "ordered" in said and not NOT_ORDERED.search(sentence)
    return ("past" in said and not NOW.search(sentence)) or (hit.kind == "blue" and "cold" in said)
