"""Whom a request comes from, without keeping it: a network, and keyed tags of it that change every day."""

import datetime
import ipaddress

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


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


def network_of_request(request: HttpRequest) -> str:
    """Return the network that a request comes from; who forwarded it has been settled before, by the middleware."""
    return network_of(request.META.get("REMOTE_ADDR", ""))


def day_tag(kind: str, value: str, day: datetime.date) -> str:
    """Return a keyed hash of a value that is another one tomorrow, so that nobody can be followed by it."""
    return salted_hmac(f"comments.{kind}", f"{day.isoformat()}\n{value}", algorithm="sha256").hexdigest()
