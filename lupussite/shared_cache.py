"""Django's cache in a file that all processes of this machine share, so that a flood limit is one limit however many serve.

Nothing in it is worth keeping: `manage.py serve` begins with an empty one, and it is written without waiting for the disk.
"""

import contextlib
import os
import pickle
import sqlite3
import threading
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

# Seconds that a process waits while another writes.
PATIENCE = 2
# One write of so many also throws away what is out of date, and what is too much.
SWEEP = 200
MOST = 100_000
FOR_EVER = 2.0**62
TABLE = (
    "CREATE TABLE IF NOT EXISTS entry"
    " (key TEXT PRIMARY KEY, number INTEGER, value BLOB, until REAL NOT NULL, made REAL NOT NULL) WITHOUT ROWID"
)
WRITE = "INSERT INTO entry VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET (number, value, until, made) = "
NEW = "(excluded.number, excluded.value, excluded.until, excluded.made)"


class SharedCache(BaseCache):
    """A backend for CACHES; LOCATION is the file. Whole numbers are kept as numbers, so that `incr` is one step for all.

    Raises sqlite3.Error when the file cannot be used.
    """

    def __init__(self, location, params):
        super().__init__(params)
        self.path = str(location)
        self.own, self.writes = threading.local(), 0

    def get(self, key, default=None, version=None):
        """Return what is kept, or the default."""
        row = self._run("SELECT number, value FROM entry WHERE key = ? AND until > ?", self._key(key, version), time.time())
        if row is None:
            return default
        number, value = row
        return number if value is None else pickle.loads(value)  # noqa: S301 - from a file that is the site's alone

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep a value."""
        self._run(WRITE + NEW, *self._row(key, value, timeout, version))
        self._sweep()

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep a value if there is none, and return whether it was kept."""
        row = self._row(key, value, timeout, version)
        kept = self._run(f"{WRITE}{NEW} WHERE until <= ? RETURNING 1", *row, time.time())
        self._sweep()
        return kept is not None

    def incr(self, key, delta=1, version=None):
        """Add to a number and return it; raises ValueError when there is none."""
        change = "UPDATE entry SET number = number + ? WHERE key = ? AND until > ? AND value IS NULL RETURNING number"
        row = self._run(change, delta, self._key(key, version), time.time())
        if row is None:
            raise ValueError(f"Key {key!r} not found")
        return row[0]

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        """Let a value be kept longer, and return whether it is there."""
        change = "UPDATE entry SET until = ? WHERE key = ? AND until > ? RETURNING 1"
        return self._run(change, self._until(timeout), self._key(key, version), time.time()) is not None

    def delete(self, key, version=None):
        """Forget a value, and return whether it was there."""
        return (
            self._run("DELETE FROM entry WHERE key = ? AND until > ? RETURNING 1", self._key(key, version), time.time())
            is not None
        )

    def clear(self):
        """Forget everything."""
        self._run("DELETE FROM entry")

    def close(self, **kwargs):
        """Keep the connection: the next request of the thread wants it again."""

    def _key(self, key, version):
        key = self.make_key(key, version)
        self.validate_key(key)
        return key

    def _row(self, key, value, timeout, version):
        is_number = type(value) is int
        packed = None if is_number else pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self._key(key, version), value if is_number else None, packed, self._until(timeout), time.time()

    def _until(self, timeout):
        until = self.get_backend_timeout(timeout)
        return FOR_EVER if until is None else until

    def _sweep(self):
        self.writes += 1
        if self.writes % SWEEP == 0:
            self._run("DELETE FROM entry WHERE until <= ?", time.time())
            self._run("DELETE FROM entry WHERE key IN (SELECT key FROM entry ORDER BY made DESC LIMIT -1 OFFSET ?)", MOST)

    def _run(self, sql, *values):
        """Run one statement and return its first row, or None."""
        # Not across a fork: SQLite's locks are those of one process.
        if getattr(self.own, "pid", None) != os.getpid():
            self.own.connection, self.own.pid = self._connect(), os.getpid()
        rows = self.own.connection.execute(sql, values).fetchall()
        return rows[0] if rows else None

    def _connect(self):
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=OFF")
        # The mode stays with the file. SQLite does not wait for others when it is changed, so those who come together try again.
        deadline = time.monotonic() + PATIENCE
        while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        connection.execute(TABLE)
        return connection


def begin_empty(path) -> None:
    """Throw the file away; only before anybody uses it."""
    for name in (str(path), f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(OSError):
            os.unlink(name)
