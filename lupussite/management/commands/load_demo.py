"""Sample articles and comments for an empty database, and accounts to try the admin with."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lupussite.demo import accounts, content


class Command(BaseCommand):
    """Thin: what is loaded stands in `lupussite.demo`."""

    help = "Loads sample articles and comments into an empty database. Safe to run twice."

    def add_arguments(self, parser):
        """Take whether to make accounts with the password in DEMO_PASSWORD."""
        parser.add_argument("--with-accounts", action="store_true", help="also make demo-admin, demo-moderator and the others")

    def handle(self, *, with_accounts, **options):
        """Load, and say what was loaded."""
        if with_accounts and settings.HTTPS:
            raise CommandError("Accounts with a known password are not made on an https site.")
        if with_accounts and not settings.DEMO_PASSWORD:
            raise CommandError("Set DEMO_PASSWORD: it becomes the password of the demo accounts.")
        with transaction.atomic():
            lines = content.load()
            opened = accounts.open_all(settings.DEMO_PASSWORD, settings.DEMO_TOTP_SECRET) if with_accounts else []
        for line in [*lines, *(f"account: {name}" for name in opened)]:
            self.stdout.write(line)
