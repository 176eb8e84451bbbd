"""The people who log in: staff alone, for readers need no account."""

import unicodedata

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def normal_email(address: str) -> str:
    """Return an address as it is kept and compared: what no one sees of it left out, NFC, casefolded, the domain in ASCII (IDNA).

    One mailbox has one spelling, so that the database can refuse the second account with it. What is no address stays.
    """
    seen = "".join(sign for sign in address if unicodedata.category(sign) != "Cf")
    address = unicodedata.normalize("NFC", seen.strip()).casefold()
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}" if at else address
    except UnicodeError:
        return address


class UserManager(DjangoUserManager):
    """Makes users, and finds them by an address in any spelling."""

    @classmethod
    def normalize_email(cls, email):
        """Return the address as it is kept; None becomes empty."""
        return normal_email(email or "")


class User(AbstractUser):
    """Someone who logs in with a username; the email address may be missing, and belongs to one account."""

    email = models.EmailField(_("email address"), blank=True)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~Q(email=""),
                name="accounts_email_once",
                violation_error_message=_("Another account has this email address."),
            )
        ]

    def clean(self):
        """Keep the address in its one spelling, so that forms compare what the database compares."""
        super().clean()
        self.email = normal_email(self.email)

    def save(self, *args, **kwargs):
        """Save with the address in its one spelling, also where no form was."""
        self.email = normal_email(self.email)
        super().save(*args, **kwargs)
