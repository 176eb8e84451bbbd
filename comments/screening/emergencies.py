"""Finds a body in danger this minute: an overdose just taken, heart, breathing, a stroke."""

from comments.screening.phrase_signals import spans_of
from comments.screening.reading import Reading
from comments.screening.types import Signal


def medical_emergency(reading: Reading) -> list[Signal]:
    """Find what an ambulance is called for; nothing in a sentence that tells of the past or of the cold."""
    hits = reading.hits("emergency")
    return [Signal("medical_emergency", spans=spans_of(reading, hits))] if hits else []
