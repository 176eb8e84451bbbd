"""What waits, lane by lane, and what a card shows: a fixed number of queries, however many comments there are."""

import collections
import dataclasses
import datetime

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import rendering
from comments.admin.decisions import VERBS, possible
from comments.flows import moderation
from comments.models import Comment, CommentEvent, Reason, Report, State
from comments.screening import Lane
from comments.screening.consequences import TOPICS
from comments.screening.types import in_words

# Counting stops here, so that a hundred thousand waiting comments cost as little as a thousand.
COUNTED = 1000
ANSWERED_SHOWN = 200
RECENT_SHOWN = 10
# The order of the lanes on the page; each oldest first.
LANES = (Lane.URGENT, Lane.CLINICIAN, Lane.STANDARD, Lane.SPAM)
# Why a comment waits that no rule found anything in.
EVERY, SECOND_LOOK = gettext_lazy("we read every comment"), gettext_lazy("hidden for a second look")


@dataclasses.dataclass(frozen=True)
class Waiting:
    """How much waits in a lane: `count` of all, `shown` without what this moderator left out, both at most COUNTED.

    What was taken down for a second look comes first, and `taken_down` of `shown` are such. `oldest` is since when the one that
    waits longest waits.
    """

    lane: Lane
    count: int
    shown: int
    taken_down: int
    oldest: datetime.datetime | None

    @property
    def count_words(self) -> str:
        """Return the number as it stands on the tile."""
        return f"{COUNTED:,}+" if self.count > COUNTED else str(self.count)

    @property
    def oldest_words(self) -> str:
        """Return the age of the oldest, or what is there instead."""
        return _("oldest: {age}").format(age=age(self.oldest)) if self.oldest else _("none waiting")


def age(since: datetime.datetime) -> str:
    """Return how long ago that was, in one unit."""
    return timesince(since).split(",")[0]


def waiting(left_out: list[str]) -> list[Waiting]:
    """Return what waits in each lane; six queries, none of which counts further than COUNTED."""
    kept = _kept(left_out)
    down = {f"all_{lane.name}": Count("pk", filter=Q(lane=lane)) for lane in LANES}
    down |= {f"kept_{lane.name}": Count("pk", filter=Q(kept, lane=lane)) for lane in LANES}
    hidden = Comment.objects.filter(state=State.HIDDEN).order_by("lane")[:COUNTED].aggregate(**down)
    hidings = CommentEvent.objects.filter(comment=OuterRef("pk"), after=State.HIDDEN).exclude(before=State.HIDDEN).order_by("-pk")
    since = collections.defaultdict(list)
    taken_down = Comment.objects.filter(state=State.HIDDEN).order_by()
    for lane, at in taken_down.values_list("lane", Subquery(hidings.values("created_at")[:1]))[:COUNTED]:
        since[lane].append(at)
    found = []
    for lane in LANES:
        first = Comment.objects.queued().filter(lane=lane).order_by("submitted_at")[: COUNTED + 1]
        counts = first.aggregate(count=Count("pk"), oldest=Min("submitted_at"), kept=Count("pk", filter=kept or None))
        taken_down = hidden[f"kept_{lane.name}"]
        found.append(
            Waiting(
                lane,
                count=counts["count"] + hidden[f"all_{lane.name}"],
                shown=counts["kept"] + taken_down,
                taken_down=taken_down,
                oldest=min(filter(None, [counts["oldest"], *since[lane]]), default=None),
            )
        )
    return found


def reported() -> int:
    """Return how many public comments readers reported since somebody last decided on them, of the last reports; one query."""
    last = Report.objects.order_by("-pk").values_list("comment", "created_at", "comment__state", "comment__decided_at")[:COUNTED]
    return len({pk for pk, at, state, decided_at in last if state == State.APPROVED and at > decided_at})


