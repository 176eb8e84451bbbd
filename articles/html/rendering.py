"""What readers get of an article's words: headings with ids, marks that lead to the sources, plain text as paragraphs. Pure.

`clean` is in `articles.html.cleaning`; `submit` calls `clean`, then `finish`, and freezes the result.
"""

import datetime
import re
from collections.abc import Iterator, Mapping

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.html.cleaning import Cleaned, clean, clean_strings
from articles.html.places import PIECE, with_ids, words
from web.folding import fold

__all__ = [
    "Cleaned",
    "clean",
    "clean_strings",
    "finish",
    "fold",
    "has_lost_mark",
    "headings",
    "marked",
    "marks",
    "paragraphs",
    "plain_html",
    "plain_words",
    "renumbered",
    "renumbered_html",
    "search_text",
    "source_url",
    "vancouver",
    "words",
]

_MARK = re.compile(r"\[([1-9][0-9]{0,2}(?:, ?[1-9][0-9]{0,2})*)\]")
# Also with a "?" where a source was deleted, and with the spaces that other programs write.
_ANY_MARK = re.compile(r"\[(?:[1-9][0-9]{0,2}|\?)(?:,[ \xa0]*(?:[1-9][0-9]{0,2}|\?))*\]")
_LOST_MARK = re.compile(r"\[[0-9, ]*\?[0-9, ?]*\]")
_MARKS_AND_SPACE = re.compile(rf"\s*{_MARK.pattern}")
_HEADING_ID = re.compile(r'<h[23] id="([^"]*)"')
_HEADING = re.compile(r"<h2[^>]*? id=\"([^\"]*)\"[^>]*>(.*?)</h2>", re.DOTALL)


def finish(html: str, *, sources: int) -> str:
    """Give the headings of cleaned HTML their ids, and make marks such as [3] links to that source.

    A box that begins with a heading has it as its name. The first mark of a source has the id "mark-3", for the way back. Marks
    inside links, and numbers beyond the sources, stay words.
    """
    marked_before: set[int] = set()
    pieces = PIECE.split(html)
    with_ids(pieces)
    in_link = False
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            if not in_link:
                pieces[index] = _linked(piece, sources, marked_before)
        elif piece.startswith("<section ") and (heading := _HEADING_ID.match(pieces[index + 2])):
            pieces[index] = f'{piece[:-1]} aria-labelledby="{heading[1]}">'
        elif piece.startswith("<a "):
            in_link = True
        elif piece == "</a>":
            in_link = False
    return "".join(pieces)


def _linked(text: str, sources: int, marked_before: set[int]) -> str:
    def link(number: str, shown: str) -> str:
        if int(number) > sources:
            return shown
        first = "" if int(number) in marked_before else f' id="mark-{number}"'
        marked_before.add(int(number))
        return f'<a{first} href="#source-{number}" aria-label="source {number}">{shown}</a>'

    def replace(match: re.Match) -> str:
        if match.group(1).isdigit():
            return link(match.group(1), match.group())
        return re.sub("[0-9]+", lambda number: link(number.group(), number.group()), match.group())

    return _MARK.sub(replace, text)


def headings(html: str) -> list[tuple[str, str]]:
    """Return the h2 headings of finished HTML as (id, words)."""
    return [(name, words(inner)) for name, inner in _HEADING.findall(html)]


def marked(html: str) -> set[int]:
    """Return the numbers of the sources that finished HTML has a mark of, which is where "mark-3" leads."""
    return {int(number) for number in re.findall(r'<a id="mark-([0-9]+)"', html)}


def marks(text: str) -> set[int]:
    """Return the numbers that the marks in plain words name, whether there is such a source or not."""
    return {int(number) for mark in _MARK.findall(text) for number in mark.split(",")}


def renumbered(text: str, numbers: Mapping[int, int | None]) -> str:
    """Return plain words whose marks name their sources by other numbers.

    `numbers` says old -> new; a mark whose number is none becomes "[?]", and one that it does not hold stays.
    """

    def number(match: re.Match) -> str:
        new = numbers.get(int(match.group()), int(match.group()))
        return "?" if new is None else str(new)

    return _ANY_MARK.sub(lambda mark: re.sub("[0-9]+", number, mark.group()), text)


