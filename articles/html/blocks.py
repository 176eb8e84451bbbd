"""The blocks and the runs of words that a cleaned text consists of, and the HTML they become. Pure."""

import dataclasses
import html
import re

_SPACE = re.compile(r"[ \t\n]+")
# Word and Google Docs always write a paragraph in these.
_HOLD_WORDS_ALONE = {"li", "td", "th", "dd"}


@dataclasses.dataclass(frozen=True)
class Run:
    """Words, or a line break (None), inside some inline elements, outermost first."""

    text: str | None
    inside: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclasses.dataclass(eq=False)
class Block:
    """A block element, its blocks and its runs of words in their order."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    parts: list = dataclasses.field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be read or seen; a cell may be empty, a rule is."""
        if self.tag in {"hr", "img", "td", "th"}:
            return False
        return all(part.is_empty if isinstance(part, Block) else not (part.text or "").strip() for part in self.parts)

    @property
    def words_alone(self) -> list:
        """What it consists of; where one plain paragraph is all the words of an item or cell, without that paragraph."""
        blocks = [part for part in self.parts if isinstance(part, Block)]
        if self.tag not in _HOLD_WORDS_ALONE or not blocks or any(map(_has_words, self.parts)):
            return self.parts
        first, *others = blocks
        if first.tag != "p" or first.attributes or any(block.tag not in {"ul", "ol"} for block in others):
            return self.parts
        return [*first.parts, *others]

    def to_html(self) -> str:
        """Return the element, one block to a line."""
        if self.tag in {"hr", "img"}:
            return f"{_opening(self.tag, self.attributes)}\n"
        pieces, runs, holds_blocks = [], [], False
        for part in self.words_alone:
            if isinstance(part, Block):
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


def _has_words(part) -> bool:
    return isinstance(part, Run) and (part.text is None or bool(part.text.strip(" \t\n")))


def _opening(tag: str, attributes) -> str:
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes)
    return f"<{tag}{written}>"


def _runs_to_html(runs: list[Run]) -> str:
    """Return the words with spaces collapsed as a browser does, none at the ends and beside line breaks."""
    kept: list[Run] = []

    def trim_end():
        while kept and kept[-1].text is not None:
            text = kept[-1].text.rstrip(" ")
            if text:
                kept[-1] = Run(text, kept[-1].inside)
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
            kept.append(Run(text, run.inside))
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
