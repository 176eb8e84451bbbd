"""Finds e-mail addresses and phone numbers in what people type; also used to keep them off the public page."""

import re

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")

# A row of digits with the signs that stand in telephone numbers; one pass, no nested repetition.
DIGITS = re.compile(r"(?<![\w./-])[+(]{0,2}\d[\d \u00a0()./-]{5,60}(?<=\d)(?![\w/])")
OTHER_NUMBER = re.compile(r"(?:PMID|PMC|DOI|ISBN|NCT|ISRCTN|10\.\d{4,9}/\S*)[ :#.]{0,3}$", re.IGNORECASE)
DATES = re.compile(
    r"^(?:(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}|\d{4}[-/]\d{2,4})[ \u00a0-]{0,3})+$"
)


def emails(text: str) -> list[tuple[int, int]]:
    """Return where e-mail addresses stand, as [start, end) code points."""
    return [match.span() for match in EMAIL.finditer(text)]


def phones(text: str) -> list[tuple[int, int]]:
    """Return where phone numbers stand, as [start, end) code points; several in one row are one place."""
    return [
        match.span()
        for match in DIGITS.finditer(text)
        if _is_phone(match.group(), text[max(0, match.start() - 24) : match.start()])
    ]


def _is_phone(found: str, before: str) -> bool:
    # E.164 knows at most fifteen digits; fewer than seven are no number that one can call from elsewhere.
    digits = sum(character.isdigit() for character in found)
    if digits < 7 or DATES.match(found) or OTHER_NUMBER.search(before):
        return False
    # Seven or eight digits without a sign or a gap are a count or a laboratory value.
    return digits >= 9 or not found.isdigit()
