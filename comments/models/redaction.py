"""The parts of a comment that a moderator covered."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from comments.models.comment import Comment


class Redaction(models.Model):
    """A part of a comment's words that a moderator covered; what stood there is destroyed after seven days."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail address"
        PHONE = "phone", "phone number"
        ADDRESS = "address", "address"
        BIRTH_DATE = "birth-date", "birth date"
        NAME = "name", "name"
        RECORD = "record", "record number"
        OTHER = "other", "personal detail"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="redactions")
    kind = models.CharField(max_length=12, choices=Kind)
    start = models.PositiveIntegerField(help_text="Where the words that stand there now begin, in code points.")
    original = models.TextField(blank=True, help_text="Empty once it is destroyed.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"[{self.get_kind_display()} removed by a moderator]"
