"""How a help line is reached, as typed by the owner -> HTML with links that call, text, write or open. Pure."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comments.screening.web_addresses import web_addresses

# Not "24/7" behind a number, and not "9-17" or "0900-1700", which are hours.
_NUMBER = r"\+?\(?\d(?:(?!\b24(?:/7| ?h))[\d ()./-])*\d"
_HOURS = r"(?:[01]?\d|2[0-4])(?:[.:]?[0-5]\d)?"
HOURS = re.compile(rf"{_HOURS} ?[-–/] ?{_HOURS}")
UNIT = re.compile(
    r" ?(?:days?|d[ií]as?|hours?|hrs?|h|horas?|minutes?|mins?|am|pm|a\.m|p\.m|years?|people|%|weeks?|:\d)\b", re.IGNORECASE
)
KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
FIND = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    rf"|(?P<call>\b(?:call|phone|ring|llama|llame))(?P<between> or |/| and | o )(?P<write>(?:text|sms|texto) (?P<both>{_NUMBER}))"
    rf"|(?P<word_to>\b(?:text|send|sms|env[ií]a) [“\"']?(?P<word>[A-Z][A-Z0-9]{{1,19}})[”\"']? (?:to|al?) (?P<to>{_NUMBER}))"
    rf"|(?P<text>\b(?:text|sms)(?: to)?:? (?P<texted>{_NUMBER}))"
    r"|(?P<letters>(?<![\w-])(?:\+?1[ .-])?\(?8\d\d\)?[ .-](?=[\d.-]*[A-Z])[A-Z\d]{3,7}(?:[.-][A-Z\d]{3,4})?(?!\w))"
    rf"|(?P<number>(?<![\w./-]){_NUMBER}(?![\w-]))"
    r"|(?P<site>(?<![\w@./-])(?:[a-z\d-]{1,63}\.){1,4}[a-z]{2,24}(?:/[^\s,;)]*[^\s,;).!?])?(?![\w@]))",
    re.IGNORECASE,
)


def with_links(how: str) -> SafeString:
    """Return the words with their numbers and addresses as links; what is none, such as hours, stays as it is."""
    pieces, done = [], 0
    for start, end, html in sorted([*_sites(how), *_others(how)], key=lambda found: found[:2]):
        if start >= done:
            pieces += [(how[done:start],), (html,)]
            done = end
    return format_html_join("", "{}", [*pieces, (how[done:],)])


def _sites(how):
    for address in web_addresses(how):
        words = how[address.start : address.end]
        yield address.start, address.end, _link(words if "://" in words else f"https://{words}", words)


def _others(how):
    for found in FIND.finditer(how):
        words, start, end = found.group(), *found.span()
        if found["mail"]:
            yield start, end, _link(f"mailto:{words}", words)
        elif found["call"]:
            html = format_html(
                "{}{}{}",
                _link(f"tel:{_dialled(found['both'])}", found["call"]),
                found["between"],
                _link(f"sms:{_dialled(found['both'])}", found["write"]),
            )
            yield start, end, html
        elif found["word_to"]:
            # With "?&" both kinds of telephones find the word to send: https://www.rfc-editor.org/rfc/rfc5724 says "?".
            yield start, end, _link(f"sms:{_dialled(found['to'])}?&body={found['word']}", words)
        elif found["text"]:
            yield start, end, _link(f"sms:{_dialled(found['texted'])}", words)
        elif found["letters"]:
            yield start, end, _link(f"tel:{_dialled(words.upper().translate(KEYS))}", words)
        elif found["site"]:
            yield start, end, _link(f"https://{words}", words)
        elif _is_number(words, how[end:]):
            yield start, end, _link(f"tel:{_dialled(words)}", words)


def _is_number(words, behind):
    return len(_dialled(words)) >= 3 and not HOURS.fullmatch(words) and not UNIT.match(behind)


def _dialled(number):
    """Return what a telephone dials: digits, a plus before them; "+44 (0)20" has a zero that nobody dials from abroad."""
    plus = "+" if number.startswith("+") else ""
    return plus + re.sub(r"\D", "", number.replace("(0)", "") if plus else number)


def _link(address, words):
    return format_html('<a href="{}">{}</a>', address, words)
