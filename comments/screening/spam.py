"""Finds selling, and what robots send."""

from comments.screening.languages import FREQUENT
from comments.screening.phrase_signals import signal_of_kind, signal_of_wording
from comments.screening.reading import Reading
from comments.screening.robots import foreign_links, markup_in
from comments.screening.types import Signal
from comments.screening.web_addresses import without_web_addresses

MANY_LINKS = 3
SPAM_LIKE = 1.5


def spam_like(reading: Reading) -> list[Signal]:
    """Find what is worded like an advertisement, without any phrase that says so."""
    return signal_of_wording("spam", "spam_like", reading, SPAM_LIKE, promo, spam_bot)


def promo(reading: Reading) -> list[Signal]:
    """Find selling and recruiting: a clear phrase, or two kinds of hints and a link to elsewhere."""
    hits = reading.hits("promo")
    if not hits:
        hints = reading.hits("promo_hint")
        kinds = {hit.kind for hit in hints}
        hits = hints if len(kinds) == 3 or (len(kinds) == 2 and foreign_links(reading)) else []
    return signal_of_kind("spam", "promo", reading, hits)


def spam_bot(reading: Reading) -> list[Signal]:
    """Find what robots send: offers that have nothing to do with the site, links with markup, lists of links."""
    said = signal_of_kind("spam", "spam_bot", reading, reading.hits("spam_bot"))
    links = foreign_links(reading)
    salad = len(links) >= 2 and not _has_small_words(reading)
    if not (said or salad or len(links) >= MANY_LINKS or (links and markup_in(reading))):
        return []
    return said or [Signal("spam_bot")]


def _has_small_words(reading: Reading) -> bool:
    """Return whether words stand there that hold sentences together; lists of goods and typed noise have none."""
    words = set(without_web_addresses(reading.folded.text).lower().split())
    return not words.isdisjoint(FREQUENT["en"] | FREQUENT["es"])
