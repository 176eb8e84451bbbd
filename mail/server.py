"""The mail server, and since when it has taken nothing: what `doctor` and `/healthz?full` ask."""

import smtplib
import time

from django.conf import settings
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

# When the first of the attempts failed that nothing followed but failures; in the cache, which all processes share.
KEY = "mail-fails-since"


def fails_since() -> float | None:
    """Return since when (seconds of the epoch) no mail has gone out although some should have."""
    return cache.get(KEY)


class MailServer(EmailBackend):
    """Django's own, which also notes whether the server takes mail. An address that it refuses is no failure of the server."""

    def open(self):
        """Connect and log in."""
        try:
            return super().open()
        except OSError:  # smtplib's errors are among them.
            cache.add(KEY, time.time(), None)
            raise

    def _send(self, email_message):
        try:
            sent = super()._send(email_message)
        except smtplib.SMTPRecipientsRefused:
            raise
        except (OSError, smtplib.SMTPException):
            cache.add(KEY, time.time(), None)
            raise
        cache.delete(KEY)
        return sent


class NotSetUp(Exception):
    """There is no mail server yet, so the outbox keeps what should go out."""


class NoServer(BaseEmailBackend):
    """Stands where no mail server was named: everything fails, and so everything is kept."""

    def open(self):
        """Refuse."""
        cache.add(KEY, time.time(), None)
        raise NotSetUp(f"no mail goes out before {' and '.join(settings.MAIL_LACKS)} are set")

    def send_messages(self, email_messages):
        """Refuse."""
        self.open()
