"""What is true of every request: whom it comes from, how large it may be, what the answer must carry, what is logged.

Order and reasons stand in settings.MIDDLEWARE.
"""

import io
import ipaddress
import logging
import time

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponseNotAllowed

from lupussite.errors import error_page

log = logging.getLogger("lupussite.access")

READ_AWAY = 64 * 1024 * 1024


def _trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def _without_port(entry: str) -> str:
    """Return the address of "198.51.100.80:1234" or "[2001:db8::1]:443", and anything else as it is."""
    if entry.startswith("["):
        return entry[1:].split("]")[0]
    return entry.split(":")[0] if entry.count(":") == 1 else entry


def _forwarded_for(header: str, connection: str) -> str:
    """Return the nearest address that is not one of our proxies; a malformed entry ends the search."""
    nearest = connection
    for entry in reversed(header.split(",")):
        try:
            nearest = str(ipaddress.ip_address(_without_port(entry.strip())))
        except ValueError:
            return nearest
        if not _trusted(nearest):
            return nearest
    return nearest


def proxy_headers(get_response):
    """Believe X-Forwarded-For and X-Forwarded-Proto from TRUSTED_PROXIES alone, and drop them otherwise."""

    def middleware(request):
        forwarded_for = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        # A proxy before ours may have begun a list: its first says how the reader came, and no other is redirected for ever.
        proto = request.META.pop("HTTP_X_FORWARDED_PROTO", "").split(",")[0].strip().lower()
        connection = request.META.get("REMOTE_ADDR", "")
        if _trusted(connection):
            request.META["REMOTE_ADDR"] = _forwarded_for(forwarded_for, connection)
            if proto in {"http", "https"}:
                request.environ["wsgi.url_scheme"] = proto
        return get_response(request)

    return middleware


def access_log(get_response):
    """Log method, route, status and milliseconds: no address of a reader, no path that is somebody's secret."""

    def middleware(request):
        start = time.perf_counter()
        response = get_response(request)
        route = f"/{request.resolver_match.route}" if request.resolver_match else "-"
        log.info("%s %s %d %.1f ms", request.method, route, response.status_code, (time.perf_counter() - start) * 1000)
        return response

    return middleware


class ContentPolicy(CSPMiddleware):
    """Send the content security policy in one order: django-csp's differs from process to process, and so would equal pages."""

    def process_response(self, request, response):
        """Add the header, its directives by name."""
        response = super().process_response(request, response)
        if HEADER in response:
            response[HEADER] = "; ".join(sorted(response[HEADER].split("; ")))
        return response


def response_headers(get_response):
    """Add what no setting adds: permissions, and that a page is checked again before it is shown from a cache."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


def error_pages(get_response):
    """Give an error that has no words of its own the site's page: Django answers a wrong method with nothing."""

    def middleware(request):
        response = get_response(request)
        if response.status_code >= 400 and not response.streaming and not response.content:
            page = error_page(request, response.status_code)
            if "Allow" in response.headers:
                page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return middleware


def _most_bytes(path: str) -> int:
    if path == settings.PICTURE_UPLOAD_PATH:
        return settings.MAX_PICTURE_POST_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if path.startswith("/admin/") else settings.MAX_POST_BYTES


def body_limit(get_response):
    """Refuse a reader's post over MAX_POST_BYTES; the admin has Django's own, larger limit, and its pictures one of their own.

    A body that comes in chunks has no length to look at: it is read up to the limit and then has one.
    """

    def middleware(request):
        most = _most_bytes(request.path)
        stream = request.environ["wsgi.input"]
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower() and not request.META.get("CONTENT_LENGTH"):
            body = stream.read(most + 1)
            request.environ["CONTENT_LENGTH"] = str(len(body))
            request = WSGIRequest(request.environ | {"wsgi.input": io.BytesIO(body)})
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return error_page(request, 400)
        if length > most:
            _read_away(stream, length)
            return error_page(request, 413)
        return get_response(request)

    return middleware


def _read_away(stream, length):
    """Read what nobody wants, within reason: many browsers show no answer while they are still sending."""
    left = min(length, READ_AWAY)
    while left > 0 and (piece := stream.read(min(left, 65536))):
        left -= len(piece)


class ReadersOnlyRead:
    """Answer 405 to any method but GET and HEAD, outside the admin and the few views that take a reader's form.

    Those views are the ones that check the origin instead of a token; without this, Django's token check would come first
    and talk of cookies.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Refuse before the token check."""
        if request.method in {"GET", "HEAD"} or request.path.startswith("/admin/") or getattr(view, "csrf_exempt", False):
            return None
        return HttpResponseNotAllowed(["GET", "HEAD"])
