"""Erase what its retention time has passed; the worker runs the same function every day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.flows.retention import apply_retention


class Command(BaseCommand):
    """`manage.py apply_retention [--dry-run]`: one line for each kind."""

    help = "Erase what its retention time has passed. Safe to run twice."

    def add_arguments(self, parser):
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        """Apply the table and report."""
        for what, count in apply_retention(timezone.now(), dry_run=dry_run):
            self.stdout.write(f"{what}: {count}")
