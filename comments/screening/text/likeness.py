"""How much a text is worded like a cry for help, like advice on a medicine, like an advertisement: learned from labelled texts.

Phrases find what somebody thought of; this finds much of what nobody did, at the price of false alarms. The weights are made by
`bench/likeness.py` from the texts in `bench/labelled/`; a reader of `data/likeness.tsv` can see and change each of them.
"""

import functools
import itertools
import math
import re
from typing import NamedTuple

from comments.screening.text.folding import DATA
from comments.screening.text.phrases import phrasebook, sentences

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
    return Pieces(frozenset().union(*(part.stems for part in parts)), frozenset().union(*(part.letters for part in parts)))


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
    """The highest score that a part of the text has for a kind, and the sentences of that part: where, and their pieces."""

    kind: str
    score: float
    sentences: list[tuple[tuple[int, int], Pieces]]

    @property
    def place(self) -> tuple[int, int]:
        """Where the sentence stands that is most like it, as [start, end); only worked out for the few texts that are like it."""
        kind = KINDS.index(self.kind)
        return max(self.sentences, key=lambda sentence: scores(sentence[1])[kind])[0]


def likeness(text: str) -> dict[str, Likeness]:
    """Return what a plain text is like, for each of KINDS; nothing for a text without a word."""
    places = [place for place in sentences(text) if WORD.search(text, *place)]
    if not places:
        return {}
    found = [(place, _pieces(text[slice(*place)])) for place in places]
    best: dict[str, Likeness] = {}
    for first, last in _parts(text, places):
        part = found[first:last]
        for kind, score in zip(KINDS, scores(_together([content for _, content in part])), strict=True):
            if kind not in best or score > best[kind].score:
                best[kind] = Likeness(kind, score, part)
    return best


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
