"""The overview page: what waits, how long comments waited in the last weeks, what was decided. Nobody is ranked.

One query that reads at most DECISIONS_LOOKED_AT rows; the rest is arithmetic on plain values.
"""

import collections
import dataclasses
import datetime
import itertools
import logging
import math

from django.core.cache import cache
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments.admin import waiting
from comments.models import CommentEvent, HelpLine, Reason, State

log = logging.getLogger("comments.admin.overview")

WEEKS = 12
# Figures of so many decisions are kept for so many seconds.
KEPT_FROM, KEPT = 5_000, 10 * 60
DECISIONS_LOOKED_AT = 20_000
WEEK = datetime.timedelta(days=7)
# The picture, in its own units: its width, the height of the lines, and room around them for words.
WIDTH, HEIGHT, TOP, LEFT, RIGHT, FOOT = 640, 200, 16, 110, 40, 36


@dataclasses.dataclass(frozen=True)
class Decision:
    """When a comment was first decided, how long it had waited, and how it was decided."""

    at: datetime.datetime
    waited: datetime.timedelta
    after: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Week:
    """The seven days from a moment on: how many comments were decided, and how long they had waited, in hours."""

    begin: datetime.datetime
    decided: int
    median: float | None
    slow: float | None

    @property
    def median_words(self) -> str:
        """Return what half of them waited at most."""
        return hours_in_words(self.median)

    @property
    def slow_words(self) -> str:
        """Return what nine of ten waited at most."""
        return hours_in_words(self.slow)


def decisions(now: datetime.datetime) -> list[Decision]:
    """Return the first decision on each comment in the last weeks, newest first; one query."""
    rows = (
        CommentEvent.objects.decisions_on_what_waited()
        .filter(created_at__gt=now - WEEKS * WEEK, created_at__lte=now)
        .order_by("-created_at", "-pk")
        .values_list("comment", "created_at", "comment__submitted_at", "after", "reason")[:DECISIONS_LOOKED_AT]
    )
    # Of a comment that came back to the queue the earliest decision counts: it ended the wait.
    first = {
        comment: Decision(at, max(at - sent, datetime.timedelta()), after, reason) for comment, at, sent, after, reason in rows
    }
    return list(first.values())


def percentile(values: list[float], share: float) -> float | None:
    """Return the smallest value that at least this share of all does not exceed (nearest rank), None without values."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else None


def weeks(looked_at: list[Decision], now: datetime.datetime) -> list[Week]:
    """Return the last weeks, oldest first; each ends at this hour of this weekday."""
    waits = collections.defaultdict(list)
    for decision in looked_at:
        waits[(now - decision.at) // WEEK].append(decision.waited / datetime.timedelta(hours=1))
    return [
        Week(now - (ago + 1) * WEEK, len(waits[ago]), percentile(waits[ago], 0.5), percentile(waits[ago], 0.9))
        for ago in reversed(range(WEEKS))
    ]


def reasons(looked_at: list[Decision]) -> list[tuple[str, int, int]]:
    """Return (decision in words, how many, share in percent) for approvals, each reason of a rejection, and spam."""
    counts = collections.Counter((decision.after, decision.reason) for decision in looked_at)
    rows = [
        (_("Approved"), counts[State.APPROVED, ""]),
        *[
            (
                _("Rejected: {reason}").format(reason=f"{reason.label[0].lower()}{reason.label[1:]}"),
                counts[State.REJECTED, reason.value],
            )
            for reason in Reason
        ],
        (_("Spam"), counts[State.SPAM, ""]),
    ]
    total = sum(count for _words, count in rows)
    return [(words, count, round(100 * count / total) if total else 0) for words, count in rows]


def hours_in_words(hours: float | None) -> str:
    """Return a wait as people say it: minutes under an hour, days from two days on, a dash for none."""
    if hours is None:
        return "–"
    if hours < 1:
        number = round(hours * 60)
        words = ngettext("{number} minute", "{number} minutes", number)
    elif hours < 48:
        number = round(hours)
        words = ngettext("{number} hour", "{number} hours", number)
    else:
        number = round(hours / 24)
        words = ngettext("{number} day", "{number} days", number)
    return words.format(number=number)


@dataclasses.dataclass(frozen=True)
class Line:
    """One row of dots: (x, y) of each week that has a value, and the lines between neighbours as `points` of polylines."""

    dots: list[tuple[float, float]]
    pieces: list[str]


@dataclasses.dataclass(frozen=True)
class Chart:
    """A picture of the weeks: lines across with words, two lines of waits, the weeks along the foot."""

    width: int
    height: int
    left: int
    right: int
    foot: int
    grid: list[tuple[float, str]]
    ticks: list[tuple[float, datetime.datetime]]
    median: Line
    slow: Line


def charted(by_week: list[Week]) -> Chart:
    """Return where everything stands in the picture."""
    top = _round_up(max([week.slow for week in by_week if week.slow is not None], default=1))
    step = (WIDTH - LEFT - RIGHT) / max(len(by_week) - 1, 1)
    across = [round(LEFT + step * place, 1) for place in range(len(by_week))]

    def up(hours):
        return round(TOP + HEIGHT * (1 - hours / top), 1)

    def line(values):
        places = [None if hours is None else (x, up(hours)) for x, hours in zip(across, values, strict=True)]
        runs = [list(run) for there, run in itertools.groupby(places, bool) if there]
        pieces = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
        return Line([place for place in places if place], pieces)

    return Chart(
        width=WIDTH,
        height=TOP + HEIGHT + FOOT,
        left=LEFT,
        right=WIDTH - RIGHT,
        foot=TOP + HEIGHT,
        grid=[(up(hours), hours_in_words(hours) if hours else "0") for hours in (0, top / 2, top)],
        ticks=[(x, week.begin) for x, week in zip(across, by_week, strict=True)],
        median=line([week.median for week in by_week]),
        slow=line([week.slow for week in by_week]),
    )


def _round_up(hours):
    """Return the end of the scale: an even number of hours, days or weeks that is not less."""
    scales = (2, 4, 8, 12, 24, 48, 96, 192, 336, 672)
    return next((scale for scale in scales if hours <= scale), 672 * math.ceil(hours / 672))


def figures(now: datetime.datetime) -> tuple[list[Week], list[tuple[str, int, int]], int]:
    """Return the weeks, the reasons, and how many decisions they tell of.

    Of many decisions they are ten minutes old at most, for computing them takes as long as ten other pages. A cache that does not
    answer costs that time.
    """
    key = f"comments:overview:{get_language()}"
    try:
        found = cache.get(key)
        if found is None:
            found = _figures(now)
            if found[2] >= KEPT_FROM:
                cache.set(key, found, KEPT)
        return found
    except Exception as error:
        log.warning("the overview is computed each time: the cache fails", exc_info=error)
        return _figures(now)


def _figures(now):
    looked_at = decisions(now)
    return weeks(looked_at, now), reasons(looked_at), len(looked_at)


def page(request, model_admin):
    """Return the page; a fixed number of queries, none of which reads more than DECISIONS_LOOKED_AT decisions."""
    lanes = waiting.waiting([])
    by_week, by_reason, count = figures(timezone.now())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Overview"),
        "opts": model_admin.model._meta,
        "lanes": lanes,
        "weeks": by_week,
        "chart": charted(by_week),
        "reasons": by_reason,
        "number_of_weeks": WEEKS,
        "no_help_lines": not HelpLine.objects.exists(),
        "limit": DECISIONS_LOOKED_AT if count == DECISIONS_LOOKED_AT else None,
    }
    return TemplateResponse(request, "admin/comments/overview.html", context)
