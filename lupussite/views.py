"""The owner's own pages, and what machines ask of the site as a whole."""

import datetime

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lupussite import appearance
from lupussite.doctor import running
from lupussite.doctor.examination import examine, note_red_lines, quick
from lupussite.environment import typed
from lupussite.models import MailTried, Page
from web.admin import takes_a_form
from web.everybody import same_for_everybody

SECURITY_TXT_LASTS = datetime.timedelta(days=182)


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
    """Answer 200 while pages can be served, 503 otherwise.

    With `?full`, JSON that names each part, and 503 also when one that readers do not see at once has failed.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    if "full" not in request.GET:
        return HttpResponse("ok\n", content_type="text/plain")
    parts = {"database": "ok", **quick()}
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


@require_safe
def doctor(request):
    """Show an owner what is well and what is not."""
    if not request.user.is_superuser:
        raise PermissionDenied
    found = sorted(examine(), key=lambda one: one.well)
    note_red_lines(found)  # What was just mended is red no longer.
    context = admin.site.each_context(request) | {
        "title": _("How the site is doing"),
        "found": found,
        "command": typed("doctor"),
    }
    return TemplateResponse(request, "admin/doctor.html", context)


@takes_a_form(lambda: reverse("admin:index"))
def try_mail(request):
    """Send an owner an email, now and not through the outbox, and say what became of it."""
    if not request.user.is_superuser or not request.user.email:
        raise PermissionDenied
    found = running.mail_server(request.user.email)
    if found.well:
        MailTried.note()
    messages.add_message(request, messages.SUCCESS if found.well else messages.ERROR, f"{found.name}: {found.words}")
    return redirect("admin:index")


@require_safe
def security_txt(request):
    """Say whom to tell of a hole (RFC 9116), good for half a year from today; 404 until CONTACT_EMAIL is set."""
    contact = appearance.current().contact_email
    if not contact:
        raise Http404
    until = (timezone.now() + SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": f"mailto:{contact}",
        "Expires": until.isoformat(),
        "Preferred-Languages": "en",
        "Canonical": settings.SITE_URL + request.path,
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def not_here(request, rest):
    """Answer for Django's "view on site", which no page of the admin links: it would lead to whatever host was asked."""
    raise Http404
