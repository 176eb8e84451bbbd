"""Signs of Word's Symbol font, which it writes as the Latin letters of their places: "50 mg" of that font was "50 μg". Pure.

The places are those of the encoding that Unicode publishes for the font: https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
"""

import re

from articles.html.tags import Token

_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
_SIGNS = {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼",
    0xA1: "ϒ", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xA6: "ƒ", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡",
    0xBB: "≈", 0xBC: "…", 0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCC: "⊂", 0xCE: "∈", 0xCF: "∉",
    0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDB: "⇔",
    0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑",
}  # fmt: skip
SURELY, MAYBE = "surely", "maybe"
A_WORD = re.compile("[A-Za-z]{3}")
# Word may write a sign by its place in the private area of Unicode as well.
_PRIVATE = 0xF000


def sign(character: str) -> str:
    """Return the sign that the Symbol font shows for a character, or the character when it shows no other."""
    code = ord(character)
    code -= _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else 0
    return _LETTERS.get(chr(code)) or _SIGNS.get(code, chr(code))


def symbol_font(token: Token, style: dict[str, str], around: str) -> str:
    """Return SURELY, MAYBE or "" for whether the words of a start tag are in that font; `around` is what the element around says.

    Word marks its signs; a style that only names the font may stand at words that it never showed in it.
    """
    if "mso-symbol-font-family" in style:
        return SURELY if _first(style["mso-symbol-font-family"]) == "symbol" else ""
    if style.get("mso-char-type") == "symbol" and _first(style.get("font-family", "symbol")) == "symbol":
        return SURELY
    families = [style["font-family"]] if "font-family" in style else []
    families += [value for name, value in token.attributes if token.value == "font" and name == "face"]
    if not families:
        return around
    return (around or MAYBE) if _first(families[0]) == "symbol" else ""


def _first(families):
    return families.split(",")[0].strip(" '\"").lower()
