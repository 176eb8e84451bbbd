"""How much a text is worded like a cry for help: a weight for every word and pair of words, learned from labelled sentences.

Phrases find what somebody thought of; this finds some of what nobody did, at the price of more false alarms. The weights are
made by `bench/likeness.py`; a reader of `data/likeness.tsv` can see and change each of them.
"""

import functools
import itertools
import math
import re
from collections.abc import Iterator

from comments.screening.folding import DATA
from comments.screening.phrases import sentences

WORD = re.compile(r"[a-z0-9]+")
BIAS = "(bias)"
# Learned from short texts, so a long one is read in parts; a part may look worse than the whole is.
WORDS_AT_ONCE = 60
# Above what harmless comments of other hands reach: at 0, two of fourteen in the demonstration were taken for a cry for help.
LIKE = 1.0
LIKE_IN_PART = 2.0


@functools.cache
def weights() -> dict[str, float]:
    """Return the weight of each word, "word word", and of BIAS."""
    lines = (DATA / "likeness.tsv").read_text(encoding="utf-8").splitlines()
    return {words: int(weight) / 100 for weight, words in (line.split("\t") for line in lines)}


def pieces(sentence_list: list[str]) -> set[str]:
    """Return the words and pairs of neighbours in sentences; `^` and `$` are the ends of one."""
    result = set()
    for sentence in sentence_list:
        words = ["^", *WORD.findall(sentence), "$"]
        result.update(words[1:-1])
        result.update(f"{first} {second}" for first, second in itertools.pairwise(words))
    return result


def score(found: set[str], known: dict[str, float]) -> float:
    """Return how much the pieces are like a cry for help; above 0 more than not."""
    return known.get(BIAS, 0.0) + sum(known.get(piece, 0.0) for piece in found) / math.sqrt(len(found) + 1)


def cries(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a plain text is worded like a cry for help, as [start, end)."""
    known = weights()
    places = sentences(text)
    if len(text.split()) <= WORDS_AT_ONCE:
        if places and score(pieces([text[slice(*place)] for place in places]), known) > LIKE:
            yield places[0][0], places[-1][1]
        return
    for first, second in zip(places, [*places[1:], places[-1]], strict=True):
        if score(pieces([text[slice(*first)], text[slice(*second)]]), known) > LIKE_IN_PART:
            yield first[0], second[1]
