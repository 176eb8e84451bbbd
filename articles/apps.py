"""Articles: written, frozen, signed, published. Knows nothing of comments."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The app of the reviewed articles."""

    name = "articles"
