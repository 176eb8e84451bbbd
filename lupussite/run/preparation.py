"""What has to be true before the site is served: a database with every migration, articles to look at, a login."""

import contextlib
import secrets
import sqlite3
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article
from comments import searching
from lupussite.doctor.outside import missing_for_readers
from lupussite.environment import first_line, stop

RED, PLAIN = "\x1b[31m", "\x1b[0m"


def prepare(say) -> None:
    """Bring the database up to date, and an empty one to life; `say` prints a line.

    A database that cannot be written is left as it is, and must be complete. Ends the program with one line when the database
    does not answer or cannot take what is missing.
    """
    for sentence in missing_for_readers():
        say(f"{RED}{sentence}{PLAIN}" if sys.stdout.isatty() else sentence)
    try:
        _reach_database()
        missing = unapplied()
        if settings.READ_ONLY_DATABASE:
            if missing:
                stop(f"{settings.DATA_DIR} cannot be written, and the database in it lacks {len(missing)} migrations.")
            return say(f"{settings.DATA_DIR} cannot be written: serving readers only, nothing new is kept.")
        if missing:
            say("Preparing the database:")
            try:
                call_command("migrate", interactive=False, verbosity=1)
            except DatabaseError:
                say("")  # It stopped in the middle of a line.
                raise
        # Its key follows from SECRET_KEY, which may be another one since.
        searching.put_back(sender=None, using=DEFAULT_DB_ALIAS, say=say)
        if not settings.HTTPS and not Article.objects.exists():
            say("Loading the demonstration articles:")
            call_command("load_demo")
        _make_login(say)
    except (DatabaseError, connection.Database.Error) as error:
        stop(
            f"the database cannot be used: {first_line(error).rstrip('.')}. Is it there, may it be written, is there space left?"
        )


def settle() -> None:
    """Move what SQLite keeps in its write-ahead log into the database file, so that the file is whole while nothing runs."""
    if connection.vendor == "sqlite" and not settings.READ_ONLY_DATABASE:
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=1)) as database,
        ):
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _reach_database() -> None:
    if connection.vendor == "sqlite" and not settings.READ_ONLY_DATABASE:
        try:
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            stop(f"cannot make {settings.DATA_DIR}: {error.strerror}. Make its parent writable, or set DATA_DIR.")
    if connection.vendor == "postgresql":
        # Once, without the pool, which would try for ten seconds and not say what is wrong.
        connection.Database.connect(**{"connect_timeout": 5} | connection.get_connection_params()).close()


def unapplied() -> list:
    """Return the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def _make_login(say) -> None:
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return
    name = f"admin-{secrets.token_hex(2)}" if users.filter(username="admin").exists() else "admin"
    password = secrets.token_urlsafe(12)
    users.create_superuser(name, password=password)
    say(f"Login: {name} / {password}  (shown once)")
