from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import User
from lupussite.environment import typed
from lupussite.staff_mail import password_link


class Command(BaseCommand):
    """`manage.py invite_owner ADDRESS`, which script/install ends with."""

    help = "Make the account of the first owner, and print the link at which they choose a password, within two days and once."

    def add_arguments(self, parser):
        """Take the address."""
        parser.add_argument("address")

    def handle(self, *, address, **options):
        """Print the link; again as long as no owner has chosen a password."""
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address} is no email address.") from None
        owners = User.objects.filter(is_superuser=True, is_active=True)
        if ready := [owner for owner in owners if owner.has_usable_password()]:
            again = typed(f"login_link {ready[0].get_username()}")
            raise CommandError(f"There is an owner already. For a new link: {again}")
        owner = owners.filter(email=User.objects.normalize_email(address)).first()
        if owner is None:
            taken = set(User.objects.values_list("username", flat=True))
            name = next(name for name in ("owner", *(f"owner-{number}" for number in range(2, 999))) if name not in taken)
            owner = User.objects.create_user(name, address, is_staff=True, is_superuser=True)
        self.stdout.write(password_link(owner))
