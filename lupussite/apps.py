"""The project itself as an app: its commands, its name in the admin, the triggers of both apps' insert-only tables."""

from django.apps import AppConfig, apps
from django.contrib import admin
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lupussite import insert_only
from web.site import site


class LupusSiteConfig(AppConfig):
    """Wires what both apps need after a migration."""

    name = "lupussite"
    verbose_name = _("The site")

    def ready(self):
        """Connect the triggers and name the admin."""
        post_migrate.connect(insert_only.put_back, sender=apps.get_app_config("comments"), dispatch_uid="insert_only")
        checks.register(insert_only.check, checks.Tags.database)
        self._listen_to_factors()
        admin.site.site_header = admin.site.site_title = format_lazy(_("{site} admin"), site=lazy(lambda: site().name, str)())
        admin.site.index_title = _("To do")

    def _listen_to_factors(self):
        """Tell people of every change of their second factors."""
        from allauth.mfa import signals

        from lupussite import staff_mail

        for signal, receiver in (
            (signals.authenticator_added, staff_mail.factor_added),
            (signals.authenticator_removed, staff_mail.factor_removed),
            (signals.authenticator_reset, staff_mail.codes_made),
            (signals.authenticator_used, staff_mail.code_used),
        ):
            signal.connect(receiver, dispatch_uid=f"lupussite.{receiver.__name__}")
