"""Finds e-mail addresses and phone numbers in what people type; also used to keep them off the public page."""

import re
from collections.abc import Iterator

from comments.screening.text.folding import DATA, Folded, folded, without_padding
from comments.screening.text.numerals import spelled_in

HELP_LINES = frozenset(
    line.split()[0] for line in (DATA / "help_lines.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
)
COUNTRY = re.compile(r"^(?:00|011)?(?:1|34|44|52)(?=\d{9,10}$)")
BRITAIN = re.compile(r"^(?:00|011)?44")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")

# Addresses spelled out. Each piece is bounded and ends where the next one cannot begin, so that time stays linear.
ENDINGS = (
    r"(?:com|org|net|edu|gov|info|io|me|co|es|mx|ar|cl|pe|uk|us|ca|au|de|fr|it|eu|ve|ec|uy|gt|cr|do|pr|bo|py|hn|"
    r"sv|ni|pa|br|nz|ie)"
)
PROVIDERS = r"(?:gmail|hotmail|yahoo|outlook|icloud|protonmail|proton|aol|gmx|live)"
JOINT = (
    r"(?: ?[\[({<] ?(?:underscore|guion bajo|guion|dash|dot|punto|\.) ?[\])}>] ?| (?:underscore|guion bajo|guion|"
    r"dash|hyphen|dot|punto|point) )"
)
USER = rf"(?<![\w.+-])[\w.+-]{{1,40}}(?:{JOINT}[\w+-]{{1,30}}){{0,3}}"
DOT = r"(?: ?[\[({<] ?(?:d[o0]t|punt[o0]|\.) ?[\])}>] ?| (?:d[o0]t|punt[o0]|period) )"
ANY_DOT = rf"(?:{DOT}| ?\. ?)"
BRACKETED = r"(?: ?[\[({<*_-]{1,2} ?(?:at|arroba|aroba|a|@) ?[\])}>*_-]{1,2} ?| ?(?:arr[o0]ba|@rroba) ?| aroba | at[ -]sign )"
DISGUISED = re.compile(
    rf"{USER}(?:"
    # "at" alone is too common a word to stand before a plain full stop: "look at lupus.org".
    rf" at (?:[\w-]{{1,40}}(?:{DOT}[a-z]{{2,12}}){{1,3}}|{PROVIDERS}(?:{ANY_DOT}com)?\b)"
    rf"|{BRACKETED}(?:[\w-]{{1,40}}(?:{ANY_DOT}[a-z]{{2,12}}\b){{1,3}}|{PROVIDERS}\b)"
    # With a space beside the sign a plain full stop may end a sentence: "me @ home.Then we left".
    rf"| ?@ ?(?:[\w-]{{1,40}}(?:\.[\w-]{{1,40}}){{0,2}}(?:{DOT}[a-z]{{2,12}}\b| ?\. ?{ENDINGS}\b){{1,3}}|{PROVIDERS}\b)"
    r")",
    re.IGNORECASE,
)
SPACED = re.compile(
    rf"(?<!\w)\w(?: [\w.]){{1,40}} ?(?:@|\bat\b|\(at\)|\barroba\b) ?(?:\w{{2,40}}|\w(?: \w){{1,40}})(?: ?\. ?(?:{ENDINGS}|[a-z](?: [a-z]){{1,4}})){{1,3}}(?!\w)",
    re.IGNORECASE,
)
AT = re.compile(
    r"@|%40|arr?[o0]ba|[\[({<] ?a ?[\])}>]|[\[({<*_-] ?at(?![^\W_])|\bat[ -]sign\b|(?<!\w)\w [\w.] ?at\b", re.IGNORECASE
)
# "At" alone is in every other text: behind it stands a provider, or a name with a dot in words or brackets.
WITH_AT = re.compile(rf" at (?:[\w-]{{1,40}}(?: ?[\[({{<]| (?:d[o0]t|punt[o0]|period) )|{PROVIDERS})")

# Letters typed for digits, where digits are beside them; a row of digits with the signs that stand in telephone numbers.
MIXED = re.compile(r"(?<![^\W\d_OoIl])[OoIl]{0,2}\d[\dOoIl]{0,14}(?![^\W\d_OoIl])")
BESIDE = re.compile(r"[OoIl]\d|\d[OoIl]")
# The run is taken whole (possessive), so that no digit is looked at twice.
DIGITS = re.compile(r"(?:(?<![\w./-])|(?<=tel)|(?<=cel))[+(]{0,2}\d[\d ()./~_*-]*+", re.IGNORECASE)
# In the words of a help line; "24/7" behind a number is none of its digits.
NUMBER = re.compile(r"\d(?:(?!\b24(?:/7| ?h))[\d ()./-])*(?<=\d)")
EXTENSION = re.compile(r"x\d{1,5}\b", re.IGNORECASE)
WIDE_GAP = re.compile(r" {3,}|[._*~-]{4,}")
NOT_AT_END = " (./~_*-"
AFTER_LINK = re.compile(r"(?:wa\.me/|tel:|phone=|whatsapp://send\?phone=)\+?(\d{7,15})(?!\d)", re.IGNORECASE)
OTHER_NUMBER = re.compile(
    r"(?:PMID|PMC|DOI|ISBN|ISSN|ORCID|NCT|ISRCTN|EudraCT|10\.\d{4,9}/\S*|lot|lote|batch|serial|model|modelo|order|"
    r"ref|version|sku|upc|ndc|"
    r"invoice|factura|tracking|guia|rastreo|pedido|room|page|pages|vol|volume|issue|code|codigo|gene|rs|icd|cpt|item|part|protocol|grant)"
    r"(?: (?:no|num|number|code)\.?)?[ :#]{0,3}$",
    re.IGNORECASE,
)
IDENTITY = re.compile(
    r"(?:ssn|social security|social|nhs|mrn|record|chart|patient|member|policy|claim|insurance|medicare|medicaid|"
    r"passport|licen[cs]e|"
    r"expediente|poliza|seguro|dni|curp|nss|cedula|rut|afiliacion|historia|pasaporte|folio|siniestro|reclamo|"
    r"account|cuenta|card|tarjeta|"
    r"case|file|identificacion|carnet|subscriber|ohip|aadhaar|docket|radicado|folder)\b[^.!?\n]{0,24}$",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"(?:(?:call|text|phone|tel|cell|mobile|landline|whats\w*|wsp|wasap|wpp|guasap|number|numero|num|cel|celular|"
    r"movil|llam\w*|mar[cq]\w*|ring|reach|"
    r"contact\w*|dial|fax|sms|msg|fono|telefono|mensaje|signal|imessage|telegram|hotline|line|linea|escrib\w*|"
    r"message|buzz|hit me up|citas?|reservas?|consultas|informes|turnos)\b|[☎☏✆📞📱])[^!?\n]{0,30}$",
    re.IGNORECASE,
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"(?:{_DAY}[./ -]{_DAY}[./ -](?:{_YEAR}|\d\d)|{_YEAR}[./-]{_DAY}[./-]{_DAY}|{_YEAR}[/-](?:{_YEAR}|\d\d)|{_YEAR}|{_DAY}/{_DAY})"
# With something between two dates: four digits and four digits would be two years, and half of all telephone numbers.
DATES = re.compile(rf"^{_DATE}(?:[ -]{{1,3}}{_DATE}){{0,8}}$")
SOCIAL = re.compile(r"^\d{3}[ -]\d{2}[ -]\d{4}$")
THOUSANDS = re.compile(r"^\d{1,3}(?:[. ]\d{3}){1,4}$")
MEASURES = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})?[ -]){2,20}\d{1,3}(?:\.\d{1,2})?$")
# What is measured again and again, with its values behind it.
LABORATORY = re.compile(
    r"\b(?:e?gfr|fge|creatinin\w*|crea|bun|urea|h(?:a?e)?moglobin\w*|hgb|hb|hba1c|a1c|c3|c4|wbc|rbc|platelets?|plts?|plaquetas|esr|"
    r"vsg|crp|pcr|alt|ast|dsdna|anti-?ds|ana|tsh|ferritin\w*|inr|albumin\w*|protein\w*|upcr|neutro\w*|lymph\w*|linfocit\w*|"
    r"leu[ck]o\w*|glucos[ae]|sugars?|bp|blood pressure|presion|pulse|pulso|heart rate|spo2|sats?|temps?|temperatur\w*|peso|weights?|"
    r"labs?|results?|values?|readings?|counts?|levels?|scores?|numbers were|resultados?|valores|analisis)\b[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
LOCAL = re.compile(
    r"^(?:0\d{2,4}[-/ ]\d{3,8}|\d{4}[- ]\d{4}|\d{3}[-. ]\d{4}|\d{2}(?:[- ]\d{2}){3}|\d{2,4}[- ]\d{3}[- ]\d{2,4}|\d[- ]\d{3}[- ]\d{4})$"
)
UNIT = re.compile(
    r"^ ?(?:mg|mcg|ml|kg|lbs?|pounds|steps|pasos|calories|kcal|iu|ui|units|%|platelets|cells|people|patients|"
    r"years|copies|per|/|x10)",
    re.IGNORECASE,
)
# E.164 knows at most fifteen digits; fewer than seven are no number that one can call from elsewhere.
FEWEST_DIGITS, MOST_DIGITS = 7, 15
IN_A_ROW = "01234567890123456789"


def emails(text: str) -> list[tuple[int, int]]:
    """Return where e-mail addresses stand, spelled out ones too, as [start, end) code points."""
    seen = without_padding(folded(text))
    return [seen.span(*place) for place in emails_in(seen)]


def phones(text: str, help_lines: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Return where phone numbers stand, spelled out ones too, as [start, end) code points; several in one row are one place.

    Help lines are left out: those that are known everywhere, and the site's own, as `dialed()` returns them.
    """
    seen = without_padding(folded(text))
    return [seen.span(*place) for place in phones_in(seen, help_lines)]


def emails_in(seen: Folded) -> list[tuple[int, int]]:
    """Return the same as places of the folded text."""
    if not AT.search(seen.text) and not WITH_AT.search(seen.text.lower()):
        return []
    places = [match.span() for match in EMAIL.finditer(seen.text)]
    return without_overlap(places + [match.span() for pattern in (SPACED, DISGUISED) for match in pattern.finditer(seen.text)])


def phones_in(seen: Folded, help_lines: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Return the same as places of the folded text."""
    text = with_digits(seen.text)
    places = []
    if sum(map(text.count, "0123456789")) >= FEWEST_DIGITS:
        places += [match.span(1) for match in AFTER_LINK.finditer(text) if not is_help_line(match[1], help_lines)]
        for start, end in _runs(text):
            if is_help_line(_digits(text[start:end]), help_lines):
                continue
            if is_phone(text[start:end], text[max(0, start - 48) : start], text[end : end + 12]):
                places.append((start, end))
    for start, end, digits in spelled_in(text):
        if (
            FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
            and digits not in IN_A_ROW
            and not is_help_line(digits, help_lines)
            and not IDENTITY.search(text[max(0, start - 48) : start])
        ):
            places.append((start, end))
    return without_overlap(places)


LETTERS = str.maketrans("OoIl", "0011")


def with_digits(text: str) -> str:
    """Return the text with digits where letters stand for them, each at its place."""
    return MIXED.sub(lambda match: match.group().translate(LETTERS), text) if BESIDE.search(text) else text


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where digits with the signs of telephone numbers stand; a run ends at a wide gap, and never inside a word."""
    for match in DIGITS.finditer(text):
        start = match.start()
        if match.end() - start < 7:
            continue
        for gap in [*WIDE_GAP.finditer(text, match.start(), match.end()), None]:
            end = gap.start() if gap else match.end()
            if not gap and re.match(r"[^\W\d_]", text[end : end + 1]) and not EXTENSION.match(text, end):
                # The last digits belong to a word or a unit, "40mg".
                end = start + len(text[start:end].rstrip("0123456789"))
            found = text[start:end].rstrip(NOT_AT_END)
            if len(found) >= 7:
                yield start, start + len(found)
            start = gap.end() if gap else end


def dialed(how: str) -> frozenset[str]:
    """Return the digits of the numbers in the words of a help line, as they are dialed in its country and from elsewhere."""
    numbers = {_digits(number) for number in NUMBER.findall(folded(how).text)}
    return frozenset(
        digits
        for number in numbers
        if FEWEST_DIGITS <= len(number) <= MOST_DIGITS
        for digits in (number, COUNTRY.sub("", number), f"0{COUNTRY.sub('', number)}")
    )


def is_help_line(digits: str, help_lines: frozenset[str] = frozenset()) -> bool:
    """Return whether these are the digits of a known help line or of one of the site's, dialed in its country or from elsewhere."""
    without = COUNTRY.sub("", digits)
    forms = {digits, without, f"0{without}", f"1{without}", f"0{BRITAIN.sub('', digits)}"}
    return not (HELP_LINES.isdisjoint(forms) and help_lines.isdisjoint(forms))


def _digits(found):
    return "".join(filter(str.isdigit, found))


def is_phone(found: str, before: str, after: str) -> bool:
    """Return whether digits with signs between them are a phone number, by their shape and what stands around them."""
    digits = _digits(found)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or DATES.match(found) or SOCIAL.match(found) or digits in IN_A_ROW:
        return False
    called = CALLED.search(before)
    if IDENTITY.search(before) and not (called and called.start() > IDENTITY.search(before).start()):
        return False
    if found[0] == "+":
        return True
    if OTHER_NUMBER.search(before) or UNIT.match(after) or before.endswith("$"):
        return False
    if called:
        return True
    if ("/" in found and found[0] != "0") or THOUSANDS.match(found):
        return False
    if MEASURES.match(found) and (LABORATORY.search(before) or _is_one_value(found)):
        return False
    if len(digits) < 9:
        # Seven or eight digits without a gap are a count or a laboratory value.
        return bool(LOCAL.match(found))
    return not MEASURES.match(found) or _in_groups(found)


def _in_groups(found: str) -> bool:
    """Return whether small groups are those of a telephone number: no point, digits one by one, in pairs or three, three, four."""
    groups = re.findall(r"\d+", found)
    return "." not in found and (set(map(len, groups)) == {1} or len(groups) <= 5) and len("".join(groups)) >= 9


def _is_one_value(found: str) -> bool:
    """Return whether small groups are one thing measured again and again: of one length, and near each other."""
    groups = re.findall(r"\d+", found)
    if "." in found or len(groups) < 3 or set(map(len, groups)) not in ({2}, {3}):
        return False
    values = sorted(map(int, groups))
    return values[0] > 9 and (values[-1] - values[0]) * 4 <= values[-1]


def without_overlap(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places in order; of two that touch, one that covers both."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
