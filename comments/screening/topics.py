"""What a comment is about: medical claims, selling, spam, insults, other subjects."""

import re
from collections.abc import Callable

from comments.screening.folding import BLANK
from comments.screening.phrases import Hit
from comments.screening.reading import Reading
from comments.screening.robots import LINK, foreign_links, markup_in
from comments.screening.types import Signal
from comments.screening.watching import FREQUENT

# A question whether something cures is a doubt, not a claim.
ASKS = re.compile(
    r"^\W*(?:(?:but|so|and|hi|hello|doctor|pero|y|hola) )?(?:does|do|did|is|are|can|could|has|have|would|will|"
    r"should|what|why|how|any|anyone|who|es|sera|puede|se|hay|"
    r"alguien|que|por|cual|sirve|funciona)\b"
)
HEALTH = re.compile(
    r"\b(?:lupus|sle|doctor\w*|dr|rheum\w*|reuma\w*|pain|dolor\w*|rash|joint\w*|flare\w*|brote\w*|med\w*|"
    r"prednis\w*|plaquenil|health|salud|symptom\w*|sintoma\w*|"
    r"fatigue|fatiga|kidney\w*|rinon\w*|skin|piel|sun|sol|sleep|article|articulo|comment|treatment|tratamiento|"
    r"disease|enferm\w*|hospital|clinic\w*|blood|sangre|labs?|"
    r"sick|infusion\w*|tired|cansad\w*|hair|raynaud\w*|sjogren\w*|diagnos\w*|hat|hats|sombrero\w*|sunscreen|"
    r"steroid\w*|biops\w*|doctora|insurance|seguro)\b"
)
MANY_LINKS = 3
# What bench/likeness.py measures to find most and to be wrong for few.
DOSE_LIKE, STOP_LIKE, CURE_LIKE = 0.1, 0.1, 0.1
SPAM_LIKE = 1.5
# Below this a text is not of the kind, whatever words stand in it: "throw the tablets away", said to laugh about it.
UNLIKE = -2.0
MOST_SPANS = 20


def _spans(reading, hits):
    return reading.spans([(hit.start, hit.end) for hit in hits[:MOST_SPANS]])


def _simple(code: str, reading: Reading) -> list[Signal]:
    hits = reading.hits(code)
    return [Signal(code, spans=_spans(reading, hits))] if hits else []


def _of(kind: str, code: str, reading: Reading, hits: list[Hit]) -> list[Signal]:
    """Return the signal for phrases that were found, unless the text as a whole is not at all like its kind."""
    if not hits or (kind in reading.likeness and reading.likeness[kind].score < UNLIKE):
        return []
    return [Signal(code, spans=_spans(reading, hits))]


def _like(kind: str, code: str, reading: Reading, limit: float, *rules: Callable[[Reading], list[Signal]]) -> list[Signal]:
    """Return the signal for wording, unless one of the rules that look for phrases says the same."""
    found = reading.like(code, kind, limit)
    return [] if found and any(rule(reading) for rule in rules) else found


def medical_dose(reading: Reading) -> list[Signal]:
    """Find a dose recommended to others, asked for, or changed without a doctor; not one as prescribed."""
    named = {hit.sentence for hit in reading.hits("medical_substance")}
    hits = [hit for hit in reading.hits("medical_dose") if hit.sentence in named]
    return _of("dose", "medical_dose", reading, hits)


def medical_stop(reading: Reading) -> list[Signal]:
    """Find advice to stop or refuse a medicine, or an author who does without asking."""
    return _of("stop", "medical_stop", reading, reading.hits("medical_stop"))


def medical_cure(reading: Reading) -> list[Signal]:
    """Find the claim that something cures lupus; a question whether it does is none."""
    hits = [hit for hit in reading.hits("medical_cure") if not _is_question(reading, hit)]
    return _of("cure", "medical_cure", reading, hits)


def dose_like(reading: Reading) -> list[Signal]:
    """Find what is worded like talk of a dose that no doctor gave, without any phrase that says so."""
    return _like("dose", "dose_like", reading, DOSE_LIKE, medical_dose)


def stop_like(reading: Reading) -> list[Signal]:
    """Find what is worded like stopping a medicine, without any phrase that says so."""
    return _like("stop", "stop_like", reading, STOP_LIKE, medical_stop)


def cure_like(reading: Reading) -> list[Signal]:
    """Find what is worded like the promise of a cure, without any phrase that says so."""
    return _like("cure", "cure_like", reading, CURE_LIKE, medical_cure)


def spam_like(reading: Reading) -> list[Signal]:
    """Find what is worded like an advertisement, without any phrase that says so."""
    return _like("spam", "spam_like", reading, SPAM_LIKE, promo, spam_bot)


def _is_question(reading: Reading, hit: Hit) -> bool:
    text = reading.plain.text
    start, end = hit.sentence
    return text[end : end + 1] == "?" and bool(ASKS.match(text[start:end]))


def promo(reading: Reading) -> list[Signal]:
    """Find selling and recruiting: a clear phrase, or two kinds of hints and a link to elsewhere."""
    hits = reading.hits("promo")
    if not hits:
        hints = reading.hits("promo_hint")
        kinds = {hit.kind for hit in hints}
        hits = hints if len(kinds) == 3 or (len(kinds) == 2 and foreign_links(reading)) else []
    return _of("spam", "promo", reading, hits)


def spam_bot(reading: Reading) -> list[Signal]:
    """Find what robots send: offers that have nothing to do with the site, links with markup, lists of links."""
    said = _of("spam", "spam_bot", reading, reading.hits("spam_bot"))
    links = foreign_links(reading)
    salad = len(links) >= 2 and not _has_small_words(reading)
    if not (said or salad or len(links) >= MANY_LINKS or (links and markup_in(reading))):
        return []
    return said or [Signal("spam_bot")]


def _has_small_words(reading: Reading) -> bool:
    """Return whether words stand there that hold sentences together; lists of goods and typed noise have none."""
    words = set(LINK.sub(" ", reading.folded.text).lower().split())
    return not words.isdisjoint(FREQUENT["en"] | FREQUENT["es"])


def unkind(reading: Reading) -> list[Signal]:
    """Find insults at persons or groups."""
    return _simple("unkind", reading)


def off_topic(reading: Reading) -> list[Signal]:
    """Find a text without anything to read, or about another subject and without a word of health."""
    body = reading.submission.body
    if not reading.folded.text.replace(".", "").strip() or not any(sign not in BLANK and not sign.isspace() for sign in body):
        return [Signal("off_topic", detail="blank")]
    hits = reading.hits("off_topic")
    if not hits or HEALTH.search(reading.plain.text):
        return []
    return [Signal("off_topic", spans=_spans(reading, hits))]
