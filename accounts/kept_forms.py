"""A form that was sent when somebody had first to log in, or to show the second factor again: it waits in the session.

Never a password or a token, never for longer than an hour, never for another person.
"""

import re
import time

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve

from accounts import sessions

KEPT_FOR = 60 * 60
MOST = 1024 * 1024
# Fields of a form that are never kept and never shown again.
SECRET = re.compile("csrf|passw|token|secret", re.IGNORECASE)
# What a page sends along and nobody typed: keys, versions, names of buttons.
UNTYPED = re.compile(r"_|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$")
LABEL = re.compile(r"[\W_]+")
KEPT, FORMER = "kept_form", "former_user"


def open_fields(post: QueryDict) -> list[tuple[str, str]]:
    """Return (name, value) of what was sent, without what is secret."""
    return [(name, value) for name in post for value in post.getlist(name) if not SECRET.search(name)]


def of(request: HttpRequest) -> dict | None:
    """Return the form that a request sends as it is kept, or None when it is too large."""
    fields = open_fields(request.POST)
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return None
    return {"path": request.path, "query": request.META.get("QUERY_STRING", ""), "fields": fields, "at": time.time()}


def as_shown(fields) -> dict:
    """Return what the page of a form that came too late shows, to read, change and copy, and what it only sends along."""
    typed = [(name, value) for name, value in fields if value.strip() and not UNTYPED.match(name)]
    return {
        "shown": [(name, LABEL.sub(" ", name).strip(), value) for name, value in typed],
        "hidden": [field for field in fields if tuple(field) not in typed],
    }


def keep(request: HttpRequest) -> None:
    """Keep what somebody sends whose login has lapsed, through the login; a stranger's form is not kept.

    Who had a session is known by the cookie of it; the answer replaces that, so the new session notes it.
    """
    user = sessions.former_user(request) or request.session.get(FORMER)
    if not user or request.user.is_authenticated:
        return
    request.session[FORMER] = user
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"  # A script of the page sends again by itself.
    if request.method == "POST" and is_page and (form := of(request)):
        request.session[KEPT] = form


def waiting(request: HttpRequest) -> dict | None:
    """Return the form that waits for exactly this person, for an hour."""
    form = request.session.get(KEPT)
    is_theirs = form and request.session.get(FORMER) == request.user.pk
    return form if is_theirs and time.time() - form["at"] < KEPT_FOR else None


def done_with(request: HttpRequest) -> None:
    """Forget the form that waits when it is sent again."""
    if request.session.get(KEPT, {}).get("path") == request.path:
        del request.session[KEPT]


def take_now(request: HttpRequest, form: dict) -> HttpResponse:
    """Answer a form that was kept, as if it were sent now; allauth calls this once the second factor was shown.

    The request at hand, whose own token has been checked, becomes that of the form.
    """
    match = resolve(form["path"])
    if time.time() - form["at"] > KEPT_FOR:
        request.method, form = "GET", form | {"fields": []}
    post = QueryDict(mutable=True)
    for name, value in form["fields"]:
        post.appendlist(name, value)
    request.GET, request.POST = QueryDict(form["query"]), post
    request.path = request.path_info = request.META["PATH_INFO"] = form["path"]
    request.META["QUERY_STRING"], request.resolver_match = form["query"], match
    return match.func(request, *match.args, **match.kwargs)
