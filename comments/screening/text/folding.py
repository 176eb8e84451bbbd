"""The first step of reading a text: each sign becomes what it looks like, and remembers where in the original it stood."""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent.parent / "data"
LETTERS = tomllib.loads((DATA / "letters.toml").read_text(encoding="utf-8"))
LOOK_ALIKE = {sign: letter for letter, signs in LETTERS["look_alike"].items() for sign in signs}

# Nothing is seen of these, whatever Unicode calls them: Hangul fillers, the blank braille cell.
BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
# Signs that stay what they are, or a single other one.
SIGNS = re.compile(r"(?P<kept>[\n -~]+)|.", re.DOTALL)
LONG, KEPT = 1000, 24
PADDING = re.compile(rf"(.)\1{{{KEPT},}}", re.DOTALL)
LETTERS_ALONE = re.compile(r"[^\W\d_]+")
QUOTES = dict.fromkeys("‘’‚‛′´`ʼʻ＇", "'") | dict.fromkeys("“”„‟″«»", '"')


class Folded(NamedTuple):
    """A text and, for each of its characters, the index of the original character it came from."""

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where text[start:end] stood in the original, as [start, end) code points."""
        return self.at[start], self.at[end - 1] + 1


@functools.lru_cache(maxsize=8192)
def _fold_sign(sign: str) -> str:
    """Return what one sign looks like in ASCII where that exists: "" for what is not seen, one space for any space."""
    if sign == "\n" or " " <= sign <= "~":
        return sign
    if sign in QUOTES:
        return QUOTES[sign]
    category = unicodedata.category(sign)
    if sign in BLANK or category in {"Mn", "Me", "Cf", "Cs", "Co", "Cn"}:
        return ""
    if category[0] == "Z" or category == "Cc":
        return " "
    if category == "Pd" or sign == "−":
        return "-"
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if sign in LOOK_ALIKE:
        return LOOK_ALIKE[sign]
    if sign.lower() in LOOK_ALIKE:
        return LOOK_ALIKE[sign.lower()].upper()
    # The sharp s, ligatures and enclosed signs grow to several letters; a limit keeps Arabic phrases in one sign short.
    parts = unicodedata.normalize("NFKD", sign)[:4]
    if parts == sign:
        digit = unicodedata.digit(sign, None)
        return sign if digit is None else str(digit)
    return "".join(_fold_sign(part) for part in parts if part != sign)


def without_padding(seen: Folded) -> Folded:
    """Return a long text with what is one sign again and again cut to KEPT of it; a short one costs no time worth saving."""
    if len(seen.text) < LONG:
        return seen
    pieces, at, done = [], [], 0
    for match in PADDING.finditer(seen.text):
        # The last one stays, so that a place that holds it ends where it ends.
        start, end = match.start() + KEPT - 1, match.end() - 1
        pieces.append(seen.text[done:start])
        at.extend(seen.at[done:start])
        done = end
    return Folded("".join([*pieces, seen.text[done:]]), [*at, *seen.at[done:]]) if done else seen


# Several rules ask for the same text, to see whether a slower search is worth while.
@functools.lru_cache(maxsize=4)
def words_in(text: str) -> frozenset[str]:
    """Return every word of letters alone in a text."""
    return frozenset(LETTERS_ALONE.findall(text))


def folded(text: str) -> Folded:
    """Return the text as it looks: no accents, no invisible signs, Latin letters and ASCII digits for their look-alikes.

    Case, punctuation and line breaks stay.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return Folded(text, range(len(text)))
    signs, at = [], []
    for match in SIGNS.finditer(text):
        if match["kept"]:
            signs.append(match["kept"])
            at.extend(range(*match.span()))
        elif seen := _fold_sign(match.group()):
            signs.append(seen)
            at.extend([match.start()] * len(seen))
    return Folded("".join(signs), at)
