"""What a card shows: everything that a decision needs, in a fixed number of queries."""

import collections
import dataclasses

from django.db.models import Count
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import rendering
from comments.admin import person
from comments.admin.decisions import VERBS, possible
from comments.admin.waiting import COUNTED, age
from comments.flows import moderation, replies
from comments.models import WAITING, Comment, CommentEvent, Letter, Reason, Report, State
from comments.screening.types import in_words

ANSWERED_SHOWN = 200
RECENT_SHOWN = 10
# Why a comment waits that no rule found anything in.
EVERY, SECOND_LOOK = gettext_lazy("we read every comment"), gettext_lazy("hidden for a second look")


@dataclasses.dataclass(frozen=True)
class Card:
    """Everything that a decision needs."""

    comment: Comment
    buttons: list[tuple[str, str]]
    reasons: list[tuple[str, str]]
    who: str
    answered: str
    words: SafeString
    waits: str
    signals: list[str]
    notes: list[CommentEvent]
    reports: list[Report]
    letters: list[Letter]
    needs_clinician: bool
    waiting: bool
    may_decide: bool
    may_reply: bool
    mine: bool


def cards(comments: list[Comment], user, left_out: list[str] = ()) -> list[Card]:
    """Return the cards of these comments (with `person_tag`, article, parent and claim loaded); four queries.

    What a comment answers is quoted, unless that is covered or of a kind that this moderator left out.
    """
    histories = _histories(comments)
    keys = [comment.pk for comment in comments]
    events, reports, letters = (collections.defaultdict(list) for _ in range(3))
    told = CommentEvent.objects.filter(comment__in=keys).exclude(kind=CommentEvent.Kind.SUBMITTED)
    for event in told.select_related("actor", "written"):
        events[event.comment_id].append(event)
    for report in Report.objects.filter(comment__in=keys):
        reports[report.comment_id].append(report)
    for letter in Letter.objects.filter(comment__in=keys).select_related("by").defer("answer"):
        letters[letter.comment_id].append(letter)
    return [
        _card(comment, user, left_out, histories, events[comment.pk], reports[comment.pk], letters[comment.pk])
        for comment in comments
    ]


def _card(comment, user, left_out, histories, events, reports, letters):
    verbs = possible(comment, user)
    taken_down = [event.created_at for event in events if event.after == State.HIDDEN != event.before]
    since = taken_down[-1] if comment.state == State.HIDDEN and taken_down else comment.submitted_at
    waiting = comment.state in WAITING
    sensitive = comment.lane in moderation.SENSITIVE and waiting
    return Card(
        comment=comment,
        buttons=[(name, VERBS[name].label) for name in verbs],
        reasons=Reason.choices,
        who=_who(comment, histories),
        answered=_quoted(comment.parent, left_out),
        words=rendering.marked_html(comment.body, spans(comment)),
        waits=age(since) if waiting else "",
        signals=[in_words(signal) for signal in comment.signals] or [SECOND_LOOK if comment.state == State.HIDDEN else EVERY],
        notes=[event for event in events if event.note and event.kind in NOTED],
        reports=reports,
        letters=letters,
        needs_clinician=sensitive and not user.has_perm("comments.approve_sensitive"),
        waiting=waiting,
        may_decide=user.has_perm("comments.moderate_comment"),
        mine=waiting and comment.claimed_by_id == user.pk and comment.is_claimed,
        may_reply=waiting and replies.can_be_answered(comment, by=user),
    )


# Events whose notes are for the next moderator.
NOTED = {
    CommentEvent.Kind.NOTED,
    CommentEvent.Kind.ESCALATED,
    CommentEvent.Kind.RAISED,
    CommentEvent.Kind.RETURNED,
    CommentEvent.Kind.DECIDED,
    CommentEvent.Kind.REPORTED,
}


def spans(comment: Comment) -> list[tuple[int, int]]:
    """Return where screening found something in the body, as [start, end) code points."""
    return [tuple(span) for signal in comment.signals for span in signal.get("spans", [])]


def _quoted(parent, left_out):
    if parent is None or parent.is_covered or any(f"|{topic}|" in parent.topics for topic in left_out):
        return ""
    return parent.body if len(parent.body) <= ANSWERED_SHOWN else f"{parent.body[:ANSWERED_SHOWN].rstrip()}…"


def _histories(comments):
    """Return contact -> state -> how many comments, this one included."""
    contacts = {comment.contact_id for comment in comments} - {None}
    found = collections.defaultdict(dict)
    rows = Comment.objects.filter(contact__in=contacts).order_by().values_list("contact", "state").annotate(Count("pk"))
    for contact, state, count in rows:
        found[contact][state] = count
    return found


def _who(comment, histories):
    if comment.staff_role:
        return _("Reply for the site ({role})").format(role=comment.get_staff_role_display().lower())
    if not comment.contact_id:
        return _("No email address given")
    counts = histories[comment.contact_id]
    if sum(counts.values()) == 1:
        return format_html(_("Person {tag}, first comment"), tag=person.link(comment.person_tag))
    approved, rejected, spam = (counts.get(state, 0) for state in (State.APPROVED, State.REJECTED, State.SPAM))
    words = format_html(
        _("Person {tag}, {approved} approved, {rejected} rejected"),
        tag=person.link(comment.person_tag),
        approved=approved or _("none"),
        rejected=rejected or _("none"),
    )
    return format_html(_("{words}, {spam} spam"), words=words, spam=spam) if spam else words


@dataclasses.dataclass(frozen=True)
class Recent:
    """What this person did with one click and may still undo: words, and what the button sends."""

    words: str
    undo: str


def recent(user) -> list[Recent]:
    """Return what this person decided in the last ten minutes and nothing has touched since, newest first; one query."""
    events = (
        CommentEvent.objects.filter(
            kind__in=moderation.UNDOABLE, created_at__gt=timezone.now() - moderation.UNDO_FOR, actor=user, undone_by=None
        )
        .select_related("comment")
        .defer("comment__body", "comment__signals")
        .order_by("-created_at", "-pk")
    )
    clicks = {}
    for event in events[: 2 * COUNTED]:
        if event.comment.version == event.version + 1:
            clicks.setdefault(event.batch or event.pk, []).append(event)
    return [Recent(_in_words(done), str(undo)) for undo, done in list(clicks.items())[:RECENT_SHOWN]]


def _in_words(events):
    event = events[0]
    what = event.get_after_display() if event.kind == CommentEvent.Kind.DECIDED else event.get_kind_display()
    which = ngettext("{number} comment", "{number} comments", len(events)).format(number=len(events))
    if len(events) == 1:
        which = event.comment.name or _("someone")
    return f"{what}: {which}"
