"""Traces of robots: the trap field, speed, markup, links, texts that come again."""

import re
import unicodedata
from typing import NamedTuple

from comments.screening.reading import Reading
from comments.screening.text.folding import DATA
from comments.screening.types import Signal
from comments.screening.web_addresses import web_addresses
from web.hosts import ascii_host

# A host without a scheme, as spammers write it: a name, an ending that is no word, and a path or the end.
ENDING = r"\.(?:com|net|org|info|biz|shop|store|xyz|top|site|online|club|ru|io|co|me|link|live|pro|vip|win|bet)(?=/|\s|$|[,!?)])"
WITH_ENDING = re.compile(ENDING, re.IGNORECASE)
BARE = re.compile(rf"(?<![\w@./-])((?:[a-z0-9-]{{1,63}}\.){{0,2}}[a-z0-9-]{{1,63}}{ENDING})", re.IGNORECASE)
MARKUP = re.compile(
    r"<\s?/?\s?(?:a|b|i|p|br|div|img|script|iframe|h[1-6]|font|span|strong)\b[^<>]{0,300}>|\[/?(?:url|link|img|"
    r"b)\b[^\]\n]{0,300}\]|\[[^\]\n]{1,80}\]\(https?://",
    re.IGNORECASE,
)
# Where patients find sources; links there are never a reason for suspicion.
SOURCES = tuple((DATA / "sources.txt").read_text(encoding="utf-8").split())
TOO_FAST = 3.0
# The points and accents of any language that is written with them are fewer on one letter.
MOST_MARKS = 8


class Link(NamedTuple):
    """Where a link leads, in ASCII; the host that it looks like; its place in body and name, as typed."""

    host: str
    looks_like: str
    place: tuple[int, int]


def links_in(reading: Reading) -> list[Link]:
    """Return every link that is written with https:// or www.; whatever the page shows as a link is among them."""
    typed = {address.start: address for address in web_addresses(reading.text)}
    found = []
    for seen in web_addresses(reading.folded.text):
        place = reading.folded.span(seen.start, seen.end)
        as_typed = typed.pop(place[0], seen)
        leads_to = ascii_host(as_typed.host) if as_typed.is_readable else seen.host
        found.append(Link(leads_to, seen.host, (place[0], max(place[1], as_typed.end))))
    return found + [Link(ascii_host(one.host), one.host, (one.start, one.end)) for one in typed.values()]


def bare_hosts_in(text: str) -> list[tuple[str, int, int]]:
    """Return (host in small letters, start, end) of every host without a scheme."""
    if not WITH_ENDING.search(text):
        return []
    return [(match[1].lower(), *match.span()) for match in BARE.finditer(text) if not match[1].lower().startswith("www.")]


def foreign_links(reading: Reading) -> list[str]:
    """Return the hosts of links, those without https:// too, that are no known source."""
    hosts = [link.host for link in links_in(reading)] + [host for host, _, _ in bare_hosts_in(reading.folded.text)]
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


def piled_marks(reading: Reading) -> list[Signal]:
    """Find letters with so many accents above and below that they draw over what stands there; the name's too."""
    if reading.text.isascii():
        return []
    places, start = [], 0
    for index, sign in enumerate(f"{reading.text}."):
        if sign > "~" and unicodedata.category(sign) in {"Mn", "Me"}:
            continue
        if index - start > MOST_MARKS:
            places.append((start, index))
        start = index + 1
    return [Signal("piled_marks", spans=reading.in_body(places))] if places else []


def links(reading: Reading) -> list[Signal]:
    """Find links; one signal a host."""
    hosts: dict[str, list[tuple[int, int]]] = {}
    for link in links_in(reading):
        hosts.setdefault(link.host, []).append(link.place)
    return [Signal("link", detail=host, spans=reading.in_body(places)) for host, places in hosts.items()]


def same_text(reading: Reading) -> list[Signal]:
    """Find a text that was sent before."""
    return [Signal("same_text", detail=str(reading.history.same_text))] if reading.history.same_text else []
