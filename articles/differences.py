"""Two frozen contents -> what differs between them, word by word. Pure; templates/articles/_difference.html prints it.

Blocks are aligned first (a paragraph, a list item, a cell, a source), then the words of those that look alike. Everything is
kept, also what is printed shortened: the pieces of a part give back the blocks of both contents.
"""

import dataclasses
import enum
import html as html_module
import re
from collections.abc import Iterator, Sequence

from articles import rendering
from articles.alignment import stretches_of

# Beyond these products the comparison falls back: to whole blocks, and to blocks removed and added as a whole.
MOST_WORD_PAIRS = 40_000
MOST_BLOCK_PAIRS = 62_500
ALIKE = 0.5  # share of words in common from which two blocks are shown as one that changed
CONTEXT = 8  # words that stay on each side of a change
PARTS = {
    "title": "Title",
    "summary": "Summary",
    "need_to_know": "Need To Know",
    "body_html": "Text",
    "sources": "Sources",
    "no_source_reason": "Why no source is needed",
    "language": "Language",
}
LANGUAGES = {"en": "English", "es": "Spanish"}
BLOCK_WORDS = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "subheading",
    "li": "list item",
    "ul": "list",
    "ol": "numbered list",
    "blockquote": "quotation",
    "table": "table",
    "caption": "caption of the table",
    "thead": "head of the table",
    "tbody": "body of the table",
    "tr": "row of the table",
    "th": "heading cell of the table",
    "td": "cell of the table",
    "dl": "list of terms",
    "dt": "term",
    "dd": "explanation",
    "hr": "dividing line",
    "text": "text",
    "source": "source",
}
INLINE_WORDS = {
    "strong": "bold",
    "b": "bold",
    "em": "italics",
    "i": "italics",
    "a": "link",
    "sub": "lowered",
    "sup": "raised",
    "abbr": "abbreviation",
    "span": "marked words",
    "br": "new line",
}
# Where these end changes what follows; the end of the others is told by what comes next.
_ENDS = {"ul", "ol", "dl", "table", "blockquote"}
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>""")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_WORD = re.compile(r"(\s*)([^\s<>]+://\S*[^\s.,;:)]|\w(?:[\w’'-]*\w)?|\S)")


class Change(enum.StrEnum):
    """What happened to a piece, a row or a part."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclasses.dataclass(frozen=True)
class Token:
    """A word, a sign or an inline tag; `space` says whether a space stands before it."""

    text: str
    space: bool = True
    is_tag: bool = False

    @property
    def in_words(self) -> str:
        """The token as it is printed where it changed: an inline tag in words."""
        if not self.is_tag:
            return self.text
        closing, name, attributes = _TAG.fullmatch(self.text).groups()
        word = INLINE_WORDS.get(name, name)
        if closing:
            return f"[end of {word}]"
        values = dict(_ATTRIBUTE.findall(attributes))
        target = values.pop("href", "")
        more = [f"to {html_module.unescape(target)}"] if target else []
        more += [f"{key} “{html_module.unescape(value)}”" for key, value in values.items()]
        return f"[{' '.join([word, *more])}]"


@dataclasses.dataclass(frozen=True)
class Block:
    """A paragraph, a list item, a cell, a source, or only the begin or end of a list or table, which has no tokens."""

    kind: str
    tokens: tuple[Token, ...] = ()

    @property
    def kind_in_words(self) -> str:
        """What it is, such as "heading", with its attributes."""
        closing, name, attributes = _TAG.fullmatch(self.kind).groups() if self.kind.startswith("<") else ("", self.kind, "")
        word = BLOCK_WORDS.get(name, name)
        values = [f"{key} {html_module.unescape(value)}" for key, value in _ATTRIBUTE.findall(attributes)]
        said = f"{word} ({', '.join(values)})" if values else word
        return f"end of the {said}" if closing else said

    @property
    def is_heading(self) -> bool:
        """Whether what follows stands under it."""
        return self.kind.startswith(("<h2", "<h3"))


@dataclasses.dataclass(frozen=True)
class Piece:
    """Tokens in a row that share a fate; `shown` is how they are printed, `space` whether a space comes before."""

    change: Change
    tokens: tuple[Token, ...]
    shown: str
    space: bool


