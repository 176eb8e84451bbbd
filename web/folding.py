"""Text as it is searched: what somebody types without accents finds the word with them."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable


def is_dropped(sign: str) -> bool:
    """Return whether a search does not see the sign: an accent, or what only says how to set the text, such as a soft hyphen."""
    return unicodedata.combining(sign) > 0 or unicodedata.category(sign) == "Cf"


# A search is cut to so many letters, and then to so many words.
MOST_LETTERS = 200
MOST_WORDS = 10


@functools.cache
def dropped_signs() -> str:
    """Return every sign that `fold` takes away, as what stands in a character class; Unicode has none elsewhere."""
    return _runs(code for code in (*range(0x80, 0x20000), *range(0xE0000, 0xE1000)) if is_dropped(chr(code)))


@functools.cache
def word_signs() -> str:
    """Return every sign that words are made of, as what stands in a character class.

    Only of scripts that put spaces between words. Those that do not, such as Thai, Chinese and Japanese, have their letters
    further on in Unicode, and a word of theirs is found wherever it stands.
    """
    return _runs(code for code in range(0xE00) if unicodedata.category(chr(code))[0] in "LMN")


def _runs(codes: Iterable[int]) -> str:
    """Return the signs with these numbers as ranges, in a spelling that Python and PostgreSQL read alike."""
    runs = [list(run) for _, run in itertools.groupby(enumerate(codes), lambda place: place[1] - place[0])]
    return "".join(rf"\U{run[0][1]:08x}-\U{run[-1][1]:08x}" for run in runs)


@functools.lru_cache
def whole_word(word: str) -> str:
    """Return the pattern, for Python and PostgreSQL alike, that finds a folded word where it is not part of a longer one.

    Where it begins or ends with a sign that is no letter and no digit, nothing need be there: "50%" is in "50%." and in "50%ig".
    """
    sign, written = f"[{word_signs()}]", re.escape(word)
    # Looking back comes after the word, so that Python looks for that first, which is quick.
    before = f"(?<!{sign}{written})" if re.match(sign, word) else ""
    after = f"(?!{sign})" if re.match(sign, word[-1:]) else ""
    return f"{written}{before}{after}"


def one_line(query: str) -> str:
    """Return what somebody searches for, in one line and cut."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", query).strip()[:MOST_LETTERS]


NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """Return the text as it is searched: no accents, no case, nothing that is not seen, single spaces."""
    return " ".join(fold_signs(text).split())


def fold_signs(text: str) -> str:
    """Return the text with each sign folded, its spaces as they are."""
    if text.isascii():
        return text.lower()
    # What is ASCII is quick to fold, and a text in English or Spanish has the same few other signs again and again.
    return NOT_ASCII.sub(lambda run: _folded(run[0]), text).casefold()


@functools.lru_cache(maxsize=1024)
def _folded(text):
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(itertools.filterfalse(is_dropped, decomposed))