def renumbered_html(html: str, numbers: Mapping[int, int | None]) -> str:
    """Return cleaned HTML whose marks name their sources by other numbers, as `renumbered` does with plain words."""
    pieces = PIECE.split(html)
    pieces[::2] = [renumbered(piece, numbers) for piece in pieces[::2]]
    return "".join(pieces)


def has_lost_mark(text: str) -> bool:
    """Return whether a mark in plain words names a source that was deleted: "[?]", as `renumbered` makes it."""
    return bool(_LOST_MARK.search(text))


def paragraphs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield ("p", [words]) and ("ul", items) of plain text, in order."""
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines: list[str] = []
        items: list[str] = []
        for line in filter(None, map(str.strip, paragraph.split("\n"))):
            if line.startswith("- "):
                if lines:
                    yield "p", [" ".join(lines)]
                    lines = []
                items.append(line[2:].strip())
            else:
                if items:
                    yield "ul", items
                    items = []
                lines.append(line)
        if lines:
            yield "p", [" ".join(lines)]
        if items:
            yield "ul", items


def plain_html(text: str, *, sources: int) -> SafeString:
    """Return plain text as paragraphs, lines that begin with "- " as a list, marks as links to the sources."""
    blocks = []
    for kind, parts in paragraphs(text):
        marked_parts = [(_marked_words(part, sources),) for part in parts]
        if kind == "ul":
            blocks.append((format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", marked_parts)),))
        else:
            blocks.append((format_html_join("", "<p>{}</p>", marked_parts),))
    return format_html_join("\n", "{}", blocks)


def _marked_words(text: str, sources: int) -> SafeString:
    pieces: list[tuple[str | SafeString]] = []
    position = 0
    for match in _MARK.finditer(text):
        single = match.group(1).isdigit()
        for number in re.finditer("[0-9]+", match.group()):
            start, end = match.span() if single else (match.start() + number.start(), match.start() + number.end())
            if int(number.group()) <= sources:
                link = '<a href="#source-{}" aria-label="{}">{}</a>'
                label = gettext("source {number}").format(number=number.group())
                pieces += [(text[position:start],), (format_html(link, number.group(), label, text[start:end]),)]
                position = end
    return format_html_join("", "{}", [*pieces, (text[position:],)])


def plain_words(text: str) -> str:
    """Return plain text without its marks, in one line, for lists, feeds and descriptions."""
    return " ".join(_MARKS_AND_SPACE.sub("", part) for _, parts in paragraphs(text) for part in parts)


def search_text(content: dict) -> str:
    """Return the folded words of a frozen content: title, author, summary, need-to-know, body."""
    author = content.get("author", {}).get("name", "")
    parts = [content["title"], author, plain_words(content["summary"]), plain_words(content["need_to_know"])]
    return fold(" ".join([*parts, _MARKS_AND_SPACE.sub("", words(content["body_html"]))]))


def vancouver(source: dict) -> str:
    """Return a source, as `Source.as_dict` freezes it, as one line in the Vancouver style."""
    published = " ".join(str(part) for part in (source["container"], source["year"]) if part)
    if source["pages"]:
        published = f"{published};{source['pages']}" if published else source["pages"]
    pmid = f"PMID {source['pmid']}" if source["pmid"] else ""
    doi = f"DOI {source['doi']}" if source["doi"] else ""
    accessed = ""
    if source["accessed"]:
        day = date_format(datetime.date.fromisoformat(source["accessed"]))
        accessed = gettext("Accessed {day}").format(day=day)
    parts = (source["authors"], source["title"], published, pmid, doi, accessed)
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def source_url(source: dict) -> str:
    """Return where a source can be read: its own address, its DOI, its PubMed page, or nothing."""
    if source["url"]:
        return source["url"]
    if source["doi"]:
        return f"https://doi.org/{source['doi']}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{source['pmid']}/" if source["pmid"] else ""
