"""Move a site from SQLite to PostgreSQL."""

from django.core.management.base import BaseCommand, CommandError

from lupussite import moving


class Command(BaseCommand):
    """Thin: `lupussite.moving` does it."""

    help = "Copy everything from SQLite into an empty PostgreSQL database, compare every row, and close the old one for writers."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take where to."""
        parser.add_argument("url", nargs="?", default="", help="postgres://USER:PASSWORD@HOST:PORT/NAME of an empty database")
        parser.add_argument("--stay", action="store_true", help="open the old database for writers again")

    def handle(self, *, url, stay, **options):
        """Move, and say what is left to do."""
        if stay:
            moving.stay()
            return self.stdout.write("SQLite takes writes again. Leave DATABASE_URL empty, and restart.")
        if not url.startswith(("postgres://", "postgresql://")):
            raise CommandError("Say where to: move_database postgres://USER:PASSWORD@HOST:PORT/NAME")
        try:
            rows = moving.move(url, self._say)
        except moving.Failed as error:
            raise CommandError(f"{error}\nNothing was moved, and the site goes on with SQLite.") from None
        self._say(f"{rows:,} rows moved and compared. Until you do this, readers can read, but nothing new is saved:")
        self._say("  put DATABASE_URL=… into the settings (/etc/lupus.env), and restart (systemctl restart lupus)")
        return None

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
