"""Articles: written, frozen, signed, published. Knows nothing of comments."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles import listing


class ArticlesConfig(AppConfig):
    """The app of the reviewed articles."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self):
        """Let the database keep the lists."""
        post_migrate.connect(listing.put_back, sender=self, dispatch_uid="articles_listing")
        checks.register(listing.check, checks.Tags.database)
