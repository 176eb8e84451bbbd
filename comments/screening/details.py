"""Finds e-mail addresses and phone numbers in what people type; also used to keep them off the public page."""

import re
import unicodedata

# The usual form with any top domain; with spaces around the sign only before common ones, or "me @ home.Then" is one.
EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
    r"|(?<![\w.+-])[\w.+-]{1,64} {0,2}(?:@|%40) {0,2}[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}"
    r"\.(?:com|org|net|edu|gov|info|biz|io|co|me|uk|de|at|ch|fr|it|es|pt|mx|ar|cl|us|ca|au|nz|eu|br)\b"
)

# A row of digits with the signs that stand in telephone numbers; one pass, no nested repetition.
DIGITS = re.compile(r"(?<!\d)[+(]{0,2}\d[\d ()./-]{5,60}(?<=\d)(?!\d)")
OTHER_NUMBER = re.compile(r"(?:PMID|PMC|DOI|ISBN|NCT|ISRCTN|10\.\d{4,9}/\S*)[ :#.]{0,3}$", re.IGNORECASE)
ADDRESS_OF_A_PAGE = re.compile(r"(?:https?://|www\.)(?!(?:www\.)?wa\.me/)\S*$", re.IGNORECASE)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"(?:{_DAY}[./-]{_DAY}[./-](?:{_YEAR}|\d\d)|{_YEAR}[./-]{_DAY}[./-]{_DAY}|{_YEAR}[/-](?:{_YEAR}|\d\d)|{_YEAR})"
DATES = re.compile(rf"{_DATE}(?: ?- ?{_DATE}| {{1,2}}{_DATE})?")


def emails(text: str) -> list[tuple[int, int]]:
    """Return where e-mail addresses stand, as [start, end) code points."""
    plain, places = _plain(text)
    return [_span(places, match) for match in EMAIL.finditer(plain)]


def phones(text: str) -> list[tuple[int, int]]:
    """Return where phone numbers stand, as [start, end) code points; several in one row are one place."""
    plain, places = _plain(text)
    return [
        _span(places, match)
        for match in DIGITS.finditer(plain)
        if _is_phone(match.group(), plain[max(0, match.start() - 80) : match.start()])
    ]


def _is_phone(found: str, before: str) -> bool:
    # E.164 knows at most fifteen digits; fewer than seven are no number that one can call from elsewhere.
    digits = sum(character.isdigit() for character in found)
    if digits < 7 or DATES.fullmatch(found) or OTHER_NUMBER.search(before) or ADDRESS_OF_A_PAGE.search(before):
        return False
    # Seven or eight digits without a sign or a gap are a count or a laboratory value.
    return digits >= 9 or not found.isdigit()


def _plain(text: str) -> tuple[str, list[int] | None]:
    """Return the text without disguise (full-width signs, invisible ones, long dashes) and where each sign of it came from."""
    if text.isascii():
        return text, None
    signs, places = [], []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind == "Cf":
            continue
        for sign in "-" if kind == "Pd" else " " if kind == "Zs" else unicodedata.normalize("NFKC", character):
            signs.append(sign)
            places.append(place)
    return "".join(signs), places


def _span(places: list[int] | None, match: re.Match) -> tuple[int, int]:
    return match.span() if places is None else (places[match.start()], places[match.end() - 1] + 1)
