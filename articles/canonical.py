"""Content -> canonical JSON -> SHA-256. The rule stands in docs/review-record.md; a stranger can recompute it."""

import hashlib
import json
import unicodedata

FORMAT = 1


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


def canonical_json(content: dict) -> str:
    """Return the one text form of a content: its strings normal, its keys sorted, `format` inside."""
    return json.dumps(normal(content) | {"format": FORMAT}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
