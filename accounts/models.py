"""The people who log in: staff alone, for readers need no account."""

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from web.mail_addresses import normal_address


class UserManager(DjangoUserManager):
    """Makes users, and finds them by an address in any spelling."""

    @classmethod
    def normalize_email(cls, email):
        """Return the address as it is kept; None becomes empty."""
        return normal_address(email or "")

    def staff_who_may(self, permission: str):
        """Return the active staff with a permission such as "comments.moderate_comment", superusers included."""
        return self.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend").filter(is_staff=True)


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
        self.email = normal_address(self.email)

    def save(self, *args, **kwargs):
        """Save with the address in its one spelling, also where no form was."""
        self.email = normal_address(self.email)
        super().save(*args, **kwargs)
