"""What stands before an item of a list, such as "·", "o", "3." or "iv)", and which list that is. Pure."""

import dataclasses
import re

_ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_NUMBER = re.compile(r"\(?([0-9]{1,4}|[A-Za-z]{1,5})[.)]?")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SYMBOL_FONTS = re.compile(r"symbol|wingdings|courier|webdings")
# Letters that Word writes in a font of symbols, where they are no letters.
_BULLET_LETTERS = {"o", "q", "v", "n", "u"}


@dataclasses.dataclass(frozen=True)
class Marker:
    """The element of the list, its `type` where that is not 1, 2, 3, and the number of the item."""

    element: str
    type: str = ""
    number: int | None = None


BULLET = Marker("ul")


def read(text: str, *, font: str = "", expected: Marker | None = None) -> Marker | None:
    """Return what a marker says, or None when only its words can say it, such as "2.1." or "Step 3".

    `expected` is the marker that would continue the list so far: it decides whether "i." is a letter or a number.
    """
    text = text.strip()
    match = _NUMBER.fullmatch(text)
    if not match:
        return BULLET if len(text) == 1 and not text.isalnum() else None
    digits = match[1]
    if digits == text and (digits == "o" or (digits.lower() in _BULLET_LETTERS and _SYMBOL_FONTS.search(font))):
        return BULLET
    if digits.isdigit():
        return Marker("ol", "", int(digits))
    if digits not in {digits.lower(), digits.upper()} or text == digits:
        return None
    small, upper = digits.lower(), digits.isupper()
    meanings = []
    if len(small) == 1:
        meanings.append(Marker("ol", "A" if upper else "a", ord(small) - ord("a") + 1))
    if _ROMAN.fullmatch(small):
        roman = Marker("ol", "I" if upper else "i", _roman(small))
        meanings.insert(0 if small == "i" else len(meanings), roman)
    return expected if expected in meanings else next(iter(meanings), None)


def _roman(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
