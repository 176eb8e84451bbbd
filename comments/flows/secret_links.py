"""Addresses that open one row to whoever has them: an HMAC of the row's nonce, so that the database alone does not give it."""

from django.utils.crypto import constant_time_compare, salted_hmac

from mail.message import link


def secret(row, purpose: str) -> str:
    """Return the secret part of the link that opens this row for this purpose."""
    return salted_hmac(f"comments.mail.{purpose}", row.nonce, algorithm="sha256").hexdigest()[:40]


def opens(row, purpose: str, token: str) -> bool:
    """Return whether the token is the secret of this row for this purpose, in constant time."""
    return constant_time_compare(secret(row, purpose), token)


def secret_link(row, purpose: str) -> str:
    """Return the full address that opens this row: the page `comments:mail-<purpose>`."""
    return link(f"comments:mail-{purpose}", row.pk, secret(row, purpose))
