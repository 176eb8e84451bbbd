"""Tokens -> a tree in which every element stands where HTML allows it. Pure."""

import dataclasses
from collections import Counter

from django.utils.translation import gettext as _

from articles.html.attributes import NEEDS, allowed, may_stay
from articles.html.blocks import Block, Run
from articles.html.report import Left, Report
from articles.html.tags import BLOCKS, INLINE, LINES, RENAMED, Token, names, of_element, renamed, short

# What people write stays far below; without them a hostile text of 300 kB keeps the machine busy for minutes.
_MOST_BLOCKS_DEEP = 120
_MOST_INLINES_OPEN = 32
_FLOW = names("p h2 h3 ul ol blockquote table dl hr figure")
_CHILDREN = {
    **dict.fromkeys(("root", "section", "blockquote", "li", "td", "dd"), _FLOW),
    "th": _FLOW - {"h2", "h3"},
    "ul": {"li"},
    "ol": {"li"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "dl": {"dt", "dd"},
    "figure": {"img", "figcaption"},
}
_PARENT = {
    "li": "ul",
    "caption": "table",
    "thead": "table",
    "tbody": "table",
    "tr": "tbody",
    "td": "tr",
    "th": "tr",
    "dt": "dl",
    "dd": "dl",
    "img": "figure",
    "figcaption": "figure",
}
_IMPLIED_CHILD = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td", "dl": "dd"}
_HOLDS_WORDS = names("p h2 h3 li td th dd dt caption figcaption")
_TABLE_PARTS = names("table caption thead tbody tr td th")


class TooDeep(ValueError):
    """The text has more blocks inside each other than a page can have; the words say so to the editor."""


@dataclasses.dataclass(eq=False)
class _Open:
    """An inline element that is open, the block that it began in, and whether words followed."""

    element: tuple[str, tuple[tuple[str, str], ...]]
    block: Block
    used: bool = False


class Tree:
    """Puts tokens where HTML allows them: a block inside <strong> carries the <strong> into itself, loose words get a <p>."""

    def __init__(self, report: Report):
        self.report = report
        self.root = Block("root")
        self.stack = [self.root]
        self.inlines: list[_Open] = []
        self.kept: dict[str, list[bool]] = {"a": [], "span": [], "section": []}
        self.ignored: Counter[str] = Counter()

    def finished(self) -> list[str]:
        """Close what is open and return the HTML of each block."""
        self.close_down_to(1)
        for one in self.inlines:
            self.forget(one)
        return [block.to_html() for block in self.root.parts]

    def take(self, token: Token):
        """Add one token."""
        if token.kind == "text":
            self.words(token.value)
            return
        name = RENAMED.get(token.value, token.value)
        if token.kind == "start":
            if name != token.value:
                self.report[renamed(token.value, name)] += 1
            stays = may_stay(token, name)
            if name == "section":
                self.kept[name].append(stays)
            if stays:
                self.start(name, allowed(name, token.attributes, self.report))
            else:
                self.report[of_element(name, short(dict(token.attributes).get("alt", "")))] += 1
                if name in LINES:
                    self.new_line()
        elif name in INLINE:
            self.end_inline(name)
        elif name == "section" and not (self.kept[name] and self.kept[name].pop()):
            self.new_line()
        elif name in BLOCKS:
            self.end_block(name)
        elif name in LINES:
            self.new_line()

    def start(self, name, attributes):
        """Open an element, or take its place in the text."""
        if name == "br":
            if self.stack[-1].tag in _HOLDS_WORDS:
                self.stack[-1].parts.append(Run(None, ()))
        elif name in INLINE:
            self.start_inline(name, attributes)
        else:
            self.start_block(name, attributes)

    def start_inline(self, name, attributes):
        """Open an inline element; a <span> without a language and an <a> without an address are only their words."""
        if name in self.kept:
            keep = NEEDS[name] in dict(attributes)
            self.kept[name].append(keep)
            if not keep:
                return
        if len(self.inlines) >= _MOST_INLINES_OPEN:
            self.ignored[name] += 1
            self.report[Left.DEEP, ""] += 1
            return
        if any(one.element[0] == name for one in self.inlines):
            if name == "a":
                self.close_inline("a")
            elif name != "span":
                # Bold in bold says nothing, but its end tag must not end the outer one: each is counted.
                self.inlines.append(_Open((name, ()), self.stack[-1]))
                return
        self.inlines.append(_Open((name, attributes), self.stack[-1]))

    def end_inline(self, name):
        """Close the newest of these elements."""
        if name in self.kept and (not self.kept[name] or not self.kept[name].pop()):
            return
        if self.ignored[name]:
            self.ignored[name] -= 1
            return
        self.close_inline(name)

    def close_inline(self, name):
        """Take the newest of these elements off the list."""
        for index in range(len(self.inlines) - 1, -1, -1):
            if self.inlines[index].element[0] == name:
                self.forget(self.inlines.pop(index))
                return

    def forget(self, one: _Open):
        """Report a link that nobody could have followed."""
        if one.element[0] == "a" and not one.used:
            self.report[Left.EMPTY_LINK, short(dict(one.element[1])["href"])] += 1

    def inside(self):
        """Return the open inline elements that hold words, each name once."""
        elements, seen = [], set()
        for one in self.inlines:
            if one.used and (one.element[0] not in seen or one.element[0] == "span"):
                elements.append(one.element)
                seen.add(one.element[0])
        return tuple(elements)

    def words(self, text):
        """Add text where words may stand; spaces between blocks are nothing."""
        if text.strip(" \t\n"):
            if self.stack[-1].tag == "figure":
                self.pop(go_on=True)
            while self.stack[-1].tag not in _HOLDS_WORDS:
                self.push(_IMPLIED_CHILD.get(self.stack[-1].tag, "p"))
            for one in self.inlines:
                one.used = True
        # A space alone begins no link and nothing bold.
        if self.stack[-1].tag in _HOLDS_WORDS:
            self.stack[-1].parts.append(Run(text, self.inside()))

    def new_line(self):
        """Keep the words before and after an element that was taken out apart."""
        block = self.stack[-1]
        if block.tag == "p":
            self.pop(go_on=True)
        elif block.tag in _HOLDS_WORDS:
            last = block.parts[-1] if block.parts else None
            if isinstance(last, Run) and last.text is not None:
                block.parts.append(Run(None, ()))

    def start_block(self, name, attributes):
        """Open a block where it may stand."""
        if name in _PARENT:
            name = self.find_parent(name)
        if name == "section":
            self.close_down_to(1)  # A box stands between the blocks of the text, and in none of them.
        if name in _FLOW:
            self.find_room(name)
        if name in {"hr", "img"}:
            self.stack[-1].parts.append(Block(name, attributes))
        else:
            self.push(name, attributes)

    def find_parent(self, name) -> str:
        """Close blocks up to one that takes this part of a list or table, or open one; return the name it gets there."""
        for index in range(len(self.stack) - 1, -1, -1):
            tag = self.stack[index].tag
            if name in _CHILDREN.get(tag, ()):
                self.close_down_to(index + 1)
                if name == "img" and self.stack[-1].parts:
                    self.start_block("figure", ())  # One picture to a figure.
                break
            if tag in {"td", "th"} and name not in _TABLE_PARTS:
                self.start_block(_PARENT[name], ())
                break
        else:
            self.start_block(_PARENT[name], ())
        if name in {"caption", "thead"} and self.stack[-1].parts:
            others = [part.tag for part in self.stack[-1].parts]
            if name == "thead" and others != ["caption"]:
                return "tbody"
            if name == "caption":
                return "p"
        if name == "figcaption" and [part.tag for part in self.stack[-1].parts] != ["img"]:
            return "p"
        return name

    def find_room(self, name):
        """Close what holds only words, open what a list or table needs between, until this block may stand here."""
        while name not in _CHILDREN.get(self.stack[-1].tag, ()):
            block = self.stack[-1]
            if block.tag in {"ul", "ol"} and block.parts:
                self.stack.append(block.parts[-1])  # A list directly inside a list belongs to the item before it.
            elif block.tag in _IMPLIED_CHILD:
                self.push(_IMPLIED_CHILD[block.tag])
            else:
                self.pop(go_on=True)

    def push(self, name, attributes=()):
        """Open a block in the current one."""
        if len(self.stack) > _MOST_BLOCKS_DEEP:
            raise TooDeep(_("Lists, tables or quotes are nested too deeply. Please paste the text without formatting."))
        block = Block(name, attributes)
        self.stack[-1].parts.append(block)
        self.stack.append(block)

    def pop(self, go_on=False):
        """Close the current block, drop it when it stayed empty; the <strong> that began in it ends, or goes on after it."""
        block = self.stack.pop()
        for one in [one for one in self.inlines if one.block is block]:
            if go_on:
                one.block = self.stack[-1]
            else:
                self.inlines.remove(one)
                self.forget(one)
        if block.is_empty and block in self.stack[-1].parts:
            self.stack[-1].parts.remove(block)

    def close_down_to(self, length):
        """Close blocks until so many are open."""
        while len(self.stack) > length:
            self.pop()

    def end_block(self, name):
        """Close the nearest block of that name; an end tag without a beginning is nothing."""
        for index in range(len(self.stack) - 1, 0, -1):
            if self.stack[index].tag == name:
                self.close_down_to(index)
                return
            if self.stack[index].tag in {"td", "th"} and name not in _TABLE_PARTS:
                return
