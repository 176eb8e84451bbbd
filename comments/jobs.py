"""What the worker does for comments: a function for each kind of outbox row."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment
from comments.retention import apply_retention


def send_notice(payload: dict) -> None:
    """Tell the moderators that something waits: a number and a link, nothing that a reader typed."""
    waiting = Comment.objects.queued().count()
    if not waiting:
        return
    comments = "1 comment waits" if waiting == 1 else f"{waiting} comments wait"
    _mail(f"{comments} to be read", "No hurry: nothing is public before one of you approved it.")


def send_urgent_notice(payload: dict) -> None:
    """Tell the moderators that an urgent comment waits."""
    _mail("One urgent comment waits", "Please look at it as soon as you can.")


def run_retention(payload: dict) -> None:
    """Erase what its time has passed."""
    apply_retention(timezone.now())


def _mail(subject, words):
    queue = settings.SITE_URL + reverse("admin:comments_queued_changelist")
    send_mail(f"{settings.SITE_NAME}: {subject}", f"{words}\n\n{queue}\n", None, [settings.MODERATORS_EMAIL])


HANDLERS = {"notice": send_notice, "urgent_notice": send_urgent_notice, "retention": run_retention}
