"""A form that was sent when somebody had first to log in, or to show the second factor again: it waits in the session.

Never a password or a token, never for longer than an hour, never for another person.
"""

import re
import time

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve

KEPT_FOR = 60 * 60
MOST = 1024 * 1024
# Fields of a form that are never kept and never shown again.
SECRET = re.compile("csrf|passw|token|secret", re.IGNORECASE)


def open_fields(post: QueryDict) -> list[tuple[str, str]]:
    """Return (name, value) of what was sent, without what is secret."""
    return [(name, value) for name in post for value in post.getlist(name) if not SECRET.search(name)]


def of(request: HttpRequest) -> dict | None:
    """Return the form that a request sends as it is kept, or None when it is too large."""
    fields = open_fields(request.POST)
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return None
    return {"path": request.path, "query": request.META.get("QUERY_STRING", ""), "fields": fields, "at": time.time()}


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
