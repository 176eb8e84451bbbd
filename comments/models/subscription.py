"""Who wants mail about a comment."""

import secrets

from django.db import models
from django.utils import timezone

from comments.models.comment import Comment
from comments.models.contact import Contact


class Subscription(models.Model):
    """That the author of a comment wants mail about it: the outcome, and answers. Counts once it is confirmed by mail."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="subscription")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="subscriptions")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"Mail about {self.comment}"
