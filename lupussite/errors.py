"""Error pages in the site's look that need no database."""

import sys

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse
from django.template.loader import render_to_string

WORDS = {
    400: ("This request cannot be read", "Something in the address or the form arrived damaged. Please go back and try again."),
    403: (
        "You may not open this page",
        "It is for people with a permission of their own. If you should have it, ask the owner of this site.",
    ),
    404: ("There is no such page", "The address may be mistyped, or the page was never published."),
    405: ("This address only takes a form", "Open the article itself, and write in the form below it."),
    410: ("This page was withdrawn", "It is not available any more."),
    413: ("That is too much at once", "A form may be at most 256 kilobytes. Nothing was kept. Please send a shorter text."),
    415: ("This kind of message cannot be read", "Please use the form on the article page."),
    429: ("Too many at once", "Please wait a little and try again."),
    500: ("Something broke on our side", "It is not your fault. Please try again in a few minutes."),
    503: ("The site cannot do this right now", "Please try again in a few minutes."),
}


def error_page(request, status: int, **context) -> HttpResponse:
    """Return the page for a status of the table; any other 4xx or 5xx gets the words of 400 or 500."""
    title, words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    site = {"SITE_NAME": settings.SITE_NAME, "SITE_OWNER": settings.SITE_OWNER, "CONTACT_EMAIL": settings.CONTACT_EMAIL}
    page = render_to_string("error.html", {"title": title, "words": words, "status": status} | site | context)
    return HttpResponse(page, status=status)


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
    """Answer a form of the admin without its token: the login that was open too long."""
    return error_page(request, 403, title="Please send this form again", words="It was open for too long, or cookies are off.")
