"""The people of the demonstration. Nobody can log in as one of them before `open_all` gave them a password."""

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User

GROUPS = {
    "demo-admin": "Privacy officers",
    "demo-moderator": "Moderators",
    "demo-clinician": "Clinicians",
    "demo-editor": "Editors",
    "demo-reviewer": "Medical reviewers",
}

OWNER = "demo-admin"


def person(name: str) -> User:
    """Return one of the people who write, sign or moderate in the demonstration, with the rights and without a login."""
    user, made = User.objects.get_or_create(username=name)
    if made:
        user.set_unusable_password()
        user.save()
    user.groups.add(Group.objects.get(name=GROUPS[name]))
    return user


@transaction.atomic
def open_all(password: str, totp_secret: str = "") -> list[str]:
    """Make the accounts that are missing, and give a login to those that have none; return their names.

    With a secret of an authenticator app, all get this second factor.
    """
    opened = []
    for name, group in GROUPS.items():
        user, made = User.objects.get_or_create(username=name)
        if not made and user.has_usable_password():
            continue
        user.is_staff = True
        user.is_superuser = name == OWNER
        user.set_password(password)
        user.save()
        user.groups.add(Group.objects.get(name=group))
        if totp_secret:
            TOTP.activate(user, totp_secret)
        opened.append(name)
    return opened
