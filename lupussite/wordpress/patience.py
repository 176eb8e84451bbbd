"""Writing beside a busy site: whoever holds the database is waited for, and an import of hours does not end for it.

Small things are written several at once: the disk is waited for once, and others who write get in while the next are read.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence

from django.db import OperationalError, transaction

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


class Together:
    """Writes in their order, each transaction with as many of them as weigh `most`."""

    def __init__(self, most: int):
        self.most, self.weight = most, 0
        self.writes: list[Callable] = []

    def add(self, write: Callable, weight: int) -> None:
        """Take one along; it may be called again when the database refuses."""
        self.writes.append(write)
        self.weight += weight
        if self.weight >= self.most:
            self.finish()

    def finish(self) -> None:
        """Write what waits."""
        if self.writes:
            patiently(self._all)
        self.writes, self.weight = [], 0

    @transaction.atomic
    def _all(self):
        for write in self.writes:
            write()


def _may_pass(cause: Exception | None) -> bool:
    """Return whether a refusal may pass by itself: a disk that is full or broken does not."""
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) != DISK_FULL
