"""A day as a page of the earlier site writes it, in English or Spanish -> a date, or why there is none. Pure."""

import datetime
import re

_NAMES = (
    "jan january ene enero, feb february febrero, mar march marzo, apr april abr abril, may mayo, jun june junio, jul july julio, "
    "aug august ago agosto, sep sept september septiembre setiembre, oct october octubre, nov november noviembre, "
    "dec december dic diciembre"
)
_MONTHS = {name: number for number, names in enumerate(_NAMES.split(","), start=1) for name in names.split()}
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? |"
    r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo),? )?"
)
_SHAPES = (
    r"{w}(?P<m1>{m})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y1>\d{{4}})",
    r"{w}(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.?º)? (?:of |de )?(?P<m2>{m})\.?,? (?:del? )?(?P<y2>\d{{4}})",
    r"(?P<y3>\d{{4}})[-/](?P<m3>\d{{1,2}})[-/](?P<d3>\d{{1,2}})",
    r"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y4>\d{{4}}|\d{{2}})",
    r"(?:{m}\.?,? (?:del? )?)?(?P<y5>(?:19|20)\d{{2}})",
)
DAY = "(?:" + "|".join(re.sub(r"\?P<\w+>", "?:", shape.format(w=_WEEKDAY, m=_MONTH)) for shape in _SHAPES) + r")(?!\d)"
_DAY = re.compile("|".join(shape.format(w=_WEEKDAY, m=_MONTH) for shape in _SHAPES), re.IGNORECASE)
_EARLIEST = datetime.date(1990, 1, 1)


def read_day(text: str, today: datetime.date) -> tuple[datetime.date | None, str]:
    """Return (date, "") or (None, why the text gives no day that can be used); never guesses."""
    match = _DAY.fullmatch(text.strip())
    if not match:
        return None, f"“{text.strip()}” is not a date"
    part = match.groupdict()
    if part["a"]:
        return _checked(text, *_in_order(text, int(part["a"]), int(part["b"]), part["y4"]), today)
    if part["y5"]:
        return None, f"“{text.strip()}” names no day"
    year = int(part["y1"] or part["y2"] or part["y3"])
    month = part["m1"] or part["m2"]
    number = _MONTHS[month.lower()] if month else int(part["m3"])
    return _checked(text, "", year, number, int(part["d1"] or part["d2"] or part["d3"]), today)


def _in_order(text, first, second, year):
    """Return (problem, year, month, day) of a date in numbers, whose order only a day over 12 gives away."""
    if len(year) == 2:
        return f"“{text.strip()}” does not write the year in full", 0, 0, 0
    if first > 12:
        return "", int(year), second, first
    if second > 12 or first == second:
        return "", int(year), first, second
    return f"“{text.strip()}” can be read in two ways, month first or day first; write it as {year}-MM-DD", 0, 0, 0


def _checked(text, problem, year, month, day, today):
    if problem:
        return None, problem
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None, f"“{text.strip()}” is no day of the calendar"
    if date > today:
        return None, f"“{text.strip()}” is in the future"
    if date < _EARLIEST:
        return None, f"“{text.strip()}” is before 1990"
    return date, ""
