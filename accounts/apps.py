"""Accounts: who logs in, with what, and for how long. Knows nothing of the other apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AccountsConfig(AppConfig):
    """Registers the user model."""

    name = "accounts"

    def ready(self):
        """Listen to allauth: a factor that was set up counts as shown."""
        from allauth.mfa.signals import authenticator_added

        from accounts.second_factor import count_as_used

        authenticator_added.connect(count_as_used, dispatch_uid="accounts.count_as_used")


class StaffAdminConfig(AdminConfig):
    """Django's admin on the site of `accounts.site`."""

    default_site = "accounts.site.StaffSite"
