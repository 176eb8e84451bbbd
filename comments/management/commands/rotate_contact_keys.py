"""Write every address under the newest keys."""

import time

from django.core.management.base import BaseCommand, CommandError

from comments.flows import keys

EVERY = 2.0


class Command(BaseCommand):
    """`manage.py rotate_contact_keys [--dry-run]`, while the site is served."""

    help = "Write every address under the newest of CONTACT_KEYS and CONTACT_INDEX_KEYS. Safe to break off and to run again."

    def add_arguments(self, parser):
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        """Rotate, and say every two seconds how far it is; fails when addresses are left that no key opens."""
        progress = keys.Progress(keys.due().count())
        if not dry_run:
            said = begin = time.monotonic()
            for progress in keys.rotate():
                if time.monotonic() - said > EVERY:
                    said = time.monotonic()
                    rate = progress.done / (said - begin)
                    self.stdout.write(f"{progress.done:,} of {progress.due:,} addresses, {rate:,.0f} a second")
        left = keys.due().count()
        self.stdout.write(f"{progress.done:,} addresses were written under the newest keys, {left:,} are left.")
        if words := keys.kept_as_index_alone():
            self.stdout.write(words)
        if lost := keys.lost():
            raise CommandError("\n".join(lost))
        if progress.lost:
            raise CommandError(f"{progress.lost:,} addresses can't be opened with any of CONTACT_KEYS.")
