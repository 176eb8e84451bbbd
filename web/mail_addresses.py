"""What people type as their email address."""

import unicodedata

from web.hosts import ascii_host

# No mail server is ever found there: https://www.iana.org/assignments/special-use-domain-names. Left out are .example and .test,
# which manuals and trials use.
NOWHERE = ("invalid", "localhost", "local", "internal", "onion", "arpa", "alt")


def typed_address(text: str) -> str:
    """Return an address without what nobody sees of it, such as the zero-width spaces that come along with copied text."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def normal_address(address: str) -> str:
    """Return an address in the one spelling in which it is compared: without what nobody sees, NFC, casefolded, domain in ASCII.

    What is no address stays.
    """
    local, at, domain = unicodedata.normalize("NFC", typed_address(address)).casefold().rpartition("@")
    return f"{local}{at}{ascii_host(domain) if at else domain}"


def can_get_mail(address: str) -> bool:
    """Return whether the address names a host that others can send mail to, as far as its name tells."""
    labels = ascii_host(address.rpartition("@")[2].casefold().rstrip(".")).split(".")
    return len(labels) > 1 and labels[-1] not in NOWHERE and not labels[-1].rstrip("]").isdigit()
