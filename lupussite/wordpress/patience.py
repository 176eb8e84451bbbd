"""Writing beside a busy site: whoever holds the database is waited for, and an import of hours does not end for it."""

import time
from collections.abc import Callable, Sequence

from django.db import OperationalError

PAUSES = (1, 2, 5, 10, 20, 30)


def patiently(write: Callable, pauses: Sequence[float] = PAUSES):
    """Return what `write` returns, a transaction of its own, tried again while the database refuses it.

    Raises OperationalError when it goes on refusing.
    """
    for pause in pauses:
        try:
            return write()
        except OperationalError:
            time.sleep(pause)
    return write()
