"""Finds what moderators set themselves: watched words, blocked hosts, persons."""

import functools
import itertools
import operator
import re

from comments.screening.reading import Reading
from comments.screening.robots import bare_hosts_in, links_in
from comments.screening.text.folding import folded
from comments.screening.types import Signal, WatchedWord
from web.hosts import ascii_host

GAP = re.compile(r"\s{0,20}")
MOST_PLACES = 50
BEGINNING = 4
# So many comments of one person within a day are worth a word; who has much to say is as welcome as before.
MANY = 5


def watched_words(reading: Reading) -> list[Signal]:
    """Find the words that moderators watch: literally, with look-alike letters and accents undone; one signal a word.

    Spaced and dotted letters are undone where case does not matter.
    """
    if not reading.watch.words:
        return []
    exact, spelled = reading.folded.text, reading.plain.text
    small = _lower(exact)
    found = [words for beginning, words in _as_seen(reading.watch.words).items() if beginning in small or beginning in spelled]
    signals = []
    for _, word, parts in sorted(itertools.chain.from_iterable(found), key=operator.itemgetter(0)):
        places = find_word(exact if word.match_case else small, parts, word.whole_word)
        spans = reading.spans(places, reading.folded) if places else ()
        if not places and not word.match_case:
            places = find_word(spelled, parts, word.whole_word)
            spans = reading.spans(places) if places else ()
        if places:
            signals.append(Signal("watched_word", word.text, spans))
    return signals


@functools.lru_cache(maxsize=8)
def _as_seen(words: tuple[WatchedWord, ...]) -> dict[str, list[tuple[int, WatchedWord, list[str]]]]:
    """Return each word with its number and its parts as they look in a folded text, by a few small letters that it begins with."""
    found: dict[str, list[tuple[int, WatchedWord, list[str]]]] = {}
    for number, word in enumerate(words):
        seen = folded(word.text).text
        parts = (seen if word.match_case else _lower(seen)).split()
        found.setdefault(_lower("".join(seen.split()[:1]))[:BEGINNING], []).append((number, word, parts))
    return found


def find_word(text: str, parts: list[str], whole_word: bool) -> list[tuple[int, int]]:
    """Return the first fifty places of a word or phrase, as [start, end); any white space stands for that between its parts.

    Plain searching: the time grows with the number of words times the length of the text, and no faster.
    """
    first, *others = parts or [""]
    places: list[tuple[int, int]] = []
    start = text.find(first) if first else -1
    while start >= 0 and len(places) < MOST_PLACES:
        end = start + len(first)
        for other in others:
            end += GAP.match(text, end).end() - end
            end = end + len(other) if text.startswith(other, end) and text[end - 1].isspace() else -1
            if end < 0:
                break
        if end > 0 and not (whole_word and (_is_letter(text[start - 1 : start]) or _is_letter(text[end : end + 1]))):
            places.append((start, end))
        start = text.find(first, max(end, start + 1))
    return places


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _lower(text: str) -> str:
    """Return small letters, as many as there were."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(sign.lower()[0] for sign in text)


def blocked_hosts(reading: Reading) -> list[Signal]:
    """Find links to hosts that moderators blocked, and to hosts below them."""
    if not reading.watch.blocked_hosts:
        return []
    blocked = {ascii_host(host) for host in reading.watch.blocked_hosts}
    bare = [(host, reading.folded.span(start, end)) for host, start, end in bare_hosts_in(reading.folded.text)]
    written = [(host, link.place) for link in links_in(reading) for host in dict.fromkeys([link.host, link.looks_like])]
    places: dict[str, list[tuple[int, int]]] = {}
    for host, place in [*written, *bare]:
        parts = host.rsplit("@", 1)[-1].split(":")[0].split(".")
        if any(".".join(parts[index:]) in blocked for index in range(len(parts))):
            places.setdefault(host, []).append(place)
    return [Signal("blocked_host", host, reading.in_body(where)) for host, where in places.items()]


def person(reading: Reading) -> list[Signal]:
    """Say what moderators decided of this person before, and when comments come in great number."""
    history = reading.history
    signals = [Signal("blocked_person")] if history.blocked else []
    signals += [Signal("always_hold")] if history.always_hold else []
    signals += [Signal("recent_rejections", str(history.recent_rejections))] if history.recent_rejections else []
    return signals + ([Signal("many_today", str(history.within_a_day))] if history.within_a_day >= MANY else [])
