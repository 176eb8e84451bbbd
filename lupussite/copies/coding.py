"""How the bytes of a page go over the wire: which coding a browser takes, and whether it has the page already. Pure."""

import functools
import gzip
import re

import brotli

CODINGS = ("br", "gzip")
# Less is not worth a coding; Django's own middleware draws the line there too.
SHORTEST = 200
# Of the steps from 0 to 11, where a page takes about as long as with gzip.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6

_ENTRY = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*([0-9.]+)\s*)?")


@functools.lru_cache(maxsize=512)
def chosen(accept_encoding: str) -> str:
    """Return "br", "gzip", or "" for the plain bytes, by the Accept-Encoding of RFC 9110, 12.5.3; br first."""
    weights = {}
    for entry in accept_encoding.lower().split(",")[:32]:
        if found := _ENTRY.fullmatch(entry):
            weights[found[1]] = _weight(found[2])
    rest = weights.get("*", 0)
    weights = {coding: weights.get(coding, weights.get(f"x-{coding}", rest)) for coding in CODINGS}
    best = max(CODINGS, key=weights.get)
    return best if weights[best] > 0 else ""


def _weight(words):
    try:
        return 1.0 if words is None else float(words)
    except ValueError:
        return 0.0


def coded(body: bytes, coding: str) -> bytes:
    """Return the bytes in that coding, the same for the same bytes."""
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def is_known(if_none_match: str, etag: str) -> bool:
    """Return whether the browser has what this ETag names, by the weak comparison of RFC 9110, 13.1.2."""
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in re.findall(r'"[^"]*"', if_none_match)
