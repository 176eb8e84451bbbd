"""Accounts: who logs in. Knows nothing of the other apps."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the user model."""

    name = "accounts"
