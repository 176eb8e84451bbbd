"""Finds an address in whatever form it may lie somewhere: plain, split, encoded, reversed, or as a digest anybody can make."""

import base64
import codecs
import functools
import hashlib
import html
import itertools
import re
import urllib.parse

DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
UNSEEN = [chr(code) for code in (0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)]


def base64_of(data: bytes) -> set[str]:
    """Return what base64 makes of the data wherever it stands in a longer text, without what its neighbors change."""
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        middle = text[(0, 2, 3)[before] : len(text) - (len(text) % 4 and 1)]
        found |= {middle, middle.translate(str.maketrans("+/", "-_"))}
    return found


class Canary:
    """An address that nobody has, of two parts that stand nowhere else, and everything it may be found by."""

    def __init__(self, local: str, domain: str):
        self.address = f"{local}@{domain}"
        self.loose, self.exact = set(), set()
        for part in (local, domain, self.address):
            self.loose |= {part, part[::-1], part.encode().hex(), codecs.encode(part, "rot13")}
            self.exact |= base64_of(part.encode()) | {base64.b32encode(part.encode()).decode().rstrip("=")[:-2]}
        for text, name in itertools.product((self.address, self.address.upper(), local), DIGESTS):
            digest = hashlib.new(name, text.encode()).digest()
            self.loose.add(digest.hex())
            self.exact |= base64_of(digest)

    def places(self, text: str) -> list[str]:
        """Return by what the address is found in a text, however it is split, escaped or covered with markup."""
        found = [needle for needle in self.exact if needle in text]
        for seen in readings(text):
            found += [needle for needle in self.loose if needle in seen]
        return found


@functools.lru_cache(maxsize=1)  # The same text is often looked through for two addresses.
def readings(text: str) -> set[str]:
    """Return the text in small letters as it is, unescaped, and without markup, spaces and signs that nobody sees."""
    plain = {text, html.unescape(text), urllib.parse.unquote_plus(text), urllib.parse.unquote_plus(html.unescape(text))}
    # JSON and Python write other signs as \u0040, quoted-printable as =40.
    plain |= {re.sub(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda hit: chr(int(hit[1] or hit[2], 16)), text)}
    plain |= {re.sub(r"=([0-9A-F]{2})", lambda hit: chr(int(hit[1], 16)), text.replace("=\n", ""))}
    bare = {re.sub(r"<[^>]*>", "", each) for each in plain}
    return {_squeezed(each) for each in plain | bare}


def _squeezed(text):
    # Of the ways to take out signs these are by far the quickest, and there are tens of thousands of texts.
    text = "".join(text.split())
    for sign in UNSEEN:
        text = text.replace(sign, "")
    return text.lower()
