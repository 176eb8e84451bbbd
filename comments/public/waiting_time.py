"""How long a comment usually waits to be read, told beside the form and on the receipt."""

import datetime
import logging
import math
import statistics

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import CommentEvent

log = logging.getLogger("comments.public.waiting_time")

KEY = "comments:usually-read-within"
KEPT = 10 * 60
DAYS = 30
MOST = 1000
FEWEST = 10


def usually_read_within() -> str:
    """Return "3 hours" or "2 days", from the median of the last 30 days; "" while there are too few decisions to tell.

    Ten minutes old at most, and then without a query. A cache that does not answer means that nothing is said.
    """
    try:
        words = cache.get(KEY)
        if words is None:
            # Added first: while one request counts, and when counting fails, the others go on without.
            cache.set(KEY, "", KEPT)
    except Exception as error:
        log.warning("nothing is said about waiting: the cache fails", exc_info=error)
        return ""
    if words is None:
        words = in_words(_median_wait(timezone.now()))
        cache.set(KEY, words, KEPT)
    return words


def in_words(wait: datetime.timedelta | None) -> str:
    """Return a wait rounded up, in hours and from two days on in days; "" for None."""
    if wait is None:
        return ""
    hours = max(math.ceil(wait / datetime.timedelta(hours=1)), 1)
    if hours >= 48:
        return _("{number} days").format(number=math.ceil(hours / 24))
    return _("an hour") if hours == 1 else _("{number} hours").format(number=hours)


def _median_wait(now):
    decisions = CommentEvent.objects.decisions_on_what_waited().filter(created_at__gte=now - datetime.timedelta(days=DAYS))
    times = decisions.order_by("-created_at").values_list("created_at", "comment__submitted_at")[:MOST]
    waits = [decided_at - submitted_at for decided_at, submitted_at in times]
    return statistics.median(waits) if len(waits) >= FEWEST else None
