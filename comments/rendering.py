"""A comment's words -> HTML: escaped, links marked, contact details covered. Pure; the one place where they become HTML."""

import functools
import re

from bleach.linkifier import Linker
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from comments.screening import emails_and_phones

COVERS = (("[e-mail address not shown]", emails_and_phones.emails), ("[phone number not shown]", emails_and_phones.phones))

# What stands in the place of words that a moderator covered: the kinds of comments.models.Redaction.
REMOVED = re.compile(
    r"\[(?:(?:e-mail|email) address|phone number|address|birth date|name|record number|personal detail) removed by a moderator\]"
)


def _as_link(attrs, new):
    """Link only what a person wrote as an address of the web, and say what it is worth."""
    if not new:
        return attrs
    text = attrs["_text"]
    host = text.split("//", 1)[-1].split("/", 1)[0]
    if not text.lower().startswith(("http://", "https://", "www.")) or "@" in host:
        return None
    attrs[None, "rel"] = "ugc nofollow noopener"
    return attrs


def covered(text: str) -> list[tuple[str, bool]]:
    """Return the text in pieces; True marks a piece that stands for an address or a number that is not shown."""
    spans = sorted((start, -end, words) for words, find in COVERS for start, end in find(text))
    pieces, done = [], 0
    for start, negative_end, words in spans:
        if start < done:
            continue
        pieces += [(text[done:start], False), (words, True)]
        done = -negative_end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def name_text(name: str, *, show_details: bool) -> str:
    """Return the name as readers see it: plain text, to be escaped by the template."""
    return name if show_details else "".join(piece for piece, _ in covered(name))


@functools.lru_cache(maxsize=4096)
def words_html(text: str, *, show_details: bool) -> SafeString:
    """Return the words as paragraphs; line breaks are kept, an empty line ends a paragraph."""
    html = "".join(f"<p>{_paragraph(part, show_details)}</p>" for part in re.split(r"\n\s*\n", text.strip("\n")))
    if "://" in text or "www." in text.lower():
        html = Linker(callbacks=[_as_link], parse_email=False).linkify(html)
    return mark_safe(html)


def _paragraph(text: str, show_details: bool) -> str:
    pieces = [(text, False)] if show_details else covered(text)
    return "".join(
        f'<span class="redacted">{escape(piece)}</span>'
        if is_cover
        else REMOVED.sub(r'<span class="redacted">\g<0></span>', escape(piece)).replace("\n", "<br>")
        for piece, is_cover in pieces
    )


def marked_html(text: str, spans: list[tuple[int, int]]) -> SafeString:
    """Return the whole text for a moderator, what screening found in `<mark>`; spans are [start, end) code points."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        start = max(start, done)
        if start < end <= len(text):
            pieces.append(format_html("{}<mark>{}</mark>", text[done:start], text[start:end]))
            done = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[done:]]))
