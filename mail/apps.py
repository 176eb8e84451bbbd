"""Mail: the outbox, and how a mail is built and sent. Knows nothing of the other apps."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers the outbox."""

    name = "mail"
