"""Articles: written, frozen, signed, published. Knows nothing of comments."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """The app of the reviewed articles."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self):
        """Let the database keep the lists and the search."""
        from articles import listing, searching

        for kept in (listing, searching):
            post_migrate.connect(kept.put_back, sender=self, dispatch_uid=kept.__name__)
            checks.register(kept.check, checks.Tags.database)
