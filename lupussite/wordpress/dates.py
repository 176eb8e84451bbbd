"""A moment as exports write it -> a moment, or None. Pure."""

import datetime
from email.utils import parsedate_to_datetime

from django.utils import timezone

EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)


def moment(gmt: str, local: str, *, published: str = "") -> datetime.datetime | None:
    """Return the first of these that is a moment: in UTC, in the site's zone, or as mail writes it; never one to come."""
    for text, zone in ((gmt, datetime.UTC), (local, timezone.get_current_timezone())):
        try:
            found = datetime.datetime.fromisoformat(text.strip())
        except ValueError:
            continue  # "0000-00-00 00:00:00" among others.
        return _sensible(found if found.tzinfo else found.replace(tzinfo=zone))
    try:
        found = parsedate_to_datetime(published)
    except (ValueError, TypeError):
        return None
    return _sensible(found if found.tzinfo else found.replace(tzinfo=datetime.UTC))


def _sensible(found):
    return min(found, timezone.now()) if found >= EARLIEST else None
