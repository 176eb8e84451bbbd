"""Put a page of the earlier site online from a text file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles import earlier_site


class Command(BaseCommand):
    """Thin: reads the file, makes the article, says what it made and what it left out."""

    help = "Makes an article of a page that was copied as text from the earlier site. Safe to run twice."

    def add_arguments(self, parser):
        """Take the file, and whether to write anything."""
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, and write nothing")

    def handle(self, *, file, dry_run, **options):
        """Print the report of a page; one line and exit 1 when it cannot be loaded."""
        try:
            page = earlier_site.parse(Path(file).read_bytes().decode())
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
