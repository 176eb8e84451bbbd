"""Finds dates of birth, by shape and surroundings."""

import itertools
import re

from comments.screening.emails_and_phones import with_digits, without_overlap
from comments.screening.text.folding import Folded, words_in

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|"
    r"jun|jul|aug|sept?|oct|nov|dec|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|ene|abr|ago|dic)"
)
MONTHS = frozenset(re.findall(r"[a-z]+", MONTH)) | {"sep"}
YEAR = r"(?:(?:18|19|20)\d\d|['’]?\d\d)"
DAY = r"(?:\d{1,2}(?:st|nd|rd|th|o)?)"
DAY_WORD = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    r"twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|"
    r"doce|trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinte|veinti\w{3,7}|treinta(?: y uno)?)"
)
YEAR_WORD = (
    r"(?:nineteen[ -](?:hundred (?:and )?)?\w{3,9}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"two thousand(?: (?:and )?\w{3,9})?|"
    r"mil novecientos(?: \w{4,11}(?: y \w{3,6})?)?|dos mil(?: \w{3,11})?)"
)
DATE = re.compile(
    rf"(?<![\w./-])(?:(?:the )?{DAY}[ ./-]{{1,2}}(?:(?:day of|of|de) )?{MONTH}"
    rf"\.?,?[ ./-]{{1,2}}(?:(?:de|del|of|del ano|in) )?{YEAR}(?!\d)"
    rf"|{MONTH}\.?[ ./-]{{1,2}}(?:the )?{DAY}(?:,|,? of)?[ ./-]{{1,2}}{YEAR}(?!\d)"
    rf"|\d{{4}}[ ./-]{{1,2}}(?:\d{{1,2}}|{MONTH})[ ./-]{{1,2}}\d{{1,2}}(?!\d)"
    r"|\d{1,2} ?[./\\ -] ?\d{1,2} ?[./\\ -] ?(?:\d{4}|\d{2})(?![\d/])"
    r"|\d{1,2}[ ./-]{1,2}(?:i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})[ ./-]{1,2}(?:19|20)\d\d(?!\d)"
    r"|\d(?: \d)? ?[./-] ?\d(?: \d)? ?[./-] ?\d \d \d \d(?!\d)"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}(?!\d)"
    rf"|(?:the )?{DAY} (?:of |de )?{MONTH},? (?:of |de |del |in )?{YEAR_WORD}"
    rf"|(?:the )?{DAY_WORD} (?:of |de )?{MONTH},? (?:of |de |del |in )?(?:{YEAR_WORD}|(?:19|20)\d\d)"
    rf"|{MONTH} (?:the )?{DAY_WORD},? (?:{YEAR_WORD}|(?:19|20)\d\d))",
    re.IGNORECASE,
)
# Without a month in words there are three numbers side by side, or eight digits; a month has a number behind it, or one in words.
NUMERIC = re.compile(
    r"\d[ ./\\-]{1,3}\d{1,2}[ ./\\-]{1,3}\d|\d{8}|\d[ ./-]{1,2}[ivx]{1,4}[ ./-]{1,2}(?:19|20)\d\d", re.IGNORECASE
)
WITH_MONTH = re.compile(
    rf"{MONTH}(?:[.,]{{0,2}}[ ./-]{{1,2}}(?:[a-z]{{2,3}} (?:ano )?)?['’]?\d| (?:the )?{DAY_WORD})", re.IGNORECASE
)
WITH_YEAR = re.compile(r"nineteen|thousand|novecientos|dos mil", re.IGNORECASE)
SIX = re.compile(r"\d{6}")
BIRTH = re.compile(
    r"(?:\bborn\b|\bbirth|\bbirthday|\bbday|\bb-day|\bd\.? ?o\.? ?b\b\.?|\bnaci\b|\bnacio\b|\bnacid[oa]s?\b|"
    r"\bnacimiento|\bnac\.|\bfec\w* nac|\bf\.? ?(?:de )?nac|\bfdn\b|"
    r"\bcumple\b|\bcumpleanos|\bcumplo\b|\bsoy del?\b|(?:^|[^\w.])b\. ?$|\bcame into (?:the|this) world|"
    r"\bvin[eo] al mundo|\bvio la luz|\bnatal|\bhappy \d+(?:st|nd|rd|th)\b|\btwins\b|\b(?:gemel|melliz|trilliz)[ao]s\b|\bcumpl[ei]|\b(?:would|will) (?:be|turn|have turned) \d|"
    r"\b(?:aries|taurus|tauro|gemini|geminis|a leo|es leo|soy leo|virgo|libra|scorpio|escorpio|sagittarius|sagitario|capricorn|capricornio|"
    r"aquarius|acuario|pisces|piscis)\b)",
    re.IGNORECASE,
)
NOT_BIRTH = re.compile(
    r"(?:diagnos|\bdx\b|since|desde|flare|brote|biops|surger|cirug|operat|operar|trans?plant|trasplant|appointment|\bcitas?\b|visit|"
    r"died|death|muri|fallec|passed|buried|funeral|married|wedding|casamos|case\b|boda|anniversar|aniversario|start|began|begin|empec|empez|"
    r"comen[cz]|labs?\b|result|analisis|\btest|prueba|scan|\bmri\b|resonancia|admitted|ingres|discharg|alta\b|infus|dose|dosis|vaccin|vacuna|"
    r"publish|publica|article|articulo|stud(?:y|ies)|estudio|trial|updat|posted|expire|expir|caduc|vence|sober|quit|deje|retire|jubil|moved|mud[ae]|"
    r"approved|aprob|version|until|hasta|valid|visa|hired|fired|day of my|was the day|last (?:day|time)|ultim[ao] (?:vez|dia)|first day|primer dia|guarantee|warranty)",
    re.IGNORECASE,
)
# A day in years of which most people are born and few remember another day by its number.
LONG_AGO = re.compile(
    r"nineteen (?:hundred|[a-z]{3,7}ty|[a-z]{3,9}teen)|mil novecientos|(?:19[2-9]\d|200\d)(?!\d)|(?<=\d) ?1 9 \d \d"
)
# Nobody was born so often.
MOST_DATES = 100
# Six digits in a row are a date only right behind the word.
SAID = re.compile(r"\b(?:d\.?o\.?b\.?|fdn|born|birth ?date|nacimiento)(?!\w)", re.IGNORECASE)
BARE = re.compile(r"^[ :#.-]{0,3}(?:is |es )?(?:(?:0[1-9]|[12]\d|3[01]){2}\d\d)(?!\d)")
ENDS = re.compile(r"[!?\n]|\.(?= [A-Z])")


