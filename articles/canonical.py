"""Content -> canonical JSON -> SHA-256. The rule stands in docs/review-record.md; a stranger can recompute it."""

import hashlib
import json
import unicodedata

# What each format added to the one before. A content has the lowest number that can say it, so a page that has nothing of what
# is new keeps its hash.
AUTHOR = 2
PICTURES = 3


def normal(value):
    """Return the value with every string in NFC, LF line ends and no space at the end of a line or of the text."""
    if isinstance(value, str):
        lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(line.rstrip() for line in lines).rstrip()
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    return value


def format_of(content: dict) -> int:
    """Return the number of the rules by which a content is frozen."""
    if "pictures" in content:
        return PICTURES
    return AUTHOR if "author" in content else 1


def canonical_json(content: dict) -> str:
    """Return the one text form of a content: its strings normal, its keys sorted, `format` inside."""
    return json.dumps(normal(content) | {"format": format_of(content)}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
