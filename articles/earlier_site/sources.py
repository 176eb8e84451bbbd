"""A line of a list of sources -> the fields of a citation. Pure."""

import re

_NUMBERS = re.compile(r"\s+(?:PMID:? ([1-9]\d{0,8})|DOI:? (10\.\d{4,9}/\S+?))\.?$", re.IGNORECASE)
_PUBLISHED = re.compile(r"(.+?),? (1[89]\d\d|20\d\d)(?:;(\S.*))?")


def read_source(citation: str) -> dict:
    """Return the fields of a citation such as "Foering K, et al. Title. J Am Acad Dermatol 2012;66:220-8. PMID 21742409."""
    source = {"kind": "web", "authors": "", "title": "", "container": "", "year": None, "pages": "", "pmid": "", "doi": ""}
    rest = citation.strip()
    while match := _NUMBERS.search(rest):
        source["pmid" if match.group(1) else "doi"] = match.group(1) or match.group(2)
        rest = rest[: match.start()]
    parts = rest.removesuffix(".").split(". ")
    published = _PUBLISHED.fullmatch(parts[-1]) if len(parts) > 1 else None
    if published:
        source |= {"container": published.group(1), "year": int(published.group(2)), "pages": published.group(3) or ""}
        parts.pop()
    if published or source["pmid"] or source["doi"]:
        source["kind"] = "journal"
        if not published and len(parts) > 1:
            source["container"] = parts.pop()
    if len(parts) > 1:
        source["authors"] = parts.pop(0)
    return source | {"title": ". ".join(parts), "url": "", "accessed": None}
