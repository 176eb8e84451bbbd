"""Let a restored site send email again."""

from django.core.management.base import BaseCommand

from mail import outbox


class Command(BaseCommand):
    """Thin: `mail.outbox` does it."""

    help = "Let a restored site send email again. --discard first throws away what waited: the old site may have sent it."

    def add_arguments(self, parser):
        """Take what to do with what waits."""
        parser.add_argument("--discard", action="store_true")

    def handle(self, *, discard, **options):
        """Say what waits, and wake the outbox."""
        if not outbox.is_asleep():
            self.stdout.write("The outbox is awake already.")
            return
        thrown = outbox.discard_waiting() if discard else 0
        self.stdout.write(f"Thrown away: {thrown}. Still to do, from now on: {outbox.waiting()}.")
        outbox.wake()
        self.stdout.write("Email leaves this site again.")
