"""Two frozen contents -> what differs between them, word by word. Pure; templates/articles/_difference.html prints it.

Blocks are aligned first (a paragraph, a list item, a cell, a source), then the words of those that look alike. Everything is
kept, also what is printed shortened: the pieces of a part give back the blocks of both contents.
"""

import dataclasses
import enum
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from articles.diff.alignment import stretches_of
from articles.diff.blocks import PARTS, Block, Token, blocks

# Beyond these products the comparison falls back: to whole blocks, and to blocks removed and added as a whole.
MOST_WORD_PAIRS = 40_000
MOST_BLOCK_PAIRS = 62_500
ALIKE = 0.5  # share of words in common from which two blocks are shown as one that changed
CONTEXT = 8  # words that stay on each side of a change


class Change(enum.StrEnum):
    """What happened to a piece, a row or a part."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


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
            words = _("Now: {after}. Before: {before}.") if changed_kind else ""
            return words.format(after=self.after.kind_in_words, before=self.before.kind_in_words)
        block = self.after or self.before
        plain = self.pieces and block.kind in {"<p>", "text", "source"}
        if self.change == Change.SAME or plain:
            return ""
        words = _("Added: {what}.") if self.change == Change.ADDED else _("Removed: {what}.")
        return words.format(what=block.kind_in_words)

    @property
    def pictures(self) -> list[tuple[Change, dict]]:
        """The pictures that the row is about, as what became of each and its small file; one that stayed once."""
        before, after = (block.picture if block else None for block in (self.before, self.after))
        if before == after:
            return [(Change.SAME, after)] if after else []
        return [(change, file) for change, file in ((Change.REMOVED, before), (Change.ADDED, after)) if file]


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
            parts.append(Part(str(name), tuple(rows)))
    if not parts and {**old, "format": 0} != {**new, "format": 0}:
        parts.append(
            Part(
                _("Formatting"), (), note=_("The words are the same. Only formatting or spacing that you can't see has changed.")
            )
        )
    return parts


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
