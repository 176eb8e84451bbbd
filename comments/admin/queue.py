"""The moderators' queue: one page of what waits, urgent first, each comment with all that a decision needs."""

import re

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode

from comments.admin import cards, decisions, overview
from comments.admin.deciding import DecidingAdmin
from comments.models import Queued, State
from comments.screening import Lane
from comments.screening.consequences import TOPICS

CARDS_A_PAGE = 25
# Where the kinds of comments that somebody cannot read today are kept: with the login, and gone with it.
SESSION_KEY = "comments_left_out"


class QueueList(ChangeList):
    """One page of cards, found lane by lane; what waits is never counted further than a tile shows."""

    def get_filters_params(self, params=None):
        """Take `lane` and `without`, which are this page's own; there are no other filters."""
        return {}

    def get_results(self, request):
        """Fill in what the page shows."""
        self.left_out = left_out(request)
        self.lanes = cards.waiting(self.left_out)
        self.lane = request.GET.get("lane", "") if request.GET.get("lane") in Lane.values else ""
        here = [lane for lane in self.lanes if self.lane in {"", lane.lane}]
        self.result_count = sum(lane.shown for lane in here)
        # Then there may be more to show behind what was counted, also behind a row of what is left out.
        self.more = any(lane.count > cards.COUNTED for lane in here)
        self.paginator = Paginator(range(self.result_count), CARDS_A_PAGE)
        self.page_num = min(max(self.page_num, 1), self.paginator.num_pages)
        start = (self.page_num - 1) * CARDS_A_PAGE
        # What is posted needs no cards: the answer leads back here.
        end = start if request.method == "POST" else start + CARDS_A_PAGE
        self.result_list = cards.on_page(self.model_admin.rows(request), here, self.left_out, start, end)
        self.cards = cards.cards(self.result_list, request.user, self.left_out) if self.result_list else []
        self.full_result_count, self.show_full_result_count = None, False
        self.show_admin_actions, self.can_show_all, self.multi_page = True, False, self.paginator.num_pages > 1

    def _link(self, **changes):
        """Return the address of this page with other values; `without` stays."""
        kept = {"without": self.params["without"]} if "without" in self.params else {}
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
        return self._link(lane=self.lane, p=self.page_num - 1) if self.page_num > 1 else ""

    @property
    def next_link(self):
        """The address of the next page."""
        return self._link(lane=self.lane, p=self.page_num + 1) if self.page_num < self.paginator.num_pages else ""

    @property
    def shown_words(self):
        """How many there are to read, as far as is counted."""
        count = f"{self.result_count:,}{'+' if self.more else ''}"
        return f"{count} comment{'' if self.result_count == 1 else 's'}"


@admin.register(Queued)
class QueuedAdmin(DecidingAdmin):
    """What waits to be read, and what was taken down for a second look."""

    list_title = "Comments to read"
    change_list_template = "admin/comments/queue.html"
    list_per_page = CARDS_A_PAGE
    # `QueueList` reads `lane` and `without` itself and lets nothing else through.
    get_changelist_instance = admin.ModelAdmin.get_changelist_instance

    def has_module_permission(self, request):
        """Show the queue in the index to those who decide."""
        return self.has_view_permission(request)

    def get_urls(self):
        """Add what the buttons of the page post to, and the overview."""
        view = self.admin_site.admin_view
        return [
            path("decide/", view(decisions.decide_view), name="comments_queued_decide"),
            path("undo/", view(decisions.undo_view), name="comments_queued_undo"),
            path("without/", view(self.without_view), name="comments_queued_without"),
            path("overview/", view(self.overview_view), name="comments_queued_overview"),
            *super().get_urls(),
        ]

    def get_changelist(self, request, **kwargs):
        """Return the list that pages by lane."""
        return QueueList

    def rows(self, request):
        """Return all comments with what a card shows."""
        return super().get_queryset(request)

    def get_queryset(self, request):
        """Return what waits; of rows that were ticked, also those that somebody decided meanwhile, so that this is told."""
        if request.method == "POST" and request.POST.get("select_across", "0") == "0":
            return self.rows(request)
        return self.rows(request).filter(state__in=[State.PENDING, State.HIDDEN])

    def changelist_view(self, request, extra_context=None):
        """Show the queue, or act on selected rows."""
        chosen = left_out(request)
        context = {
            "topics": cards.topics_to_leave_out(chosen),
            "left_out": [TOPICS[topic][0] for topic in chosen],
            "counted": cards.COUNTED,
            "recent": cards.recent(request.user) if request.method == "GET" else [],
            "reported": cards.reported() if request.user.has_perm("comments.view_report") else 0,
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lead to the one page that a comment has."""
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[object_id]))

    def without_view(self, request):
        """Keep which kinds of comments this person does not want to read today."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = [topic for topic in request.POST.getlist("topic") if topic in TOPICS]
        request.session[SESSION_KEY] = chosen
        named = ", ".join(TOPICS[topic][0] for topic in chosen)
        self.message_user(
            request, f"Left out until you log out: {named}." if chosen else "Nothing is left out.", messages.SUCCESS
        )
        return HttpResponseRedirect(f"{reverse('admin:comments_queued_changelist')}#cards")

    def overview_view(self, request):
        """Show what waits and how long it took; for everybody who may see the queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return overview.page(request, self)


def left_out(request) -> list[str]:
    """Return the topics that are not shown: of `?without=crisis,violence`, else of this login."""
    if "without" in request.GET:
        asked = re.split(r"[,\s]+", request.GET["without"])
        return [topic for topic in TOPICS if topic in asked]
    return [topic for topic in request.session.get(SESSION_KEY, []) if topic in TOPICS]
