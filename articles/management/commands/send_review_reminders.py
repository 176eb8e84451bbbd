"""Sends the reminders that are due today: for a daily timer where the worker does not run."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.reminders import send_due


class Command(BaseCommand):
    """Thin: when and to whom stands in `articles.reminders`."""

    help = "Reminds owners and reviewers of checks that come near or are late. Safe to run twice."

    def add_arguments(self, parser):
        """Take whether to show only."""
        parser.add_argument("--dry-run", action="store_true", help="show what would be sent")

    def handle(self, *, dry_run, **options):
        """Send, and print a line for each."""
        result = send_due(timezone.localdate(), dry_run=dry_run)
        for reminder in result.sent:
            self.stdout.write(f"{reminder.title}: due on {reminder.due_on}, reminder {reminder.step}, to the {reminder.role}")
        self.stdout.write(f"{len(result.sent)} {'to send' if dry_run else 'sent'}")
        if result.failed:
            raise CommandError(f"{result.failed} could not be sent. They are sent at the next run.")
