"""Where articles stand in the lists of readers: an index over several tables, kept by the database (`articles/listing.py`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingQuerySet(models.QuerySet):
    """Places in lists."""

    def of(self, *, topic=None, reviewer=None):
        """Return those of one list: of all articles, of a topic, or of a reviewer."""
        return self.filter(topic=topic, reviewer=reviewer)


class Listing(models.Model):
    """An article that readers can open, once for the list of all, and once for each of its topics and reviewers.

    It only says where the article stands. What readers are told of the review is computed, and this may not be read for it. A
    reviewer is one with a signature on any version that was online, revoked ones aside.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="listings")
    topic = models.ForeignKey("articles.Topic", on_delete=models.CASCADE, null=True, related_name="listings")
    reviewer = models.ForeignKey("articles.Reviewer", on_delete=models.CASCADE, null=True, related_name="listings")
    revision = models.ForeignKey(
        "articles.Revision", on_delete=models.CASCADE, db_index=False, related_name="+", help_text=_("The live text.")
    )
    archived_on = models.DateField(help_text=_("The year 1 while the article is not in the archive."))
    signed_on = models.DateField(help_text=_("The newest signature on the live text; the year 1 without any."))
    title = models.CharField(max_length=200)

    objects = ListingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["topic", "reviewer", "archived_on", "-signed_on", "title", "article", "revision"],
                name="articles_listing_in_order",
            )
        ]

    def __str__(self):
        return self.title
