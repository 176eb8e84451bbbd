"""The owner's own pages, and what machines ask of the site as a whole."""

from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lupussite.models import Page
from web.everybody import same_for_everybody


@same_for_everybody()
@require_safe
def page_list(request):
    """List the owner's own pages."""
    return render(request, "pages/own_list.html", {"pages": Page.objects.public().only("title", "slug")})


@same_for_everybody()
@require_safe
def page(request, slug):
    """Show a page of the owner's own."""
    return render(request, "pages/own.html", {"page": get_object_or_404(Page.objects.public(), slug=slug)})


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
