"""How much a text is worded like a cry for help, like advice on a medicine, like an advertisement: learned from labeled texts.

Phrases find what somebody thought of; this finds much of what nobody did, at the price of false alarms. `bench/likeness.py` makes
the weights, from `bench/labelled.jsonl.xz` and from numbers of real texts. What is learned is added up word by word, so a long text costs
no more for each word than a short one.
"""

import array
import functools
import itertools
import math
import re
import struct
import sys
import zlib
from typing import NamedTuple

from comments.screening.text.folding import DATA
from comments.screening.text.phrases import phrasebook, sentences

# What is learned, in the order of the columns.
KINDS = ("crisis", "dose", "stop", "cure", "spam")
# Pieces share this many places; two that fall on one are told apart by the others around them.
PLACES = 1 << 14
WORD = re.compile(r"[a-z0-9]+")
# Words are cut, so that "queria" and "querias" weigh alike; every medicine is one word, and so is every number.
STEM = 6
DRUG, NUMBER = "DRUG", "#"
# What stands in links; the rules for those read them.
OF_LINKS = frozenset(("http", "https", "www", "com", "net", "org", "example"))
# A cry in the middle of a long text is heard in a part of it. The best of many parts is high by chance, so it counts less.
WORDS_AT_ONCE = 40
LESS_FOR_EACH_PART = 1.4

# Sums are kept in one number, which adds them all at once: 32 bits for each of KINDS, and how many pieces were added. No weight
# is below 0 there, so that no sum borrows from its neighbor. The sums of letters stand above those of stems.
SUMS = struct.Struct(f"<{len(KINDS) + 1}I")
ABOVE_ZERO = 1 << 15
LETTERS = 8 * SUMS.size


class Pieces(NamedTuple):
    """What a text consists of: word stems with their neighbors, and beginnings, ends and insides of words; each once in a sentence."""

    stems: list[str]
    letters: list[str]


def place_of(piece: str) -> int:
    """Return the row of the weights that a piece has, with others."""
    return zlib.crc32(piece.encode()) % PLACES


@functools.cache
def weights() -> array.array:
    """Return the weights in hundredths: a row of one for each of KINDS for every place, and a last row where each kind begins."""
    table = array.array("h")
    table.frombytes((DATA / "likeness.bin").read_bytes())
    if sys.byteorder == "big":
        table.byteswap()
    return table


@functools.cache
def _drugs() -> frozenset[str]:
    return frozenset(WORD.findall(" ".join(phrasebook().slots[slot] for slot in ("drug", "es_drug"))))


def _row(sentence: str) -> tuple[list[str], list[str]]:
    """Return the words of a sentence, and how each counts among its neighbors; `^` and `$` are the ends."""
    words = WORD.findall(sentence)
    if not OF_LINKS.isdisjoint(words):
        words = [word for word in words if word not in OF_LINKS]
    return words, ["^", *map(_stem, words), "$"]


# The words of a language are few.
@functools.lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    return NUMBER if word[0].isdigit() else DRUG if word in _drugs() else word[:STEM]


def _stems(row: list[str]) -> list[str]:
    stems = row[1:-1]
    stems += [f"{first} {second}" for first, second in itertools.pairwise(row)]
    if DRUG in row or NUMBER in row:
        # "Stop your DRUG", "DRUG to #": what stands beside these counts across one word.
        stems += [f"{one} _ {other}" for one, other in zip(row, row[2:], strict=False) if {one, other} & {DRUG, NUMBER}]
    return list(dict.fromkeys(stems))


def _letters(word: str) -> set[str]:
    """Return beginnings, end and inside of a word, by which a misspelled one is still known; none of a number."""
    return set() if word[0].isdigit() else {f"{word[:3]}~", f"{word[:4]}~", f"~{word[-3:]}", word[1:5]}


def pieces(text: str) -> Pieces:
    """Return the pieces of a plain text: what is said again, word for word, counts once."""
    found = Pieces([], [])
    for sentence in dict.fromkeys(text[start:end] for start, end in sentences(text)):
        words, row = _row(sentence)
        if words:
            found.stems.extend(_stems(row))
            found.letters.extend(letters for word in dict.fromkeys(words) for letters in sorted(_letters(word)))
    return found


@functools.cache
def rows() -> list[int]:
    """Return the weights of each place, and that it is one piece, as sums."""
    raised = iter([weight + ABOVE_ZERO for weight in weights()[: PLACES * len(KINDS)]])
    return [int.from_bytes(SUMS.pack(*row, 1), "little") for row in zip(*[raised] * len(KINDS), strict=True)]


@functools.lru_cache(maxsize=10_000)
def _of_letters(word: str) -> int:
    """Return the sums of a word's letters."""
    return sum(rows()[place_of(piece)] for piece in _letters(word)) << LETTERS


def _of_sentence(sentence: str) -> int:
    """Return the sums of a sentence: of its stems, and of the letters of its words."""
    words, row = _row(sentence)
    if not words:
        return 0
    table, places = rows(), PLACES
    stems = [table[zlib.crc32(piece.encode()) % places] for piece in _stems(row)]  # As `place_of()`, without a call for each.
    return sum(stems) + sum(map(_of_letters, dict.fromkeys(words)))


def _scores(sums: int) -> list[float]:
    """Return how much something with these sums is like each of KINDS; the more above 0, the more."""
    found = sums.to_bytes(2 * SUMS.size, "little")
    (*stems, count), (*letters, count_of_letters) = SUMS.iter_unpack(found)
    root, root_of_letters = 100 * math.sqrt(count + 1), 100 * math.sqrt(count_of_letters + 1)
    return [
        begin / 100 + (one - ABOVE_ZERO * count) / root + (other - ABOVE_ZERO * count_of_letters) / root_of_letters
        for begin, one, other in zip(weights()[PLACES * len(KINDS) :], stems, letters, strict=True)
    ]


class Likeness(NamedTuple):
    """How much a text is like a kind, and the sentences that say so: where each stands, and its sums."""

    kind: str
    score: float
    sentences: list[tuple[tuple[int, int], int]]

    @property
    def place(self) -> tuple[int, int]:
        """Where the sentence stands that is most like it, as [start, end); only worked out for the few texts that are like it."""
        kind = KINDS.index(self.kind)
        return max(self.sentences, key=lambda sentence: _scores(sentence[1])[kind])[0]


def likeness(text: str) -> dict[str, Likeness]:
    """Return what a plain text is like, for each of KINDS: as a whole, or one part of it more than many parts are by chance.

    Nothing for a text without a word.
    """
    places = [place for place in sentences(text) if WORD.search(text, *place)]
    if not places:
        return {}
    places = list({text[slice(*place)]: place for place in reversed(places)}.values())[::-1]
    found = [(place, _of_sentence(text[slice(*place)])) for place in places]
    parts = _parts(text, places)
    less = LESS_FOR_EACH_PART * math.log(len(parts))
    best = dict(zip(KINDS, _scores(sum(sums for _, sums in found)), strict=True))
    best = {kind: Likeness(kind, score, found) for kind, score in best.items()}
    for first, last in parts if len(parts) > 1 else []:
        part = found[first:last]
        for kind, score in zip(KINDS, _scores(sum(sums for _, sums in part)), strict=True):
            if score - less > best[kind].score:
                best[kind] = Likeness(kind, score - less, part)
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