@dataclasses.dataclass(frozen=True)
class Row:
    """One block and what became of it; `before` is None when it was added, `after` when it was removed."""

    change: Change
    before: Block | None
    after: Block | None
    pieces: tuple[Piece, ...]

    @property
    def note(self) -> str:
        """What is not seen from the words alone, as a sentence; empty when there is nothing to say."""
        if self.change == Change.CHANGED:
            changed_kind = self.before.kind != self.after.kind
            return f"Now: {self.after.kind_in_words}. Before: {self.before.kind_in_words}." if changed_kind else ""
        block = self.after or self.before
        plain = self.pieces and block.kind in {"<p>", "text", "source"}
        return "" if self.change == Change.SAME or plain else f"{self.change.capitalize()}: {block.kind_in_words}."


@dataclasses.dataclass(frozen=True)
class Gap:
    """Unchanged blocks that are not printed."""

    count: int


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of the page in which something differs; `rows` are all of its blocks, `shown` what is printed."""

    name: str
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def shown(self) -> list[Row | Gap]:
        """The changed rows, each under the heading it stands under, and how many unchanged blocks lie between."""
        printed: list[Row | Gap] = []
        same: list[Row] = []
        for row in self.rows:
            if row.change == Change.SAME:
                same.append(row)
                continue
            headings = [place for place, one in enumerate(same) if one.after.is_heading]
            cut = headings[-1] if headings else len(same)
            printed += [*_gap(same[:cut]), *same[cut : cut + 1], *_gap(same[cut + 1 :]), row]
            same = []
        return [*printed, *_gap(same)]


def _gap(rows: Sequence[Row]) -> list[Gap]:
    count = sum(1 for row in rows if row.pieces)
    return [Gap(count)] if count else []


def between(old: dict, new: dict) -> list[Part]:
    """Return the parts in which two frozen contents differ, in the order of the page; none when they say the same.

    Bounded: two texts of 5,000 words take well under a second; what is too different is shown block by block.
    """
    parts = []
    for key, name in PARTS.items():
        rows = _rows(blocks(key, old), blocks(key, new))
        if any(row.change != Change.SAME for row in rows):
            parts.append(Part(name, tuple(rows)))
    if not parts and {**old, "format": 0} != {**new, "format": 0}:
        parts.append(Part("Markup", (), note="No word changed, only markup or spacing that cannot be seen."))
    return parts


def blocks(key: str, content: dict) -> list[Block]:
    """Return one part of a frozen content as blocks; what a content of an older format does not have is empty."""
    value = content.get(key)
    if not value:
        return []
    if key == "body_html":
        return list(_of_html(value))
    if key == "sources":
        return [Block("source", tuple(_tokens(_source_words(source)))) for source in value]
    if key == "language":
        return [Block("text", (Token(LANGUAGES.get(value, value)),))]
    if key in {"summary", "need_to_know"}:
        return [
            Block("<li>" if kind == "ul" else "<p>", tuple(_tokens(words)))
            for kind, items in rendering.paragraphs(value)
            for words in items
        ]
    return [Block("text", tuple(_tokens(value)))]


def _source_words(source: dict) -> str:
    address = f" Address: {source['url']}" if source["url"] else ""
    return f"{rendering.vancouver(source)} Kind: {source['kind']}.{address}"


def _tokens(text: str, space: bool = True) -> Iterator[Token]:
    """Yield the words and signs of plain text; the first one has a space before it, so that it stays itself further back."""
    for match in _WORD.finditer(text):
        yield Token(match.group(2), space or bool(match.group(1)))
        space = False


def _of_html(html: str) -> Iterator[Block]:
    """Yield the blocks of finished HTML.

    Ids of headings and links of marks such as [3] follow from the words and the sources, so they are left out.
    """
    kind: str | None = None
    tokens: list[Token] = []
    in_mark = False
    space = True
    position = 0
    for match in [*_TAG.finditer(html), None]:
        text = html_module.unescape(html[position : match.start() if match else len(html)])
        if text.strip():
            kind = kind or "text"
            tokens += _tokens(text, space)
        space = text[-1].isspace() if text else space
        if match is None:
            break
        position = match.end()
        closing, name, attributes = match.groups()
        if name in INLINE_WORDS:
            if name == "a" and ('href="#source-' in attributes or (closing and in_mark)):
                in_mark = not closing
                continue
            kind = kind or "text"
            tokens.append(Token(match.group(), is_tag=True, space=False))
            continue
        if kind is not None:
            yield Block(kind, tuple(tokens))
        kind, tokens, space = None, [], True
        if not closing:
            kind = re.sub(r' id="[^"]*"', "", match.group())
        elif name in _ENDS:
            yield Block(match.group())
    if kind is not None:
        yield Block(kind, tuple(tokens))


def _rows(old: list[Block], new: list[Block]) -> list[Row]:
    """Return every block of both, those that are the same or alike in one row."""
    rows: list[Row] = []
    for one, other in stretches_of(old, new, MOST_BLOCK_PAIRS):
        if one == other:
            rows += [_row(block, block) for block in one]
        else:
            rows += [_row(before, after) for before, after in _paired(one, other)]
    return rows


def _row(before: Block | None, after: Block | None) -> Row:
    if before == after:
        return Row(Change.SAME, before, after, _pieces([(Change.SAME, before.tokens)]))
    if before is None:
        return Row(Change.ADDED, None, after, _pieces([(Change.ADDED, after.tokens)]))
    if after is None:
        return Row(Change.REMOVED, before, None, _pieces([(Change.REMOVED, before.tokens)]))
    changes: list[tuple[Change, tuple[Token, ...]]] = []
    for one, other in _readable(stretches_of(before.tokens, after.tokens, MOST_WORD_PAIRS)):
        changes += [(Change.SAME, one)] if one == other else [(Change.REMOVED, one), (Change.ADDED, other)]
    return Row(Change.CHANGED, before, after, _pieces(changes))


def _paired(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    """Yield the blocks of two different stretches: alike ones as pairs, in order, so that most words meet."""
    if not old or not new or len(old) * len(new) > MOST_BLOCK_PAIRS:
        yield from [(block, None) for block in old]
        yield from [(None, block) for block in new]
        return
    old_words = [frozenset(token.text for token in block.tokens) for block in old]
    new_words = [frozenset(token.text for token in block.tokens) for block in new]
    likeness = [[_likeness(one, other) for other in new_words] for one in old_words]
    # best[i][j]: the most likeness that old[i:] and new[j:] can share.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] and likeness[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def _likeness(one: frozenset, other: frozenset) -> float:
    share = 2 * len(one & other) / (len(one) + len(other)) if one and other else 0
    return share if share >= ALIKE else 0


def _readable(stretches: list[tuple[Sequence, Sequence]]) -> list[tuple[Sequence, Sequence]]:
    """Join changes between which only a sign, or one word between longer changes, stayed: nobody reads crumbs."""
    joined: list[tuple[Sequence, Sequence]] = []
    is_open = False
    for place, (one, other) in enumerate(stretches):
        stays = one == other
        if stays and 0 < place < len(stretches) - 1:
            words = sum(1 for token in one if not token.is_tag and token.text[0].isalnum())
            around = min(max(map(len, stretches[place - 1])), max(map(len, stretches[place + 1])))
            stays = words > 1 or (words == 1 and around < 3)
        if is_open and not stays:
            joined[-1] = (joined[-1][0] + one, joined[-1][1] + other)
        else:
            joined.append((one, other))
        is_open = not stays
    return joined


def _pieces(changes: list[tuple[Change, tuple[Token, ...]]]) -> tuple[Piece, ...]:
    changes = [(change, tuple(tokens)) for change, tokens in changes if tokens]
    pieces = []
    for place, (change, tokens) in enumerate(changes):
        printed = tokens
        if change == Change.SAME:
            first, last = place == 0, place == len(changes) - 1
            printed = _shortened([token for token in tokens if not token.is_tag], first=first, last=last)
        words = _printed(printed)
        pieces.append(Piece(change, tokens, words.strip(), space=place > 0 and words.startswith(" ")))
    return tuple(pieces)


def _printed(tokens: Sequence[Token]) -> str:
    """Return the words with their spaces; what a tag is in words stands apart from them."""
    words = []
    after_tag = False
    for token in tokens:
        words.append(f" {token.in_words}" if token.space or token.is_tag or after_tag else token.in_words)
        after_tag = token.is_tag
    return "".join(words)


def _shortened(tokens: list[Token], *, first: bool, last: bool) -> list[Token]:
    """Return the tokens that stay beside a change, with "…" for the rest; a block that is all the same keeps its beginning."""
    head = CONTEXT if not first or last else 0
    tail = CONTEXT if not last else 0
    if len(tokens) <= head + tail + CONTEXT:
        return tokens
    return [*tokens[:head], Token("…"), *(tokens[-tail:] if tail else [])]
