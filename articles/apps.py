"""Articles: written, frozen, signed, published. Knows nothing of comments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """The app of the reviewed articles."""

    name = "articles"
    verbose_name = _("Articles")
