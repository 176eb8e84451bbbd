"""What the worker does after an import: screening what came, a little at a time."""

import time

from comments.flows import arrival
from lupussite.models import Moved
from mail.outbox import MORE

AT_ONCE = 100
SLICE = 2.0


def screen_arrived(payload: dict) -> str | None:
    """Screen comments that an import brought, for some seconds; returns MORE when there are more."""
    until = time.monotonic() + SLICE
    while rows := list(Moved.objects.filter(is_screened=False).order_by("pk").values_list("pk", "comment")[:AT_ONCE]):
        arrival.screen_arrived([comment for _, comment in rows])
        Moved.objects.filter(pk__in=[pk for pk, _ in rows]).update(is_screened=True)
        if time.monotonic() >= until:
            return MORE
    return None


HANDLERS = {"screen_arrived": screen_arrived}
