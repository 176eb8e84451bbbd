"""What readers say is wrong in an article."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class MistakeReport(models.Model):
    """A mistake that a reader noticed in the text that was online; it says nothing of who reported it."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="mistakes")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The version that was online when the reader reported it."),
    )
    note = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["handled_at", "created_at"], name="articles_mistakes_open")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handled_at=None, handled_by=None)
                | models.Q(handled_at__isnull=False, handled_by__isnull=False),
                name="articles_mistake_handled_by_a_person",
            )
        ]

    def __str__(self):
        return f"{self.article}: {self.note[:60]}"
