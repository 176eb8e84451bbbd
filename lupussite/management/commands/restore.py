"""Bring a backup back into an empty place."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lupussite.backups.archive import Unusable
from lupussite.backups.making import Failed
from lupussite.backups.restoring import restore


class Command(BaseCommand):
    """Thin: `lupussite.backups.restoring` does it."""

    help = "Bring a backup back into an empty DATA_DIR. No email leaves until `manage.py wake`."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take the file."""
        parser.add_argument("file", type=Path)
        words = "put it in the place of a database that is there, as it was saved, mail included; script/update goes back with it"
        lost = "for lost keys: leave out every email address, which nobody could read without them"
        parser.add_argument("--without-addresses", action="store_true", help=lost)
        parser.add_argument("--instead", action="store_true", help=words)

    def handle(self, *, file, instead, without_addresses, **options):
        """Restore, and say what came back."""
        try:
            restore(file, self.stdout.write, instead=instead, without_addresses=without_addresses)
        except (Failed, Unusable) as error:
            raise CommandError(str(error)) from None
