"""A page copied as text from the earlier site -> its parts (pure), and from those an article that is online."""

import dataclasses
import html
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from articles import canonical, saving, workflow
from articles.html.rendering import source_url
from articles.models import Article, Reviewer, Source

_LEFT_OUT = re.compile(
    r"Skip to content|No comments? yet\b.*|Add a Comment|Your email address will not be published\..*|Leave a Reply"
)
DEMONSTRATION = "Demonstration article. It has not been reviewed by a doctor."
_REVIEWED = re.compile(r"Reviewed( and edited)? by ([^,]+?)(?:, (.+))?")
_NEED_TO_KNOW = re.compile(r"need to know:?", re.IGNORECASE)
_ITEM = re.compile(r"\s+(\d{1,3})[.)]\s+(.*)")
_BULLET = re.compile(r"\s+[-*•]\s+(.*)")
_LEAD_IN = re.compile(r"([A-Z][^.:!?]{0,60}:)\s+(.+)")
_NUMBERS = re.compile(r"\s+(?:PMID:? ([1-9]\d{0,8})|DOI:? (10\.\d{4,9}/\S+?))\.?$", re.IGNORECASE)
_PUBLISHED = re.compile(r"(.+?),? (1[89]\d\d|20\d\d)(?:;(\S.*))?")


class NotAnArticle(Exception):
    """The text cannot be read as a page of the earlier site; the words say why."""


@dataclasses.dataclass
class Page:
    """The parts of a page, with the words of the text and nothing else; `sources` are dictionaries like Source.as_dict."""

    title: str
    slug: str
    summary: str = ""
    need_to_know: str = ""
    body_html: str = ""
    sources: list[dict] = dataclasses.field(default_factory=list)
    reviewer: str = ""
    credentials: str = ""
    edited: bool = False
    is_demonstration: bool = False
    left_out: list[str] = dataclasses.field(default_factory=list)


