"""A person's request to see, correct or erase what is kept about them."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from comments.models.contact import Contact


class DataRequest(models.Model):
    """A link to everything that is kept about one person: mailed to the address, or opened by a privacy officer for a letter.

    The link works once, and leads to a page that has another secret. A search by an officer that found nobody is a row as well.
    """

    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The privacy officer who searched; empty when the person asked by email."),
    )
    reason = models.TextField(blank=True)
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    opening = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")

    def __str__(self):
        return date_format(timezone.localtime(self.created_at), "DATETIME_FORMAT")
