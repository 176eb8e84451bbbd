"""Text as it is searched: what somebody types without accents finds the word with them."""

import itertools
import unicodedata

# A search is cut to so many letters, and then to so many words.
MOST_LETTERS = 200
MOST_WORDS = 10


def fold(text: str) -> str:
    """Return the text as it is searched: no accents, no case, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(itertools.filterfalse(unicodedata.combining, decomposed)).split())
