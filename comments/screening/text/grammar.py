"""Turns a phrase of the language data into a pattern, and says by which words it is worth trying.

`word` is that word, `word*` a beginning, `(a|b c)` one of several, `<slot>` one of a slot's words, `…?` may be missing, `~3` up
to three other words, never beyond the end of a sentence; `^` the beginning of a sentence. There is no way to write a pattern
whose time grows faster than the text: nothing repeats without a small bound.
"""

import re
from typing import NamedTuple

TOKEN = re.compile(r"\^|\)\??|\(|\||<\w+>\??|~\d|[^\s()|]+")
BETWEEN = r"[,:]? "
# The two signs before are not "a word and a space".
BEGINNING = r"(?<![^.!?;] )"
OTHER_WORD = r"[^ .!?;]+"
NUMBERS = {"num": r"\d+(?:,\d+){0,3}", "age": r"(?:[6-9]|1[0-7])", "year": r"(?:19|20)\d\d"}
# An anchor of this name stands for any number.
ANY_NUMBER = "#"
DEEPEST = 8


# One word of each of these sets must be there.
Needs = tuple[frozenset[str], ...]


class Item(NamedTuple):
    """A piece of a pattern: its expression; the words that must be there, nothing where it may be missing."""

    pattern: str
    needs: Needs = ()
    most: int = 0  # Of a gap: how many words.


class Grammar:
    """The slots that phrases refer to, and which words are too common to look for."""

    def __init__(self, slots: dict[str, str], common: frozenset[str]):
        self.slots = slots
        self.common = common
        self.vocabulary: set[str] = set()
        self._read_before: dict[str, Item] = {}

    def read(self, phrase: str) -> tuple[str, Needs]:
        """Return a phrase's pattern and the words it needs, the rarest first; raises ValueError where it is not well formed."""
        item = self._alternatives(phrase, depth=0)
        if not item.needs:
            raise ValueError(f"a phrase needs one word that must be there: {phrase}")
        return item.pattern, tuple(sorted(dict.fromkeys(item.needs), key=self._cost))

    def _alternatives(self, text, depth):
        if depth > DEEPEST:
            raise ValueError(f"too deep, or slots that refer to each other: {text}")
        pieces = TOKEN.findall(text)
        item, rest = self._group(pieces, 0, depth)
        if rest != len(pieces):
            raise ValueError(f"a bracket too many: {text}")
        return item

    def _group(self, pieces, index, depth):
        """Return (item, next index) of alternatives, up to a closing bracket or the end."""
        choices, items = [], []
        while index < len(pieces) and pieces[index][0] != ")":
            piece = pieces[index]
            index += 1
            if piece == "|":
                choices.append(self._sequence(items))
                items = []
                continue
            if piece == "(":
                item, index = self._group(pieces, index, depth)
                if index == len(pieces):
                    raise ValueError(f"a bracket is not closed: {' '.join(pieces)}")
                piece = pieces[index]
                index += 1
            else:
                item = self._single(piece.removesuffix("?"), depth)
            items.append(item._replace(needs=()) if piece.endswith("?") else item)
        choices.append(self._sequence(items))
        patterns = dict.fromkeys(choice.pattern for choice in choices)
        pattern = next(iter(patterns)) if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"
        return Item(pattern, self._needs_of_one(choices)), index

    def _needs_of_one(self, choices):
        """Return what is needed whichever of the choices it is: of each the rarest words."""
        if len(choices) == 1 or not all(choice.needs for choice in choices):
            return choices[0].needs if len(choices) == 1 else ()
        rarest = (choice.needs[0] if len(choice.needs) == 1 else min(choice.needs, key=self._cost) for choice in choices)
        return (frozenset().union(*rarest),)

    def _single(self, piece, depth):
        # Words and slots come again and again.
        if piece not in self._read_before:
            self._read_before[piece] = self._item(piece, depth)
        return self._read_before[piece]

    def _item(self, piece, depth):
        if piece == "^":
            return Item(BEGINNING)
        if piece[0] == "~":
            return Item("", most=int(piece[1]))
        if piece[0] == "<":
            name = piece[1:-1]
            if name in NUMBERS:
                return Item(NUMBERS[name], (frozenset({ANY_NUMBER}),))
            return self._alternatives(self.slots[name], depth + 1)
        if not re.fullmatch(r"[^\W_]+\*?|[%$]", piece):
            raise ValueError(f"not a word of a phrase: {piece}")
        if piece.endswith("*"):
            return Item(re.escape(piece[:-1]) + "[a-z]*", (frozenset({piece}),))
        self.vocabulary.add(piece)
        return Item(re.escape(piece), (frozenset({piece}),))

    def _sequence(self, items):
        """Return the items one after the other; what may be missing brings its space along."""
        if len(items) == 1 and items[0].needs:  # Most choices are one word.
            return items[0]
        needed = [index for index, item in enumerate(items) if item.needs]
        last = needed[-1] if needed else -1
        pattern = ""
        for index, item in enumerate(items):
            if item.pattern == BEGINNING:
                pattern += BEGINNING
            elif item.most:
                word = f"{OTHER_WORD} " if index < last else f" {OTHER_WORD}"
                # Before or behind everything else a gap only makes the place longer.
                pattern += "" if index > last or pattern in {"", BEGINNING} else f"(?:{word}){{0,{item.most}}}"
            elif not item.needs:
                pattern += f"(?:{item.pattern}{BETWEEN})?" if index < last else f"(?:{BETWEEN}(?:{item.pattern}))?"
            else:
                pattern += item.pattern + (BETWEEN if index < last else "")
        return Item(pattern, tuple(need for index in needed for need in items[index].needs))

    def _cost(self, words):
        """Return how often one of the words stands in a text, roughly."""
        return sum(60 if word in self.common else 200 if word == ANY_NUMBER else 3 if word[-1] == "*" else 1 for word in words)
