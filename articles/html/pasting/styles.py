"""What a `style` attribute and the classes of a pasted style sheet say, as far as words depend on it. Pure."""

import functools
import re

from articles.html.tags import Token

_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_OF_A_CLASS = re.compile(r"[A-Za-z0-9]*\.([A-Za-z_][A-Za-z0-9_-]*)")
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)(pt|px|in|cm|mm|em|%|)")
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 12.0, "%": 0.12, "": 1.0}


@functools.lru_cache(maxsize=2048)
def _declarations(text: str) -> dict[str, str]:
    found = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.partition("!")[0].strip().lower()
    return found


def points(value: str) -> float | None:
    """Return a CSS length in points, or None."""
    match = _LENGTH.fullmatch(value.strip())
    return float(match[1]) * _POINTS[match[2]] if match else None


class Sheet:
    """The rules for classes in the <style> elements of a text, and with them the style of a token."""

    def __init__(self, text: str):
        self.classes: dict[str, dict[str, str]] = {}
        position = 0
        while (start := text.find("<style", position)) >= 0 and (end := text.find("</style", start)) >= 0:
            # Without what Word has in it for other programs, the sheet is a list of rules.
            rules = re.sub(r"<!--|-->|/\*.*?\*/|@[a-z-]+[^{};]*;", "", text[text.find(">", start) + 1 : end], flags=re.DOTALL)
            for selectors, body in _RULE.findall(rules):
                for selector in selectors.split(","):
                    if match := _OF_A_CLASS.fullmatch(selector.strip()):
                        self.classes.setdefault(match[1].lower(), {}).update(_declarations(body))
            position = end + 1

    def style(self, token: Token) -> dict[str, str]:
        """Return property -> value of a start tag, in small letters; the attribute wins over the classes."""
        own, classes = "", ()
        for name, value in token.attributes:
            if name == "style":
                own = value
            elif name == "class":
                classes = tuple(value.lower().split())
        found = [self.classes[name] for name in classes if name in self.classes] if self.classes else []
        if not found:
            return _declarations(own) if own else {}
        merged: dict[str, str] = {}
        for rules in found:
            merged |= rules
        return merged | _declarations(own)


def classes(token: Token) -> list[str]:
    """Return the classes of a tag in small letters."""
    return dict(token.attributes).get("class", "").lower().split()


def is_bold(style: dict[str, str]) -> bool | None:
    """Return whether a style makes words bold, or not bold, or says nothing of it."""
    weight = style.get("font-weight", "")
    if weight.isdigit():
        return int(weight) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)


def is_italic(style: dict[str, str]) -> bool | None:
    """Return the same of italics."""
    slant = style.get("font-style", "")
    return True if slant.startswith("oblique") else {"italic": True, "normal": False}.get(slant)


def position(style: dict[str, str]) -> str:
    """Return "sup" for words above the line, "sub" for words below it, or nothing."""
    for name in ("vertical-align", "font-variant-position", "mso-text-raise"):
        value = style.get(name, "")
        if value in {"super", "sub"}:
            return "sup" if value == "super" else "sub"
        raised = points(value) if value else None
        if raised:
            return "sup" if raised > 0 else "sub"
    if style.get("position") == "relative" and (down := points(style.get("top", ""))):
        return "sub" if down > 0 else "sup"
    return ""


def is_struck(style: dict[str, str]) -> bool:
    """Return whether a line goes through the words."""
    lines = " ".join(style.get(name, "") for name in ("text-decoration", "text-decoration-line"))
    return "line-through" in lines or style.get("text-line-through", "none") != "none"


def is_hidden(style: dict[str, str]) -> bool:
    """Return whether nobody saw the words where they were copied."""
    return style.get("display") == "none" or style.get("visibility") == "hidden" or style.get("mso-hide") == "all"
