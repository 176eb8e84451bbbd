from pathlib import Path

from django.core.management.base import BaseCommand

from lupussite import down_pages


class Command(BaseCommand):
    """`manage.py error_files FOLDER`, for the server in front: what it shows without the site."""

    help = "Write the pages that the web server in front shows while the site restarts, in the site's look."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        """Write them."""
        down_pages.write(folder)
