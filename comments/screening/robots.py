"""Traces of robots: the trap field, speed, markup, links, texts that come again."""

import re

from comments.screening.reading import Reading
from comments.screening.text.folding import DATA
from comments.screening.types import Signal

LINK = re.compile(r"(?:https?://|www\.)([^\s/<>\"'()?#\]]{1,253})", re.IGNORECASE)
# A host without a scheme, as spammers write it: a name, an ending that is no word, and a path or the end.
BARE = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9-]{1,63}\.){1,3}(?:com|net|org|info|biz|shop|store|xyz|top|site|online|club|ru|io|"
    r"co|me|link|live|pro|vip|win|bet))(?=/|\s|$|[,!?)])",
    re.IGNORECASE,
)
MARKUP = re.compile(
    r"<\s?/?\s?(?:a|b|i|p|br|div|img|script|iframe|h[1-6]|font|span|strong)\b[^<>]{0,300}>|\[/?(?:url|link|img|"
    r"b)\b[^\]\n]{0,300}\]|\[[^\]\n]{1,80}\]\(https?://",
    re.IGNORECASE,
)
# Where patients find sources; links there are never a reason for suspicion.
SOURCES = tuple((DATA / "sources.txt").read_text(encoding="utf-8").split())
TOO_FAST = 3.0


def links_in(text: str) -> list[tuple[str, int, int]]:
    """Return (host in small letters, start, end) of every link that is written with https:// or www."""
    return [(match[1].lower().rstrip(".,;:!"), *match.span()) for match in LINK.finditer(text)]


def foreign_links(reading: Reading) -> list[str]:
    """Return the hosts of links, those without https:// too, that are no known source."""
    text = reading.folded.text
    hosts = [host for host, _, _ in links_in(text)] + [
        match[1].lower() for match in BARE.finditer(text) if not match[1].lower().startswith("www.")
    ]
    return [host for host in hosts if not host.removeprefix("www.").endswith(SOURCES)]


def markup_in(reading: Reading) -> list[tuple[int, int]]:
    """Return where markup is typed, as places of the folded text."""
    return [match.span() for match in MARKUP.finditer(reading.folded.text)]


def trap(reading: Reading) -> list[Signal]:
    """Find the field that only robots see."""
    return [Signal("trap")] if reading.submission.trap else []


def too_fast(reading: Reading) -> list[Signal]:
    """Find a form sent within three seconds, where a script told the time."""
    elapsed = reading.submission.elapsed
    return [] if elapsed is None or elapsed >= TOO_FAST else [Signal("too_fast", detail=f"{max(elapsed, 0):.0f}")]


def markup(reading: Reading) -> list[Signal]:
    """Find HTML, BBCode or Markdown links in a field for plain text."""
    places = markup_in(reading)
    return [Signal("markup", spans=reading.spans(places, reading.folded))] if places else []


def links(reading: Reading) -> list[Signal]:
    """Find links; one signal a host."""
    hosts: dict[str, list[tuple[int, int]]] = {}
    for host, start, end in links_in(reading.folded.text):
        hosts.setdefault(host, []).append((start, end))
    return [Signal("link", detail=host, spans=reading.spans(places, reading.folded)) for host, places in hosts.items()]


def same_text(reading: Reading) -> list[Signal]:
    """Find a text that was sent before."""
    return [Signal("same_text", detail=str(reading.history.same_text))] if reading.history.same_text else []
