"""Put a page of the earlier site online from a text file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles import earlier_site


class Command(BaseCommand):
    """Thin: reads the file, makes the article, says what it made and what it left out."""

    help = "Makes an article of a page that was copied as text from the earlier site. Safe to run twice."

    def add_arguments(self, parser):
        """Take the file, whether to write anything, and what only a person can tell of the page."""
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, and write nothing")
        parser.add_argument("--last-line", type=int, metavar="NUMBER", help="the line of the file with which the article ends")
        parser.add_argument(
            "--keep-address",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="an email address or phone number of the editors, or of a help line, that readers may see",
        )

    def handle(self, *, file, dry_run, last_line, keep_address, **options):
        """Print the report of a page; one line and exit 1 when it cannot be loaded."""
        try:
            text = Path(file).read_bytes().decode()
            page = earlier_site.parse(text, last_line=last_line, keep=frozenset(keep_address))
            with transaction.atomic():
                article, made = earlier_site.load(page)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {(error.strerror or str(error)).lower()}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: this is not a text file in UTF-8") from error
        except (earlier_site.NotAnArticle, earlier_site.OtherContent) as error:
            raise CommandError(f"{file}: {error}") from error
        if not made:
            self.stdout.write(f"already there, nothing changed: {article.get_absolute_url()}")
            return
        self.stdout.write(f"{'would make' if dry_run else 'made'}: {article.get_absolute_url()}")
        for line in earlier_site.report(page):
            self.stdout.write(f"  {line}")
