"""Tables that only take new rows: triggers refuse to change or delete what a promise rests on, on both engines.

SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate, and a system check compares.
The name of a trigger carries the hash of its words, so that an old one is seen.
"""

import hashlib

from django.core.checks import Warning as CheckWarning
from django.db import connections

# Table -> the columns that may be written later, once.
TABLES = {
    "articles_revision": {"published_by_id", "published_at", "retired_at"},
    "articles_signoff": {"revoked_at", "revoked_by_id", "revocation_reason"},
    "articles_articleevent": set(),
    "articles_reviewerevent": set(),
    "comments_commentevent": set(),
}
# Table -> the columns of words that retention may take away, and nobody can put others in their place.
EMPTIED = {"comments_commentevent": {"note"}}
PREFIX = "insert_only_"

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION insert_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only takes new rows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def triggers(connection) -> dict[str, tuple[str, str]]:
    """Return name -> (table, statement) of the triggers this database should have, for the tables that are there."""
    wanted = {}
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table, free in TABLES.items():
            if table not in there:
                continue
            columns = sorted(column.name for column in connection.introspection.get_table_description(cursor, table))
            differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
            changes = {column: f'OLD."{column}" {differs} NEW."{column}"' for column in columns}
            for column in EMPTIED.get(table, ()):
                changes[column] += f""" AND NEW."{column}" <> ''"""
            # What may be written later is written once: a revocation that is taken away again would be no revocation.
            written = {column: f'OLD."{column}" IS NOT NULL AND CAST(OLD."{column}" AS TEXT) <> \'\'' for column in free}
            changed = " OR ".join(
                f"({written[column]} AND {change})" if column in free else f"({change})" for column, change in changes.items()
            )
            for moment, condition in (("UPDATE", f" WHEN ({changed})"), ("DELETE", "")):
                action = (
                    f"BEGIN SELECT RAISE(ABORT, '{table} only takes new rows'); END"
                    if sqlite
                    else "EXECUTE FUNCTION insert_only_refuse()"
                )
                body = f'BEFORE {moment} ON "{table}" FOR EACH ROW{condition} {action}'
                name = f"{PREFIX}{table}_{moment.lower()}_{hashlib.sha256(body.encode()).hexdigest()[:8]}"
                wanted[name] = (table, f'CREATE TRIGGER "{name}" {body}')
            if not sqlite:
                name = f"{PREFIX}{table}_truncate"
                body = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION insert_only_refuse()'
                wanted[name] = (table, f'CREATE TRIGGER "{name}" {body}')
    return wanted


def present(connection) -> dict[str, str]:
    """Return name -> table of our triggers in the database."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'insert_only_%'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname LIKE 'insert_only_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def drop(connection) -> None:
    """Take our triggers away."""
    with connection.cursor() as cursor:
        for name, table in present(connection).items():
            cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))


def put_back(sender, using, **kwargs) -> None:
    """Make the triggers that are missing or old; receives post_migrate."""
    connection = connections[using]
    wanted = triggers(connection)
    if set(wanted) == set(present(connection)):
        return
    drop(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for _, statement in wanted.values():
            cursor.execute(statement)


def check(app_configs, databases, **kwargs) -> list[CheckWarning]:
    """Compare what is there with what should be; runs with `check --database default` and before every migrate.

    A warning, because an error would stop the very migrate that puts them back.
    """
    found = []
    for alias in databases or []:
        connection = connections[alias]
        missing = set(triggers(connection)) - set(present(connection))
        if missing and "django_migrations" in connection.introspection.table_names():
            found.append(
                CheckWarning(
                    f"Insert-only triggers are missing: {', '.join(sorted(missing))}.",
                    hint="manage.py migrate puts them back.",
                    id="lupussite.W001",
                )
            )
    return found
