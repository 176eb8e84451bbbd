"""The second factor of the staff: who needs one, whether it was used in this very login, and when it is asked for again.

allauth keeps the factors and asks for them; here is what this site wants of it.
"""

import base64
import logging
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import kept_forms, locks
from accounts.secrecy import box
from accounts.sessions import end, key_hashes
from web.site import site

log = logging.getLogger("accounts.second_factor")
# What somebody logs in with; recovery codes stand in for a lost one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(request: HttpRequest) -> bool:
    """Return whether the person has still to show a second factor; "has one" is not enough, it counts in this very login.

    Where none is required, a person who has one is asked for it by the login, so a session that began is complete.
    """
    return settings.REQUIRE_SECOND_FACTOR and not any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def ask_again(request: HttpRequest) -> None:
    """Go on only for who showed the second factor again within the last minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT).

    Raises allauth's ReauthenticationRequired, which `accounts.middleware` answers: the form that was sent is kept, the factor is
    asked for, and then the form is taken. Nobody is asked where no factor is required and the person has none.
    """
    if settings.REQUIRE_SECOND_FACTOR or is_mfa_enabled(request.user):
        raise_if_reauthentication_required(request, app="")


def is_last(authenticator: Authenticator) -> bool:
    """Return whether the person would have no factor left without this one."""
    return not Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk).exists()


def count_as_used(sender, request, user, authenticator, **kwargs) -> None:
    """Take a factor that was just set up as shown in this login, and end the person's other sessions, which never showed one.

    Receives allauth's authenticator_added.
    """
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)
        here = key_hashes(request.session.session_key)
        end(user.sessions.exclude(session_key__in=here))


class AccountAdapter(DefaultAccountAdapter):
    """How allauth logs somebody in here."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("The username or the password isn't right. Both need exact capital letters."),
        "incorrect_password": gettext_lazy("That's not your password."),
        "too_many_login_attempts": gettext_lazy("Too many wrong codes. Please wait five minutes, then try again."),
    }

    def pre_authenticate(self, request, **credentials):
        """Leave counting wrong passwords to axes: here a stranger could keep a name locked by guessing without end."""

    def post_login(self, request, user, **kwargs):
        """Remember from where, let who has no factor yet set one up without the password again, lead to a form that waits."""
        response = super().post_login(request, user, **kwargs)
        locks.note_network(request, user)
        if not is_mfa_enabled(user):
            record_authentication(request, user, "password", reauthenticated=True)
        if kept_forms.waiting(request):
            return HttpResponseRedirect(reverse("account_kept_form"))
        return response

    def get_reauthentication_methods(self, user):
        """Ask for a second factor again; for the password only while there is none."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"].startswith("mfa")]
        if user.is_authenticated and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            factors.reverse()  # The passkey first, then recovery codes.
        return factors or methods

    def respond_user_inactive(self, request, user):
        """Say of an account that was closed what is said of one that never was."""
        messages.error(request, _("This passkey doesn't belong to an open account."))
        return HttpResponseRedirect(reverse("account_login"))


class FactorAdapter(DefaultMFAAdapter):
    """How allauth keeps factors: encrypted, and named as people here say it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That code isn't right. Each code works once, and only for half a minute."),
        "cannot_delete_authenticator": gettext_lazy("This is your only second factor. Add another one first."),
    }

    def encrypt(self, text):
        """Encrypt a secret with a key that follows from SECRET_KEY."""
        return box("accounts.factors").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Return the secret; one that no key opens becomes another that nobody knows, so that no code is right."""
        try:
            return box("accounts.factors").decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor cannot be read: SECRET_KEY was changed without SECRET_KEY_FALLBACKS")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator):
        """Keep the only factor of who needs one."""
        return not (settings.REQUIRE_SECOND_FACTOR and is_last(authenticator))

    def get_totp_label(self, user):
        """Name the account in the app as its owner names it here."""
        return user.get_username()

    def generate_authenticator_name(self, user, type):
        """Name a passkey by its number."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    def _get_site_name(self):
        return site().name
