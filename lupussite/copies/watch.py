"""Whether anything was written to the database, by anybody, on this machine or another."""

import contextlib
import logging
import sqlite3
import threading
import time

from django.conf import settings
from django.db import connection

log = logging.getLogger("lupussite.copies.watch")

# Seconds. What was true so long ago still counts as true.
FRESH = 0.9
POLL = 0.5


def watch():
    """Return the watch of the site's database."""
    return SQLiteWatch(settings.DATABASES["default"]["NAME"]) if connection.vendor == "sqlite" else PostgreSQLWatch()


class SQLiteWatch:
    """Asks the file itself, each time: https://www.sqlite.org/pragma.html#pragma_data_version

    The number changes with every commit of another connection, so this one is used for nothing else.
    """

    # Each answer is of the moment of asking.
    is_exact = True

    def __init__(self, name):
        self.name = str(name)
        self.lock = threading.Lock()
        self.connection = None
        self.last = None

    def token(self) -> int | None:
        """Return a number that stays while nothing is written, or None when the database does not answer."""
        try:
            with self.lock:
                if self.connection is None:
                    self.connection = sqlite3.connect(
                        self.name, uri=self.name.startswith("file:"), timeout=1, isolation_level=None, check_same_thread=False
                    )
                ((self.last,),) = self.connection.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error:
            return None
        return self.last


class PostgreSQLWatch:
    """Asks the server twice a second which transactions are over; every commit that wrote something changes the answer.

    https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT
    """

    is_exact = False

    def __init__(self):
        self.lock = threading.Lock()
        self.thread = None
        self.known = (None, 0.0)
        self.last = None

    def token(self) -> str | None:
        """Return words that stay while nothing is written, at most a second old, or None when the server does not answer."""
        if self.thread is None:
            self._start()
        token, asked = self.known
        return token if time.monotonic() - asked <= FRESH else None

    def _start(self):
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._ask_for_ever, name="watch", daemon=True)
                self.thread.start()

    def _ask_for_ever(self):
        while True:
            try:
                # Its own connection: the pool's are for requests.
                parameters = {"connect_timeout": 5} | connection.get_connection_params()
                with contextlib.closing(connection.Database.connect(**parameters)) as own:
                    own.autocommit = True
                    while True:
                        asked = time.monotonic()
                        ((token,),) = own.execute("SELECT pg_current_snapshot()::text").fetchall()
                        self.last = token
                        self.known = (token, asked)
                        time.sleep(POLL)
            except connection.Database.Error as error:
                log.warning("the database does not say whether it changed: %s", type(error).__name__)
                time.sleep(POLL)
