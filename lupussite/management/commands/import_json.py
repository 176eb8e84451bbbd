"""Make an equal site of what `export --json` wrote."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lupussite.moving_out import json_files


class Command(BaseCommand):
    """Thin: reads the folder and says how much came back."""

    help = "Fills an empty site with what `export --json` wrote. Checks every hash first and last; all of it comes, or nothing."

    def add_arguments(self, parser):
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        """Print how much came back; one line and exit 1 when something is not as it was written."""
        try:
            counts = json_files.read(folder)
        except json_files.NotEqual as error:
            raise CommandError(f"{error}. Nothing was written.") from error
        except OSError as error:
            raise CommandError(f"{folder}: {(error.strerror or str(error)).lower()}") from error
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write("Every hash and every signature holds.")
