"""The kinds of comments that somebody would rather not read today: left out of the queue, and still counted."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.screening.consequences import TOPICS
from web.admin import takes_a_form

# Where the kinds of comments that somebody cannot read today are kept: with the login, and gone with it.
SESSION_KEY = "comments_left_out"


def left_out(request) -> list[str]:
    """Return the topics that are not shown: of `?without=crisis,violence`, else of this login."""
    if "without" in request.GET:
        asked = re.split(r"[,\s]+", request.GET["without"])
        return [topic for topic in TOPICS if topic in asked]
    return [topic for topic in request.session.get(SESSION_KEY, []) if topic in TOPICS]


def topics_to_leave_out(chosen: list[str]) -> list[tuple[str, str, bool]]:
    """Return (topic, words, whether it is left out) of every kind that a moderator may leave out."""
    return [(topic, words, topic in chosen) for topic, (words, _codes) in TOPICS.items()]


@takes_a_form(lambda: reverse("admin:comments_queued_changelist"))
def without_view(request):
    """Keep which kinds of comments this person does not want to read today."""
    if not request.user.has_perm("comments.view_comment"):
        raise PermissionDenied
    chosen = [topic for topic in request.POST.getlist("topic") if topic in TOPICS]
    request.session[SESSION_KEY] = chosen
    named = ", ".join(str(TOPICS[topic][0]) for topic in chosen)
    words = _("Left out until you log out: {kinds}.").format(kinds=named) if chosen else _("You're seeing every kind of comment.")
    messages.success(request, words)
    return HttpResponseRedirect(f"{reverse('admin:comments_queued_changelist')}#cards")
