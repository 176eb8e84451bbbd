"""What was copied along and is no part of the text: deleted words, comments in the margin, hidden words. Pure."""

import re

from articles.html.pasting.nesting import BLOCK_LIKE, Nesting
from articles.html.pasting.styles import Sheet, classes, is_hidden, is_struck
from articles.html.report import Left, Report
from articles.html.tags import Token

_COMMENT_MARK = re.compile(r"#(?:_msocom_|cmnt)[0-9]+")
_COMMENT_TEXT = re.compile(r"#(?:_msoanchor_|cmnt_ref)[0-9]+")
# The name of a comment, such as [AB1], with which its own text begins.
_LABEL = re.compile(r"^\[[A-Za-z]{1,4}[0-9]*\] ?(?=.)")
_CELLS = {"td", "th"}


def without_removals(tokens: list[Token], sheet: Sheet, report: Report) -> list[Token]:
    """Return the tokens without such elements; their words are quoted in the report."""
    nesting = Nesting(tokens)
    kinds = _kinds(nesting, sheet)
    if not kinds:
        return tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        kind = kinds.get(index)
        if kind is None:
            kept.append(tokens[index])
            index += 1
            continue
        is_mark = kind is Left.NOTE and tokens[index].value not in BLOCK_LIKE
        words = _LABEL.sub("", nesting.words(index))
        # Dots that lead to a page number were not hidden from anybody.
        if any(map(str.isalnum, words)) or (words and kind is not Left.HIDDEN):
            report[kind, "" if is_mark else words] += 1
        if tokens[index].value in _CELLS:
            # Without its cell the row would have its words in other columns.
            kept.append(tokens[index])
            index = nesting.ends[index]
        else:
            index = nesting.after(index)
    return kept


def _kinds(nesting: Nesting, sheet: Sheet) -> dict[int, Left]:
    """Return what begins at which index; an element that nothing ends takes no words with it."""
    kinds = {}
    for index, token in enumerate(nesting.tokens):
        if token.kind != "start" or not nesting.has_end(index):
            continue
        if token.value == "a" and _COMMENT_TEXT.search(dict(token.attributes).get("href", "")):
            around = _block_around(nesting, index)
            if around >= 0:
                kinds[around] = Left.NOTE
        elif kind := _kind(token, sheet):
            kinds[index] = kind
    return kinds


def _block_around(nesting: Nesting, index: int) -> int:
    while index >= 0 and nesting.tokens[index].value not in BLOCK_LIKE:
        index = nesting.parents[index]
    return index


def _kind(token: Token, sheet: Sheet) -> Left | None:
    if token.value == "del":
        return Left.DELETED
    if not token.attributes:
        return Left.DELETED if token.value in {"s", "strike"} else None
    style, names = sheet.style(token), classes(token)
    if "msocommentreference" in names or _COMMENT_MARK.search(dict(token.attributes).get("href", "")):
        return Left.NOTE
    if style.get("mso-element") in {"comment-list", "comment"} or "msocomtxt" in names:
        return Left.NOTE
    if is_hidden(style) or "hidden" in dict(token.attributes):
        return Left.HIDDEN
    crossed_out = token.value in {"s", "strike"} and style.get("text-decoration") != "none"
    if crossed_out or "msodel" in names or is_struck(style):
        return Left.DELETED
    return None
