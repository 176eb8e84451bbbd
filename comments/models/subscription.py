"""Who wants mail about a comment, and what was told of it."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment, State
from comments.models.contact import INDEX_LENGTH, Contact
from comments.models.reasons import Reason


class Subscription(models.Model):
    """That the author of a comment wants mail about it: the outcome, and answers. Counts once it is confirmed by mail."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="subscription")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="subscriptions")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, help_text=_("When we asked the person to confirm the address."))
    asking = models.CharField(
        max_length=INDEX_LENGTH,
        null=True,
        unique=True,
        help_text=_("The mailbox that a confirmation request is waiting on. Only one at a time."),
    )
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_state = models.CharField(max_length=10, choices=State, blank=True, help_text=_("The last decision we told them about."))
    told_reason = models.CharField(max_length=16, choices=Reason, blank=True)
    answers_told = models.ManyToManyField(Comment, related_name="+")
    held_until = models.DateTimeField(
        null=True, help_text=_("A worker is writing until this time, so that two never write at once.")
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(asking=None) | Q(asked_at__isnull=False, confirmed_at=None, ended_at=None),
                name="comments_asking_until_answered",
            ),
        ]

    def __str__(self):
        return _("Email about {comment}").format(comment=self.comment)
