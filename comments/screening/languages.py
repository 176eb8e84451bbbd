"""Finds texts in another script or language than the site's."""

import tomllib
import unicodedata
from collections import Counter

from comments.screening.reading import Reading
from comments.screening.text.folding import DATA
from comments.screening.types import Signal

# Small words by language.
FREQUENT = {
    language: frozenset(words.split())
    for language, words in tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8")).items()
}
LANGUAGES_OF = {
    word: [language for language, words in FREQUENT.items() if word in words] for word in frozenset().union(*FREQUENT.values())
}
ENOUGH_LETTERS = 12
ENOUGH_WORDS = 6


def other_script(reading: Reading) -> list[Signal]:
    """Find a text most of whose letters are of another script than Latin."""
    if reading.submission.body.isascii():
        return []
    letters = [sign for sign in reading.submission.body if ord(sign) > 127 and sign.isalpha()]
    if len(letters) < ENOUGH_LETTERS:
        return []
    scripts = Counter(unicodedata.name(sign, "?").split(" ")[0] for sign in letters)
    scripts.pop("LATIN", None)
    # Fancy letters are Latin ones in disguise.
    scripts = Counter(
        {name: count for name, count in scripts.items() if name not in {"MATHEMATICAL", "FULLWIDTH", "CIRCLED", "SQUARED"}}
    )
    every = sum(sign.isalpha() for sign in reading.submission.body)
    if not scripts or sum(scripts.values()) * 2 < every:
        return []
    return [Signal("other_script", scripts.most_common(1)[0][0].capitalize())]


def language_of(text: str) -> str:
    """Return "es" for a text that has more small words of Spanish than of English, else "en"."""
    words = [word.strip(".,;:!?¿¡").lower() for word in text.split()]
    spanish, english = (sum(word in FREQUENT[language] for word in words) for language in ("es", "en"))
    return "es" if spanish > english else "en"


def other_language(reading: Reading) -> list[Signal]:
    """Find a text whose small words are of a language that the site is not written in."""
    words = [word.strip(".,;:!?") for word in reading.plain.text.split()]
    if len(words) < ENOUGH_WORDS:
        return []
    shares = dict.fromkeys(FREQUENT, 0)
    for word in words:
        for language in LANGUAGES_OF.get(word, ()):
            shares[language] += 1
    own = max((shares.get(language, 0) for language in reading.watch.languages), default=0)
    best = max(shares, key=lambda language: shares[language])
    return [Signal("other_language", best)] if shares[best] >= 3 and shares[best] > 2 * own else []
