"""Who never wants mail from us."""

from django.db import models
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from comments.models.contact import INDEX_LENGTH


class NoMail(models.Model):
    """A mailbox to which nothing is ever sent. It is known by its blind index alone, so it outlives contact and comment."""

    mailbox = models.CharField(max_length=INDEX_LENGTH, unique=True, help_text=_("See comments.models.contact.mailbox_indexes."))
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("mailboxes that opted out of email")

    def __str__(self):
        return _("Opted out of email on {day}").format(day=date_format(self.created_at))
