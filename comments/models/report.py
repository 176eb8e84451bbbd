"""What readers reported."""

from django.db import models
from django.utils import timezone

from comments.models.comment import Comment


class Report(models.Model):
    """What a reader said about a public comment; one for each network tag and comment."""

    class Reason(models.TextChoices):
        HARM = "harm", "Somebody may be in danger, or is told to do something dangerous"
        PERSONAL = "personal", "It shows somebody's personal details"
        MEDICAL = "medical", "It says something medical that is wrong"
        SELLING = "selling", "It sells something"
        UNKIND = "unkind", "It is unkind"
        OTHER = "other", "Something else"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    network_tag = models.CharField(max_length=64, help_text="Keyed, and another one tomorrow; tells nothing by itself.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["comment", "network_tag"], name="comments_one_report_a_network")]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.comment}"
