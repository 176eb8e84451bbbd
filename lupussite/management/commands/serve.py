from django.core.management.base import BaseCommand

from lupussite.run.preparation import prepare
from lupussite.run.serving import serve


class Command(BaseCommand):
    """`manage.py serve`, which script/server ends with."""

    help = "Prepare the database, then run the web server and the worker until Ctrl-C."
    requires_system_checks = ()

    def handle(self, **options):
        try:
            prepare(self._say)
            serve(self._say)
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