def on_page(rows: QuerySet, lanes: list[Waiting], left_out: list[str], start: int, end: int) -> list[Comment]:
    """Return the comments from place `start` to `end` of these lanes: lane by lane, second looks first, then what is read first.

    Two queries: one for the keys, lane by lane so that each takes its few rows from the index, and one for the rows.
    """
    kept, pieces = Comment.objects.filter(_kept(left_out)), []
    for lane in lanes:
        for state, count in ((State.HIDDEN, lane.taken_down), (State.PENDING, lane.shown - lane.taken_down)):
            first, last = max(start, 0), min(end, count)
            if first < last:
                piece = kept.filter(lane=lane.lane, state=state).order_by("-read_first", "submitted_at", "pk")[first:last]
                pieces.append(Comment.objects.filter(pk__in=piece.values("pk")).order_by().values_list("pk", flat=True))
            start, end = start - count, end - count
    if not pieces:
        return []
    found = rows.filter(pk__in=list(pieces[0].union(*pieces[1:], all=True)))
    return sorted(
        found, key=lambda row: (LANES.index(row.lane), row.state != State.HIDDEN, not row.read_first, row.submitted_at, row.pk)
    )


def _kept(left_out):
    kept = Q()
    for topic in left_out:
        kept &= ~Q(topics__contains=f"|{topic}|")
    return kept


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
    needs_clinician: bool


def cards(comments: list[Comment], user, left_out: list[str] = ()) -> list[Card]:
    """Return the cards of these comments (with `person_tag`, article and parent loaded); three queries.

    What a comment answers is quoted, unless that is covered or of a kind that this moderator left out.
    """
    histories = _histories(comments)
    keys = [comment.pk for comment in comments]
    events, reports = collections.defaultdict(list), collections.defaultdict(list)
    for event in CommentEvent.objects.filter(comment__in=keys).exclude(kind=CommentEvent.Kind.SUBMITTED).select_related("actor"):
        events[event.comment_id].append(event)
    for report in Report.objects.filter(comment__in=keys):
        reports[report.comment_id].append(report)
    return [_card(comment, user, left_out, histories, events[comment.pk], reports[comment.pk]) for comment in comments]


def _card(comment, user, left_out, histories, events, reports):
    verbs = possible(comment, user)
    taken_down = [event.created_at for event in events if event.after == State.HIDDEN != event.before]
    since = taken_down[-1] if comment.state == State.HIDDEN and taken_down else comment.submitted_at
    sensitive = comment.lane in moderation.SENSITIVE and comment.state in {State.PENDING, State.HIDDEN}
    return Card(
        comment=comment,
        buttons=[(name, VERBS[name].label) for name in verbs],
        reasons=Reason.choices,
        who=_who(comment, histories),
        answered=_quoted(comment.parent, left_out),
        words=rendering.marked_html(comment.body, spans(comment)),
        waits=age(since) if comment.state in {State.PENDING, State.HIDDEN} else "",
        signals=[in_words(signal) for signal in comment.signals] or [SECOND_LOOK if comment.state == State.HIDDEN else EVERY],
        notes=[event for event in events if event.note and event.kind in NOTED],
        reports=reports,
        needs_clinician=sensitive and not user.has_perm("comments.approve_sensitive"),
    )


# Events whose notes are for the next moderator.
NOTED = {CommentEvent.Kind.ESCALATED, CommentEvent.Kind.RETURNED, CommentEvent.Kind.DECIDED, CommentEvent.Kind.REPORTED}


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
        return _("Person {tag}, first comment").format(tag=comment.person_tag)
    approved, rejected, spam = (counts.get(state, 0) for state in (State.APPROVED, State.REJECTED, State.SPAM))
    words = _("Person {tag}, {approved} approved, {rejected} rejected").format(
        tag=comment.person_tag, approved=approved or _("none"), rejected=rejected or _("none")
    )
    return _("{words}, {spam} spam").format(words=words, spam=spam) if spam else words


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


def topics_to_leave_out(chosen: list[str]) -> list[tuple[str, str, bool]]:
    """Return (topic, words, whether it is left out) of every kind that a moderator may leave out."""
    return [(topic, words, topic in chosen) for topic, (words, _codes) in TOPICS.items()]
