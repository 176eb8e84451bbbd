"""Moves a site from SQLite to PostgreSQL, in one direction, while readers are served and nothing is lost.

The old database is held against writers from the first row to the last, and stays closed for them when all is compared: whoever
writes meanwhile gets a 503 with the text. When anything differs, the new database is emptied and the old one opens again.
"""

import contextlib
import datetime
import decimal
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from lupussite.environment import first_line

# Rows that are read and written at once, and rows after which a long table says how far it is.
AT_ONCE, TOLD_EVERY = 2000, 100_000
# A trigger of the old database, when it was moved: it takes no writes any more.
CLOSED = "moved_to_postgresql_"
# What it calls is nowhere: a write then fails as one to a database that is away, and what was sent is shown again.
CLOSED_BY = "this_site_has_moved_to_postgresql"


class Failed(Exception):
    """Nothing was moved; the message says why."""


def move(url: str, say: Callable[[str], None]) -> int:
    """Copy every row to the empty database at `url`, compare, close the old one, and return how many rows there are.

    Raises Failed; then the old database is as it was.
    """
    if connection.vendor != "sqlite":
        raise Failed(_("This site has its data in PostgreSQL already."))
    try:
        target = psycopg.connect(url, connect_timeout=5)
    except psycopg.Error as error:
        raise Failed(_("PostgreSQL doesn't answer: {why}").format(why=first_line(error))) from None
    name = str(settings.DATABASES["default"]["NAME"])
    with contextlib.closing(sqlite3.connect(name, isolation_level=None, timeout=30)) as source, target:
        if _tables(target):
            raise Failed(_("That database isn't empty. Make a new one: createdb --owner lupus lupus"))
        # Nobody writes from here on, and readers go on reading.
        source.execute("BEGIN IMMEDIATE")
        try:
            _check_source(source)
            say(_("Making the tables …"))
            _manage(url, "migrate", "--verbosity", "0")
            rows = _copy_all(source, target, say)
            say(_("Making the indexes, and comparing …"))
            _manage(url, "migrate", "--verbosity", "0")
            _manage(url, "check", "--database", "default", "--fail-level", "WARNING")
            _manage(url, "verify_revisions", "--texts-only")
            _close(source)
            source.execute("COMMIT")
        except BaseException as error:
            source.execute("ROLLBACK")
            target.rollback()
            target.execute("DROP SCHEMA public CASCADE")
            target.execute("CREATE SCHEMA public")
            target.commit()
            if isinstance(error, psycopg.Error):
                raise Failed(first_line(error)) from error
            raise
    return rows


