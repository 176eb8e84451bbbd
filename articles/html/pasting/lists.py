"""Paragraphs that Word shows as items of a list -> nested lists with their numbers. Pure.

Word on the desktop writes a paragraph with the style `mso-list: l0 level2 lfo1`, its marker in a span with `mso-list: Ignore`;
without these styles ("Web page, filtered") the marker and some spaces are words. Word on the web writes each item as a list of
its own, with its level in `data-aria-level`.
"""

import dataclasses
import re

from articles.html.pasting import markers
from articles.html.pasting.markers import Marker
from articles.html.pasting.nesting import BLOCK_LIKE, Nesting
from articles.html.pasting.numbering import list_type
from articles.html.pasting.styles import Sheet, classes, points
from articles.html.tags import Token

_LEVEL = re.compile(r"\bl[0-9]+ level([0-9]{1,2})\b")
# A marker that is only words: its sign, and the spaces that Word puts behind it.
_TYPED = re.compile(r"\s*([·•▪◦‣∙§–-]|o|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxlcIVXLC]{2,5})[.)])(\s+)")
_LOOK_AT = 60
_DEEPEST = 30
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PARAGRAPHS = _HEADINGS | {"p"}


@dataclasses.dataclass
class _Item:
    """A paragraph that is an item: its level, its marker, and how many characters of its words are the marker."""

    level: int
    marker: Marker | None
    text: str = ""
    typed: int = 0
    ignored: int = -1


@dataclasses.dataclass
class _OpenList:
    level: int
    element: str
    type: str
    next_number: int


def with_lists(tokens: list[Token], sheet: Sheet) -> list[Token]:
    """Return the tokens with lists in place of such paragraphs."""
    # A cheap look first: most texts have none.
    if not any(token.kind == "start" and _may_be_item(token, sheet) for token in tokens):
        return tokens
    return _Lists(tokens, sheet).made()


def _may_be_item(token: Token, sheet: Sheet) -> bool:
    if token.value == "li":
        return "data-aria-level" in dict(token.attributes)
    if token.value not in _PARAGRAPHS:
        return False
    style = sheet.style(token)
    return "mso-list" in style or "text-indent" in style or _is_list_paragraph(token)


def _is_list_paragraph(token: Token) -> bool:
    return any(name.startswith("msolistparagraph") for name in classes(token))


