"""Triggers by which the database itself keeps a promise, on both engines.

SQLite drops them when a migration rebuilds their table, so they are put back after every migrate, and a system check compares.
The name of a trigger carries the hash of its words, so that an old one is seen.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator

from django.core.checks import Warning as CheckWarning
from django.db import connections, transaction


def named(prefix: str, body: str) -> tuple[str, str]:
    """Return the name of the trigger with that body, such as "BEFORE DELETE ON …", and the statement that makes it."""
    name = f"{prefix}_{hashlib.sha256(body.encode()).hexdigest()[:8]}"
    return name, f'CREATE TRIGGER "{name}" {body}'


@dataclasses.dataclass(frozen=True)
class Triggers:
    """The triggers whose names begin with `prefix`, and with those of no others.

    `wanted(connection)` yields (table, name, statement) of each that should be there, nothing while a table is missing;
    `before(cursor)` and `after(cursor)` do what is to be done around making them.
    """

    prefix: str
    what: str
    code: str
    wanted: Callable[..., Iterator[tuple[str, str, str]]]
    before: Callable = lambda cursor: None
    after: Callable = lambda cursor: None

    def present(self, connection) -> dict[str, str]:
        """Return name -> table of those in the database."""
        query = (
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal"
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            return {name: table for name, table in cursor.fetchall() if name.startswith(self.prefix)}

    def drop(self, connection) -> None:
        """Take them away."""
        with connection.cursor() as cursor:
            for name, table in self.present(connection).items():
                cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))

    def put_back(self, sender, using, **kwargs) -> None:
        """Make all of them anew when one is missing or old, in one transaction; receives post_migrate."""
        connection = connections[using]
        wanted = list(self.wanted(connection))
        if {name for _table, name, _statement in wanted} == set(self.present(connection)):
            return
        with transaction.atomic(using=using), connection.cursor() as cursor:
            self.drop(connection)
            self.before(cursor)
            for _table, _name, statement in wanted:
                cursor.execute(statement)
            self.after(cursor)

    def missing(self, databases) -> list[CheckWarning]:
        """Compare what is there with what should be, for a system check.

        It runs with `check --database default` and before every migrate. A warning, because an error would stop the very migrate
        that puts them back.
        """
        found = []
        for alias in databases or []:
            connection = connections[alias]
            missing = {name for _table, name, _statement in self.wanted(connection)} - set(self.present(connection))
            if missing and "django_migrations" in connection.introspection.table_names():
                words = f"{self.what} are missing: {', '.join(sorted(missing))}."
                found.append(CheckWarning(words, hint="manage.py migrate puts them back.", id=self.code))
        return found
