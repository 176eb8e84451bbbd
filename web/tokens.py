"""Secrets that follow from SECRET_KEY: what a link holds so that the database alone doesn't give it away.

Made under SECRET_KEY, and taken under each of SECRET_KEY_FALLBACKS too, so that links in old mails live on when it is changed.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 40


def all_keys() -> list[str]:
    """Return SECRET_KEY, then those that it followed."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def secret_of(purpose: str, value: str, *, key: str | None = None) -> str:
    """Return the secret of a value for this purpose alone."""
    return salted_hmac(purpose, value, secret=key, algorithm="sha256").hexdigest()[:LENGTH]


def is_secret_of(purpose: str, value: str, token: str) -> bool:
    """Return whether the token is the secret of the value under any of the keys; each compared in constant time."""
    return any(constant_time_compare(secret_of(purpose, value, key=key), token) for key in all_keys())
