"""Error pages in the site's look that need no database."""

import sys

from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.kept_forms import as_shown, open_fields
from lupussite import appearance
from web.origin import is_surely_same_origin

WORDS = {
    400: (_("We couldn't read this request"), _("Part of the address or the form was damaged. Please go back and try again.")),
    403: (
        _("You don't have access"),
        _("You need permission to see this page. If you think you should have it, ask the owner of this site."),
    ),
    404: (_("Page not found"), _("The address may be misspelled, or the page was never published.")),
    405: (_("You can't open this address directly"), _("Open the article and use the form below it.")),
    410: (_("This page was withdrawn"), _("It is no longer available.")),
    413: (
        _("That's too long"),
        _("A form can be up to 256 kilobytes. We didn't save anything. Please shorten your text and send it again."),
    ),
    415: (_("We can't read this kind of message"), _("Please use the form on the article page.")),
    429: (_("Too many requests at once"), _("Please wait a moment, then try again.")),
    500: (_("Something went wrong on our end"), _("It's not your fault. Please try again in a few minutes.")),
    503: (_("The site can't do this right now"), _("Please try again in a few minutes.")),
}

TOO_LARGE_FOR_ADMIN = _(
    "We didn't save anything. A logo can have up to 2 MB, a picture up to 12 MB, everything else together up to 4 MB. "
    "Please go back and send less."
)


def error_page(request, status: int, **context) -> HttpResponse:
    """Return the page for a status of the table; any other 4xx or 5xx gets the words of 400 or 500."""
    title, words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    if status == 413 and request.path.startswith("/admin/"):
        words = TOO_LARGE_FOR_ADMIN
    return _page("error.html", status, {"title": title, "words": words, "status": status} | context)


def bad_request(request, exception):
    """Answer a request that Django refused to read, a foreign Host among them."""
    return error_page(request, 400)


def permission_denied(request, exception):
    """Answer a person without the permission."""
    return error_page(request, 403)


def page_not_found(request, exception):
    """Answer an unknown address."""
    return error_page(request, 404)


def server_error(request):
    """Answer an error of ours; a database that does not answer is a 503."""
    error = sys.exc_info()[1]
    return error_page(request, 503 if isinstance(error, DatabaseError) else 500)


def csrf_failure(request, reason=""):
    """Answer a form of the admin without its token, such as one that was open when somebody logged in again.

    What was typed is shown, to copy or to send again. A second login page leads to the page behind it. A form that no page of
    ours sent is not shown: nobody is to press a button for a stranger.
    """
    context = {"title": _("Please send this form again"), "words": _("It was open for too long, or cookies are turned off.")}
    if not is_surely_same_origin(request):
        return error_page(request, 403, **context)
    if request.path == reverse("account_login"):
        # Whoever logged in elsewhere meanwhile is led on; the login page itself would forget where to.
        behind = request.GET.get("next", "")
        may = request.user.is_authenticated and url_has_allowed_host_and_scheme(behind, allowed_hosts=None)
        return HttpResponseRedirect(behind if may else request.get_full_path())
    context |= {
        "words": _("It was open for too long, so nothing was saved. Everything you typed is below. Send it again, or copy it."),
        "action": request.get_full_path(),
        "token": get_token(request),
        **as_shown(open_fields(request.POST)),
    }
    return _page("sent_too_late.html", 403, context)


def _page(template, status, context):
    # Where the database does not answer, asking it again would only keep the reader waiting.
    site = appearance.known() if status >= 500 else appearance.current()
    return HttpResponse(render_to_string(template, site.for_templates() | context), status=status)
