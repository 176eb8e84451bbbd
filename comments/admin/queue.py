"""The moderators' queue: one page of what waits, urgent first, each comment with all that a decision needs."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.admin import cards, claims, decisions, leaving_out, overview, waiting
from comments.admin.deciding import ACTIONS, DecidingAdmin
from comments.flows import reports
from comments.models import WAITING, HelpLine, Queued
from comments.screening import Lane
from comments.screening.consequences import TOPICS

CARDS_A_PAGE = 25


class ChosenForm(forms.Form):
    """What is to be done with the ticked rows, or with all that waits."""

    action = forms.ChoiceField(choices=[("", "---------"), *((name, act.short_description) for name, act in ACTIONS.items())])
    select_across = forms.BooleanField(required=False, initial=0, widget=forms.HiddenInput({"class": "select-across"}))


class QueuePage:
    """One page of cards, found lane by lane; what waits is never counted further than a tile shows."""

    def __init__(self, asked, rows, user, left_out):
        """Find page `asked["p"]` of the lane `asked["lane"]`; any other value is the first page, all lanes."""
        self.without = asked.get("without")
        self.lanes = waiting.waiting(left_out)
        self.lane = asked.get("lane", "") if asked.get("lane") in Lane.values else ""
        here = [lane for lane in self.lanes if self.lane in {"", lane.lane}]
        self.count = sum(lane.shown for lane in here)
        # Then there may be more to show behind what was counted, also behind a row of what is left out.
        self.more = any(lane.count > waiting.COUNTED for lane in here)
        self.page_obj = Paginator(range(self.count), CARDS_A_PAGE).get_page(asked.get("p"))
        start = (self.page_obj.number - 1) * CARDS_A_PAGE
        found = waiting.on_page(rows, here, left_out, start, start + CARDS_A_PAGE)
        self.cards = cards.cards(found, user, left_out) if found else []

    def _link(self, **changes):
        """Return the address of this page with other values; `without` stays."""
        kept = {} if self.without is None else {"without": self.without}
        return "?" + urlencode(kept | {name: value for name, value in changes.items() if value})

    @property
    def tiles(self):
        """What waits in each lane, with the address of the lane."""
        return [(lane, self._link(lane=lane.lane.value)) for lane in self.lanes]

    @property
    def all_lanes_link(self):
        """The address of the page with all lanes."""
        return self._link()

    @property
    def previous_link(self):
        """The address of the page before."""
        return self._link(lane=self.lane, p=self.page_obj.previous_page_number()) if self.page_obj.has_previous() else ""

    @property
    def next_link(self):
        """The address of the next page."""
        return self._link(lane=self.lane, p=self.page_obj.next_page_number()) if self.page_obj.has_next() else ""

    @property
    def count_words(self):
        """How many there are to read, as far as is counted."""
        words = ngettext("{number} comment", "{number} comments", 2 if self.more else self.count)
        return words.format(number=f"{self.count:,}{'+' if self.more else ''}")


@admin.register(Queued)
class QueuedAdmin(DecidingAdmin):
    """What waits to be read, and what was taken down for a second look: pages of our own, in the index like a list."""

    def has_module_permission(self, request):
        """Show the queue in the index to those who decide."""
        return self.has_view_permission(request)

    def get_urls(self):
        """Return the page, what its buttons post to, and the overview; a comment has its page elsewhere."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.queue_view), name="comments_queued_changelist"),
            path("decide/", view(decisions.decide_view), name="comments_queued_decide"),
            path("undo/", view(decisions.undo_view), name="comments_queued_undo"),
            *claims.urls(view),
            path("without/", view(leaving_out.without_view), name="comments_queued_without"),
            path("overview/", view(self.overview_view), name="comments_queued_overview"),
            path("<int:pk>/change/", view(self.comment_view), name="comments_queued_change"),
        ]

    def queue_view(self, request):
        """Show the queue, or act on the rows that were ticked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request)
        chosen = leaving_out.left_out(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Comments to read"),
            "opts": self.opts,
            "queue": QueuePage(request.GET, self.get_queryset(request), request.user, chosen),
            "action_form": ChosenForm(auto_id=False) if self.has_moderate_permission(request) else None,
            "topics": leaving_out.topics_to_leave_out(chosen),
            "left_out": [TOPICS[topic][0] for topic in chosen],
            "counted": waiting.COUNTED,
            "recent": cards.recent(request.user),
            "no_help_lines": not HelpLine.objects.exists(),
            "reported": reports.reported_in_public() if request.user.has_perm("comments.view_report") else 0,
        }
        return TemplateResponse(request, "admin/comments/queue.html", context)

    def _act(self, request):
        """Do with the ticked rows what was chosen; also with those that somebody decided meanwhile, so that this is told."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        form = ChosenForm(request.POST)
        ticked = [key for key in request.POST.getlist("_selected_action") if re.fullmatch("[0-9]{1,18}", key)]
        answer = None
        if not form.is_valid():
            messages.warning(request, _("Choose an action first. Nothing was changed."))
        elif form.cleaned_data["select_across"] or ticked:
            across = form.cleaned_data["select_across"]
            chosen = {"state__in": WAITING} if across else {"pk__in": ticked}
            answer = ACTIONS[form.cleaned_data["action"]](self, request, self.get_queryset(request).filter(**chosen))
        else:
            messages.warning(request, _("Select at least one comment first. Nothing was changed."))
        return answer or HttpResponseRedirect(request.get_full_path())

    def comment_view(self, request, pk):
        """Lead to the one page that a comment has."""
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))

    def overview_view(self, request):
        """Show what waits and how long it took; for everybody who may see the queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return overview.page(request, self)
