"""How much a text is worded like a cry for help, like advice on a medicine, like an advertisement: learned from labelled texts.

Phrases find what somebody thought of; this finds much of what nobody did, at the price of false alarms. The weights are made by
`bench/likeness.py` from the texts in `bench/labelled/`; a reader of `data/likeness.tsv` can see and change each of them.
"""

import functools
import itertools
import math
import re
from typing import NamedTuple

from comments.screening.folding import DATA
from comments.screening.phrases import phrasebook, sentences

# What is learned, in the order of the columns.
KINDS = ("crisis", "dose", "stop", "cure", "spam")
BIAS = "(bias)"
WORD = re.compile(r"[a-z0-9]+")
# Words are cut, so that "queria" and "querias" weigh alike; every medicine is one word, and so is every number.
STEM = 6
DRUG, NUMBER = "DRUG", "#"
# What stands in links; the rules for those read them.
OF_LINKS = {"http", "https", "www", "com", "net", "org", "example"}
LETTERS = range(3, 6)
# Learned from short texts, so a longer one is read in parts.
WORDS_AT_ONCE = 40


class Pieces(NamedTuple):
    """What a text consists of: word stems with their neighbours, and rows of letters inside words."""

    stems: frozenset[str]
    letters: frozenset[str]


@functools.cache
def weights() -> dict[str, tuple[float, ...]]:
    """Return the weights of each piece, and of BIAS, one for each of KINDS."""
    lines = (DATA / "likeness.tsv").read_text(encoding="utf-8").splitlines()
    return {piece: tuple(int(weight) / 100 for weight in row.split()) for row, piece in (line.split("\t") for line in lines)}


@functools.cache
def _drugs() -> frozenset[str]:
    return frozenset(WORD.findall(" ".join(phrasebook().slots[slot] for slot in ("drug", "es_drug"))))


@functools.lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[str, ...]:
    edged = f"~{word}~"
    return tuple({edged[start : start + size] for size in LETTERS for start in range(len(edged) - size + 1)})


def pieces(sentence_list: list[str]) -> Pieces:
    """Return the pieces of sentences in small letters; `^` and `$` are the ends of one."""
    return _together([_pieces(sentence) for sentence in sentence_list])


def _pieces(sentence: str) -> Pieces:
    words = [word for word in WORD.findall(sentence) if word not in OF_LINKS]
    row = ["^", *(NUMBER if word[0].isdigit() else DRUG if word in _drugs() else word[:STEM] for word in words), "$"]
    stems = {*row[1:-1], *(f"{first} {second}" for first, second in itertools.pairwise(row))}
    # "Stop your DRUG", "DRUG to #": what stands beside these counts across one word.
    stems.update(f"{one} _ {other}" for one, other in zip(row, row[2:], strict=False) if {one, other} & {DRUG, NUMBER})
    return Pieces(frozenset(stems), frozenset().union(*(_letters(word) for word in words if not word[0].isdigit())))


def _together(parts: list[Pieces]) -> Pieces:
    return (
        Pieces(*(frozenset().union(*group) for group in zip(*parts, strict=True))) if parts else Pieces(frozenset(), frozenset())
    )


def scores(found: Pieces) -> list[float]:
    """Return how much the pieces are like each of KINDS; the more above 0, the more."""
    known = weights()
    result = list(known[BIAS])
    for group in found:
        share = 1 / math.sqrt(len(group) + 1)
        for weighed in filter(None, map(known.get, group)):
            for kind, weight in enumerate(weighed):
                result[kind] += weight * share
    return result


class Likeness(NamedTuple):
    """The highest score that a part of the text has for a kind, and the sentence in it that is most like it, as [start, end)."""

    score: float
    place: tuple[int, int]


def likeness(text: str) -> dict[str, Likeness]:
    """Return what a plain text is like, for each of KINDS; nothing for a text without a word."""
    places = [place for place in sentences(text) if WORD.search(text, *place)]
    if not places:
        return {}
    found = [_pieces(text[slice(*place)]) for place in places]
    best: dict[str, tuple[float, tuple[int, int]]] = {}
    for part in _parts(text, places):
        for name, score in zip(KINDS, scores(_together(found[slice(*part)])), strict=True):
            if name not in best or score > best[name][0]:
                best[name] = score, part
    return {name: Likeness(score, _most_like(name, places, found, part)) for name, (score, part) in best.items()}


def _most_like(name: str, places: list[tuple[int, int]], found: list[Pieces], part: tuple[int, int]) -> tuple[int, int]:
    kind = KINDS.index(name)
    return places[max(range(*part), key=lambda number: scores(found[number])[kind])]


def _parts(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sentences as [first, last) parts of some WORDS_AT_ONCE words that overlap by half."""
    lengths = [text.count(" ", *place) + 1 for place in places]
    parts, first = [], 0
    while True:
        last, words = first, 0
        while last < len(places) and (last == first or words + lengths[last] <= WORDS_AT_ONCE):
            words += lengths[last]
            last += 1
        parts.append((first, last))
        if last == len(places):
            return parts
        first += max(1, (last - first) // 2)
