"""Who may try a password at all, and how many are tried at once."""

import threading

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend

# Trying a password keeps a processor busy for half a second. One at a time, one more may wait, and the other threads read.
_one = threading.Lock()
PLACES = threading.BoundedSemaphore(2)


class Busy(Exception):
    """Others are logging in at this very moment."""


class LockedNames(AxesStandaloneBackend):
    """Refuse a locked name before its password is tried."""

    def authenticate(self, request, **credentials):
        """Ask axes; a command on this machine has no request and is not counted."""
        return super().authenticate(request, **credentials) if request else None


class OneAtATime(ModelBackend):
    """Django's backend, which takes the same time for a name that nobody has."""

    def authenticate(self, request, **credentials):
        """Try the password; raises Busy when two are being tried."""
        if not PLACES.acquire(blocking=False):
            raise Busy
        try:
            with _one:
                return super().authenticate(request, **credentials)
        finally:
            PLACES.release()
