"""Bring a WordPress site over from its export."""

import json
import os
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from lupussite.wordpress import mapping, reading, report
from lupussite.wordpress.bringing import bring
from lupussite.wordpress.media import BadArchive
from lupussite.wordpress.reading import NotAnExport


class Command(BaseCommand):
    """Thin: reads the mapping, brings the export over, writes the report."""

    help = "Brings articles, pages and comments over from a WordPress export. Try --dry-run first. Safe to run twice."
    read = staticmethod(reading.read)

    def run_from_argv(self, argv):
        """Run from the command line behind everybody who reads the site meanwhile."""
        os.nice(10)
        super().run_from_argv(argv)

    def add_arguments(self, parser):
        """Take the export, the media, and where the report and the mapping are."""
        parser.add_argument("export", type=Path, help="the .xml file from Tools, Export, All content")
        parser.add_argument("--media", type=Path, help="the folder wp-content/uploads, or a .zip or .tar of it")
        self.add_common_arguments(parser)

    def add_common_arguments(self, parser):
        """Take what is the same for whatever is brought over."""
        parser.add_argument("--dry-run", action="store_true", help="write the report and a mapping file, and change nothing")
        parser.add_argument("--resume", action="store_true", help="go on without comparing what is here already")
        parser.add_argument("--mapping", type=Path, help="the mapping file (default: the one the dry run wrote)")
        parser.add_argument("--report", type=Path, help="the folder for the report (default: moving/ in DATA_DIR)")

    def handle(self, *, export, media, dry_run, resume, mapping, report, **options):
        """Print the counts; one line and exit 1 when nothing can be read."""
        folder = report or settings.DATA_DIR / "moving" / export.stem
        wanted = mapping or folder / "mapping.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            decided = self.decided(wanted, must_be_there=bool(mapping))
            told, used = bring(export, self.read, mapping=decided, media=media, dry_run=dry_run, resume=resume)
            if decided is None:
                wanted.write_text(json.dumps(used, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            self.write(folder, told)
        except BadArchive as error:
            raise CommandError(f"{media}: {error}") from error
        except (OSError, NotAnExport) as error:
            raise CommandError(f"{getattr(error, 'filename', None) or export}: {_words(error)}") from error
        except (DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"The database refused: {error}. What came over so far is kept; run it again to go on.") from error
        self.stdout.write(f"Report: {folder / 'report.html'}")
        self.stdout.write(f"Mapping of categories, tags and pages: {wanted}")

    def decided(self, path, *, must_be_there):
        """Return what the owner decided, or None when there is no such file yet."""
        if not path.exists() and not must_be_there:
            return None
        try:
            return mapping.read(path)
        except mapping.BadMapping as error:
            raise CommandError(str(error)) from error

    def write(self, folder, told):
        """Write the report as text and as a page, and print its counts."""
        counts = list(report.summary(told))
        self.stdout.write("\n".join(counts))
        with (folder / "report.txt").open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in [*counts, "", *report.details(told)])
        with (folder / "report.html").open("w", encoding="utf-8") as file:
            file.writelines(report.page(told))


def _words(error):
    return (getattr(error, "strerror", None) or str(error)).lower() if isinstance(error, OSError) else str(error)
