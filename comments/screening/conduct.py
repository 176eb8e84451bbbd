"""Finds what the house rules do not allow: insults, and texts about something else."""

import re

from comments.screening.phrase_signals import simple_signal, spans_of
from comments.screening.reading import Reading
from comments.screening.text.folding import BLANK
from comments.screening.types import Signal

HEALTH = re.compile(
    r"\b(?:lupus|sle|doctor\w*|dr|rheum\w*|reuma\w*|pain|dolor\w*|rash|joint\w*|flare\w*|brote\w*|med\w*|"
    r"prednis\w*|plaquenil|health|salud|symptom\w*|sintoma\w*|"
    r"fatigue|fatiga|kidney\w*|rinon\w*|skin|piel|sun|sol|sleep|article|articulo|comment|treatment|tratamiento|"
    r"disease|enferm\w*|hospital|clinic\w*|blood|sangre|labs?|"
    r"sick|infusion\w*|tired|cansad\w*|hair|raynaud\w*|sjogren\w*|diagnos\w*|hat|hats|sombrero\w*|sunscreen|"
    r"steroid\w*|biops\w*|doctora|insurance|seguro)\b"
)


def unkind(reading: Reading) -> list[Signal]:
    """Find insults at persons or groups."""
    return simple_signal("unkind", reading)


def off_topic(reading: Reading) -> list[Signal]:
    """Find a text without anything to read, or about another subject and without a word of health."""
    body = reading.submission.body
    if not reading.folded.text.replace(".", "").strip() or not any(sign not in BLANK and not sign.isspace() for sign in body):
        return [Signal("off_topic", detail="blank")]
    hits = reading.hits("off_topic")
    if not hits or HEALTH.search(reading.plain.text):
        return []
    return [Signal("off_topic", spans=spans_of(reading, hits))]
