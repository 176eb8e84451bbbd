"""The parts of a comment that a moderator covered."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from comments.models.comment import Comment


class Redaction(models.Model):
    """A part of a comment's words that a moderator covered; what stood there is destroyed after seven days."""

    class Kind(models.TextChoices):
        EMAIL = "email", gettext_noop("email address")
        PHONE = "phone", gettext_noop("phone number")
        ADDRESS = "address", gettext_noop("address")
        BIRTH_DATE = "birth-date", gettext_noop("birth date")
        NAME = "name", gettext_noop("name")
        RECORD = "record", gettext_noop("record number")
        OTHER = "other", gettext_noop("personal detail")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="redactions")
    kind = models.CharField(max_length=12, choices=Kind)
    start = models.PositiveIntegerField(help_text=_("Where the text that now covers the words begins, in code points."))
    original = models.TextField(blank=True, help_text=_("Empty once it is deleted."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        # In the comment's own words, and found there again by its length: the same in every language.
        return gettext_noop("[{kind} removed by a moderator]").format(kind=self.get_kind_display())
