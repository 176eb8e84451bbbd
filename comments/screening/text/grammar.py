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


class Item(NamedTuple):
    """A piece of a pattern: its expression; the words of which one must be there, None where nothing must."""

    pattern: str
    anchors: frozenset[str] | None
    most: int = 0  # Of a gap: how many words.


class Grammar:
    """The slots that phrases refer to, and which words are too common to look for."""

    def __init__(self, slots: dict[str, str], common: frozenset[str]):
        self.slots = slots
        self.common = common
        self.vocabulary: set[str] = set()
        self._read_slots: dict[str, Item] = {}

    def read(self, phrase: str) -> tuple[str, frozenset[str]]:
        """Return (pattern, anchors) of a phrase; raises ValueError where it is not well formed or says nothing."""
        item = self._alternatives(phrase, depth=0)
        if not item.anchors:
            raise ValueError(f"a phrase needs one word that must be there: {phrase}")
        return item.pattern, item.anchors

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
            items.append(item._replace(anchors=None) if piece.endswith("?") else item)
        choices.append(self._sequence(items))
        anchors = None if any(choice.anchors is None for choice in choices) else frozenset().union(*(c.anchors for c in choices))
        patterns = dict.fromkeys(choice.pattern for choice in choices)
        return Item(next(iter(patterns)) if len(patterns) == 1 else f"(?:{'|'.join(patterns)})", anchors), index

    def _single(self, piece, depth):
        if piece == "^":
            return Item(BEGINNING, None)
        if piece[0] == "~":
            return Item("", None, most=int(piece[1]))
        if piece[0] == "<":
            name = piece[1:-1]
            if name in NUMBERS:
                return Item(NUMBERS[name], frozenset({ANY_NUMBER}))
            if name not in self._read_slots:
                self._read_slots[name] = self._alternatives(self.slots[name], depth + 1)
            return self._read_slots[name]
        if not re.fullmatch(r"[^\W_]+\*?|[%$]", piece):
            raise ValueError(f"not a word of a phrase: {piece}")
        if piece.endswith("*"):
            return Item(re.escape(piece[:-1]) + "[a-z]*", frozenset({piece}))
        self.vocabulary.add(piece)
        return Item(re.escape(piece), frozenset({piece}))

    def _sequence(self, items):
        """Return the items one after the other; what may be missing brings its space along."""
        needed = [index for index, item in enumerate(items) if item.anchors is not None]
        last = needed[-1] if needed else -1
        pattern = ""
        for index, item in enumerate(items):
            if item.pattern == BEGINNING:
                pattern += BEGINNING
            elif item.most:
                word = f"{OTHER_WORD} " if index < last else f" {OTHER_WORD}"
                # Before or behind everything else a gap only makes the place longer.
                pattern += "" if index > last or pattern in {"", BEGINNING} else f"(?:{word}){{0,{item.most}}}"
            elif item.anchors is None:
                pattern += f"(?:{item.pattern}{BETWEEN})?" if index < last else f"(?:{BETWEEN}(?:{item.pattern}))?"
            else:
                pattern += item.pattern + (BETWEEN if index < last else "")
        best = min((items[index].anchors for index in needed), key=self._cost, default=None)
        return Item(pattern, best)

    def _cost(self, anchors):
        return sum(60 if word in self.common else 200 if word == ANY_NUMBER else 3 if word[-1] == "*" else 1 for word in anchors)
