"""Wrong passwords: what axes counts, and whom a lock leaves in.

Ten wrong passwords for a name from one network lock the name there for fifteen minutes; ten from anywhere lock it everywhere but
in networks where its owner logged in before. So a stranger locks nobody out for good: at home, or by a link in a mail, the owner
gets in. Names that nobody has are counted alike. No address is kept: axes is given a keyed tag in the shape of one.
"""

import datetime
import ipaddress

from axes.models import AccessAttempt
from axes.utils import reset
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import sessions
from accounts.models import KnownNetwork
from web.network import network_of_request

ATTEMPTS_KEPT = datetime.timedelta(days=1)
NETWORKS_KEPT = datetime.timedelta(days=90)


def network_tag(request: HttpRequest) -> str:
    """Return the keyed tag of the network that a request comes from, as an IPv6 address of nowhere: axes wants an address."""
    tag = salted_hmac("accounts.network", network_of_request(request), algorithm="sha256").digest()
    return str(ipaddress.IPv6Address(tag[:16]))


def what_counts(request: HttpRequest, credentials: dict | None = None) -> list:
    """Return what axes adds up: name and network together, and the name alone unless its owner is known in the network."""
    together = ["username", "ip_address"]
    name = (credentials or {}).get("username") or ""
    known = KnownNetwork.objects.filter(user__username=name, tag=network_tag(request)).exists()
    return [together] if known else [together, "username"]


def note_network(request: HttpRequest, user) -> None:
    """Remember that the person logged in from here."""
    today = datetime.datetime.now(datetime.UTC).date()
    KnownNetwork.objects.update_or_create(user=user, tag=network_tag(request), defaults={"used_on": today})


def open_again(user) -> None:
    """Forget the wrong passwords for a person's name, who has just shown otherwise who they are."""
    reset(username=user.get_username())


def forget(now: datetime.datetime) -> int:
    """Delete what is too old: attempts, networks, ended sessions. Return how many rows; for the daily job."""
    attempts = AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()[0]
    networks = KnownNetwork.objects.filter(used_on__lt=(now - NETWORKS_KEPT).date()).delete()[0]
    return attempts + networks + sessions.forget(now)
