"""Looks for email addresses that lie open where none should: in the database, in logs, in backups.

What a person wrote into their own words is counted apart. An address that is found is never printed: what is said is where, and
how many of them belong to people who left theirs with a comment, which their blind index tells.
"""

import base64
import dataclasses
import gzip
import html
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from comments.models import Contact
from comments.models.contact import EncryptedTextField, blind_indexes
from lupussite.backups import archive

ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}")
REVERSED = re.compile(r"(?<![\w.])(?:gro|moc|ten|ude|ofni|ed|ta|ku|rf|ac)(?:\.[\w-]{1,63}){1,8}@[\w.+-]{1,64}")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
ESCAPED = re.compile(r"&(?:#|commat)|%[0-9A-Fa-f]{2}|\\u00")
PIECE, OVERLAP = 1024 * 1024, 1024
# Where people write what they like, staff have their own address, or the site names one on purpose.
OWN_WORDS = {
    "accounts.User",
    "articles.Article",
    "articles.Draft",
    "articles.MistakeReport",
    "articles.Revision",
    "comments.Comment",
    "comments.HelpLine",
    "comments.Letter",
    "comments.Redaction",
    "comments.Report",
}


@dataclasses.dataclass
class Found:
    """How many addresses lie in one place, and how many of them are people's who left theirs with a comment."""

    place: str
    number: int
    known: int
    own_words: bool = False


def addresses_in(text: str) -> set[str]:
    """Return the addresses in a text: plain, escaped, in base64 or hexadecimal, or written backwards."""
    found = set(ADDRESS.findall(text)) | {each[::-1] for each in REVERSED.findall(text)}
    if ESCAPED.search(text):
        plain = urllib.parse.unquote(html.unescape(re.sub(r"\\u00([0-9a-f]{2})", lambda hit: chr(int(hit[1], 16)), text)))
        found |= set(ADDRESS.findall(plain))
    for chunk in BASE64.findall(text):
        found |= _in_base64(chunk)
    for chunk in HEX.findall(text):
        found |= set(ADDRESS.findall(bytes.fromhex(chunk).decode("latin-1")))
    return found


def _in_base64(chunk):
    found = set()
    for start in range(4):  # It may begin anywhere in a longer text.
        piece = chunk[start:].rstrip("=").translate(str.maketrans("-_", "+/"))
        piece = piece[:-1] if len(piece) % 4 == 1 else piece
        data = base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("latin-1")
        found |= set(re.findall(r"[a-zA-Z0-9.+-]{1,64}@(?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z]{2,24}", data))
    return found


def known(addresses: set[str]) -> int:
    """Return how many of these are the addresses of contacts."""
    indexes = [index for address in addresses for index in blind_indexes(address)]
    parts = (indexes[start : start + 500] for start in range(0, len(indexes), 500))
    return sum(Contact.objects.filter(index__in=part).count() for part in parts)


def database() -> Iterator[Found]:
    """Look through every column of text, row by row, and yield where something is."""
    for model in apps.get_models(include_auto_created=True):
        text = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
        for field in model._meta.concrete_fields:
            if not isinstance(field, text) or isinstance(field, EncryptedTextField) or model._meta.proxy:
                continue
            found = set()
            for (value,) in model._base_manager.order_by("pk").values_list(field.attname).iterator(chunk_size=2000):
                is_bytes = isinstance(value, bytes | memoryview)
                found |= addresses_in(bytes(value).decode("latin-1") if is_bytes else str(value))
            if found:
                yield Found(f"{model._meta.db_table}.{field.column}", len(found), known(found), model._meta.label in OWN_WORDS)


def file(path: Path) -> Iterator[Found]:
    """Look through a log, packed or not, or a backup; raises OSError, archive.Unusable for a damaged one."""
    if path.name.endswith(".tar.gz"):
        for _manifest, name, content in archive.read(path):
            # The database in it holds the same as the one that is looked through column by column: only people's own count.
            yield from _stream(f"{path}: {name}", content, own_words=True)
        return
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as opened:
        yield from _stream(str(path), opened)


def _stream(place, opened, own_words=False):
    found, before = set(), ""
    while piece := opened.read(PIECE):
        text = before + piece.decode("latin-1")
        found |= addresses_in(text)
        before = text[-OVERLAP:]
    if found:
        yield Found(place, len(found), known(found), own_words)
