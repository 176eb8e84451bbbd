"""Whom a request comes from, without keeping it: a network, and keyed tags of it that change every day."""

import datetime
import ipaddress

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# Prefix length of IPv6 -> how many times as much as a /64 may send: many people of one mobile provider share them, too.
LARGER = ((56, 3), (48, 10))


def network_of(address: str) -> str:
    """Return the network of an address: one IPv4 address or one IPv6 /64; "unknown" for anything else."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def around(network: str) -> list[tuple[str, int]]:
    """Return a network and the larger ones it lies in, each with how many times as much may come from it.

    Who has an IPv6 /56 or /48, which providers hand out to a home or a company (RFC 6177), has 256 or 65,536 networks of /64.
    """
    try:
        parsed = ipaddress.ip_network(network)
    except ValueError:
        return [(network, 1)]
    if parsed.version == 4:
        return [(network, 1)]
    return [(network, 1), *((str(parsed.supernet(new_prefix=size)), times) for size, times in LARGER)]


def site_of(network: str) -> str:
    """Return the largest network that may be one person's: what counts where each person is to count once."""
    return around(network)[-1][0]


def network_of_request(request: HttpRequest) -> str:
    """Return the network that a request comes from; who forwarded it has been settled before, by the middleware."""
    return network_of(request.META.get("REMOTE_ADDR", ""))


def day_tag(kind: str, value: str, day: datetime.date) -> str:
    """Return a keyed hash of a value that is another one tomorrow, so that nobody can be followed by it."""
    return salted_hmac(f"comments.{kind}", f"{day.isoformat()}\n{value}", algorithm="sha256").hexdigest()
