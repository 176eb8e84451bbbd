"""Which backups stay: the newest of each of the last seven days, and the newest of each of the last four weeks. Pure."""

import contextlib
import datetime
import re
from collections.abc import Iterable

DAYS, WEEKS = 7, 4
NAME = re.compile(r"lupus-(\d{4}-\d{2}-\d{2})-(\d{2})(\d{2})(\d{2})\.tar\.gz")


def name_at(moment: datetime.datetime) -> str:
    """Return the name of a backup that is made at that moment."""
    # The owner's wall clock, in an order that sorts.
    return f"lupus-{moment.replace(tzinfo=None).isoformat('-', 'seconds').replace(':', '')}.tar.gz"


def too_many(names: Iterable[str]) -> list[str]:
    """Return the names that may go; what is not named like a backup is never among them.

    Days and weeks (from Monday) are counted back from the newest backup, so that a site that stood still loses none.
    """
    made = {}
    for name in names:
        if found := NAME.fullmatch(name):
            with contextlib.suppress(ValueError):
                day, *time = found.groups()
                made[datetime.datetime.fromisoformat(f"{day} {':'.join(time)}")] = name
    if not made:
        return []
    today = max(made).date()
    monday = today - datetime.timedelta(days=today.weekday())
    stay = set()
    for start, length in [
        *((today - datetime.timedelta(days=day), 1) for day in range(DAYS)),
        *((monday - datetime.timedelta(weeks=week), 7) for week in range(WEEKS)),
    ]:
        there = [moment for moment in made if 0 <= (moment.date() - start).days < length]
        stay.update([max(there)] if there else [])
    return [name for moment, name in sorted(made.items()) if moment not in stay]
