"""Lists every source with its link and identifiers, for a check by hand; opens no address."""

import csv
import dataclasses

from django.core.management.base import BaseCommand

from articles.source_list import COLUMNS, sources


class Command(BaseCommand):
    """Thin: what is listed stands in `articles.source_list`."""

    help = "Lists the sources of every text that is online and of every working copy, with links and identifiers."

    def add_arguments(self, parser):
        """Take the form."""
        parser.add_argument("--csv", action="store_true", help="comma-separated values with a head line")

    def handle(self, **options):
        """Print one line for each source."""
        if options["csv"]:
            writer = csv.writer(self.stdout)
            writer.writerow(COLUMNS)
            writer.writerows(dataclasses.astuple(source) for source in sources())
            return
        for one in sources():
            retracted = f" RETRACTED on {one.retracted_on}." if one.retracted_on else ""
            link = f" {one.link}" if one.link else ""
            self.stdout.write(f"{one.article} [{one.number}] {one.citation}{retracted}{link} ({one.kind}, {one.texts})")
