"""The mail server, and since when it has taken nothing: what `doctor` and `/healthz?full` ask."""

import logging
import smtplib
import time

from django.conf import settings
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

log = logging.getLogger("mail.server")
# When the first of the attempts failed that nothing followed but failures; in the cache, which all processes share.
KEY = "mail-fails-since"


def fails_since() -> float | None:
    """Return since when (seconds of the epoch) no mail has gone out although some should have."""
    return cache.get(KEY)


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
