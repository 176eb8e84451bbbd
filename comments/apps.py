"""Comments: taken, screened, decided by a person, shown."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class CommentsConfig(AppConfig):
    """The app of the moderated comments."""

    name = "comments"

    def ready(self):
        """Let the database keep the index of words."""
        from comments import searching
        from comments.flows import keys

        post_migrate.connect(searching.put_back, sender=self, dispatch_uid="comments.searching")
        checks.register(searching.check, checks.Tags.database)
        checks.register(keys.check, checks.Tags.database)