class _Lists:
    """One pass over the tokens, with the lists that are open at each moment."""

    def __init__(self, tokens: list[Token], sheet: Sheet):
        self.tokens, self.sheet = tokens, sheet
        self.nesting = Nesting(tokens)
        self.made_tokens: list[Token] = []
        self.open: list[_OpenList] = []
        self.margins: list[float] = []
        self.dropped = self._wrappers()

    def made(self) -> list[Token]:
        """Return all tokens."""
        index = 0
        while index < len(self.tokens):
            index = self._take(index)
        self._close_to(0)
        return self.made_tokens

    def _take(self, index: int) -> int:
        """Take one token, or a whole item, and return the index of the next one."""
        token = self.tokens[index]
        if index in self.dropped:
            return index + 1
        if token.kind == "start" and token.value in BLOCK_LIKE:
            item = self._item(index)
            if item and token.value in _HEADINGS:
                self._close_to(0)
                return self._heading(index, item)
            if item and item.marker:
                self._begin(item.level, item.marker)
                return self._contents(index, item, self.nesting.after(index), keep_tags=False)
            # One more paragraph of the last item stays in it.
            goes_on = self.open and item is None and token.value == "p" and _is_list_paragraph(token)
            if goes_on and self.nesting.words(index):
                item = _Item(self.open[-1].level, None)
            else:
                self._close_to(0)
            if item:
                self.made_tokens.append(token)
                return self._contents(index, item, self.nesting.after(index), keep_tags=True)
        elif (token.kind == "end" and token.value in BLOCK_LIKE) or (token.kind == "text" and token.value.strip()):
            self._close_to(0)
        self.made_tokens.append(token)
        return index + 1

    def _heading(self, index: int, item: _Item) -> int:
        """Keep a numbered heading a heading; its number is words."""
        self.made_tokens.append(self.tokens[index])
        if item.text and item.marker != markers.BULLET:
            self.made_tokens.append(Token("text", f"{item.text} "))
        return self._contents(index, item, self.nesting.after(index), keep_tags=True)

    def _contents(self, index: int, item: _Item, end: int, *, keep_tags: bool) -> int:
        """Add what stands in an item or heading, without its marker where that became an element."""
        as_words = keep_tags and self.tokens[index].value not in _HEADINGS
        skip_to, left = -1, 0 if as_words else item.typed
        own_end = self.nesting.ends[index] if self.nesting.has_own_end(index) else -1
        for place in range(index + 1, end):
            token = self.tokens[place]
            if place == item.ignored and not as_words:
                skip_to = self.nesting.after(place)
            if place < skip_to or (place == own_end and not keep_tags):
                continue
            if left and token.kind == "text":
                cut = min(left, len(token.value))
                left -= cut
                token = Token("text", token.value[cut:])
            self.made_tokens.append(token)
        return end

    # --- Which paragraphs are items

    def _item(self, index: int) -> _Item | None:
        token = self.tokens[index]
        if token.value == "li":
            return self._online_item(index) if self.nesting.parents[index] in self.dropped else None
        if token.value not in _PARAGRAPHS:
            return None
        style = self.sheet.style(token)
        if level := _LEVEL.search(style.get("mso-list", "")):
            return self._word_item(index, min(int(level[1]), _DEEPEST))
        return self._typed_item(index, style)

    def _word_item(self, index: int, level: int) -> _Item | None:
        for place in range(index + 1, self.nesting.ends[index]):
            token = self.tokens[place]
            if token.kind == "start" and self.sheet.style(token).get("mso-list") == "ignore":
                text = self.nesting.words(place)
                parent = self.tokens[self.nesting.parents[place]]
                font = self.sheet.style(token).get("font-family", "") + self.sheet.style(parent).get("font-family", "")
                return _Item(level, markers.read(text, font=font, expected=self._expected(level)), text, ignored=place)
            if (token.kind == "text" and token.value.strip()) or token.value in BLOCK_LIKE:
                break
        typed = self._typed(index)
        if typed:
            return _Item(level, markers.read(typed[1], expected=self._expected(level)), typed[1], typed=typed.end())
        # A bullet that is a picture leaves nothing behind.
        return _Item(level, markers.BULLET)

    def _typed_item(self, index: int, style: dict[str, str]) -> _Item | None:
        indent = points(style.get("text-indent", "")) or 0
        is_list_paragraph = _is_list_paragraph(self.tokens[index])
        if not (is_list_paragraph or indent < 0):
            return None
        typed = self._typed(index)
        # "A. Smith wrote" is no item, "· eyes" in a paragraph of a list is one.
        is_sign = is_list_paragraph and not any(map(str.isalnum, typed[1])) if typed else False
        if not typed or not (is_sign or typed[2].count("\xa0") > 1):
            return None
        margin = points(style.get("margin-left", "")) or 0
        while self.margins and margin < self.margins[-1] - 1:
            self.margins.pop()
        if not self.margins or margin > self.margins[-1] + 1:
            self.margins.append(margin)
        level = min(len(self.margins), _DEEPEST)
        return _Item(level, markers.read(typed[1], expected=self._expected(level)), typed[1], typed=typed.end())

    def _typed(self, index: int) -> re.Match | None:
        """Return the marker that the words of a paragraph begin with, and the spaces behind it."""
        begin = ""
        for place in range(index + 1, self.nesting.ends[index]):
            if self.tokens[place].kind == "text":
                begin += self.tokens[place].value
            if len(begin) > _LOOK_AT or self.tokens[place].value in BLOCK_LIKE:
                break
        return _TYPED.match(begin)

    def _online_item(self, index: int) -> _Item:
        attributes = dict(self.tokens[index].attributes)
        level = attributes["data-aria-level"] if attributes.get("data-aria-level", "").isdecimal() else "1"
        around = self.tokens[self.nesting.parents[index]]
        if around.value == "ul":
            return _Item(min(int(level[:2]), _DEEPEST), markers.BULLET)
        number = attributes.get("data-aria-posinset") or dict(around.attributes).get("start", "")
        kind = list_type(around, self.tokens[index], self.sheet)
        return _Item(min(int(level[:2]), _DEEPEST), Marker("ol", kind, int(number) if number.isdecimal() else None))

    def _wrappers(self) -> set[int]:
        """Return the tags that Word on the web puts around each single item."""
        tags: set[int] = set()
        for index, token in enumerate(self.tokens):
            if token.value != "li" or token.kind != "start" or "data-aria-level" not in dict(token.attributes):
                continue
            around = self.nesting.parents[index]
            if around < 0 or around in tags or self.tokens[around].value not in {"ul", "ol"}:
                continue
            outer = self.nesting.parents[around]
            wrapped = outer >= 0 and "listcontainerwrapper" in classes(self.tokens[outer])
            for place in (around, outer) if wrapped else (around,):
                tags.add(place)
                if self.nesting.has_own_end(place):
                    tags.add(self.nesting.ends[place])
        return tags

    # --- Opening and closing lists

    def _expected(self, level: int) -> Marker | None:
        for one in reversed(self.open):
            if one.level == level:
                return Marker(one.element, one.type, one.next_number)
        return None

    def _begin(self, level: int, marker: Marker):
        """Begin an item: in the list that is open at its level when it continues that, otherwise in a new one."""
        while self.open and self.open[-1].level > level:
            self._close_to(len(self.open) - 1)
        if self.open and self.open[-1].level == level:
            same = self.open[-1]
            if (same.element, same.type) == (marker.element, marker.type) and marker.number in {None, same.next_number}:
                self.made_tokens.append(Token("end", "li"))
            else:
                self._close_to(len(self.open) - 1)
        if not self.open or self.open[-1].level != level:
            number = 1 if marker.number is None else marker.number
            attributes = [("start", str(number))] if marker.element == "ol" and number != 1 else []
            attributes += [("type", marker.type)] if marker.type else []
            self.made_tokens.append(Token("start", marker.element, tuple(attributes)))
            self.open.append(_OpenList(level, marker.element, marker.type, number))
        self.made_tokens.append(Token("start", "li"))
        if marker.element == "ol":
            self.open[-1].next_number += 1

    def _close_to(self, length: int):
        while len(self.open) > length:
            self.made_tokens += [Token("end", "li"), Token("end", self.open.pop().element)]
        if not self.open:
            self.margins.clear()
