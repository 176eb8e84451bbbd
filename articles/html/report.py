"""What the cleaner left out, counted while it works, and said in words that an editor knows. Pure."""

import enum
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Left(enum.Enum):
    """The kinds of things that readers do not get, or get in another way: what matters first, mere looks last."""

    DELETED = enum.auto()
    HIDDEN = enum.auto()
    NOTE = enum.auto()
    FOOTNOTE = enum.auto()
    PICTURE = enum.auto()
    EMBEDDED = enum.auto()
    FIELD = enum.auto()
    LINK = enum.auto()
    NOWHERE = enum.auto()
    EMPTY_LINK = enum.auto()
    LEVEL = enum.auto()
    ALT = enum.auto()
    VALUE = enum.auto()
    ENDLESS = enum.auto()
    DEEP = enum.auto()
    CONTROL = enum.auto()
    CODE = enum.auto()
    COMMENT = enum.auto()
    FORMAT = enum.auto()


# (kind, what exactly, such as the name of a tag or the address of a link) -> how often.
Report = Counter[tuple[Left, str]]


def in_words(report: Report) -> list[str]:
    """Return one line for each kind, in the order of `Left`; everything that has a name is named."""
    details: dict[Left, Counter[str]] = {}
    for (kind, detail), count in report.items():
        details.setdefault(kind, Counter())[detail] += count
    return [_line(kind, details[kind]) for kind in Left if kind in details]


def _line(kind: Left, found: Counter[str]) -> str:
    what = _what(kind, found.total())
    names = [] if kind in _LOOKS else [f"“{name}”" if kind in _QUOTED else name for name in found if name]
    return _("{what} ({names})").format(what=what, names=", ".join(names)) if names else what


# Of these nothing is named, and of these the words are quoted.
_LOOKS = {Left.FORMAT, Left.COMMENT}
_QUOTED = {Left.DELETED, Left.HIDDEN, Left.NOTE, Left.PICTURE, Left.ALT}


def _what(kind: Left, count: int) -> str:
    words = {
        Left.DELETED: _("crossed-out or deleted text"),
        Left.HIDDEN: _("hidden text"),
        Left.NOTE: _("comments in the margin"),
        Left.FOOTNOTE: _("footnotes, which now cite the sources with these numbers"),
        Left.PICTURE: ngettext("{count} picture", "{count} pictures", count),
        Left.EMBEDDED: ngettext("{count} embedded item and any text in it", "{count} embedded items and any text in them", count),
        Left.FIELD: ngettext("{count} form field", "{count} form fields", count),
        Left.LINK: ngettext("{count} broken link", "{count} broken links", count),
        Left.NOWHERE: ngettext(
            "{count} link to a place that isn't on this page", "{count} links to places that aren't on this page", count
        ),
        Left.EMPTY_LINK: ngettext("{count} link with no text", "{count} links with no text", count),
        Left.LEVEL: ngettext("{count} heading level", "{count} heading levels", count),
        Left.ALT: ngettext(
            "{count} description of a picture that is too long, so please shorten it",
            "{count} descriptions of pictures that are too long, so please shorten them",
            count,
        ),
        Left.VALUE: ngettext("{count} setting that isn't valid", "{count} settings that aren't valid", count),
        Left.ENDLESS: ngettext("{count} unclosed tag", "{count} unclosed tags", count),
        Left.DEEP: _("formatting nested too deeply"),
        Left.CONTROL: _("invisible control characters"),
        Left.CODE: _("code"),
        Left.COMMENT: _("hidden comments in the code"),
        Left.FORMAT: _("colors and fonts"),
    }
    return words[kind].format(count=count)
