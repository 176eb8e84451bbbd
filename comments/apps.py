"""Comments: taken, screened, decided by a person, shown."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """The app of the moderated comments."""

    name = "comments"
