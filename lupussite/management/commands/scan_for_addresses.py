"""Look for email addresses that lie open where none should."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lupussite import scanning
from lupussite.backups import archive


class Command(BaseCommand):
    """`manage.py scan_for_addresses [FILE …]`: the database, and the logs and backups that are named."""

    help = "Look for email addresses that lie open in the database, and in logs and backups. Prints where, never an address."

    def add_arguments(self, parser):
        """Take files."""
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a log (also .gz) or a backup (.tar.gz)")

    def handle(self, *, files, **options):
        """Print a line for each place; fails when an address that came with a comment lies where nobody wrote it themselves."""
        leaks = self._say(scanning.database())
        for path in files:
            try:
                leaks += self._say(scanning.file(path))
            except (OSError, archive.Unusable) as error:
                raise CommandError(f"Can't read {path}: {error}") from error
        if leaks:
            raise CommandError(f"{leaks} addresses of people who comment lie open. docs/privacy.md says what to do.")
        self.stdout.write("No address of anyone who comments lies open.")

    def _say(self, places):
        leaks = 0
        for found in places:
            where = " (people's own words)" if found.own_words else ""
            self.stdout.write(f"{found.place}{where}: {found.number} addresses, {found.known} of people who comment")
            leaks += 0 if found.own_words else found.known
        return leaks
