"""What readers reported."""

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment, State


class ReportQuerySet(models.QuerySet):
    """What readers reported."""

    def open_in_public(self):
        """Return reports on comments that are public, since somebody last decided on them."""
        return self.filter(comment__state=State.APPROVED, created_at__gt=F("comment__decided_at"))

    def danger_in_public(self):
        """Return the open ones of harm, but for comments that somebody looked at again and confirmed."""
        return self.open_in_public().filter(reason=Report.Reason.HARM, comment__confirmed_at=None)


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
    site_tag = models.CharField(
        max_length=64, blank=True, help_text=_("The same of the larger network, which may be one person's; empty on old reports.")
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["comment", "network_tag"], name="comments_one_report_a_network")]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.comment}"
