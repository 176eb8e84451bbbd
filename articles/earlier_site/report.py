"""What was read of a page and what was left out, in lines for the person who loads it."""

from collections.abc import Iterator

from django.utils.formats import date_format

from articles.earlier_site import wording
from articles.earlier_site.page import Page
from articles.earlier_site.wording import plain
from articles.html.rendering import source_url

_NAMES = {
    "form": "a form",
    "related": "related posts",
    "author": "an author box",
    "share": "a share bar",
    "newsletter": "a newsletter box",
    "cookies": "a cookie notice",
    "navigation": "links of the earlier site",
    "rest": "what follows the last line of the article",
}


def report(page: Page) -> list[str]:
    """Return the lines of the report; comments are counted, not quoted."""
    numbered, bulleted = page.body_html.count("<ol"), page.body_html.count("<ul")
    lines = [
        f"title: {page.title}",
        f"summary: {_count(len(page.summary.split()), 'word')}",
        f"need to know: {_count(len(page.need_to_know.split()), 'word')}",
        f"body: {_count(page.body_html.count('<h2>'), 'heading')}, {_count(page.body_html.count('<p>'), 'paragraph')}, "
        f"{_count(numbered, 'numbered list')} and {_count(bulleted, 'bulleted list')} "
        f"with {_count(page.body_html.count('<li>'), 'point')}",
        f"sources: {len(page.sources)}, {sum(bool(source_url(source)) for source in page.sources)} of them with a link",
        *([f"author: {page.author}"] if page.author else []),
        _review(page),
        *(f"please check: {note}" for note in page.notes),
    ]
    return lines + list(_left_out(page))


def _review(page):
    if not page.reviewers:
        return "no line says who reviewed it, so it is a working copy that readers do not see"
    names = " and ".join(map(str, page.reviewers))
    verb = "reviewed and edited" if page.edited else "reviewed"
    day = f"on {date_format(page.reviewed_on)}" if page.reviewed_on else "without a date"
    return f"{verb} by {names}, as the earlier site stated it, {day}"


def _left_out(page) -> Iterator[str]:
    kinds = list(dict.fromkeys(line.kind for line in sorted(page.outside)))
    names = [_comments(page)] if "comments" in kinds else []
    names += [_NAMES[kind] for kind in kinds if kind in _NAMES]
    if names := [name for name in names if name]:
        yield f"left out: {', '.join(names)}"
    for line in sorted(page.outside):
        if line.known:
            yield f"left out: {line.text}"
    hidden = [line for line in sorted(page.outside) if not line.known]
    if hidden:
        words = sum(len(line.text.split()) for line in hidden)
        yield f"left out, not shown here: {_count(words, 'word')} in lines {hidden[0].number} to {hidden[-1].number}"


def _comments(page) -> str:
    """Return "2 comments of the earlier page": as many as the page says, or as there are dates, names or buttons of comments."""
    lines = [plain(line.text) for line in sorted(page.outside) if line.kind == "comments"]
    said = next((count for line in lines if (count := wording.said_count(line)) is not None), None)
    found = max(
        sum(bool(shape.fullmatch(line)) for line in lines) for shape in (wording.STAMP, wording.SAYS, wording.REPLY_BUTTON)
    )
    if said is None and not found:
        return "comments of the earlier page" if any(not line.known for line in page.outside) else ""
    count = found if said is None else said
    if said is not None and found and found != said:
        return f"{_count(said, 'comment')} of the earlier page by its own count ({found} found)"
    return f"{_count(count, 'comment')} of the earlier page" if count or found else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
