from django.core.management.base import BaseCommand

from lupussite.run.preparation import prepare


class Command(BaseCommand):
    """`manage.py prepare`, for those who start the processes in their own way."""

    help = "Bring the database up to date; an empty one gets its first login and, without https, the demonstration articles."
    requires_system_checks = ()

    def handle(self, **options):
        prepare(self.stdout.write)
