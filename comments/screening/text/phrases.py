"""Reads the language data and finds its phrases in a text.

The files `data/*.toml` share their slots. A table is a category, a key in it a kind, a value a list of phrases (how to write
them: `comments.screening.text.grammar`). The kind `not` holds phrases that make what they overlap harmless, the kind `unless` phrases
that do so for the whole sentence. Phrases are in small letters without accents and apostrophes, as the texts are when they are
compared.
"""

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from comments.screening.text.folding import DATA, Folded, folded
from comments.screening.text.grammar import ANY_NUMBER, Grammar

FILES = (
    "emergencies.toml",
    "en_crisis.toml",
    "en_safety.toml",
    "en_medical.toml",
    "es_crisis.toml",
    "es_safety.toml",
    "es_medical.toml",
    "spam.toml",
    "mixed.toml",
)
SENTENCE = re.compile(r"[^.!?;]+")
WORD = re.compile(r"[^\W_]+|[%$]")
PER_CENT = re.compile(r"(?<=\d)%")
LONGEST = 600


class Hit(NamedTuple):
    """A phrase that was found: its kind and where, as [start, end) of the plain text; and its sentence."""

    kind: str
    start: int
    end: int
    sentence: tuple[int, int]


class Phrase(NamedTuple):
    """A phrase with its category and kind, and its expression."""

    category: str
    kind: str
    expression: str


@functools.cache
def compiled(expression: str) -> re.Pattern:
    """Return the pattern of a phrase, made when a sentence first has its words: of most phrases no comment ever does."""
    return re.compile(rf"(?<![a-z0-9])(?:{expression})(?![a-z0-9])")


class Phrasebook:
    """All phrases; `find()` tries only those whose words all stand in a sentence."""

    def __init__(self, slots: dict[str, str], common: frozenset[str], categories: dict[str, dict[str, list[str]]]):
        self.slots = slots
        self.phrases: list[Phrase] = []
        self.by_word: dict[str, list[int]] = defaultdict(list)
        # What a phrase needs in a sentence besides its rarest word: a bit for each set of words one of which must be there.
        self.needs: list[int] = []
        self.bits: dict[frozenset[str], int] = {}
        self.met: dict[str, int] = defaultdict(int)
        grammar = Grammar(slots, common)
        for category, kinds in categories.items():
            for kind, phrases in kinds.items():
                for phrase in phrases:
                    expression, (rarest, *others) = grammar.read(phrase)
                    for word in rarest:
                        self.by_word[word].append(len(self.phrases))
                    self.phrases.append(Phrase(category, kind, expression))
                    self.needs.append(sum(map(self._bit, others)))
        self.vocabulary = frozenset(grammar.vocabulary)
        words = self.by_word.keys() | self.met.keys()
        self.lengths = sorted({len(word) - 1 for word in words if word.endswith("*")})
        self.of_word = functools.lru_cache(maxsize=20_000)(self._of_word)

    def _bit(self, words):
        """Return the bit of a set of words, the same for the same words."""
        if words not in self.bits:
            self.bits[words] = 1 << len(self.bits)
            for word in words:
                self.met[word] |= self.bits[words]
        return self.bits[words]

    def find(self, text: Folded) -> dict[str, list[Hit]]:
        """Return what was found, by category, in the order of the text."""
        found = defaultdict(list)
        # A sentence that comes again and again is read once.
        seen: dict[str, list[tuple[str, str, int, int]]] = {}
        for start, end in sentences(text.text):
            words = text.text[max(0, start - 1) : end]
            if words not in seen:
                seen[words] = list(self._in_sentence(text.text, start, end))
            for category, kind, first, last in seen[words]:
                found[category].append(Hit(kind, start + first, start + last, (start, end)))
        return {category: list(_harmful(hits)) for category, hits in found.items()}

    def _in_sentence(self, text, start, end):
        for phrase in self._worth_trying(text[start:end]):
            for match in compiled(phrase.expression).finditer(text, start, end):
                yield phrase.category, phrase.kind, match.start() - start, match.end() - start

    def _worth_trying(self, sentence):
        numbers, met = set(), 0
        for phrases, bits in map(self.of_word, set(WORD.findall(sentence))):
            numbers.update(phrases)
            met |= bits
        needs = self.needs
        return [self.phrases[number] for number in sorted(numbers) if needs[number] & met == needs[number]]

    def _of_word(self, word):
        """Return the phrases that a word, its beginnings or a number make worth trying, and the needs that it meets."""
        keys = [word, *(f"{word[:length]}*" for length in self.lengths if length <= len(word))]
        keys += [ANY_NUMBER] if word.isdigit() else []
        met = 0
        for key in keys:
            met |= self.met.get(key, 0)
        return tuple(number for key in keys for number in self.by_word.get(key, ())), met


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a plain text as [start, end); those of more than 600 signs in parts that overlap."""
    parts = []
    for match in SENTENCE.finditer(text):
        start, end = match.span()
        while end - start > LONGEST:
            parts.append((start, start + LONGEST))
            cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST - 100)
            start = cut + 1 if cut > 0 else start + LONGEST - 100
        parts.append((start, end))
    return parts


def _harmful(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits that no harmless phrase touches and whose sentence is not harmless as a whole, in the order of the text."""
    harmless = defaultdict(list)
    for hit in hits:
        if hit.kind == "not":
            harmless[hit.sentence].append(hit)
    calm = {hit.sentence for hit in hits if hit.kind == "unless"}
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.kind in {"not", "unless"} or hit.sentence in calm:
            continue
        if not any(other.start < hit.end and hit.start < other.end for other in harmless[hit.sentence]):
            yield hit


@functools.cache
def phrasebook() -> Phrasebook:
    """Return the phrases of all languages, read once; raises ValueError where a file is not well formed."""
    slots: dict[str, str] = {}
    common: set[str] = set()
    categories: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in FILES:
        content = tomllib.loads(_read(name))
        common.update(content.pop("common", "").split())
        for slot, words in content.pop("slots", {}).items():
            if slot in slots:
                raise ValueError(f"{name}: the slot {slot} stands twice")
            slots[slot] = words
        for category, kinds in content.items():
            for kind, phrases in kinds.items():
                categories[category][kind] += phrases
    return Phrasebook(slots, frozenset(common), categories)


def _read(name):
    """Return a data file as the texts are seen: no accents, per cent signs apart from their number."""
    return PER_CENT.sub(" %", folded((DATA / name).read_text(encoding="utf-8")).text)
