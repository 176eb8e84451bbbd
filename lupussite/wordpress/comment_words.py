"""The HTML of a comment -> the words as a person would have typed them here, links with their addresses. Pure."""

import re
from collections import Counter

from articles.html.tags import BLOCKS, LINES, Token, tokens

_NOT_ONLY_WORDS = re.compile(r"[<&\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_OPEN_LINES = BLOCKS | LINES | {"br"}


def words(text: str) -> str:
    """Return plain text: line breaks stay, a link is its words and its address, what is no tag of HTML is words."""
    pieces, links = [], []
    # Most comments are only words.
    for token in tokens(text, Counter()) if _NOT_ONLY_WORDS.search(text) else [Token("text", text)]:
        if token.kind == "text":
            pieces.append(token.value)
        elif token.value == "a" and token.kind == "start":
            links.append((dict(token.attributes).get("href", ""), len(pieces)))
        elif token.value == "a" and links:
            address, place = links.pop()
            said = "".join(pieces[place:]).strip()
            if address.startswith(("http://", "https://", "mailto:")) and said.rstrip("/") not in address:
                pieces.append(f" ({address.removeprefix('mailto:')})")
            elif address.startswith("http") and said != address:
                pieces[place:] = [address]
        elif token.value == "li" and token.kind == "start":
            pieces.append("\n- ")
        elif token.value in _OPEN_LINES:
            pieces.append("\n" if token.value in {"br", "li", "tr"} else "\n\n")
    found = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    found = "\n".join(line.rstrip(" \t") for line in found.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", found).strip()
