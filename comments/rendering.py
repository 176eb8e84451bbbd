"""A comment's words -> HTML: escaped, links marked, contact details covered. Pure; the one place where they become HTML."""

import functools
import re

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from comments.screening import emails_and_phones
from comments.screening.web_addresses import web_addresses

NO_EMAIL = gettext_noop("[email address not shown]")
NO_PHONE = gettext_noop("[phone number not shown]")

# What stands in the place of words that a moderator covered: the kinds of comments.models.Redaction.
REMOVED = re.compile(
    r"\[(?:(?:e-mail|email) address|phone number|address|birth date|name|record number|personal detail) removed by a moderator\]"
)


def _covers(text: str, help_lines: frozenset[str] = frozenset()) -> list[tuple[int, int, str]]:
    """Return (start, end, words that stand there instead) of every address and number, in order and apart."""
    found, done = [], 0
    places = [(start, -end, NO_EMAIL) for start, end in emails_and_phones.emails(text)]
    places += [(start, -end, NO_PHONE) for start, end in emails_and_phones.phones(text, help_lines)]
    for start, negative_end, words in sorted(places):
        if start >= done:
            done = -negative_end
            found.append((start, done, words))
    return found


@functools.lru_cache(maxsize=4096)
def name_text(name: str, *, show_details: bool) -> str:
    """Return the name as readers see it: plain text, to be escaped by the template."""
    if show_details:
        return name
    pieces, done = [], 0
    for start, end, words in _covers(name):
        pieces += [name[done:start], words]
        done = end
    return "".join([*pieces, name[done:]])


@functools.lru_cache(maxsize=4096)
def has_phone_number(text: str) -> bool:
    """Return whether a number would be covered, if it is no help line of the site."""
    return bool(emails_and_phones.phones(text))


@functools.lru_cache(maxsize=4096)
def words_html(text: str, *, show_details: bool, help_lines: frozenset[str] = frozenset()) -> SafeString:
    """Return the words as paragraphs, each in its own direction; line breaks are kept, an empty line ends a paragraph.

    The numbers of the site's own help lines are never covered.
    """
    parts = re.split(r"\n\s*\n", text.strip("\n"))
    return mark_safe("".join(f'<p dir="auto">{_paragraph(part, show_details, help_lines)}</p>' for part in parts))


def _paragraph(text: str, show_details: bool, help_lines: frozenset[str]) -> str:
    removed = [(*match.span(), match.group()) for match in REMOVED.finditer(text)]
    covers = removed + ([] if show_details else _covers(text, help_lines))
    parts = [(start, end, f'<span class="redacted">{escape(words)}</span>') for start, end, words in covers]
    for address in web_addresses(text):
        # A link would tell what is covered, or lead to somewhere else.
        if address.is_readable and not any(start < address.end and address.start < end for start, end, _ in covers):
            parts.append((address.start, address.end, _link(text[address.start : address.end])))
    pieces, done = [], 0
    for start, end, html in sorted(parts):
        if start >= done:
            pieces += [escape(text[done:start]), html]
            done = end
    return "".join([*pieces, escape(text[done:])]).replace("\n", "<br>")


def _link(address: str) -> str:
    """Return a link that vouches for nothing."""
    scheme = "" if "://" in address else "https://"
    # Left to right in any line: brackets in it would change places.
    return f'<a href="{scheme}{escape(address)}" rel="ugc nofollow noopener" dir="ltr">{escape(address)}</a>'


def marked_html(text: str, spans: list[tuple[int, int]]) -> SafeString:
    """Return the whole text for a moderator, what screening found in `<mark>`; spans are [start, end) code points."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        start = max(start, done)
        if start < end <= len(text):
            pieces.append(format_html("{}<mark>{}</mark>", text[done:start], text[start:end]))
            done = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[done:]]))
