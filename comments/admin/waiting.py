"""What waits, lane by lane, in the order in which it is read; a fixed number of queries, however many comments there are."""

import collections
import dataclasses
import datetime

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from comments.models import Comment, CommentEvent, State
from comments.screening import Lane

# Counting stops here, so that a hundred thousand waiting comments cost as little as a thousand.
COUNTED = 1000
# The order of the lanes on the page; each oldest first.
LANES = (Lane.URGENT, Lane.CLINICIAN, Lane.STANDARD, Lane.SPAM)


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
    if timezone.now() - since < datetime.timedelta(minutes=1):
        return _("less than a minute")
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


def first(rows: QuerySet, left_out: list[str]) -> Comment | None:
    """Return the comment that is to be read first, or None when nothing waits but what this moderator left out."""
    return next(iter(on_page(rows, waiting(left_out), left_out, 0, 1)), None)


def _kept(left_out):
    kept = Q()
    for topic in left_out:
        kept &= ~Q(topics__contains=f"|{topic}|")
    return kept
