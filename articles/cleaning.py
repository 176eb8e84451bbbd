"""An editor's HTML -> well-formed HTML of a short list of elements, and what was left out, in words.

Three steps: tokens (`articles.tags`), a tree in which every element stands where it may, and bleach with the allow list over
the result. Pure.
"""

import dataclasses
import html
import re
from collections import Counter
from urllib.parse import urlsplit

import bleach

from articles.tags import ATTRIBUTES, BLOCKS, CONTROL, INLINE, LINES, PROTOCOLS, RENAMED, TAGS, VOID, Token, names, short, tokens

_VALUES = {
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
    "start": re.compile(r"-?[0-9]{1,5}"),
    "type": re.compile(r"[1aAiI]"),
    "colspan": re.compile(r"[1-9][0-9]{0,2}"),
    "rowspan": re.compile(r"[1-9][0-9]{0,2}"),
    "scope": re.compile(r"(?:row|col)(?:group)?"),
}
_SPACE = re.compile(r"[ \t\n]+")
# What people write stays far below; without them a hostile text of 300 kB keeps the machine busy for minutes.
_MOST_BLOCKS_DEEP = 120
_MOST_INLINES_OPEN = 32
_PORTION = 100


class TooDeep(ValueError):
    """The text has more blocks inside each other than a page can have; the words say so to the editor."""


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """Safe HTML, and what was taken out of the text that it was made from, in words for the editor."""

    html: str
    removed: list[str]


def clean(text: str) -> Cleaned:
    """Return the HTML that readers may get of an editor's, and everything that was left out.

    The words stay, but for those of <script> and its like; `clean(clean(x).html)` changes nothing. Raises TooDeep when lists,
    tables or quotations stand inside each other too often.
    """
    report = Counter()
    tree = _Tree(report)
    for token in tokens(text, report):
        tree.take(token)
    cleaner = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
    blocks = tree.finished()
    # In portions, because its time grows with the square of the number of blocks.
    portions = ("".join(blocks[start : start + _PORTION]) for start in range(0, len(blocks), _PORTION))
    safe = "".join(map(cleaner.clean, portions)).strip("\n")
    return Cleaned(safe, [words if count == 1 else f"{words} ({count} times)" for words, count in report.items()])


def clean_strings(value, report: set[str], where: str = ""):
    """Return a content value with the control characters taken out of every string; `report` names where there were any.

    No page shows them, and no feed may hold them (https://www.w3.org/TR/xml/#charsets).
    """
    if isinstance(value, str):
        kept = CONTROL.sub("", value)
        if kept != value:
            report.add(f"control characters, which nobody can see, in {where}")
        return kept
    if isinstance(value, dict):
        return {key: clean_strings(item, report, where or key.replace("_", " ")) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_strings(item, report, where) for item in value]
    return value


@dataclasses.dataclass(frozen=True)
class _Run:
    """Words, or a line break (None), inside some inline elements, outermost first."""

    text: str | None
    inside: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclasses.dataclass(eq=False)
class _Open:
    """An inline element that is open, the block that it began in, and whether words followed."""

    element: tuple[str, tuple[tuple[str, str], ...]]
    block: "_Block"
    used: bool = False


@dataclasses.dataclass(eq=False)
class _Block:
    """A block element, its blocks and its runs of words in their order."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    parts: list = dataclasses.field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be read; a cell may be empty, a rule is."""
        if self.tag in {"hr", "td", "th"}:
            return False
        return all(part.is_empty if isinstance(part, _Block) else not (part.text or "").strip() for part in self.parts)

    def to_html(self) -> str:
        """Return the element, one block to a line."""
        if self.tag == "hr":
            return f"{_opening(self.tag, self.attributes)}\n"
        pieces, runs, holds_blocks = [], [], False
        for part in self.parts:
            if isinstance(part, _Block):
                if words := _runs_to_html(runs):
                    pieces.append(f"{words}\n")
                pieces.append(part.to_html())
                runs, holds_blocks = [], True
            else:
                runs.append(part)
        pieces.append(_runs_to_html(runs))
        inner = "".join(pieces)
        if holds_blocks and self.tag not in {"li", "td", "th", "dd"}:
            inner = f"\n{inner}"
        return f"{_opening(self.tag, self.attributes)}{inner}</{self.tag}>\n"


def _opening(tag: str, attributes) -> str:
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes)
    return f"<{tag}{written}>"


def _runs_to_html(runs: list[_Run]) -> str:
    """Return the words with spaces collapsed as a browser does, none at the ends and beside line breaks."""
    kept: list[_Run] = []

    def trim_end():
        while kept and kept[-1].text is not None:
            text = kept[-1].text.rstrip(" ")
            if text:
                kept[-1] = _Run(text, kept[-1].inside)
                return
            kept.pop()

    after_space = True
    for run in runs:
        if run.text is None:
            trim_end()
            if kept:
                kept.append(run)
            after_space = True
            continue
        text = _SPACE.sub(" ", run.text)
        if after_space:
            text = text.lstrip(" ")
        if text:
            after_space = text.endswith(" ")
            kept.append(_Run(text, run.inside))
    trim_end()
    while kept and kept[-1].text is None:
        kept.pop()
        trim_end()

    pieces, inside = [], ()
    for run in kept:
        shared = 0
        while shared < min(len(inside), len(run.inside)) and inside[shared] == run.inside[shared]:
            shared += 1
        pieces += [f"</{tag}>" for tag, _ in reversed(inside[shared:])]
        pieces += [_opening(*element) for element in run.inside[shared:]]
        pieces.append("<br>" if run.text is None else html.escape(run.text, quote=False))
        inside = run.inside
    pieces += [f"</{tag}>" for tag, _ in reversed(inside)]
    return "".join(pieces)


