"""Save everything that would be missed, while the site runs."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lupussite.backups.making import Failed, backup, backup_to


class Command(BaseCommand):
    """Thin: `lupussite.backups.making` does it."""

    help = "Save database and pictures into a dated file in FOLDER, check it, and remove old ones; - writes to standard output."

    def add_arguments(self, parser):
        """Take the folder."""
        parser.add_argument("folder", help="where backups are kept, or - for standard output")

    def handle(self, *, folder, **options):
        """Make the backup, and say where it is. Readers come first."""
        os.nice(10)
        try:
            if folder == "-":
                return backup_to(sys.stdout.buffer)
            made, gone = backup(Path(folder))
        except Failed as error:
            raise CommandError(str(error)) from None
        size = made.stat().st_size / 1024**2
        self.stdout.write(f"Saved {made} ({size:.1f} MB) and checked it by opening it. Old backups removed: {len(gone)}.")
        return None
