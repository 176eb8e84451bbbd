"""What an element may say of itself: its attributes, and whether it is one of ours. Pure."""

import re

from articles.html.report import Left, Report
from articles.html.tags import (
    ATTRIBUTES,
    DOCTOR,
    MOST_ALT,
    OUR_PICTURE,
    TAGS,
    Token,
    is_safe_link,
    of_attribute,
    of_element,
    short,
)

# Without this attribute the element says nothing.
NEEDS = {"a": "href", "span": "lang"}
_VALUES = {
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
    "start": re.compile(r"-?[0-9]{1,5}"),
    "type": re.compile(r"[1aAiI]"),
    "colspan": re.compile(r"[1-9][0-9]{0,2}"),
    "rowspan": re.compile(r"[1-9][0-9]{0,2}"),
    "scope": re.compile(r"(?:row|col)(?:group)?"),
}


def may_stay(token: Token, name: str) -> bool:
    """Return whether an element stays: of pictures only this site's, of sections only the box that says when to call a doctor."""
    attributes = dict(token.attributes)
    if name == "img":
        return bool(OUR_PICTURE.fullmatch(attributes.get("src", "")))
    if name == "section":
        return attributes.get("class") == DOCTOR
    return name in TAGS


def allowed(name: str, attributes: tuple[tuple[str, str], ...], report: Report) -> tuple[tuple[str, str], ...]:
    """Return the attributes that stay, in a fixed order; the others are reported."""
    if name in NEEDS and NEEDS[name] not in dict(attributes):
        report[of_element(name)] += 1
        return ()
    kept = []
    for key, value in sorted(attributes):
        if (key not in ATTRIBUTES["*"] or name == "img") and key not in ATTRIBUTES.get(name, ()):
            report[of_attribute(short(key))] += 1
        elif key == "href" and not is_safe_link(value):
            report[Left.LINK, short(value)] += 1
        elif key == "alt" and len(alt := " ".join(value.split())) > MOST_ALT:
            report[Left.ALT, short(alt)] += 1
        elif key == "alt":
            kept.append((key, alt))
        elif key in _VALUES and not _VALUES[key].fullmatch(value):
            report[Left.VALUE, f"{key} “{short(value)}”"] += 1
        else:
            kept.append((key, value))
    return tuple(kept)
