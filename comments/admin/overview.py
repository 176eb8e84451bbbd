"""The overview page: what waits, how long it took, what was decided. Nobody is ranked."""

from django.template.response import TemplateResponse
from django.utils import timezone

from comments.admin import cards
from comments.overview import DECISIONS_LOOKED_AT, WEEKS, charted, decisions, reasons, weeks


def page(request, model_admin):
    """Return the page; a fixed number of queries, none of which reads more than DECISIONS_LOOKED_AT decisions."""
    now = timezone.now()
    lanes = cards.waiting([])
    looked_at = decisions(now)
    by_week = weeks(looked_at, now)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Overview",
        "opts": model_admin.model._meta,
        "lanes": lanes,
        "weeks": by_week,
        "chart": charted(by_week),
        "reasons": reasons(looked_at),
        "number_of_weeks": WEEKS,
        "limit": DECISIONS_LOOKED_AT if len(looked_at) == DECISIONS_LOOKED_AT else None,
    }
    return TemplateResponse(request, "admin/comments/overview.html", context)
