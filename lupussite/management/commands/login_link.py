from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from accounts import locks
from accounts.models import User
from lupussite.staff_mail import password_link


class Command(BaseCommand):
    """For the day on which mail is broken, or the owner's own phone is lost."""

    help = "Prints a link at which somebody of the staff chooses a password, within two days and once."

    def add_arguments(self, parser):
        """Take the username, and whether second factors are gone too."""
        parser.add_argument("username")
        parser.add_argument("--forget-factors", action="store_true", help="also remove passkeys, the app and recovery codes")

    def handle(self, *, username, forget_factors, **options):
        """Open what wrong passwords locked, and print the link."""
        user = User.objects.filter(username=username, is_active=True, is_staff=True).first()
        if user is None:
            raise CommandError(f"Nobody with an open account is called {username}.")
        if forget_factors:
            Authenticator.objects.filter(user=user).delete()
        locks.open_again(user)
        self.stdout.write(password_link(user))
