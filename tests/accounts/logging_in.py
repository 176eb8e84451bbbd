"""What tests of the login share: codes of an authenticator app, and the way from the login page to the desk."""

import itertools
import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# Each code works once, so every use takes another that is in time: the one before, now, the next.
_turns = itertools.count()


def give_app(user):
    """Give a person an authenticator app."""
    TOTP.activate(user, SECRET)
    return user


def code(secret=SECRET):
    """Return a code of the app that was not used yet."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + next(_turns) % 3 - 1))


def log_in(client, user, *, password="secret", next="/admin/"):
    """Type the name and the password on the login page, and return where that led."""
    return client.post(f"/admin/login/?next={next}", {"username": user.username, "password": password}, follow=True)


def log_in_fully(client, user, **more):
    """Log in with the app too."""
    log_in(client, user, **more)
    return client.post("/admin/account/authenticate/", {"code": code()}, follow=True)
