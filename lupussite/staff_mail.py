"""Mail to the staff about their accounts: a link to choose a password, for who forgot it and for who is invited; and word of
every change of their second factors, so that nobody changes them unnoticed.

The link is made when the mail is: the outbox holds no key to an account.
"""

import time

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.second_factor import FACTORS
from lupussite import roles
from lupussite.appearance import current
from mail import outbox
from mail.message import link, message

# Whoever asks again within ten minutes gets the one mail.
ONCE_IN = 600
CHANGES = {
    "totp-added": _("An authenticator app was added."),
    "totp-removed": _("The authenticator app was removed."),
    "webauthn-added": _("A passkey was added."),
    "webauthn-removed": _("A passkey was removed."),
    "codes-made": _("New recovery codes were made. The old ones no longer work."),
    "code-used": _("A recovery code was used."),
    "all-removed": _("The owner of the site removed all second factors. You set up a new one at your next login."),
}


def password_link(user: User) -> str:
    """Return the address at which this person chooses a password, within two days and once."""
    token = default_token_generator.make_token(user)
    return link("account_choose_password", urlsafe_base64_encode(force_bytes(user.pk)), token)


def send_link(user: User | None) -> None:
    """Have a link mailed; nobody is nobody, with as much to do, so that time tells nothing."""
    key = user.pk if user else 0
    outbox.add("staff_link", {"user": key, "keep_key": True}, key=f"staff_link:{key}:{int(time.time() / ONCE_IN)}")


def invite(user: User) -> None:
    """Have an invitation mailed."""
    outbox.add("staff_invitation", {"user": user.pk})


def mail_link(payload: dict) -> None:
    """Write to who forgot their password."""
    _mail(payload, "account/mail/link.txt", _("Choose a new password"))


def mail_invitation(payload: dict) -> None:
    """Write to who is invited."""
    _mail(payload, "account/mail/invitation.txt", _("Your invitation"))


def tell_of_factor(user: User, change: str) -> None:
    """Have somebody told what became of their second factors, by a key of CHANGES."""
    outbox.add("staff_factor", {"user": user.pk, "change": change, "at": timezone.now().isoformat()})


def mail_factor(payload: dict) -> None:
    """Write to somebody whose second factors changed."""
    user = User.objects.filter(pk=payload["user"], is_active=True).exclude(email="").first()
    if user is None:
        return
    context = {
        "name": user.get_username(),
        "change": CHANGES[payload["change"]],
        "when": timezone.localtime(parse_datetime(payload["at"])),
        "account": link("mfa_index"),
        "contact": current().contact_email,
    }
    occasion = f"factor:{user.pk}:{payload['change']}:{payload['at']}"
    subject = _("Your second factor was changed")
    message(subject, "account/mail/factor.txt", context, occasion=occasion, to=user.email).send()


def factor_added(sender, user, authenticator, **kwargs) -> None:
    """Receive allauth's authenticator_added. Recovery codes come along with the first factor."""
    if authenticator.type in FACTORS:
        tell_of_factor(user, f"{authenticator.type}-added")


def factor_removed(sender, user, authenticator, **kwargs) -> None:
    """Receive allauth's authenticator_removed."""
    if authenticator.type in FACTORS:
        tell_of_factor(user, f"{authenticator.type}-removed")


def codes_made(sender, user, **kwargs) -> None:
    """Receive allauth's authenticator_reset."""
    tell_of_factor(user, "codes-made")


def code_used(sender, user, authenticator, **kwargs) -> None:
    """Receive allauth's authenticator_used: a recovery code is for the day a phone is lost, or stolen."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_of_factor(user, "code-used")


def _mail(payload, template, subject):
    user = User.objects.filter(pk=payload["user"], is_active=True, is_staff=True).exclude(email="").first()
    if user is None:
        return
    address = password_link(user)
    context = {
        "name": user.get_username(),
        "address": address,
        "login": link("account_login"),
        "roles": [roles.in_words(group.name) for group in user.groups.order_by("name")],
    }
    message(subject, template, context, occasion=address, to=user.email).send()


HANDLERS = {"staff_link": mail_link, "staff_invitation": mail_invitation, "staff_factor": mail_factor}
