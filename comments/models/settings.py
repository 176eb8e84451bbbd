"""What the owner and the moderators set for the whole site."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.screening.emails_and_phones import dialed
from web.prepared import Prepared

log = logging.getLogger("comments.models.settings")

NUMBERS = "comments:numbers-of-help-lines"
KEPT = 60


class CommentSettings(models.Model):
    """What the owner switches for the whole site; one row."""

    rota = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True, "is_staff": True},
        help_text=_("Who gets email about comments. Until you choose someone, it goes to MODERATORS_EMAIL."),
    )
    morning_hour = models.PositiveSmallIntegerField(
        default=7, validators=[MaxValueValidator(23)], help_text=_("When the morning digest goes out.")
    )
    evening_hour = models.PositiveSmallIntegerField(
        default=18, validators=[MaxValueValidator(23)], help_text=_("When the evening digest goes out.")
    )
    comments_open = models.BooleanField(default=True, help_text=_("Turn this off to close comments on every article."))

    class Meta:
        default_permissions = ("change", "view")
        verbose_name = verbose_name_plural = _("comment settings")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="comments_one_row_of_settings")]

    def __str__(self):
        return str(_("Comment settings"))

    @classmethod
    def current(cls):
        """Return the row, or the defaults while nobody has saved one."""
        return next(iter(_current()), None) or cls(pk=1)

    @classmethod
    def one_after_another(cls) -> None:
        """Hold the row until the transaction ends, so that what is counted for the whole site is not counted twice at once."""
        cls.objects.select_for_update(no_key=True).filter(pk=1).first()


class HelpLine(models.Model):
    """Where somebody in need is helped now; shown to the author of a comment with a crisis signal, and to nobody else."""

    country = models.CharField(max_length=60, help_text=_("Or “Everywhere”."))
    name = models.CharField(max_length=120)
    how = models.CharField(_("how to reach it"), max_length=200, help_text=_("A phone number, hours or a web address."))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "country", "name"]

    def __str__(self):
        return f"{self.country}: {self.name}"

    @classmethod
    def numbers(cls) -> frozenset[str]:
        """Return what is dialed to reach the help lines; a minute old at most, and then without a query."""
        try:
            numbers = cache.get(NUMBERS)
            if numbers is None:
                numbers = cls._numbers()
                cache.set(NUMBERS, numbers, KEPT)
        except Exception as error:
            log.warning("the numbers of help lines are asked of the database each time: the cache fails", exc_info=error)
            return cls._numbers()
        return numbers

    @classmethod
    def _numbers(cls):
        return frozenset().union(*map(dialed, cls.objects.values_list("how", flat=True)))


_current = Prepared(lambda: CommentSettings.objects.filter(pk=1))
