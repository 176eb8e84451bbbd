"""How much one network may send, and the like; counted in the cache, never in the database."""

import datetime
import logging
import math
import time
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from web.network import around, day_tag

log = logging.getLogger("web.limits")


class TooMany(Exception):
    """A limit is reached; `wait` is the number of seconds until the next comment is taken."""

    def __init__(self, wait: int):
        super().__init__(f"too many comments, {wait} s to wait")
        self.wait = wait

    @property
    def in_words(self) -> str:
        """The wait as "a minute", "5 minutes" or "3 hours", rounded up."""
        minutes = math.ceil(self.wait / 60)
        if minutes < 2:
            return _("a minute")
        if minutes < 120:
            return _("{number} minutes").format(number=minutes)
        return _("{number} hours").format(number=math.ceil(minutes / 60))


def take_of_network(kind: str, network: str, day: datetime.date, limits: Iterable[tuple[int, int]] | None = None) -> None:
    """Count one for a network, and for the larger ones it lies in; raises like `take`."""
    limits = list(settings.COMMENT_LIMITS if limits is None else limits)
    for larger, times in around(network):
        take([day_tag(kind, larger, day)], [(most * times, seconds) for most, seconds in limits])


def take(tags: Iterable[str], limits: Iterable[tuple[int, int]] | None = None) -> None:
    """Count one for each tag; raises TooMany when one of the limits (how many, seconds), or of COMMENT_LIMITS, is used up.

    A cache that does not answer lets the comment through: losing a person's words is worse than a flood, and a moderator
    reads everything anyway.
    """
    now = time.time()
    limits = settings.COMMENT_LIMITS if limits is None else limits
    for tag in tags:
        for most, seconds in limits:
            key = f"flood:{tag}:{seconds}:{int(now // seconds)}"
            try:
                cache.add(key, 0, timeout=seconds)
                count = cache.incr(key)
            except Exception as error:
                log.warning("flood limits are off: the cache fails", exc_info=error)
                return
            if count > most:
                raise TooMany(math.ceil(seconds - now % seconds))
