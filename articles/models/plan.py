"""Publications that somebody planned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class PublicationPlan(models.Model):
    """That a version goes online at a time, or as soon as it is signed; at most one open plan for an article.

    What came of it stands in the events of the article.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="plans")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="plans")
    at = models.DateTimeField(null=True, help_text=_("When it goes online. Empty: as soon as it's signed."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["at"], condition=Q(ended_at=None), name="articles_plans_open")]
        constraints = [
            models.UniqueConstraint(fields=["article"], condition=Q(ended_at=None), name="articles_one_open_plan"),
        ]

    def __str__(self):
        return f"{self.revision_id}, {self.at}"
