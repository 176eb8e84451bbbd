"""Lets the demonstration happen over weeks: what is made inside `at` is dated as it would have been then."""

import contextlib
import datetime
from collections.abc import Iterator
from unittest import mock

from django.utils import timezone


@contextlib.contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let Django's clock stand at a moment, for a command that runs alone: the logs take no other date later.

    `timezone.now` itself is left as it is, because fields hold it as their default.
    """

    class Then(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Then):
        yield
