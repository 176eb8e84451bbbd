"""That mail was tried: kept, because the outbox forgets what it sent and the owner's list must not."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class MailTried(models.Model):
    """A row while a mail server of this site has taken a test email."""

    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="lupussite_mail_tried_once")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M %Z}"

    @classmethod
    def note(cls) -> None:
        """Keep that it was taken just now."""
        cls.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
