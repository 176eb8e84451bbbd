"""Writes a backup while the site runs: a consistent copy of the database, opened and checked, and the pictures."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from lupussite.backups import archive, keeping

# What lies beside the database and belongs to it.
FOLDERS = ("pictures",)
# Pages that SQLite copies in one step; between two steps writers get their turn.
STEP = 4096
# The file in DATA_DIR that says which backup was the last.
LAST = "last-backup.json"


class Failed(Exception):
    """No backup was made; the message says why."""


def backup(folder: Path) -> tuple[Path, list[str]]:
    """Make a dated backup in the folder, check it by reading it again, and return it with the names of old ones that went.

    Raises Failed; then nothing of it is left, and every older backup is.
    """
    if not folder.is_dir():
        raise Failed(f"There is no folder {folder}.")
    target = folder / keeping.name_at(timezone.localtime())
    part = target.with_name(f".{target.name}.part")
    try:
        with _in_words():
            with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                _write(file, folder)
                file.flush()
                os.fsync(file.fileno())
            for _ in archive.read(part):
                pass
            part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    note_last(target)
    gone = keeping.too_many(path.name for path in folder.iterdir())
    for name in gone:
        (folder / name).unlink()
    return target, gone


def note_last(path: Path | None) -> None:
    """Remember which backup was made last, for `doctor`; None for one that went to standard output."""
    last = {"made_at": timezone.now().isoformat(), "path": path and str(path.absolute()), "size": path and path.stat().st_size}
    with contextlib.suppress(OSError):  # A folder that takes no writes keeps nobody from saving what is in it.
        (settings.DATA_DIR / LAST).write_text(json.dumps(last))


def backup_to(file) -> None:
    """Write a backup to a binary file such as standard output, to be encrypted on its way; raises Failed."""
    with _in_words():
        _write(file, settings.DATA_DIR)
    note_last(None)


@contextlib.contextmanager
def _in_words():
    """Raise Failed with words for a disk or a database that does not do it, and for a file that does not open."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise Failed(f"The backup was not made: {getattr(error, 'strerror', None) or error}.") from error
    except archive.Unusable as error:
        raise Failed(f"The backup was not made: {error}") from error


def _write(file, room):
    # The copy needs as much room as the database: in the folder of the backup, which must have it anyway.
    with tempfile.TemporaryDirectory(dir=room, prefix=".lupus-backup-") as name:
        copy = _copy_of_sqlite(Path(name)) if connection.vendor == "sqlite" else _dump_of_postgresql(Path(name))
        path, counts = copy
        paths = {path.name: path} | _files()
        manifest = archive.Manifest(
            made_at=timezone.now().isoformat(),
            engine=connection.vendor,
            database=path.name,
            migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
            counts=counts,
            files={name: archive.digest_of(path) for name, path in paths.items()},
        )
        archive.write(file, manifest, paths)


def _files():
    found = {}
    for folder in FOLDERS:
        for path in sorted((settings.DATA_DIR / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[str(path.relative_to(settings.DATA_DIR))] = path
    return found


def session_tables() -> list[str]:
    """Return the tables that hold who is logged in; a backup must open no account."""
    return [model._meta.db_table for model in apps.get_models() if issubclass(model, AbstractBaseSession)]


def _tables():
    # Of models alone: what an index of words keeps beside them cannot always be counted.
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(tables) - set(session_tables()))


def quoted(table: str) -> str:
    """Return the name of a table as SQL takes it."""
    return connection.ops.quote_name(table)


def count_of(table: str) -> str:
    """Return the query that counts a table."""
    return f"SELECT count(*) FROM {quoted(table)}"  # noqa: S608 - a table of ours


def _copy_of_sqlite(folder):
    path = folder / "db.sqlite3"
    name = str(settings.DATABASES["default"]["NAME"])
    with (
        contextlib.closing(sqlite3.connect(name, uri=name.startswith("file:"), timeout=10)) as source,
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as copy,
    ):
        # One read transaction for all of it: otherwise every write of the site would start the copy again.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        source.backup(copy, pages=STEP, sleep=0)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        for table in session_tables():
            copy.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - a table of ours
        with _verified(path):
            if (said := copy.execute("PRAGMA integrity_check(1)").fetchall()) != [("ok",)]:
                raise Failed(f"The database is damaged: {said[0][0]}. Restore the last good backup.")
            counts = {table: copy.execute(count_of(table)).fetchone()[0] for table in _tables()}
    return path, counts


@contextlib.contextmanager
def _verified(path):
    """Let another process compute every hash of the copy anew meanwhile; it is right when this ends without Failed."""
    with subprocess.Popen(
        # A picture that is gone must not keep all the rest from being saved.
        [sys.executable, "manage.py", "verify_revisions", "--texts-only"],
        cwd=settings.BASE_DIR,
        # As readers do: it must change nothing of the file.
        env=os.environ | {"DATABASE_URL": f"sqlite:///{path}", "READERS_FROM": str(path), "DATA_DIR": str(settings.DATA_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as checking:
        try:
            yield
            said = checking.communicate()[0]
        except BaseException:
            checking.kill()
            raise
    if checking.returncode:
        raise Failed(f"The articles in the database are not what was signed:\n{said}")


def _dump_of_postgresql(folder):
    if not shutil.which("pg_dump"):
        raise Failed("There is no pg_dump here. Install it: apt install postgresql-client")
    path = folder / "database.dump"
    with connection.cursor() as cursor:
        # The rows are counted in the very state that is dumped.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            run_postgresql(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={path}",
                *(f"--exclude-table-data={table}" for table in session_tables()),
            )
            counts = {}
            for table in _tables():
                cursor.execute(count_of(table))
                counts[table] = cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")
    run_postgresql("pg_restore", "--list", str(path), names_database=False)
    return path, counts


def run_postgresql(program: str, *arguments: str, names_database: bool = True) -> None:
    """Run a program of PostgreSQL on the site's database, the password in its environment; raises Failed with what it said."""
    own = connection.get_connection_params()
    said = {"PGPASSWORD": own.get("password"), "PGUSER": own.get("user"), "PGHOST": own.get("host"), "PGPORT": own.get("port")}
    said |= {"PGSSLMODE": own.get("sslmode")}
    environment = os.environ | {name: str(value) for name, value in said.items() if value}
    named = [f"--dbname={own['dbname']}"] if names_database else []
    ended = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [program, *named, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise Failed(f"{program}: {ended.stderr.strip()}")
