"""What machines ask of the site as a whole."""

from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse


def health(request):
    """Answer 200 while the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def not_here(request, rest):
    """Answer for Django's "view on site", which no page of the admin links: it would lead to whatever host was asked."""
    raise Http404
