"""Mail that a moderator wrote to the person behind a comment."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Letter(models.Model):
    """A mail that a moderator wrote to the person behind a comment, without learning the address; the answer comes by a page.

    The words of the mail are in the outbox until it is sent, and nowhere afterwards.
    """

    MOST_CHARACTERS = 2000

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="letters")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        permissions = [("write_letter", _("Can write to the person behind a comment"))]

    def __str__(self):
        return _("Letter about {comment}").format(comment=self.comment)
