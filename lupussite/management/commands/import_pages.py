"""Bring pages over that were saved from a browser."""

from pathlib import Path

from lupussite.management.commands import import_wordpress
from lupussite.wordpress import saved_pages


class Command(import_wordpress.Command):
    """The same as for an export, with pages that say less of themselves; their pictures lie beside them."""

    help = "Brings a folder of saved HTML pages over, as load_article does one. Try --dry-run first. Safe to run twice."
    read = staticmethod(saved_pages.read)

    def add_arguments(self, parser):
        """Take the folder, and where the report and the mapping are."""
        parser.add_argument(
            "export", type=Path, metavar="folder", help="the folder of .html files, with what was saved beside them"
        )
        self.add_common_arguments(parser)

    def handle(self, *, export, **options):
        """Print the counts; one line and exit 1 when nothing can be read."""
        super().handle(export=export, **{"media": export} | options)
