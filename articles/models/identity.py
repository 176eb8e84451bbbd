"""What names this site among all others, whatever its address."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SiteIdentity(models.Model):
    """One row, made by a migration: the id of the feed of articles, which no new address of the site may change."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("site identities")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="articles_one_site")]

    def __str__(self):
        return str(self.uuid)
