"""Writing beside a busy site: whoever holds the database is waited for, and an import of hours does not end for it."""

import sqlite3
import time
from collections.abc import Callable, Sequence

from django.db import OperationalError

PAUSES = (1, 2, 5, 10, 20, 30)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL = "53100"


def patiently(write: Callable, pauses: Sequence[float] = PAUSES):
    """Return what `write` returns, a transaction of its own, tried again while the database refuses it.

    Raises OperationalError when it goes on refusing, and at once where waiting does not help.
    """
    for pause in pauses:
        try:
            return write()
        except OperationalError as error:
            if not _may_pass(error.__cause__):
                raise
            time.sleep(pause)
    return write()


def _may_pass(cause: Exception | None) -> bool:
    """Return whether a refusal may pass by itself: a disk that is full or broken does not."""
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) != DISK_FULL
