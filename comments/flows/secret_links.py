"""Addresses that open one row to whoever has them: an HMAC of the row's nonce, so that the database alone does not give it."""

from mail.message import link
from web.tokens import is_secret_of, secret_of


def secret(row, purpose: str) -> str:
    """Return the secret part of the link that opens this row for this purpose."""
    return secret_of(f"comments.mail.{purpose}", row.nonce)


def opens(row, purpose: str, token: str) -> bool:
    """Return whether the token is the secret of this row for this purpose, in constant time."""
    return is_secret_of(f"comments.mail.{purpose}", row.nonce, token)


def secret_link(row, purpose: str) -> str:
    """Return the full address that opens this row: the page `comments:mail-<purpose>`."""
    return link(f"comments:mail-{purpose}", row.pk, secret(row, purpose))
