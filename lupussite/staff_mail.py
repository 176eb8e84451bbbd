"""Mail to the staff about their accounts: a link to choose a password, for who forgot it and for who is invited.

The link is made when the mail is: the outbox holds no key to an account.
"""

import time

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User
from lupussite import roles
from mail import outbox
from mail.message import link, message

# Whoever asks again within ten minutes gets the one mail.
ONCE_IN = 600


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
    _mail(payload, "account/mail/link.txt", _("choose a new password"))


def mail_invitation(payload: dict) -> None:
    """Write to who is invited."""
    _mail(payload, "account/mail/invitation.txt", _("your invitation"))


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


HANDLERS = {"staff_link": mail_link, "staff_invitation": mail_invitation}
