"""A day as readers see it and machines read it."""

import datetime
import functools

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def day_html(value: datetime.date | datetime.datetime) -> SafeString:
    """Return a date, or the date that a time has here, as a `<time>` element that a translated sentence can hold."""
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value)
    return _element(value, get_language())


@functools.lru_cache(maxsize=4096)
def _element(day, language):
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_format(day))
