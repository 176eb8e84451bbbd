"""Lines -> paragraphs and lists, nested as they are in the text, and those as HTML. Pure."""

import dataclasses
import html
import re
from collections.abc import Iterator, Sequence

from articles.earlier_site.page import Line, NotAnArticle

_ITEM = re.compile(
    r"(?P<indent>\s*)(?:(?P<number>\d{1,3})[.)]|(?P<letter>[a-z])[.)]|(?P<bullet>[-–—*•‣◦▪·]|(?<=\s)o(?=\s)))\s+(?P<words>\S.*)"
)
_LEAD_IN = re.compile(r"([A-Z][^.:!?]{0,60}:)\s+(.+)")


@dataclasses.dataclass
class Item:
    """A point of a list: its own words and the lists inside it."""

    words: str
    lists: list["List"] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class List:
    """A list; `kind` is "number", "letter" or the sign before its points, `first` what its first point is counted as."""

    kind: str
    indent: int
    first: int
    items: list[Item] = dataclasses.field(default_factory=list)

    @property
    def is_ordered(self) -> bool:
        """Whether its points are counted."""
        return self.kind in {"number", "letter"}

    @property
    def next(self) -> int:
        """What its next point is counted as; 0 where points are not counted."""
        return self.first + len(self.items) if self.is_ordered else 0


def blocks(lines: Sequence[Line]) -> Iterator[list[str] | List]:
    """Yield the paragraphs, as lists of lines, and the lists of a text."""
    texts = [line.text.rstrip() for line in lines]
    paragraph: list[str] = []
    position = 0
    while position < len(texts):
        end = _list_end(texts, position, bool(paragraph))
        if end > position or not texts[position]:
            if paragraph:
                yield paragraph
                paragraph = []
            if end > position:
                yield from _lists(texts[position:end])
            position = max(end, position + 1)
            continue
        paragraph.append(texts[position])
        position += 1
    if paragraph:
        yield paragraph


def _mark(text):
    """Return (kind, how far in, what it is counted as, words) of a line that begins a point, or None."""
    match = _ITEM.fullmatch(text)
    if not match:
        return None
    kind = match["bullet"] or ("number" if match["number"] else "letter")
    count = int(match["number"]) if kind == "number" else ord(match["letter"]) - 96 if kind == "letter" else 0
    return kind, len(match["indent"].expandtabs(4)), count, match["words"]


def _list_end(texts, start, in_paragraph):
    """Return where the points that begin here end, or `start` when this is no list."""
    first = _mark(texts[start])
    if not first:
        return start
    kind, indent, count, words = first
    end, points, gap = start + 1, 1, False
    for position in range(start + 1, len(texts)):
        text = texts[position]
        if not text:
            gap = True
            continue
        mark = _mark(text)
        if mark and gap and mark[1] <= indent and (mark[0] != kind or mark[2] == 1):
            break  # After an empty line other points, or a new "1.", are a list of their own.
        if not mark and (gap or not (text[0].isspace() or _goes_on(texts, position))):
            break
        points += bool(mark)
        end, gap = position + 1, False
    if indent:
        return end
    # At the margin a sign may also be something else: a numbered heading, a dash before a name, a footnote.
    alone = points == 1
    after = next((text for text in texts[end:] if text), "")
    heading = kind == "number" and after and words[-1] not in ".!?:;,…" and len(words) <= 100
    if alone and (heading or kind == "letter" or (kind == "number" and count != 1) or kind in "-–—*"):
        return start
    if kind == "letter" and count != 1:
        return start
    if in_paragraph and kind == "number" and count != 1:
        return start
    return end


def _goes_on(texts, position):
    """Return whether a line at the margin is the rest of a point: the next points come right after it."""
    for text in texts[position + 1 :]:
        if not text:
            return False
        if _mark(text):
            return True
    return False


def _lists(texts) -> Iterator[List]:
    """Yield the outermost lists of a piece of text that consists of points."""
    marks = [_mark(text) for text in texts]
    opened: list[List] = []
    for position, (text, mark) in enumerate(zip(texts, marks, strict=True)):
        if not mark:
            if text:
                opened[-1].items[-1].words += f" {text.strip()}"
            continue
        kind, indent, count, words = mark
        level, joins = _place(opened, mark, [other for other in marks[position + 1 :] if other])
        if opened and not level:
            yield opened[0]
        del opened[level:]
        if not joins:
            new = List(kind, indent, count)
            if opened:
                opened[-1].items[-1].lists.append(new)
            opened.append(new)
        if count != opened[-1].next:
            numbers = [*range(opened[-1].first, opened[-1].next), count]
            raise NotAnArticle(f"the numbers of a list do not follow each other: {', '.join(map(str, numbers))}")
        opened[-1].items.append(Item(words))
    if opened:
        yield opened[0]


def _place(opened, mark, following):
    """Return how many of the open lists stay open, and whether the point goes on with the last of those or begins one in it."""
    kind, indent, _, _ = mark
    for level in range(len(opened), 0, -1):
        # Numbers that are set flush right stand one place apart.
        if opened[level - 1].kind == kind and abs(opened[level - 1].indent - indent) <= 1:
            return level, True
    outer = [level for level, one in enumerate(opened, start=1) if one.indent < indent]
    if outer:
        return outer[-1], False
    if opened and opened[-1].indent == indent:
        last = opened[-1]
        # Points of another kind at the same place are inside when the outer numbers go on after them.
        if any(other[:3] == (last.kind, last.indent, last.next) for other in following):
            return len(opened), False
    return 0, False


def escape(text: str) -> str:
    """Return words as HTML."""
    return html.escape(text, quote=False)


def joined(paragraph: Sequence[str]) -> str:
    """Return the lines of a paragraph as one."""
    return " ".join(line.strip() for line in paragraph)


def block_html(block: list[str] | List) -> str:
    """Return a paragraph or a list as HTML."""
    if not isinstance(block, List):
        return f"<p>{escape(joined(block))}</p>"
    tag = "ol" if block.is_ordered else "ul"
    start = f' start="{block.first}"' if block.first > 1 else ""
    letters = ' type="a"' if block.kind == "letter" else ""
    items = "".join(f"<li>{_with_lead_in(item.words)}{_inner_html(item)}</li>\n" for item in block.items)
    return f"<{tag}{start}{letters}>\n{items}</{tag}>"


def _inner_html(item):
    return "".join(f"\n{block_html(inner)}" for inner in item.lists) + ("\n" if item.lists else "")


def _with_lead_in(words):
    if match := _LEAD_IN.fullmatch(words):
        return f"<strong>{escape(match.group(1))}</strong> {escape(match.group(2))}"
    return escape(words)


def block_text(block: list[str] | List) -> str:
    """Return a paragraph or a list as the text of a need-to-know box: points begin with "- ", numbers stay in a sentence."""
    if not isinstance(block, List):
        return joined(block)
    if not block.is_ordered:
        return "\n".join(f"- {_flat(item)}" for item in block.items)
    return " ".join(f"{number}. {_flat(item)}" for number, item in enumerate(block.items, start=block.first))


def _flat(item):
    inner = [_flat(point) for one in item.lists for point in one.items]
    return f"{item.words} {'; '.join(inner)}" if inner else item.words
