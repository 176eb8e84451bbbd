"""What an editor pasted as a PMID or DOI -> the identifier alone, and which sources of a list are the same. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from django.utils.translation import gettext as _

FIRST_YEAR = 1800

_PMID_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)/?(?:[?#].*)?", re.I
)
_PMID = re.compile(r"(?:PMID\s*:?\s*)?([1-9]\d{0,8})", re.I)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.I)
_DOI_LABEL = re.compile(r"doi\s*:?\s*", re.I)
_DOI = re.compile(r"10\.\d{4,9}/\S*[^\s.,;]")


def pmid(text: str) -> str:
    """Return the digits of a PMID, also of "PMID: 123" or an address at PubMed; raises ValueError with words for the editor."""
    text = text.strip().rstrip(".")
    address = _PMID_ADDRESS.fullmatch(text)
    match = _PMID.fullmatch(address.group(1) if address else text)
    if text and not match:
        raise ValueError(_("A PMID has one to nine digits, such as 30114969."))
    return match.group(1) if match else ""


def doi(text: str) -> str:
    """Return a DOI, also of "doi:10.…" or an address at doi.org; raises ValueError with words for the editor."""
    text = text.strip().rstrip(".,;")
    if address := _DOI_ADDRESS.match(text):
        text = unquote(text[address.end() :])
    text = _DOI_LABEL.sub("", text, count=1) if _DOI_LABEL.match(text) else text
    if text and not _DOI.fullmatch(text):
        raise ValueError(_("A DOI starts with “10.” and at least four digits, then a slash, as in 10.1002/acr.23703."))
    return text


def repeated(identifiers: Iterable[str]) -> set[int]:
    """Return the places at which an identifier stands that stood before; capitals make no difference, empty ones never repeat."""
    seen: set[str] = set()
    places = set()
    for place, identifier in enumerate(identifiers):
        folded = identifier.casefold()
        if folded and folded in seen:
            places.add(place)
        seen.add(folded)
    return places


def plausible_year(year: int, this_year: int) -> bool:
    """Return whether a source can be from that year; what appears in print next year is read today."""
    return FIRST_YEAR <= year <= this_year + 1
