"""The log of what happened to a comment."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment, State
from comments.models.reasons import Reason


class CommentEventQuerySet(models.QuerySet):
    """Ways to ask for what happened."""

    def log(self, comment: Comment, *, note: str = "", **fields) -> "CommentEvent":
        """Write down what happened to a comment, and what somebody wrote beside it, if they did."""
        event = self.create(comment=comment, **fields)
        if note:
            EventNote.objects.create(event=event, text=note)
        return event

    def decisions_on_what_waited(self):
        """Return decisions on comments that waited, without those undone, and without answers for the site, which never wait."""
        return self.filter(kind=CommentEvent.Kind.DECIDED, before=State.PENDING, undone_by=None, comment__staff=None)


class CommentEvent(models.Model):
    """One thing that happened to a comment. Insert-only; holds nothing that anyone typed: that is an EventNote."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Sent")
        DECIDED = "decided", _("Decided")
        APPROVED_ELSEWHERE = "elsewhere", _("Approved on the previous site")
        IMPORTED = "imported", _("Brought over from the previous site, where it was waiting")
        WITHDRAWN = "withdrawn", _("Taken back by its author")
        ERASED = "erased", _("Erased")
        REVEALED = "revealed", _("Email address viewed")
        DETAILS_SHOWN = "details-shown", _("Contact details shown to readers")
        ESCALATED = "escalated", _("Sent to the doctor")
        RETURNED = "returned", _("Moved back to the standard lane")
        UNDONE = "undone", _("Undone")
        CHANGED = "changed", _("Edited by the author")
        REDACTED = "redacted", _("Part of the text covered")
        REPORTED = "reported", _("Hidden because readers reported it")
        REPLIED = "replied", _("Reply for the site")
        WRITTEN = "written", _("Wrote to the person")
        RAISED = "raised", _("Raised to urgent")
        CLAIMED = "claimed", _("Claimed")
        LET_GO = "let-go", _("Released")
        NOTED = "noted", _("Note")

        @classmethod
        def meanwhile(cls):
            """Return what is done with a comment that goes on waiting as it is: no decision, and no other words."""
            return [cls.REVEALED, cls.WRITTEN, cls.CLAIMED, cls.LET_GO, cls.NOTED]

        @classmethod
        def with_notes(cls):
            """Return what moderators write notes with, about what the comment says."""
            return [cls.DECIDED, cls.NOTED, cls.ESCALATED, cls.RAISED, cls.RETURNED]

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=10, choices=State, blank=True)
    after = models.CharField(max_length=10, choices=State)
    version = models.PositiveIntegerField(help_text=_("The version of the comment that this applied to."))
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    detail = models.TextField(blank=True, help_text=_("What the site itself says of it, such as what kind of words was covered."))
    batch = models.UUIDField(null=True, help_text=_("The same for all decisions made with one click."))
    was = models.JSONField(null=True, help_text=_("What undoing restores: the comment's fields as they were before."))
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommentEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        get_latest_by = "pk"
        indexes = [
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="comments_events_of_batch"),
            models.Index(fields=["kind", "created_at"], name="comments_events_by_kind"),
        ]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_after_display()}"

    @property
    def note(self):
        """What somebody wrote beside it, as long as that is kept, or what the site itself says of it; load `written` with it."""
        return self.written.text if hasattr(self, "written") else self.detail

    @property
    def cancel_key(self):
        """The key of outbox rows that go when this is undone."""
        return f"comments.event:{self.pk}"


class EventNote(models.Model):
    """What somebody of the staff wrote beside an event: a note on a comment, or why an address was opened or a comment erased.

    It never changes, and it can go: a moderator may have quoted what the author takes back.
    """

    event = models.OneToOneField(CommentEvent, on_delete=models.PROTECT, primary_key=True, related_name="written")
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.text


class Reveal(CommentEvent):
    """The log of opened addresses, for privacy officers."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("viewed address")
        verbose_name_plural = _("viewed addresses")
