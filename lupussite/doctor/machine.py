"""The computer: the database and what it runs on, folders and keys, room on the disk, the clock."""

import ctypes
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lupussite.doctor import Finding
from lupussite.environment import INSTALLED
from lupussite.run.preparation import unapplied
from mail.models import Outbox

# Less room than this, and the next backup or a busy day may fill the disk; less than the second, and it is as good as full.
LITTLE_ROOM, NO_ROOM = 1024**3, 64 * 1024**2
OLDEST_POSTGRESQL, OLDEST_REDIS, OLDEST_SQLITE = 14, 6, (3, 37)
SHORTEST_KEY = 50
TIME_ERROR = 5  # What adjtimex(2) returns for a clock that nothing sets.
WRONG_BY = 5  # seconds


def framework() -> Finding:
    """Run Django's own checks, ours of the triggers among them."""
    found = checks.run_checks(include_deployment_checks=settings.HTTPS, databases=["default"])
    bad = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    words = "; ".join(f"{message.id}: {message.msg}" for message in bad)
    return Finding(_("Settings"), not bad, words or _("everything fits together"))


def database() -> Finding:
    """Look at its version and its migrations."""
    missing = len(unapplied())
    name, too_old = _version()
    if settings.READ_ONLY_DATABASE:
        words, well = _("{folder} can't be written, so nothing new is saved").format(folder=settings.DATA_DIR), False
    elif missing:
        words, well = ngettext("{number} migration is missing", "{number} migrations are missing", missing), False
        words = words.format(number=missing)
    elif too_old:
        words, well = _("{name} is too old").format(name=name), False
    else:
        words, well = _("{name}, up to date").format(name=name), True
    return Finding(_("Database"), well, words)


def _version():
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}", sqlite3.sqlite_version_info < OLDEST_SQLITE
    connection.ensure_connection()
    number = connection.pg_version // 10000
    return f"PostgreSQL {number}", number < OLDEST_POSTGRESQL


def shared_memory() -> Finding:
    """See that the cache keeps what it is given, and which Redis it is if it is one."""
    cache.set("doctor", "well", 60)
    if cache.get("doctor") != "well":
        return Finding(_("Cache"), False, _("it forgets what it's given, so flood limits don't count"))
    if not settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        return Finding(_("Cache"), True, _("works"))
    version = cache._cache.get_client().info("server")["redis_version"]
    return Finding(_("Cache"), int(version.split(".")[0]) >= OLDEST_REDIS, f"Redis {version}")


def folders() -> Finding:
    """See that nobody else on this machine can read what readers entrusted to the site, and that the keys are long enough."""
    private = [settings.DATA_DIR, settings.DATA_DIR / "db.sqlite3", settings.DATA_DIR / "keys", INSTALLED]
    private += (settings.DATA_DIR / "keys").glob("*")
    if not settings.HTTPS:
        private.remove(INSTALLED)
    wide = [str(path) for path in private if path.exists() and is_open_to_others(path)]
    if wide:
        words = _("other people on this machine can open {paths}: run chmod go= on it").format(paths=", ".join(wide))
        return Finding(_("Files and keys"), False, words)
    keys = {"SECRET_KEY": [settings.SECRET_KEY], "CONTACT_INDEX_KEYS": settings.CONTACT_INDEX_KEYS}
    short = [name for name, values in keys.items() if min(map(len, values)) < SHORTEST_KEY]
    if short:
        return Finding(_("Files and keys"), False, _("{names} can be guessed: too short").format(names=", ".join(short)))
    return Finding(_("Files and keys"), True, _("private"))


def is_open_to_others(path: Path) -> bool:
    """Return whether anyone but its owner may do anything with a file or folder. Raises OSError."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def room() -> int:
    """Return the bytes that are free where the data are."""
    return shutil.disk_usage(settings.DATA_DIR).free


def is_full() -> bool:
    """Return whether nothing more can be kept."""
    return settings.READ_ONLY_DATABASE or room() < NO_ROOM


def disk() -> Finding:
    """See how much room is left: also for a copy of the database, which every backup makes."""
    path = Path(str(connection.settings_dict["NAME"]))
    size = path.stat().st_size if connection.vendor == "sqlite" and path.exists() else 0
    free = room()
    words = _("{free} MB free in {folder}").format(free=f"{free // 1024**2:,}", folder=settings.DATA_DIR)
    return Finding(_("Disk"), free > max(LITTLE_ROOM, 2 * size), words)


def clock() -> Finding:
    """See that the clock is set by others and agrees with what was written before, here and in a database elsewhere."""
    now = timezone.now()
    newest = Outbox.objects.order_by("-pk").values_list("created_at", flat=True).first()
    if newest and (newest - now).total_seconds() > WRONG_BY:
        words = _("it went back: something was saved at {moment}, which is still to come")
        return Finding(_("Clock"), False, words.format(moment=f"{newest:%Y-%m-%d %H:%M %Z}"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            if abs((cursor.fetchone()[0] - timezone.now()).total_seconds()) > WRONG_BY:
                return Finding(_("Clock"), False, _("the database's clock differs from this machine's"))
    if settings.HTTPS and sys.platform == "linux" and _nothing_sets_it():
        return Finding(_("Clock"), False, _("nothing keeps it right; see timedatectl"))
    return Finding(_("Clock"), True, f"{timezone.localtime(now):%Y-%m-%d %H:%M %Z}")


def _nothing_sets_it():
    # struct timex is smaller than this; with modes = 0 it is only filled in.
    return ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(1024)) == TIME_ERROR
