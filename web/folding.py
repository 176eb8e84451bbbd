"""Text as it is searched: what somebody types without accents finds the word with them."""

import functools
import itertools
import re
import unicodedata


def is_dropped(sign: str) -> bool:
    """Return whether a search does not see the sign: an accent, or what only says how to set the text, such as a soft hyphen."""
    return unicodedata.combining(sign) > 0 or unicodedata.category(sign) == "Cf"


# A search is cut to so many letters, and then to so many words.
MOST_LETTERS = 200
MOST_WORDS = 10


@functools.cache
def dropped_signs() -> str:
    """Return every sign that `fold` takes away, as a character class of PostgreSQL; Unicode has none elsewhere."""
    codes = [code for code in (*range(0x80, 0x20000), *range(0xE0000, 0xE1000)) if is_dropped(chr(code))]
    runs = [list(run) for _, run in itertools.groupby(enumerate(codes), lambda place: place[1] - place[0])]
    return "".join(rf"\U{run[0][1]:08x}-\U{run[-1][1]:08x}" for run in runs)


def one_line(query: str) -> str:
    """Return what somebody searches for, in one line and cut."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", query).strip()[:MOST_LETTERS]


def fold(text: str) -> str:
    """Return the text as it is searched: no accents, no case, nothing that is not seen, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(itertools.filterfalse(is_dropped, decomposed)).split())
