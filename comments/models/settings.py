"""What the owner and the moderators set for the whole site."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q


class CommentSettings(models.Model):
    """What the owner switches for the whole site; one row."""

    rota = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True, "is_staff": True},
        help_text="Who gets notices and digests. Until somebody is named, they go to MODERATORS_EMAIL.",
    )
    morning_hour = models.PositiveSmallIntegerField(
        default=7, validators=[MaxValueValidator(23)], help_text="When the morning digest goes out."
    )
    evening_hour = models.PositiveSmallIntegerField(
        default=18, validators=[MaxValueValidator(23)], help_text="When the evening digest goes out."
    )
    comments_open = models.BooleanField(default=True, help_text="Off: no article takes comments, whatever its own switch says.")

    class Meta:
        default_permissions = ("change", "view")
        verbose_name = verbose_name_plural = "comment settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="comments_one_row_of_settings")]

    def __str__(self):
        return "Comment settings"

    @classmethod
    def current(cls):
        """Return the row, or the defaults while nobody has saved one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class HelpLine(models.Model):
    """Where somebody in need is helped now; shown to the author of a comment with a crisis signal, and to nobody else."""

    country = models.CharField(max_length=60, help_text="Or “Everywhere”.")
    name = models.CharField(max_length=120)
    how = models.CharField("how to reach it", max_length=200, help_text="A number, hours, a web address.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "country", "name"]

    def __str__(self):
        return f"{self.country}: {self.name}"
