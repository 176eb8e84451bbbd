"""What the cleaner left out, counted while it works, and said in words that an editor knows. Pure."""

import enum
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_NAMES = 3


class Left(enum.Enum):
    """The kinds of things that readers do not get."""

    PICTURE = enum.auto()
    FORMAT = enum.auto()
    CODE = enum.auto()
    COMMENT = enum.auto()
    EMBEDDED = enum.auto()
    FIELD = enum.auto()
    LINK = enum.auto()
    EMPTY_LINK = enum.auto()
    ANCHOR = enum.auto()
    LEVEL = enum.auto()
    VALUE = enum.auto()
    ENDLESS = enum.auto()
    DEEP = enum.auto()
    CONTROL = enum.auto()


# (kind, what exactly, such as the name of a tag or the address of a link) -> how often.
Report = Counter[tuple[Left, str]]


def in_words(report: Report) -> list[str]:
    """Return one line for each kind, in the order in which they were found."""
    details: dict[Left, Counter[str]] = {}
    for (kind, detail), count in report.items():
        details.setdefault(kind, Counter())[detail] += count
    return [_line(kind, found) for kind, found in details.items()]


def _line(kind: Left, found: Counter[str]) -> str:
    what = _what(kind, found.total())
    names = [] if kind is Left.FORMAT else [name for name in found if name]
    if not names:
        return what
    shown = [*names[:MOST_NAMES], "…"] if len(names) > MOST_NAMES else names
    return _("{what} ({names})").format(what=what, names=", ".join(shown))


def _what(kind: Left, count: int) -> str:
    words = {
        Left.PICTURE: ngettext("{count} picture", "{count} pictures", count),
        Left.FORMAT: _("colors and other formatting"),
        Left.CODE: _("code"),
        Left.COMMENT: _("hidden comments in the code"),
        Left.EMBEDDED: ngettext("{count} embedded item and any text in it", "{count} embedded items and any text in them", count),
        Left.FIELD: ngettext("{count} form field", "{count} form fields", count),
        Left.LINK: ngettext("{count} broken link", "{count} broken links", count),
        Left.EMPTY_LINK: ngettext("{count} link with no text", "{count} links with no text", count),
        Left.ANCHOR: _("anchors"),
        Left.LEVEL: ngettext("{count} heading level", "{count} heading levels", count),
        Left.VALUE: ngettext("{count} setting that isn't valid", "{count} settings that aren't valid", count),
        Left.ENDLESS: ngettext("{count} unclosed tag", "{count} unclosed tags", count),
        Left.DEEP: _("formatting nested too deeply"),
        Left.CONTROL: _("invisible control characters"),
    }
    return words[kind].format(count=count)
