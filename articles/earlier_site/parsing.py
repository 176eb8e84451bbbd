"""A page copied as text from the earlier site -> its parts. Pure."""

import re

from django.utils import timezone
from django.utils.text import slugify

from articles.earlier_site import lists
from articles.earlier_site.about import with_names_beside
from articles.earlier_site.outside import Reading
from articles.earlier_site.page import LeftOut, Line, NotAnArticle, Page
from articles.earlier_site.people import bare
from articles.earlier_site.private import find_private
from articles.earlier_site.sources import read_source

_NEED_TO_KNOW = re.compile(r"need to know:?", re.IGNORECASE)
_SOURCES = re.compile(r"sources|references", re.IGNORECASE)
# Such a line leads elsewhere; it is words of the article, but no heading of it.
_NO_HEADING = re.compile(
    r"(?:related|read more|see also|also read|learn more|disclaimer|note)\b.*:.*"
    r"|(?:last |first )?(?:updated|published|posted|reviewed)\b.*\d{4}",
    re.IGNORECASE,
)


def parse(text: str, *, last_line: int | None = None, keep: frozenset[str] = frozenset()) -> Page:
    """Return the parts of a page. Raises NotAnArticle without a title or text, and where it is not safe to go on.

    A line that ends without a full stop and stands alone is a heading; lines with numbers, letters or signs are lists.
    `last_line` is the number of the article's last line, where a person says so; `keep` are addresses of the editors, which
    may be published.
    """
    if "\0" in text:
        raise NotAnArticle("this is not a text file")
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    today = timezone.localdate()
    lines = with_names_beside([Line(*line) for line in enumerate(text.split("\n"), start=1)], today)
    reading = Reading(lines, today, last_line)
    _refuse_private([*reading.kept, *(line for line, _ in reading.about)], keep)
    page = Page(title="", slug="", outside=reading.outside)
    page.is_demonstration = any(line.kind == "demonstration" for line in page.outside)
    _take_about(page, reading.about)
    content = list(lists.blocks(reading.kept))
    if not content:
        raise NotAnArticle("the file has no text")
    if not _is_heading(content[0]):
        raise NotAnArticle("the file has no title: a short line of its own, without a full stop, at the top")
    page.title = content[0][0].strip()
    page.slug = slugify(page.title)[:100].rstrip("-")
    if not page.slug:
        raise NotAnArticle("no address can be made of the title")
    _fill(page, content[1:])
    if not page.summary or not page.body_html:
        raise NotAnArticle("there is no text under the title")
    return page


def _fill(page, content):
    body = []
    for heading, section in _sections(content):
        points = [item for block in section if isinstance(block, lists.List) for item in block.items]
        if heading is None:
            if section:
                page.summary = lists.block_text(section[0])
            body += [lists.block_html(block) for block in section[1:]]
        elif _NEED_TO_KNOW.fullmatch(heading) and not page.need_to_know:
            page.need_to_know = "\n\n".join(lists.block_text(block) for block in section)
        elif _SOURCES.fullmatch(heading) and not page.sources and _is_source_list(section):
            page.sources = [read_source(item.words) for item in points]
        else:
            body += [f"<h2>{lists.escape(heading)}</h2>", *(lists.block_html(block) for block in section)]
    page.body_html = "\n".join(body)


def _is_source_list(section):
    return (
        all(isinstance(block, lists.List) and block.kind == "number" for block in section)
        and not any(item.lists for block in section for item in block.items)
        and [block.first for block in section] in ([], [1])
    )


def _sections(content):
    sections: list[tuple[str | None, list]] = [(None, [])]
    for block in content:
        if _is_heading(block):
            sections.append((lists.joined(block), []))
        else:
            sections[-1][1].append(block)
    return sections


def _is_heading(block) -> bool:
    if isinstance(block, lists.List) or len(block) != 1:
        return False
    line = block[0]
    return (
        not line[0].isspace()
        and line[0] not in "-–—*"
        and len(line) <= 120
        and line.rstrip("”\"»’'")[-1:] not in tuple(".!:;,…*")
        and not _NO_HEADING.fullmatch(line)
    )


def _refuse_private(kept, keep):
    for line in kept:
        if found := find_private(line.text, keep):
            raise NotAnArticle(
                f"line {line.number} has {found}, which readers would see. Take it out of the file; if it belongs to the "
                "editors, load the page again with --keep-address and that address or number. Nothing was loaded"
            )


def _take_about(page, found):
    """Put onto the page what its lines say of who reviewed and wrote it, and when."""
    days = {about.reviewed_on for _, about in found if about.reviewed_on}
    for line, about in found:
        if not about.reviewers or about.is_mixed:
            page.outside.append(LeftOut(line.number, line.text.strip(), "about"))
        page.edited = page.edited or about.edited
        page.author = page.author or about.author
        page.notes += [problem for problem in about.problems if problem not in page.notes]
        for person in about.reviewers:
            same = next((other for other in page.reviewers if slugify(other.name) == slugify(person.name)), None)
            if same is None:
                page.reviewers.append(person)
            elif person.credentials and not same.credentials:
                page.reviewers[page.reviewers.index(same)] = person
            elif person.credentials and bare(person.credentials) != bare(same.credentials):
                raise NotAnArticle(
                    f"line {line.number} gives {person.name} other letters than another line: {person.credentials}"
                )
    if page.reviewers and len(days) == 1:
        page.reviewed_on = days.pop()
    elif page.reviewers and days:
        page.notes.append("the page gives more than one date of review, so none is used")
