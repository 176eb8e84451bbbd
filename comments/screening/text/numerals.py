"""Numbers in words, English and Spanish, as people spell telephone numbers."""

import functools
import re

from comments.screening.text.folding import LETTERS_ALONE, words_in

WORTH = {
    **dict.fromkeys(("oh", "zero", "o", "nought", "cero", "zip", "naught"), "0"),
    **dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "123456789", strict=True)),
    **dict(zip(["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"], "123456789", strict=True)),
    "un": "1",
    "una": "1",
    "won": "1",
    "fiver": "5",
    "niner": "9",
    **dict(
        zip(
            ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
            map(str, range(10, 20)),
            strict=True,
        )
    ),
    **dict(
        zip(
            ["diez", "once", "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve"],
            map(str, range(10, 20)),
            strict=True,
        )
    ),
    **dict(
        zip(
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
            map(str, range(20, 100, 10)),
            strict=True,
        )
    ),
    **dict(
        zip(
            ["veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"],
            map(str, range(20, 100, 10)),
            strict=True,
        )
    ),
    **dict(
        zip(
            [
                "veintiuno",
                "veintidos",
                "veintitres",
                "veinticuatro",
                "veinticinco",
                "veintiseis",
                "veintisiete",
                "veintiocho",
                "veintinueve",
            ],
            map(str, range(21, 30)),
            strict=True,
        )
    ),
    "cien": "100",
    **dict(
        zip(
            [
                "doscientos",
                "trescientos",
                "cuatrocientos",
                "quinientos",
                "seiscientos",
                "setecientos",
                "ochocientos",
                "novecientos",
            ],
            map(str, range(200, 1000, 100)),
            strict=True,
        )
    ),
    "hundred": "00",
    "thousand": "000",
    "mil": "000",
}
TIMES = {"double": 2, "triple": 3, "treble": 3, "doble": 2}
NAMES = frozenset([*WORTH, *TIMES])
WORD = "|".join(sorted(NAMES, key=len, reverse=True))
# Words and digits may touch, "four15 five5five": only other letters beside them make them something else.
SPOKEN = re.compile(rf"(?<![^\W\d_])(?:{WORD})(?![^\W\d_])", re.IGNORECASE)
# Any word, looked up afterwards: to try every name at every letter takes longer.
TOKEN = re.compile(rf"(?P<word>{LETTERS_ALONE.pattern})|(?<!\d)\d{{1,4}}(?!\d)")
# What may stand between two numbers of one row.
GAP = re.compile(r"[ ,.\-_/()+]{0,4}(?:(?:y|and|then|guion|dash|hyphen|espacio|luego) )?")
LONGEST_GAP = 12
FEWEST_WORDS = 3
PIECE = re.compile(rf"{SPOKEN.pattern}|\d+|\by\b", re.IGNORECASE)


# Several rules ask for the same text.
@functools.lru_cache(maxsize=8)
def spelled_in(text: str) -> list[tuple[int, int, str]]:
    """Return rows of numbers of which three or more are words, as (start, end, digits); several in one row are one."""
    small = text.lower()
    # Few letters in a row first: counting whole words takes longer.
    if sum(map(small.count, NAMES & words_in(small))) < FEWEST_WORDS:
        return []
    if sum(map(NAMES.__contains__, LETTERS_ALONE.findall(small))) < FEWEST_WORDS:
        return []
    rows: list[list[re.Match]] = []
    for match in TOKEN.finditer(text):
        if match["word"] and match["word"].lower() not in NAMES:
            continue
        last = rows[-1][-1].end() if rows else -1
        if rows and match.start() - last <= LONGEST_GAP and GAP.fullmatch(text, last, match.start()):
            rows[-1].append(match)
        else:
            rows.append([match])
    found = []
    for row in rows:
        if sum(not match.group().isdigit() for match in row) >= FEWEST_WORDS:
            start, end = row[0].start(), row[-1].end()
            found.append((start, end, digits_of(text[start:end])))
    return found


def digits_of(spelled: str) -> str:
    """Return the digits of a number in words and digits: "double five oh" is "550", "treinta y cuatro" "34"."""
    digits, times, joined = "", 1, False
    for match in PIECE.finditer(spelled):
        piece = match.group().lower()
        if piece in TIMES:
            times = TIMES[piece]
        elif piece == "y":
            joined = True
        else:
            worth = WORTH.get(piece, piece)
            tens = len(digits) > 1 and digits[-1] == "0" and digits[-2] != "0" and len(worth) == 1 and worth != "0"
            hyphen = match.start() and spelled[match.start() - 1] == "-" and not piece.isdigit()
            digits = digits[:-1] + worth if tens and (joined or hyphen) else digits + worth * times
            times, joined = 1, False
    return digits
