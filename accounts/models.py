"""The people who log in: staff alone, for readers need no account."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from web.mail_addresses import normal_address


class UserManager(DjangoUserManager):
    """Makes users, and finds them by an address in any spelling."""

    @classmethod
    def normalize_email(cls, email):
        """Return the address as it is kept; None becomes empty."""
        return normal_address(email or "")

    def staff_who_may(self, permission: str, *, by_role: bool = False):
        """Return the active staff with a permission such as "comments.moderate_comment".

        Superusers are among them; `by_role` leaves out those whom no role gives it.
        """
        backend = "django.contrib.auth.backends.ModelBackend"
        return self.with_perm(permission, include_superusers=not by_role, backend=backend).filter(is_staff=True)


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
        """Save with the address in its one spelling, also where no form was.

        A new password, or an account that is closed, ends all sessions of the person.
        """
        self.email = normal_address(self.email)
        ends = not self._state.adding and (self._password is not None or not self.is_active)
        super().save(*args, **kwargs)
        if ends:
            self.end_sessions()

    def has_by_role(self, permission: str) -> bool:
        """Return whether a role gives this permission: an owner has all others without one."""
        app, _dot, codename = permission.partition(".")
        given = Permission.objects.filter(content_type__app_label=app, codename=codename)
        return self.is_active and given.filter(Q(group__user=self) | Q(user=self)).exists()

    def end_sessions(self):
        """End every session of the person."""
        sessions.end(self.sessions)


class Session(AbstractBaseSession):
    """A login of somebody, or the way to one; `session_key` is a keyed hash of what the browser holds."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions")
    used_at = models.DateTimeField(help_text=_("The last request, within some minutes."))
    ended_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls):
        """Return what reads and writes these rows."""
        return sessions.SessionStore


class KnownNetwork(models.Model):
    """A network from which somebody logged in; a lock of their name does not hold there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="networks")
    tag = models.GenericIPAddressField(help_text=_("A keyed hash of the network in the shape of an address."))
    used_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "tag"], name="accounts_network_once")]

    def __str__(self):
        return f"{self.user}, {self.used_on}"
