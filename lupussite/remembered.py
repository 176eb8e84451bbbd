"""What a process remembers of the database from page to page: what every page says of the site is read again only after a write.

A ready copy stays for as long as nothing is written, so what it was made of must not be older than what the copies' watch said
before: a memory that only counted seconds could put an old name on a copy that then stays.
"""

import dataclasses
import time
from collections.abc import Callable

from django.db import DatabaseError

# Seconds.
LIFE = 0.9  # Where nothing watches the database: in the worker and in commands.
# A watch that lags does not see a write at once, and a page is given out for `copies.front.LIFE` after it was made.
LIFE_BESIDE_LAGGING_WATCH = 0.1


@dataclasses.dataclass(frozen=True)
class _Kept:
    value: object
    token: object
    read_at: float


class Remembered:
    """One value in this process; `watch` is that of the ready copies, in the processes that have one."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.watch = None
        self.kept: _Kept | None = None

    def get(self, read: Callable[[], object], otherwise: object) -> object:
        """Return what `read()` returned while that is surely right; what was known last when the database does not answer."""
        token = self.watch and self.watch.token()
        kept, now = self.kept, self.clock()
        if kept and self._is_right(kept, token, now):
            return kept.value
        try:
            value = read()
        except DatabaseError:
            return self.known(otherwise)
        self.kept = _Kept(value, token, now)
        return value

    def known(self, otherwise: object) -> object:
        """Return what was read last, without asking the database."""
        kept = self.kept
        return kept.value if kept else otherwise

    def forget(self) -> None:
        """Read it again when it is asked for next: this process wrote."""
        self.kept = None

    def _is_right(self, kept, token, now):
        if self.watch is None:
            return now - kept.read_at <= LIFE
        if token is None or token != kept.token:
            return False
        return self.watch.is_exact or now - kept.read_at <= LIFE_BESIDE_LAGGING_WATCH


site = Remembered()
