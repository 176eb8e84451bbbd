"""What readers say about public comments, and what follows at once: taking down for a second look, never more."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments import limits, moderation, notices
from comments.models import Comment, Event, Report, State
from comments.network import day_tag
from comments.screening import Lane

LIMITS = [(10, 24 * 60 * 60)]
# So many reports of other kinds than harm, each from another network or day, take a comment down.
ENOUGH = 3
BY_HARM = "Reported: somebody may be in danger"
BY_SEVERAL = f"Reported {ENOUGH} times"


class NotPublic(Exception):
    """The comment is not on the page (any more), so nobody can report it."""


@transaction.atomic
def file_report(comment: Comment, reason: str, note: str, *, network: str) -> Report:
    """Keep what a reader reported, once for each network and day, and take the comment down when that is called for.

    One report of harm hides it and makes it urgent, and three others hide it: each at most once, because then a person has
    looked again; and neither after somebody has confirmed it. Raises NotPublic, limits.TooMany.
    """
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.state != State.APPROVED:
        raise NotPublic
    tag = day_tag("report", network, timezone.localdate())
    report, is_new = Report.objects.get_or_create(
        comment=comment, network_tag=tag, defaults={"version": comment.version, "reason": reason, "note": note}
    )
    if is_new:
        limits.take([day_tag("reports", network, timezone.localdate())], LIMITS if settings.COMMENT_LIMITS else [])
    elif reason == Report.Reason.HARM != report.reason:
        # The same reader, or somebody else in the same house, now says that it is grave.
        report.reason, report.note, report.version = reason, note or report.note, comment.version
        report.save()
    if comment.confirmed_at is None:
        _take_down_if_called_for(comment, report)
    return report


def _take_down_if_called_for(comment, report):
    if report.reason == Report.Reason.HARM:
        if not _was_taken_down(comment, BY_HARM):
            moderation.take_down(comment, note=BY_HARM, lane=Lane.URGENT)
            notices.tell_urgent(comment)
        return
    others = comment.reports.exclude(reason=Report.Reason.HARM).filter(created_at__gte=comment.decided_at)
    if others.count() >= ENOUGH and not _was_taken_down(comment, BY_SEVERAL):
        moderation.take_down(comment, note=BY_SEVERAL)


def _was_taken_down(comment, note):
    return comment.events.filter(kind=Event.Kind.REPORTED, note=note).exists()
