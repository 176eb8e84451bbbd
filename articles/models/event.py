"""The log of what was done with an article, and the reminders that were sent."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import InsertOnly, Revision
from articles.models.signature import SignOff


class ArticleEvent(InsertOnly):
    """One thing that was done with an article. Insert-only."""

    class Kind(models.TextChoices):
        SAVED = "saved", _("Draft saved")
        SETTINGS = "settings", _("Page settings saved; the text is unchanged")
        SUBMITTED = "submitted", _("Sent to the reviewer")
        RECALLED = "recalled", _("Recalled")
        CHANGES_ASKED = "changes-asked", _("Changes requested")
        SIGNED = "signed", _("Signed")
        REAFFIRMED = "reaffirmed", _("Reviewed again, no changes needed")
        REVOKED = "revoked", _("Signature withdrawn")
        PLANNED = "planned", _("Publication scheduled")
        PLAN_CANCELED = "plan-canceled", _("Scheduled publication canceled")
        NOT_PUBLISHED = "not-published", _("Not published as scheduled")
        PUBLISHED = "published", _("Published")
        IMPORTED = "imported", _("Brought over from the previous site, not reviewed")
        PUBLISHED_URGENTLY = "urgent", _("Published urgently, without a signature")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Put back online")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="events")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="events")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, help_text=_("When the follow-up task is due."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["article", "kind"], name="articles_events_by_kind")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.article}"


class Reminder(models.Model):
    """A reminder that was sent; the constraint keeps it from being sent twice."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    step = models.CharField(
        max_length=20, help_text=_("Which reminder this is: 60, 30 or 0 days before the review is due, or a week after.")
    )
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "due_on", "step"], name="articles_reminder_once")]

    def __str__(self):
        return f"{self.article}, {self.step}"
