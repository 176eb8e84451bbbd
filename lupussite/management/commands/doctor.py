import sys

from django.core.management.base import BaseCommand

from lupussite.doctor.examination import examine

RED, GREEN, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Command(BaseCommand):
    """One line for each thing that was looked at; exit status 1 when any is red."""

    help = "Say what is well and what isn't; with --mail ADDRESS, really send an email there."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take the address."""
        parser.add_argument("--mail", default="", metavar="ADDRESS", help="really send a test email to this address")

    def handle(self, *, mail, **options):
        """Print the lines, the red ones last, where they are seen."""
        found = sorted(examine(send_to=mail), key=lambda one: not one.well)
        width = max(len(one.name) for one in found)
        for one in found:
            begin, end = ((GREEN if one.well else RED), PLAIN) if sys.stdout.isatty() else ("", "")
            self.stdout.write(f"{begin}{'ok ' if one.well else 'RED'}  {one.name.ljust(width)}  {one.words}{end}")
        if not all(one.well for one in found):
            raise SystemExit(1)
