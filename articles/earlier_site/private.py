"""What looks like a way to reach someone, in lines that would be published. Pure."""

import re
import unicodedata

_EMAIL = re.compile(
    r"[\w.+%-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*\.[a-z]{2,}"
    r"|[\w.+%-]+ ?[(\[{] ?(?:at|arroba) ?[)\]}] ?[\w-]+ ?(?:\.|[(\[{] ?(?:dot|punto) ?[)\]}]) ?[a-z]{2,}"
    r"|[\w.+%-]+ (?:at|arroba) [\w-]+ (?:dot|punto) [a-z]{2,}",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w./:-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-.]\d{4}(?![\w-])"
    r"|(?<![\w./])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}\d(?![\w-])"
    r"|\b(?:phone|tel|telephone|mobile|cell|call|text|whatsapp|teléfono|móvil|llam\w+)\b[^\w+(]{0,3}(?:me |us |at |al ){0,2}[+(]?\d[\d ().-]{6,}\d",
    re.IGNORECASE,
)


def find_private(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return "an email address" or "a phone number" when the text has one that is not to be kept, or nothing."""
    # Signs that nobody sees must not hide one.
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    for kept in keep:
        text = re.sub(rf"(?<![\w.+%-]){re.escape(kept)}(?![\w-])", " ", text, flags=re.IGNORECASE)
    if _EMAIL.search(text):
        return "an email address"
    return "a phone number" if _PHONE.search(text) else ""
