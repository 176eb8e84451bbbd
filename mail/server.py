"""The mail server, and since when it has taken nothing: what `doctor` and `/healthz?full` ask."""

import datetime
import logging
import smtplib
import time

from django.conf import settings
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from mail.models import ServerSince

log = logging.getLogger("mail.server")
# When the first of the attempts failed that nothing followed but failures; in the cache, which all processes share.
KEY = "mail-fails-since"
# Before anything was asked for.
NEVER = datetime.datetime.fromtimestamp(0, datetime.UTC)


def fails_since() -> float | None:
    """Return since when (seconds of the epoch) no mail has gone out although some should have."""
    return cache.get(KEY)


def note_whether_there_is_one() -> None:
    """Keep since when there has been a mail server; the worker calls this when it starts, for settings change by a restart."""
    if settings.MAIL_LACKS:
        ServerSince.objects.all().delete()
    else:
        ServerSince.objects.get_or_create(pk=1)


def too_old_after(period: datetime.timedelta, now: datetime.datetime | None = None) -> datetime.datetime:
    """Return the moment before which a mail was asked for that had so long to go out.

    Only the time counts in which there was a mail server. What waits for the first one is not stale: whoever sends it looks
    first whether it is still true, and still wanted.
    """
    moment = (now or timezone.now()) - period
    if settings.MAIL_LACKS or ServerSince.objects.filter(at__gt=moment).exists():
        return NEVER
    return moment


def _note(change, *arguments) -> None:
    """Change the note, if the cache answers: no mail may fail, or be sent again, for its sake."""
    try:
        change(KEY, *arguments)
    except Exception as error:
        log.warning("the cache does not answer", exc_info=error)


class MailServer(EmailBackend):
    """Django's own, which also notes whether the server takes mail. An address that it refuses is no failure of the server."""

    def open(self):
        """Connect and log in."""
        try:
            return super().open()
        except OSError:  # smtplib's errors are among them.
            _note(cache.add, time.time(), None)
            raise

    def _send(self, email_message):
        try:
            sent = super()._send(email_message)
        except smtplib.SMTPRecipientsRefused:
            raise
        except (OSError, smtplib.SMTPException):
            _note(cache.add, time.time(), None)
            raise
        _note(cache.delete)
        return sent


class NotSetUp(Exception):
    """There is no mail server yet, so the outbox keeps what should go out."""


class NoServer(BaseEmailBackend):
    """Stands where no mail server was named: everything fails, and so everything is kept."""

    def open(self):
        """Refuse."""
        _note(cache.add, time.time(), None)
        raise NotSetUp(f"no mail goes out before {' and '.join(settings.MAIL_LACKS)} are set")

    def send_messages(self, email_messages):
        """Refuse."""
        self.open()
