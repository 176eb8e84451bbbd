"""What readers reported."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Report(models.Model):
    """What a reader said about a public comment; one for each network tag and comment."""

    class Reason(models.TextChoices):
        HARM = "harm", _("Someone may be in danger, or is being encouraged to do something dangerous")
        PERSONAL = "personal", _("It shows someone's personal details")
        MEDICAL = "medical", _("The medical information is wrong")
        SELLING = "selling", _("It's selling something")
        UNKIND = "unkind", _("It's unkind")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    network_tag = models.CharField(max_length=64, help_text=_("Coded, and different every day. It reveals nothing by itself."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["comment", "network_tag"], name="comments_one_report_a_network")]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.comment}"