_FLOW = names("p h2 h3 ul ol blockquote table dl hr")
_CHILDREN = {
    "root": _FLOW,
    "blockquote": _FLOW,
    "li": _FLOW,
    "td": _FLOW,
    "th": _FLOW - {"h2", "h3"},
    "dd": _FLOW,
    "ul": {"li"},
    "ol": {"li"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "dl": {"dt", "dd"},
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
}
_IMPLIED_CHILD = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td", "dl": "dd"}
_HOLDS_WORDS = names("p h2 h3 li td th dd dt caption")
# Without this attribute the element says nothing.
_NEEDS = {"a": "href", "span": "lang"}
_TABLE_PARTS = names("table caption thead tbody tr td th")


class _Tree:
    """Puts tokens where HTML allows them: a block inside <strong> carries the <strong> into itself, loose words get a <p>."""

    def __init__(self, report: Counter):
        self.report = report
        self.root = _Block("root")
        self.stack = [self.root]
        self.inlines: list[_Open] = []
        self.kept: dict[str, list[bool]] = {"a": [], "span": []}
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
                self.report[f"<{token.value}> became <{name}>"] += 1
            if name in TAGS:
                if name in _NEEDS and _NEEDS[name] not in dict(token.attributes):
                    self.report[f"<{name}> (its words stay)"] += 1
                self.start(name, self.allowed(name, token.attributes))
            else:
                self.report[self.farewell(name, token.attributes)] += 1
                if name in LINES:
                    self.new_line()
        elif name in INLINE:
            self.end_inline(name)
        elif name in BLOCKS:
            self.end_block(name)
        elif name in LINES:
            self.new_line()

    def farewell(self, name, attributes) -> str:
        """Return the words for an element that is taken out."""
        if name in {"img", "image", "picture"}:
            alt = dict(attributes).get("alt", "")
            return f"<{name}> (pictures are not supported yet)" + (f", described as “{short(alt)}”" if alt else "")
        return f"<{name}>" if name in VOID else f"<{name}> (its words stay)"

    def allowed(self, name, attributes):
        """Return the attributes that stay, in a fixed order; the others are reported."""
        kept = []
        if name in _NEEDS and _NEEDS[name] not in dict(attributes):
            return ()
        for key, value in sorted(attributes):
            if key not in ATTRIBUTES["*"] and key not in ATTRIBUTES.get(name, ()):
                self.report[f"attribute {short(key)} on <{name}>"] += 1
            elif key == "href":
                if _is_safe_link(value):
                    kept.append((key, value))
                else:
                    self.report[f"link {short(value) or 'without an address'} (its words stay)"] += 1
            elif key in _VALUES and not _VALUES[key].fullmatch(value):
                self.report[f"attribute {key} on <{name}>, whose value {short(value)!r} means nothing there"] += 1
            else:
                kept.append((key, value))
        return tuple(kept)

    def start(self, name, attributes):
        """Open an element, or take its place in the text."""
        if name == "br":
            if self.stack[-1].tag in _HOLDS_WORDS:
                self.stack[-1].parts.append(_Run(None, ()))
        elif name in INLINE:
            self.start_inline(name, attributes)
        else:
            self.start_block(name, attributes)

    def start_inline(self, name, attributes):
        """Open an inline element; a <span> without a language and an <a> without an address are only their words."""
        if name in self.kept:
            keep = _NEEDS[name] in dict(attributes)
            self.kept[name].append(keep)
            if not keep:
                return
        if len(self.inlines) >= _MOST_INLINES_OPEN:
            self.ignored[name] += 1
            self.report[f"<{name}> inside {_MOST_INLINES_OPEN} others (its words stay)"] += 1
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
            self.report[f"link {short(dict(one.element[1])['href'])} (it has no words)"] += 1

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
            while self.stack[-1].tag not in _HOLDS_WORDS:
                self.push(_IMPLIED_CHILD.get(self.stack[-1].tag, "p"))
            for one in self.inlines:
                one.used = True
        # A space alone begins no link and nothing bold.
        if self.stack[-1].tag in _HOLDS_WORDS:
            self.stack[-1].parts.append(_Run(text, self.inside()))

    def new_line(self):
        """Keep the words before and after an element that was taken out apart."""
        block = self.stack[-1]
        if block.tag == "p":
            self.pop(go_on=True)
        elif block.tag in _HOLDS_WORDS:
            last = block.parts[-1] if block.parts else None
            if isinstance(last, _Run) and last.text is not None:
                block.parts.append(_Run(None, ()))

    def start_block(self, name, attributes):
        """Open a block where it may stand."""
        if name in _PARENT:
            name = self.find_parent(name)
        if name in _FLOW:
            self.find_room(name)
        if name == "hr":
            self.stack[-1].parts.append(_Block(name, attributes))
        else:
            self.push(name, attributes)

    def find_parent(self, name) -> str:
        """Close blocks up to one that takes this part of a list or table, or open one; return the name it gets there."""
        for index in range(len(self.stack) - 1, -1, -1):
            tag = self.stack[index].tag
            if name in _CHILDREN.get(tag, ()):
                self.close_down_to(index + 1)
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
            raise TooDeep(
                "Lists, tables or quotations stand inside each other too often. Please paste the text without its form."
            )
        block = _Block(name, attributes)
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


def _is_safe_link(value: str) -> bool:
    """Return whether an address is http, https or mailto, or stays on this site."""
    if not value or re.search(r"[\s\\`]", value) or value.startswith("//"):
        return False
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return False
    if scheme:
        return scheme in PROTOCOLS
    return ":" not in re.split(r"[/?#]", value)[0]
