"""A reader's form, the same for every one of them: its kind, whose page sent it, what is wrong with it, whether it was kept.

Whatever is refused is shown again as it was typed. Readers get no cookie, so there is no token: `web.origin` checks instead.
"""

import functools
import logging
from collections.abc import Callable, Sequence

from django import forms
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from web import limits
from web.origin import is_same_origin

log = logging.getLogger("web.posting")

KINDS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class Redirect303(HttpResponseRedirect):
    """See the other page with GET."""

    status_code = 303


def reader_form(not_kept: str, fields: Sequence[str], *, again: bool = False):
    """Decorate a view that takes a reader's form: 415 for another kind of message, 503 while the database does not write.

    The page of the 503 has the title `not_kept` and what was typed into `fields`, as of `refused`, and needs no database; with
    `again` it is a comment form that can be sent again. A GET or HEAD passes.
    """

    def decorate(view):
        @csrf_exempt
        @functools.wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.method != "POST":
                return view(request, *args, **kwargs)
            if request.content_type not in KINDS:
                return HttpResponse(status=415)
            try:
                return view(request, *args, **kwargs)
            except DatabaseError as error:
                log.error("%s", not_kept.lower(), exc_info=error)
                words = _("We can't save anything right now. Your words are below. Please send them again in a few minutes.")
                return refused(request, 503, not_kept, words, fields, retry_url=request.path if again else "")

        return wrapped

    return decorate


def take(
    request: HttpRequest,
    form: forms.Form,
    keep: Callable[[], HttpResponse],
    page: Callable[[int, str], HttpResponse],
    *,
    not_sent: str,
) -> HttpResponse:
    """Return what `keep` answers to a well-formed form of ours; otherwise `page(status, summary)`, the form as it was filled in.

    `not_sent` ends the summary and says that nothing was kept and nothing typed is lost. Statuses: 403 for the form of another
    site, 422 for fields that are wrong, 429 when `keep` raises limits.TooMany.
    """
    if not is_same_origin(request):
        return page(
            403, _("This form came from another site. {not_sent} If you wrote this, send it again.").format(not_sent=not_sent)
        )
    if not form.is_valid():
        return page(422, not_sent)
    try:
        return keep()
    except limits.TooMany as error:
        response = page(
            429,
            _("You've sent several of these in a short time. Please wait {time}, then send this one again. {not_sent}").format(
                time=error.in_words, not_sent=not_sent
            ),
        )
        response.headers["Retry-After"] = str(error.wait)
        return response


def typed(request: HttpRequest, fields: Sequence[str]) -> dict[str, str]:
    """Return what could be read of these fields, to show it again."""
    return {name: request.POST.get(name, "").replace("\0", "") for name in fields}


def refused(
    request: HttpRequest, status: int, title: str, words: str, fields: Sequence[str], *, retry_url: str = ""
) -> HttpResponse:
    """Show what was typed on a page that needs no database; with `retry_url` as a form, else to be read and copied.

    The last of the fields is the one with the text.
    """
    said = typed(request, fields)
    context = {"title": title, "words": words, "status": status, "retry_url": retry_url}
    context["form_text"] = said | {"body": said[fields[-1]]}
    return (for_back if retry_url else no_store)(render(request, "error.html", context, status=status))


def for_back(response: HttpResponse) -> HttpResponse:
    """Let the reader's own browser keep a form that came back, and nobody else: "no-store" here would break its Back button.

    After the form was mended and sent, Back would not show the page but ask whether to send the wrong form once more.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def no_store(response: HttpResponse) -> HttpResponse:
    """Keep a page with what somebody typed, and nothing to send again, out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page behind a secret address out of every cache and every search engine."""
    response.headers["X-Robots-Tag"] = "noindex"
    return no_store(response)
