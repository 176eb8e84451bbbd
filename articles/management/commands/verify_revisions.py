"""Recompute every hash of the revisions and signatures, and say what is wrong."""

from collections import Counter

from django.core.management.base import BaseCommand

from articles.verification import verify


class Command(BaseCommand):
    """Thin: prints what `articles.verification` finds."""

    help = "Recomputes every hash; prints a line for each problem and ends with status 1 when there is one."

    def add_arguments(self, parser):
        """Take whether the files of pictures are read as well."""
        parser.add_argument("--texts-only", action="store_true", help="do not read the files of pictures")

    def handle(self, *, texts_only, **options):
        """Print the problems as they are found, or one line that says how much holds."""
        counted, problems = Counter(), 0
        for problem in verify(counted, with_files=not texts_only):
            self.stdout.write(problem)
            problems += 1
        if problems:
            raise SystemExit(1)
        self.stdout.write(f"{counted['revisions']:,} revisions, {counted['signatures']:,} signatures: all hold.")
