"""What has to go on all the time: the worker, the outbox, mail, backups."""

import datetime
import json
import logging
import time
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lupussite.backups import archive, making
from lupussite.doctor import Finding, machine
from lupussite.environment import backup_typed, settings_file, typed
from lupussite.run import closing
from mail import outbox, server
from mail.message import sender
from mail.models import Outbox

log = logging.getLogger("lupussite.doctor")
KEY = "worker-alive"
# The worker says so every minute, between two tasks; none takes longer than this.
SILENT = 5 * 60
MAIL_DOWN = 60 * 60
LATE = datetime.timedelta(hours=1)
BACKUP_EVERY = datetime.timedelta(days=2)
PATIENCE = 3  # seconds for the mail server


def worker_is_alive() -> None:
    """Note that the worker is there; only it calls this, and goes on without a cache."""
    try:
        cache.set(KEY, time.time(), None)
    except Exception as error:
        log.warning("the cache does not answer", exc_info=error)


def worker_is_silent() -> bool:
    """Return whether nothing was heard of the worker for too long; a clock that went back makes nobody silent."""
    return time.time() - (cache.get(KEY) or 0) > SILENT


def mail_is_down() -> bool:
    """Return whether no mail has gone out for an hour although some should have."""
    since = server.fails_since()
    return since is not None and time.time() - since > MAIL_DOWN


def worker() -> Finding:
    """See that the worker is there."""
    if closing.readers_from():
        words = _("the site is closed for an update, and only readers are served. If none is running: script/update")
        return Finding(_("Worker"), False, words)
    if settings.READ_ONLY_DATABASE:
        return Finding(_("Worker"), False, _("it doesn't run while the database can't be written"))
    if worker_is_silent():
        words = _("not heard from for five minutes, so email and daily tasks stand still. Is the site running?")
        return Finding(_("Worker"), False, words)
    return Finding(_("Worker"), True, _("running"))


def tasks() -> Finding:
    """See that nothing waits in the outbox longer than it should."""
    now = timezone.now()
    number = outbox.waiting()
    if outbox.is_asleep():
        words = _("asleep since a restore, {number} waiting: run {command}").format(number=number, command=typed("wake"))
        return Finding(_("Outbox"), False, words)
    oldest = Outbox.objects.filter(done_at=None, created_at__lte=now - LATE, due_at__lte=now + LATE)
    # What was only planned for now is not late: it is when it was due before, or failed since.
    late = oldest.filter(due_at__lte=now - LATE) | oldest.filter(failed_at__isnull=False)
    first = late.order_by("created_at").values("kind", "created_at").first()
    if first:
        words = _("“{kind}” has been waiting for {time}").format(kind=first["kind"], time=timesince(first["created_at"], now))
        return Finding(_("Outbox"), False, words.replace("\xa0", " "))
    return Finding(_("Outbox"), True, ngettext("{number} thing waiting", "{number} things waiting", number).format(number=number))


def mail_server(send_to: str = "") -> Finding:
    """Connect to the mail server and log in; with an address, really send it a mail."""
    name = _("Email")
    if settings.MAIL_LACKS:
        words = _("set {names} in {place}; until then, everything waits")
        return Finding(name, False, words.format(names=", ".join(settings.MAIL_LACKS), place=settings_file()))
    try:
        connection = mail.get_connection()
        connection.timeout = PATIENCE
        if send_to:
            subject = _("A test email")
            body = _("If you can read this, email from {url} arrives.").format(url=settings.SITE_URL)
            mail.EmailMessage(subject, body, sender(), [send_to], connection=connection).send()
            return Finding(name, True, _("sent to {address}: see if it arrives").format(address=send_to))
        connection.open()
        connection.close()
    except Exception as error:
        # What a mail server says may hold a password or an address.
        return Finding(name, False, _("the mail server takes nothing ({error})").format(error=type(error).__name__))
    if mail_is_down():
        return Finding(name, False, _("the mail server answers, but nothing has gone out for an hour"))
    return Finding(name, True, _("the mail server answers") if settings.HTTPS else _("works"))


def last_backup() -> dict | None:
    """Return what was noted of the last backup: `made_at`, and `path` and `size` unless it is not kept here; None without one."""
    try:
        last = json.loads((settings.DATA_DIR / making.LAST).read_text())
        return last | {"made_at": datetime.datetime.fromisoformat(last["made_at"])}
    except (OSError, ValueError, KeyError):
        return None


def backup() -> Finding:
    """See that there is a backup that is not old, is still what was written, is private, and opens."""
    name, last = _("Backup"), last_backup()
    if last is None:
        return Finding(name, False, _("there's none yet: run {command}").format(command=backup_typed(settings.DATA_DIR)))
    made_at = last["made_at"]
    age = timezone.now() - made_at
    since = timesince(made_at).replace("\xa0", " ")
    if age > BACKUP_EVERY:
        return Finding(name, False, _("the last one is {age} old").format(age=since))
    if not last["path"]:
        return Finding(name, True, _("made {age} ago, not kept here").format(age=since))
    path = Path(last["path"])
    try:
        if path.stat().st_size != last["size"]:
            return Finding(name, False, _("{path} is no longer what was saved").format(path=path))
        archive.opens(path)
        wide = machine.is_open_to_others(path)
    except (OSError, archive.Unusable) as error:
        return Finding(name, False, f"{path}: {getattr(error, 'strerror', None) or error}")
    if wide:
        return Finding(name, False, _("other people on this machine can open {path}").format(path=path))
    return Finding(name, True, _("made {age} ago, opens").format(age=since))
