"""What narrows the list of all comments beside its search, with links whose making costs as little as can be."""

import datetime

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments.models import Comment, State
from web.admin import KEY

MONTHS_SHOWN = 12
# Comments whose articles are offered.
LOOKED_AT = 100
TODAY, WEEK, EARLIER = "today", "week", "earlier"


class ArticleFilter(admin.SimpleListFilter):
    """By article: those with the newest comments are offered, and the one that was chosen, each by its title alone."""

    title = gettext_lazy("article")
    parameter_name = "article__id__exact"

    def lookups(self, request, model_admin):
        """Return the titles of articles with comments: a moderator need not see what editors have not published."""
        newest = Comment.objects.order_by("-submitted_at", "-pk").values("pk")[:LOOKED_AT]
        offered = Q(pk__in=Comment.objects.filter(pk__in=newest).order_by().values("article"))
        chosen = request.GET.get(self.parameter_name, "")
        if KEY.fullmatch(chosen) and Comment.objects.filter(article=chosen).exists():
            offered |= Q(pk=chosen)
        return list(Article.objects.filter(offered).order_by("title").values_list("pk", "title"))

    def queryset(self, request, queryset):
        """Narrow the list to the article that was chosen."""
        known = self.value() in {str(key) for key, _title in self.lookup_choices}
        return queryset.filter(article=self.value()) if known else queryset


class SentFilter(admin.SimpleListFilter):
    """By when a comment was sent: today, the last days, a month of the last year, or before. What is offered asks no database."""

    title = gettext_lazy("date sent")
    parameter_name = "sent"

    def lookups(self, request, model_admin):
        """Return the times."""
        months = [(f"{first:%Y-%m}", date_format(first, "YEAR_MONTH_FORMAT")) for first in _months()]
        return [(TODAY, _("Today")), (WEEK, _("Past 7 days")), *months, (EARLIER, _("Earlier"))]

    def queryset(self, request, queryset):
        """Narrow the list to the time that was chosen, by the days of the site's time zone."""
        begin, end = self._times().get(self.value(), (None, None))
        if begin:
            queryset = queryset.filter(submitted_at__gte=_midnight(begin))
        if end:
            queryset = queryset.filter(submitted_at__lt=_midnight(end))
        return queryset

    def _times(self):
        """Return value -> (first day, the day after the last), None where there is no limit."""
        today, months = timezone.localdate(), _months()
        times = {f"{first:%Y-%m}": (first, _next_month(first)) for first in months}
        return times | {TODAY: (today, None), WEEK: (today - datetime.timedelta(days=6), None), EARLIER: (None, months[-1])}


class PreviousSiteFilter(admin.SimpleListFilter):
    """By whether the previous site approved it: all of these, and those in which screening found something afterwards."""

    title = gettext_lazy("previous site")
    parameter_name = "previous"

    def lookups(self, request, model_admin):
        """Return the two ways to look at them."""
        return [("approved", _("Approved there")), ("look", _("Approved there, with something to look at"))]

    def queryset(self, request, queryset):
        """Narrow the list to what was chosen, by what is public and nobody here has decided on."""
        if self.value() not in {"approved", "look"}:
            return queryset
        queryset = queryset.filter(decided_elsewhere=True, state=State.APPROVED, decided_by=None)
        return queryset.exclude(signals=[]) if self.value() == "look" else queryset


def _months():
    """Return the first day of this month and of those before it, newest first."""
    months = [timezone.localdate().replace(day=1)]
    while len(months) < MONTHS_SHOWN:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months


def _next_month(first):
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
