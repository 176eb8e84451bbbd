"""An editor's HTML -> well-formed HTML of a short list of elements, and what was left out, in words.

Four steps: tokens (`articles.html.tags`), what programs say with styles as elements (`articles.html.pasting`), a tree in which
every element stands where it may (`articles.html.tree`), and bleach with the allow list over the result. Pure.
"""

import dataclasses
import re
from collections import Counter

import bleach
from django.utils.translation import gettext as _

from articles.html.pasting import converted
from articles.html.places import without_dead_links
from articles.html.report import in_words
from articles.html.tags import ATTRIBUTES, CONTROL, OUR_PICTURE, PROTOCOLS, TAGS, tokens
from articles.html.tree import TooDeep, Tree

__all__ = ["Cleaned", "TooDeep", "clean", "clean_strings"]

# Bleach knows the names of attributes; this knows which pictures they may name.
_FOREIGN_PICTURE = re.compile(rf'<img(?!(?: alt="[^"]*")? src="{OUR_PICTURE.pattern}">)(?: [a-z]+="[^"]*")*>')
# Blocks that bleach gets at once: its time grows with the square of their number.
_PORTION = 100


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """Safe HTML, and what was taken out of the text that it was made from, in words for the editor."""

    html: str
    removed: list[str]


def clean(text: str, *, around: str = "") -> Cleaned:
    """Return the HTML that readers may get of an editor's, and everything that was left out.

    The words stay, but for deleted and hidden ones, which the report quotes, and those of <script> and its like;
    `clean(clean(x).html)` changes nothing. `around` is the text that a part is meant for: its headings may be linked. Raises
    TooDeep when lists, tables or quotations stand inside each other too often.
    """
    report = Counter()
    tree = Tree(report)
    for token in converted(list(tokens(text, report)), text, report):
        tree.take(token)
    cleaner = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
    blocks = tree.finished()
    portions = ("".join(blocks[start : start + _PORTION]) for start in range(0, len(blocks), _PORTION))
    safe = "".join(map(cleaner.clean, portions)).strip("\n")
    safe = _FOREIGN_PICTURE.sub("", safe)
    safe = without_dead_links(safe, report, around)
    return Cleaned(safe, in_words(report))


def clean_strings(value, report: set[str], where: str = ""):
    """Return a content value with the control characters taken out of every string; `report` names where there were any.

    No page shows them, and no feed may hold them (https://www.w3.org/TR/xml/#charsets).
    """
    if isinstance(value, str):
        kept = CONTROL.sub("", value)
        if kept != value:
            report.add(_("invisible control characters in: {where}").format(where=where))
        return kept
    if isinstance(value, dict):
        return {key: clean_strings(item, report, where or key.replace("_", " ")) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_strings(item, report, where) for item in value]
    return value
