"""Footnotes: their marks become marks of sources, such as [3], and the links from note to text and back go. Pure."""

import re

from articles.html.pasting.nesting import BLOCK_LIKE, Nesting
from articles.html.report import Left, Report
from articles.html.tags import INLINE, Token

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Word, Google Docs, LibreOffice, Wikipedia, Markdown's and WordPress's ways to name a note, and the place that it belongs to.
_TO_NOTE = re.compile(
    rf"#(?:_(?:ftn|edn)([0-9]+)|ftnt([0-9]+)|sd(?:foot|end)note([0-9]+)sym|cite_note-(?:.*-)?([0-9]+)|"
    rf"(?:user-content-)?fn[:-]?([0-9]+)|(?:foot|end)note-([0-9]+)|source-([0-9]+)|{_UUID})$"
)
_BACK = re.compile(
    rf"#(?:_(?:ftn|edn)ref[0-9]+|ftnt_ref[0-9]+|sd(?:foot|end)note[0-9]+anc|cite_ref-.*|(?:user-content-)?fnref[:-]?[0-9]+(?:-[0-9]+)?|"
    rf"(?:foot|end)note-(?:ref|anchor)-[0-9]+|mark-[0-9]+|{_UUID}-link)$"
)
_LABEL = re.compile(r"[\[(]?([0-9]{1,3})[\])]?\.?")
# What a mark looks like when it is no number; whatever else a link says is words, and stays.
_SIGN = re.compile(r"[\[(]?(?:[a-z]|[ivx]{1,5}|[*†‡§¶↑↩^⏎↵︎️]{0,4}|)[\])]?", re.IGNORECASE)
_OURS = re.compile(r"#source-[1-9][0-9]{0,2}")


def with_marks(tokens: list[Token], report: Report) -> list[Token]:
    """Return the tokens with [3] in place of a link to note 3, whatever it looked like; the notes themselves stay as text."""
    nesting = Nesting(tokens)
    instead: dict[int, str] = {}
    dropped: set[int] = set()
    lengths = None
    for index, token in enumerate(tokens):
        if token.kind != "start" or token.value != "a":
            continue
        href = dict(token.attributes).get("href", "")
        if to_note := _TO_NOTE.search(href):
            shown = nesting.words(index)
            label = _LABEL.fullmatch(shown)
            number = label[1] if label else next(filter(None, to_note.groups()), None)
            if number is None or not (label or _SIGN.fullmatch(shown)):
                continue
            is_ours = _OURS.fullmatch(href)
            # A mark of another page names a source of that page.
            instead[index] = f"[{int(number)}]" if is_ours or not to_note[0].startswith("#source-") else "[?]"
            if not is_ours:
                report[Left.FOOTNOTE, instead[index]] += 1
            lengths = lengths or _lengths(tokens)
            dropped |= _looks_around(nesting, index, lengths)
        elif _BACK.search(href) and (_LABEL.fullmatch(nesting.words(index)) or _SIGN.fullmatch(nesting.words(index))):
            instead[index] = _number_of_note(nesting, index)
    if not instead:
        return tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        if index in instead:
            kept.append(Token("text", instead[index]))
            index = nesting.after(index)
            continue
        if index not in dropped:
            kept.append(tokens[index])
        index += 1
    return kept


def _lengths(tokens: list[Token]) -> list[int]:
    """Return for each index how many visible characters stand before it."""
    lengths, length = [], 0
    for token in tokens:
        lengths.append(length)
        if token.kind == "text":
            length += len("".join(token.value.split()))
    return [*lengths, length]


def _looks_around(nesting: Nesting, index: int, lengths: list[int]) -> set[int]:
    """Return the tags of elements that hold nothing but this mark: they raised it, and a mark stands on the line."""
    length = lengths[nesting.ends[index]] - lengths[index]
    tags: set[int] = set()
    parent = nesting.parents[index]
    while parent >= 0 and (nesting.tokens[parent].value in INLINE or nesting.tokens[parent].value not in BLOCK_LIKE):
        if lengths[nesting.ends[parent]] - lengths[parent] != length:
            break
        tags.add(parent)
        if nesting.has_own_end(parent):
            tags.add(nesting.ends[parent])
        parent = nesting.parents[parent]
    return tags


def _number_of_note(nesting: Nesting, index: int) -> str:
    """Return what stands in place of the way back: "3." at the beginning of a note that is a paragraph, otherwise nothing."""
    label = _LABEL.fullmatch(nesting.words(index))
    block = nesting.parents[index]
    while block >= 0 and nesting.tokens[block].value not in BLOCK_LIKE:
        block = nesting.parents[block]
    if label is None or block < 0:
        return ""
    while nesting.tokens[block].value in {"p", "div"} and nesting.parents[block] >= 0:
        block = nesting.parents[block]
    return "" if nesting.tokens[block].value == "li" else f"{int(label[1])}. "
