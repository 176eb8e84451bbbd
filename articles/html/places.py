"""The places of a page that a link can lead to, and links that would lead nowhere. Pure."""

import html as html_module
import itertools
import re
from collections.abc import Callable

from django.utils.text import slugify

from articles.html.report import Left, Report

PIECE = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^"'<>])*>)""")
BLOCK_END = re.compile(r"</(?:p|h2|h3|li|caption|figcaption|th|td|dt|dd)>|<br>|\n")
# The page's own ids are one word, or these: a heading "Comments" must get another one.
_RESERVED = re.compile(r"[^-]*|need-to-know|(?:source|mark|comment|error|about|site)-.*")
# Those of them that every article has, and those of its sources.
_ON_EVERY_PAGE = re.compile(r"top|main|title|need-to-know|sources|comments|add|source-[1-9][0-9]{0,2}")
_TO_HERE = re.compile(r'<a href="#([^"]*)"')


def words(html: str) -> str:
    """Return the words of cleaned or finished HTML as one line of plain text."""
    return " ".join(html_module.unescape(PIECE.sub("", BLOCK_END.sub(" ", html))).split())


def with_ids(pieces: list[str]) -> list[str]:
    """Give the headings among the pieces of cleaned HTML their ids, and return these; `pieces` are tags and text in turn."""
    used: list[str] = []
    taken: set[str] = set()
    for index, piece in enumerate(pieces):
        if piece in {"<h2>", "<h3>"} or piece.startswith(("<h2 ", "<h3 ")):
            end = pieces.index(f"</{piece[1:3]}>", index)
            name = _unique_id(words("".join(pieces[index:end])), taken)
            pieces[index] = f'{piece[:3]} id="{name}"{piece[3:]}'
            used.append(name)
    return used


def _unique_id(text: str, used: set[str]) -> str:
    base = slugify(text)[:80] or "section"
    if _RESERVED.fullmatch(base):
        base = f"section-{base}"
    name = free(base, used.__contains__)
    used.add(name)
    return name


def free(base: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name, with the first number from 2 on that makes it free where it is taken."""
    names = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
    return next(itertools.filterfalse(is_taken, names))


def without_dead_links(html: str, report: Report, around: str = "") -> str:
    """Return cleaned HTML without its links to places of this page that it does not have; their words stay.

    `around` is the text that it will stand in, whose headings are places too.
    """
    if not _TO_HERE.search(html):
        return html
    places = set(with_ids(PIECE.split(html))) | set(with_ids(PIECE.split(around)))
    pieces = PIECE.split(html)
    is_dead = False
    for index, piece in enumerate(pieces):
        if match := _TO_HERE.match(piece):
            place = html_module.unescape(match[1])
            is_dead = place not in places and not _ON_EVERY_PAGE.fullmatch(place)
            if is_dead:
                report[Left.NOWHERE, f"#{place}"] += 1
                pieces[index] = ""
        elif piece == "</a>" and is_dead:
            pieces[index] = ""
            is_dead = False
    return "".join(pieces)
