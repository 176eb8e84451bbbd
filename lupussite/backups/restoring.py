"""Brings a backup back into an empty place. Nothing leaves it: the outbox sleeps until `manage.py wake`."""

import os
import shutil
import tempfile
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from comments.flows import keys
from comments.flows.retention import apply_retention
from comments.models import Contact
from comments.models.contact import blind_indexes
from lupussite.backups import archive, making
from lupussite.environment import typed
from mail import outbox


def restore(path: Path, say, *, instead: bool = False, without_addresses: bool = False) -> None:
    """Put database and pictures of a backup where the settings say, erase what is overdue, and let the outbox sleep.

    `say` prints a line. With `instead`, the database that is there goes, and nothing is erased or put to sleep: the backup was
    made a moment ago, and nobody else has it. `without_addresses` is for lost keys: every contact goes.

    Raises archive.Unusable or making.Failed; then nothing of it is left.
    """
    if not instead:
        _check_empty()
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restoring-") as name:
        folder = Path(name)
        manifest = _unpack(path, folder)
        if instead:
            _take_away()
        try:
            _put_database(folder / manifest.database)
            connections.close_all()
            _check_counts(manifest)
            if not without_addresses:
                _check_keys()
        except BaseException:
            _take_away()
            raise
        for each in making.FOLDERS:
            # A file of a picture never changes, so those that are there are those of the backup, or newer.
            if (folder / each).exists() and not (settings.DATA_DIR / each).exists():
                shutil.move(folder / each, settings.DATA_DIR / each)
    if instead:
        return
    # First, so that no worker that starts meanwhile sends anything.
    call_command("migrate", interactive=False, verbosity=0)
    if without_addresses:
        _forget_addresses()
    outbox.sleep()
    erased = sum(count for _, count in apply_retention(timezone.now()))
    say(f"Restored what was saved on {manifest.made_at[:16].replace('T', ' ')} UTC: {sum(manifest.counts.values()):,} rows.")
    say(f"Erased {erased:,} things whose time had passed since.")
    say(f"No email leaves this copy until you run: {typed('wake')}")


def _check_empty():
    places = [settings.DATA_DIR / each for each in making.FOLDERS]
    if connection.vendor == "sqlite":
        places.append(Path(settings.DATABASES["default"]["NAME"]))
    taken = [str(place) for place in places if place.exists()]
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        taken.append(f"the database {connection.settings_dict['NAME']}")
    if taken:
        raise making.Failed(f"{taken[0]} is already there. Restore into an empty place: move it away, or set DATA_DIR.")


def _unpack(path, folder):
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    manifest = None
    for manifest, name, content in archive.read(path):
        if newer := sorted(set(manifest.migrations) - known):
            raise archive.Unusable(f"A newer version of the site made this backup ({newer[0]}). Update first.")
        if manifest.engine != connection.vendor:
            raise archive.Unusable(f"This is a backup of {manifest.engine}, and DATABASE_URL names {connection.vendor}.")
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            shutil.copyfileobj(content, file, archive.PIECE)
    if manifest is None:
        raise archive.Unusable("This file is no backup of this site.")
    return manifest


def _put_database(path):
    if connection.vendor == "sqlite":
        path.rename(settings.DATABASES["default"]["NAME"])
    else:
        making.run_postgresql("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(path))


def _check_counts(manifest):
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table, count in manifest.counts.items():
            if table not in there:
                raise archive.Unusable(f"This backup is damaged: it has no table {table}.")
            cursor.execute(making.count_of(table))
            if (found := cursor.fetchone()[0]) != count:
                raise archive.Unusable(f"This backup is damaged: {table} has {found} rows instead of {count}.")


def _check_keys():
    """See that the keys of this place are those of the backup: other ones would lose every address without a word."""
    try:
        contact = Contact.objects.order_by("-pk").first()
    except InvalidToken:
        folder = settings.DATA_DIR / "keys"
        words = f"CONTACT_KEYS here don't open the addresses in this backup. Put the old keys into {folder}, then restore again. "
        words += "If they're lost for good: restore --without-addresses."
        raise making.Failed(words) from None
    if contact and contact.index not in blind_indexes(contact.address):
        words = "The key that the addresses in this backup are found by isn't in CONTACT_INDEX_KEYS. Add it, then restore again."
        raise making.Failed(words)
    if lost := keys.lost():
        raise making.Failed(" ".join([*lost, "Add it, then restore again."]))


def _forget_addresses():
    """Delete every contact, without reading one: a comment stays, and nobody can be written to about it."""
    Contact.objects.only("pk").delete()


def _take_away():
    if connection.vendor == "sqlite":
        connections.close_all()
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{settings.DATABASES['default']['NAME']}{end}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