def birthdates_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where dates of birth (day, month and year) stand, as places of the folded text."""
    text = with_digits(seen.text)
    dates = []
    months = not MONTHS.isdisjoint(words_in(text.lower()))
    if NUMERIC.search(text) or (months and (WITH_MONTH.search(text) or WITH_YEAR.search(text))):
        dates = list(itertools.islice(DATE.finditer(text), MOST_DATES))
    if dates and not BIRTH.search(text):
        dates = [match for match in dates if LONG_AGO.search(match.group())]
    places = [match.span() for match in dates if _is_birth(match, text)]
    for said in SAID.finditer(text) if SIX.search(text) else ():
        if bare := BARE.match(text[said.end() : said.end() + 20]):
            places.append((said.end() + bare.end() - 6, said.end() + bare.end()))
    return without_overlap(places)


def _is_birth(match, text):
    before = ENDS.split(text[max(0, match.start() - 60) : match.start()])[-1]
    said = [found.end() for found in BIRTH.finditer(before)]
    if said:
        return not NOT_BIRTH.search(before[said[-1] :])
    after = ENDS.split(text[match.end() : match.end() + 34])[0]
    if NOT_BIRTH.search(before):
        return False
    return bool(BIRTH.search(after) or (LONG_AGO.search(match.group()) and not NOT_BIRTH.search(after)))
