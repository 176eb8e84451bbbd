"""Finds medical claims and advice: a dose, stopping a medicine, a cure."""

import re

from comments.screening.phrase_signals import signal_of_kind, signal_of_wording, spans_of
from comments.screening.reading import Reading
from comments.screening.text.phrases import Hit
from comments.screening.types import Signal

# A question whether something cures is a doubt, not a claim.
ASKS = re.compile(
    r"^\W*(?:(?:but|so|and|hi|hello|doctor|pero|y|hola) )?(?:does|do|did|is|are|can|could|has|have|would|will|"
    r"should|what|why|how|any|anyone|who|es|sera|puede|se|hay|"
    r"alguien|que|por|cual|sirve|funciona)\b"
)
# What bench/likeness.py measures to find most and to be wrong for few.
DOSE_LIKE, STOP_LIKE, CURE_LIKE = 0.0, 0.0, 0.3


def medical_dose(reading: Reading) -> list[Signal]:
    """Find a dose recommended to others, asked for, or changed without a doctor; not one as prescribed."""
    named = {hit.sentence for hit in reading.hits("medical_substance")}
    hits = [hit for hit in reading.hits("medical_dose") if hit.sentence in named]
    return signal_of_kind("dose", "medical_dose", reading, hits)


def medical_stop(reading: Reading) -> list[Signal]:
    """Find advice to stop or refuse a medicine, or an author who does without asking."""
    if said := signal_of_kind("stop", "medical_stop", reading, reading.hits("medical_stop")):
        return said
    against = reading.hits("medical_against")  # Whatever the rest of the text is like.
    return [Signal("medical_stop", spans=spans_of(reading, against))] if against else []


def medical_cure(reading: Reading) -> list[Signal]:
    """Find the claim that something cures lupus; a question whether it does is none."""
    hits = [hit for hit in reading.hits("medical_cure") if not _is_question(reading, hit)]
    return signal_of_kind("cure", "medical_cure", reading, hits)


def dose_like(reading: Reading) -> list[Signal]:
    """Find what is worded like talk of a dose that no doctor gave, without any phrase that says so."""
    return signal_of_wording("dose", "dose_like", reading, DOSE_LIKE, medical_dose)


def stop_like(reading: Reading) -> list[Signal]:
    """Find what is worded like stopping a medicine, without any phrase that says so."""
    return signal_of_wording("stop", "stop_like", reading, STOP_LIKE, medical_stop)


def cure_like(reading: Reading) -> list[Signal]:
    """Find what is worded like the promise of a cure, without any phrase that says so."""
    return signal_of_wording("cure", "cure_like", reading, CURE_LIKE, medical_cure)


def _is_question(reading: Reading, hit: Hit) -> bool:
    text = reading.plain.text
    start, end = hit.sentence
    return text[end : end + 1] == "?" and bool(ASKS.match(text[start:end]))
