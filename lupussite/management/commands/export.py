"""Take everything out of the site."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lupussite.moving_out import json_files, wxr_file


class Command(BaseCommand):
    """Thin: writes the files and says how much is in them."""

    help = "Writes everything the site holds into an empty folder, as JSON that comes back with import_json, or for WordPress."

    def add_arguments(self, parser):
        """Take the folder, the form, and whether addresses go along."""
        parser.add_argument("folder", type=Path)
        form = parser.add_mutually_exclusive_group(required=True)
        form.add_argument("--json", action="store_true", help="everything, for another site like this one")
        form.add_argument("--wxr", action="store_true", help="what a WordPress site can take")
        parser.add_argument(
            "--with-addresses",
            action="store_true",
            help="also the email addresses of commenters, READABLE by whoever has the files",
        )

    def handle(self, *, folder, json, with_addresses, **options):
        """Print how much was written."""
        try:
            if json:
                counts = json_files.write(folder, addresses=with_addresses)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                counts = wxr_file.write(folder / "wordpress.xml", addresses=with_addresses)
        except json_files.NotEqual as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{folder}: {(error.strerror or str(error)).lower()}") from error
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        if with_addresses:
            self.stdout.write(f"{folder} holds email addresses that anyone can read who gets at it. Keep it locked away.")