def parse(text: str) -> Page:
    """Return the parts of a page. Raises NotAnArticle when there is no title or nothing under it.

    A line that ends without a full stop and stands alone is a heading; indented lines with numbers or dashes are lists.
    """
    if "\0" in text:
        raise NotAnArticle("this is not a text file")
    blocks, left_out = _blocks(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not blocks:
        raise NotAnArticle("the file has no text")
    if not _is_heading(blocks[0]):
        raise NotAnArticle("the file has no title: a short line of its own, without a full stop, at the top")
    title = blocks[0][0].strip()
    page = Page(title=title, slug=slugify(title)[:100].rstrip("-"), left_out=left_out)
    if not page.slug:
        raise NotAnArticle("no address can be made of the title")
    sections = _sections(blocks[1:], page)
    body = []
    for heading, content in sections:
        if heading is None:
            if content:
                page.summary = _line(content[0])
            body += [_block_html(block) for block in content[1:]]
        elif _NEED_TO_KNOW.fullmatch(heading) and not page.need_to_know:
            page.need_to_know = "\n\n".join(_block_text(block) for block in content)
        elif heading == "Sources" and all(_ITEM.match(line) for block in content for line in block):
            page.sources = [_source(line) for block in content for line in _items(block, _ITEM)]
        else:
            body += [f"<h2>{_escape(heading)}</h2>", *(_block_html(block) for block in content)]
    page.body_html = "\n".join(body)
    if not page.summary or not page.body_html:
        raise NotAnArticle("there is no text under the title")
    return page


def _blocks(text: str) -> tuple[list[list[str]], list[str]]:
    """Return the paragraphs as lists of lines, and the lines of the old page that are no part of the article."""
    blocks, left_out, lines = [], [], []
    for line in [*text.split("\n"), ""]:
        if _LEFT_OUT.fullmatch(line.strip()):
            left_out.append(line.strip())
            continue
        here = _list_tag(line)
        inside = _list_tag(lines[0]) if lines else None
        if lines and (not line.strip() or (here and here != inside) or (inside and not line[0].isspace())):
            # A blank line between two points does not end their list.
            if blocks and inside and inside == _list_tag(blocks[-1][0]):
                blocks[-1] += lines
            else:
                blocks.append(lines)
            lines = []
        if line.strip():
            lines.append(line.rstrip())
    return blocks, left_out


def _list_tag(line: str) -> str | None:
    """Return the element of the list that a line begins a point of."""
    if _ITEM.fullmatch(line):
        return "ol"
    return "ul" if _BULLET.fullmatch(line) else None


def _sections(blocks, page: Page):
    """Return (heading or None, blocks) pairs; what the page says of its review goes to the page."""
    sections: list[tuple[str | None, list]] = [(None, [])]
    for block in blocks:
        line = _line(block)
        review = _REVIEWED.fullmatch(line)
        if review and not page.reviewer:
            page.edited, page.reviewer, page.credentials = bool(review.group(1)), review.group(2), review.group(3) or ""
        elif line == DEMONSTRATION:
            page.is_demonstration = True
            page.left_out.append(line)
        elif _is_heading(block):
            sections.append((line, []))
        else:
            sections[-1][1].append(block)
    return sections


def _is_heading(block: list[str]) -> bool:
    line = block[0]
    return len(block) == 1 and not line[0].isspace() and len(line) <= 120 and line[-1] not in ".!:;,…*"


def _line(block: list[str]) -> str:
    return " ".join(line.strip() for line in block)


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _items(block: list[str], mark: re.Pattern) -> list[str]:
    """Return the items of a list; a line without a mark goes on with the item before it."""
    items: list[str] = []
    for line in block:
        if match := mark.fullmatch(line):
            items.append(match.group(match.lastindex))
        else:
            items[-1] += f" {line.strip()}"
    return items


def _block_html(block: list[str]) -> str:
    tag = _list_tag(block[0])
    if not tag:
        return f"<p>{_escape(_line(block))}</p>"
    items = "".join(f"<li>{_with_lead_in(item)}</li>\n" for item in _items(block, _ITEM if tag == "ol" else _BULLET))
    return f"<{tag}{_start(block)}>\n{items}</{tag}>"


def _start(block: list[str]) -> str:
    """Return the attribute for a list that does not begin with 1."""
    numbers = [int(match.group(1)) for line in block if (match := _ITEM.fullmatch(line))]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise NotAnArticle(f"the numbers of a list do not follow each other: {', '.join(map(str, numbers))}")
    return f' start="{numbers[0]}"' if numbers and numbers[0] != 1 else ""


def _with_lead_in(item: str) -> str:
    if match := _LEAD_IN.fullmatch(item):
        return f"<strong>{_escape(match.group(1))}</strong> {_escape(match.group(2))}"
    return _escape(item)


def _block_text(block: list[str]) -> str:
    if _list_tag(block[0]) == "ul":
        return "\n".join(f"- {item}" for item in _items(block, _BULLET))
    return _line(block)


def _source(citation: str) -> dict:
    """Return the fields of a citation such as "Foering K, et al. Title. J Am Acad Dermatol 2012;66:220-8. PMID 21742409."""
    source = {"kind": "web", "authors": "", "title": "", "container": "", "year": None, "pages": "", "pmid": "", "doi": ""}
    rest = citation.strip()
    while match := _NUMBERS.search(rest):
        source["pmid" if match.group(1) else "doi"] = match.group(1) or match.group(2)
        rest = rest[: match.start()]
    parts = rest.removesuffix(".").split(". ")
    published = _PUBLISHED.fullmatch(parts[-1]) if len(parts) > 1 else None
    if published:
        source |= {"container": published.group(1), "year": int(published.group(2)), "pages": published.group(3) or ""}
        parts.pop()
    if published or source["pmid"] or source["doi"]:
        source["kind"] = "journal"
        if not published and len(parts) > 1:
            source["container"] = parts.pop()
    if len(parts) > 1:
        source["authors"] = parts.pop(0)
    return source | {"title": ". ".join(parts), "url": "", "accessed": None}


class OtherContent(Exception):
    """There is an article at this address that says something else."""


@transaction.atomic
def make_article(page: Page, *, owner=None, closing: str = "") -> tuple[Article, bool]:
    """Make the working copy of a page, or return the one that is there and says the same: (article, whether it was made).

    `closing` is one more paragraph at the end of the body. Raises OtherContent when the address is taken, NotAnArticle when a
    part is too long.
    """
    article = Article(
        title=page.title,
        slug=page.slug,
        summary=page.summary,
        need_to_know=page.need_to_know,
        body=f"{page.body_html}\n<p>{_escape(closing)}</p>" if closing else page.body_html,
        owner=owner,
    )
    sources = [Source(position=number, **source) for number, source in enumerate(page.sources, start=1)]
    there = Article.objects.filter(slug=article.slug).first()
    if there:
        if _said(there, there.sources.all()) != _said(article, sources):
            raise OtherContent(f"there is another article at {there.get_absolute_url()}; nothing was changed")
        return there, False
    try:
        article.clean_fields()
        for source in sources:
            source.clean_fields(exclude=["article"])
    except ValidationError as error:
        raise NotAnArticle("; ".join(f"{field}: {words[0]}" for field, words in error.message_dict.items())) from error
    try:
        saving.claim_address(article, article.save)
    except workflow.WorkflowError as error:
        raise OtherContent(str(error)) from error
    for source in sources:
        source.article = article
    Source.objects.bulk_create(sources)
    return article, True


def _said(article, sources):
    return canonical.normal(
        {
            "words": [article.title, article.summary, article.need_to_know, article.body, article.language],
            "sources": [source.as_dict() for source in sources],
        }
    )


@transaction.atomic
def load(page: Page) -> tuple[Article, bool]:
    """Make the article of a page: (article, whether it was made); online when the earlier site stated a review.

    Raises like `make_article`.
    """
    article, made = make_article(page)
    if made and page.reviewer:
        reviewer, _ = Reviewer.objects.get_or_create(
            slug=slugify(page.reviewer)[:120], defaults={"name": page.reviewer, "credentials": page.credentials}
        )
        workflow.publish_stated(workflow.submit(article, by=None), reviewer, edited=page.edited)
    return article, made


def report(page: Page) -> list[str]:
    """Return what was read, in lines for the person who loads the page."""
    numbered = page.body_html.count("<ol>")
    lines = [
        f"title: {page.title}",
        f"summary: {len(page.summary.split())} words",
        f"need to know: {len(page.need_to_know.split())} words",
        f"body: {page.body_html.count('<h2>')} headings, {page.body_html.count('<p>')} paragraphs, "
        f"{numbered} numbered list{'' if numbered == 1 else 's'} with {page.body_html.count('<li>')} points",
        f"sources: {len(page.sources)}, {sum(bool(source_url(source)) for source in page.sources)} of them with a link",
    ]
    if page.reviewer:
        who = f"{page.reviewer}, {page.credentials}" if page.credentials else page.reviewer
        verb = "reviewed and edited" if page.edited else "reviewed"
        lines.append(f"{verb} by {who}, as the earlier site stated it, without a date")
    else:
        lines.append("no line says who reviewed it, so it is a working copy that readers do not see")
    return lines + [f"left out: {line}" for line in page.left_out]
