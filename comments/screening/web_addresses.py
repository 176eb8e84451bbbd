"""Finds addresses of the web in what people type: what is a link on the page, and a signal for the moderator."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# "See www.that is it" is no address: without a scheme a name and an ending follow.
BEGINNING = re.compile(r"https?://|(?<![a-z0-9@.])www\.(?=[^\s./]+\.[^\W\d_])", re.IGNORECASE)
# Signs that no address has as it stands, and a comma with the next address behind it. Chinese and Japanese use no spaces.
END = re.compile(
    r"""[\s<>"`\\|^\u3001-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]|[,;](?=https?://|www\.)""",
    re.IGNORECASE,
)
CLOSING = {")": "(", "]": "[", "}": "{"}
# Also what is not seen, and quotation marks but the one that is an apostrophe too.
UNTYPED = {"Pi", "Pf", "Ps", "Pe", "Cf", "Cc", "Cs", "Co", "Cn"}
BEHIND = frozenset(".,;:!?*~'’…([{")

# The host, with what may stand before it, such as a user.
HOST = re.compile(r"[^/?#,;!*~'’…()\[\]{}&=]*")
# What a browser can open, and what a person can read: names with an ending, no user in front, no numbers.
READABLE = re.compile(r"(?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,63})(?::\d{1,5})?", re.IGNORECASE)


class WebAddress(NamedTuple):
    """An address: its host in small letters, with a user before it and a port behind it, and where it stands."""

    host: str
    start: int
    end: int

    @property
    def is_readable(self) -> bool:
        """Return whether it leads where it seems to: the host has an ending, no user stands in front, and it is no number."""
        return bool(READABLE.fullmatch(self.host))


def web_addresses(text: str) -> Iterator[WebAddress]:
    """Yield what begins with http://, https:// or www., without what surrounds it: quotation marks, brackets, full stops.

    Linear: each sign is looked at a fixed number of times.
    """
    if "://" not in text and "www." not in text.lower():
        return
    place = stop = 0
    while begin := BEGINNING.search(text, place):
        start, place = begin.span()
        if stop < place:
            found = END.search(text, place)
            stop = found.start() if found else len(text)
        end = _end(text, start, place, stop)
        if end > place:
            yield WebAddress(HOST.match(text, place, end)[0].lower(), start, end)
            place = end


def without_web_addresses(text: str) -> str:
    """Return the text with a space in the place of each address."""
    pieces, done = [], 0
    for address in web_addresses(text):
        pieces.append(text[done : address.start])
        done = address.end
    return " ".join([*pieces, text[done:]])


def _end(text, start, place, stop):
    """Return where the address ends whose beginning ends at `place`, `stop` at the latest."""
    host_end = HOST.match(text, place, stop).end()
    end = _where_brackets_close(text, place, stop if text[host_end : host_end + 1] in {"/", "?", "#"} else host_end)
    emphasis = text[start - 1 : start] if start else ""
    while end > place and (text[end - 1] in BEHIND or text[end - 1] == emphasis == "_"):
        end -= 1
    return end


def _where_brackets_close(text, start, end):
    """Return the place of the first sign that closes what the address did not open, or that nobody types in one; else the end."""
    still_open = []
    for place in range(start, end):
        sign = text[place]
        if sign in CLOSING:
            if not still_open or still_open.pop() != CLOSING[sign]:
                return place
        elif sign in "([{":
            still_open.append(sign)
        elif sign > "~" and sign != "’" and unicodedata.category(sign) in UNTYPED:
            return place
    return end