def stay() -> None:
    """Open the old database for writers again, for who decides against the new one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{CLOSED}%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def _check_source(source):
    if source.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        raise Failed(_("The old database is damaged. Restore the last good backup first."))
    if source.execute("PRAGMA foreign_key_check").fetchone():
        raise Failed(_("A row of the old database belongs to one that isn't there."))
    if source.execute("SELECT 1 FROM sqlite_master WHERE name LIKE ?", [f"{CLOSED}%"]).fetchone():
        raise Failed(_("This database was moved already. To stay with it after all: move_database --stay"))


def _manage(url, *words):
    """Run a command on the new database in a process of its own; raises Failed with what it said."""
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR)}
    command = [sys.executable, "manage.py", *words]
    ended = subprocess.run(  # noqa: S603 - commands of ours
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise Failed(f"{words[0]}: {(ended.stderr or ended.stdout).strip()}")


def _tables(target):
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    return sorted(name for (name,) in target.execute(query))


def _columns(target, table):
    """Return name -> type of the columns, the generated ones left out."""
    query = (
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    return dict(target.execute(query, [table]).fetchall())


def _key(target, table):
    query = (
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary"
    )
    return [name for (name,) in target.execute(query, [f'"{table}"'])]


def _copy_all(source, target, say):
    # What triggers keep beside the rows of models, such as the index of words, they make anew.
    tables = sorted(connection.introspection.django_table_names(include_views=False))
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    applied = "SELECT app, name FROM django_migrations"
    if set(source.execute(applied)) != set(target.execute(applied)):
        raise Failed(_("The old database has other migrations than this version: run migrate on it first."))
    if missing := set(tables) - there:
        raise Failed(_("The old database has no table {table}.").format(table=min(missing)))
    _take_triggers(target)
    # What migrations write, such as groups, comes with the rows of the old database, under its own numbers.
    target.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
    rows = 0
    for table in tables:
        columns = _columns(target, table)
        own = {name for _, name, *_ in source.execute(f'PRAGMA table_info("{table}")')}
        if own != set(columns):
            words = _("{table} has other columns in the old database: {columns}.")
            raise Failed(words.format(table=table, columns=", ".join(sorted(own ^ set(columns)))))
        key = _key(target, table)
        rows += _copy(source, target, table, columns, say)
        _set_sequences(target, table, columns)
        old, new = _read_sqlite(source, table, columns, key), _read_postgresql(target, table, columns, key)
        if _digest(old, columns) != _digest(new, columns):
            raise Failed(_("{table} isn't the same in the new database.").format(table=table))
    target.commit()  # Here PostgreSQL checks every reference.
    return rows


def _take_triggers(target):
    """Take all triggers away, so that rows are kept as they come; migrate makes them anew, and what they keep."""
    query = "SELECT tgname, relname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal"
    for name, table in target.execute(query).fetchall():
        target.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))


def _copy(source, target, table, columns, say):
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    count = 0
    with target.cursor() as cursor, cursor.copy(query) as copy:
        for row in _read_sqlite(source, table, columns, []):
            copy.write_row([_for_copy(value, kind) for value, kind in zip(row, columns.values(), strict=True)])
            count += 1
            if count % TOLD_EVERY == 0:
                say(_("  {table}: {count:,} rows …").format(table=table, count=count))
    say(_("{table}: {count:,} rows").format(table=table, count=count))
    return count


def _set_sequences(target, table, columns):
    """Let the next number of each column that counts by itself follow the largest there is."""
    for column in columns:
        (sequence,) = target.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column]).fetchone()
        if sequence:
            most = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
            (largest,) = target.execute(most).fetchone()
            target.execute("SELECT setval(%s, %s, %s)", [sequence, max(largest, 1), largest > 0])


def _read_sqlite(source, table, columns, key) -> Iterator[list]:
    names = ", ".join(f'"{name}"' for name in columns)
    order = "".join(f'{"," if place else " ORDER BY"} "{name}"' for place, name in enumerate(key))
    found = source.execute(f'SELECT {names} FROM "{table}"{order}')  # noqa: S608 - names of ours
    while rows := found.fetchmany(AT_ONCE):
        for row in rows:
            yield [_from_sqlite(value, kind) for value, kind in zip(row, columns.values(), strict=True)]


def _read_postgresql(target, table, columns, key) -> Iterator[list]:
    # The order of bytes, as SQLite has it.
    parts = [sql.SQL('{} COLLATE "C"' if _is_text(columns[name]) else "{}").format(sql.Identifier(name)) for name in key]
    query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), sql.SQL(", ").join(parts)
    )
    with target.cursor("rows") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(query)
        yield from cursor


def _is_text(kind):
    return kind in {"character varying", "text", "character"}


def _from_sqlite(value, kind):
    """Return what PostgreSQL returns for the same value; SQLite has no times, truths or numbers with a point of their own."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "timestamp with time zone":
        return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "time without time zone":
        return datetime.time.fromisoformat(value)
    if kind == "jsonb":
        return json.loads(value)
    if kind == "uuid":
        return uuid.UUID(value)
    if kind == "numeric":
        return decimal.Decimal(str(value))
    if kind == "interval":
        return datetime.timedelta(microseconds=value)
    return value


def _for_copy(value, kind):
    return json.dumps(value) if kind == "jsonb" and value is not None else value


def _digest(rows, columns):
    """Return a hash over all values in order, and the number of rows."""
    kinds, found, count = list(columns.values()), hashlib.sha256(), 0
    for row in rows:
        found.update(repr([_plain(value, kind) for value, kind in zip(row, kinds, strict=True)]).encode())
        count += 1
    return found.hexdigest(), count


def _plain(value, kind):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if kind == "jsonb":
        return json.dumps(value, sort_keys=True)
    if kind == "numeric" and value is not None:
        return str(value.normalize())
    return bytes(value) if isinstance(value, memoryview) else value


def _close(source):
    """Let every table of the old database refuse what is written from here on."""
    tables = dict(source.execute("SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table'"))
    # An index of words writes into tables of its own, and only when a row of ours changes.
    indexes = tuple(f"{table}_" for table, is_virtual in tables.items() if is_virtual)
    for table, is_virtual in tables.items():
        if is_virtual or table.startswith(("sqlite_", *indexes)):
            continue
        for moment in ("INSERT", "UPDATE", "DELETE"):
            source.execute(
                f'CREATE TRIGGER "{CLOSED}{table}_{moment.lower()}" BEFORE {moment} ON "{table}" BEGIN SELECT {CLOSED_BY}(); END'
            )
