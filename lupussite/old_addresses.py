"""Addresses of an earlier site lead for ever to what stands here now: 301."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.db import DatabaseError
from django.http import HttpResponsePermanentRedirect

from articles.models import Article, Topic
from lupussite.models import OldAddress

# What of a question says which page is meant; everything else, such as a campaign, means nothing.
ASKED = ("p", "page_id", "attachment_id")
MOST = OldAddress._meta.get_field("path").max_length


def key(address: str) -> str:
    """Return the form in which an old address is kept: path without the last slash, and of the question what names a page."""
    try:
        parts = urlsplit(address)
        asked = [(name, value) for name, value in parse_qsl(parts.query) if name in ASKED and value.isdigit()]
    except ValueError:
        return ""
    path = unquote(parts.path, errors="replace").casefold()
    path = re.sub(r"/+", "/", f"/{path}").rstrip("/") or "/"
    found = f"{quote(path)}{'?' + urlencode(asked[:1]) if asked else ''}"
    return found if len(found) <= MOST else ""


def target(address: str) -> str | None:
    """Return the path that an old address leads to, or None; readers can open what is there."""
    wanted = key(address)
    old = wanted and OldAddress.objects.select_related("page").filter(path=wanted).first()
    if not old:
        return None
    if old.page:
        return old.page.get_absolute_url() if old.page.is_public else None
    if old.topic_id:
        topic = Topic.objects.shown().filter(pk=old.topic_id).first()
        return topic and topic.get_absolute_url()
    article = Article.objects.online().filter(pk=old.article_id).only("slug").first()
    return article and article.get_absolute_url()


def old_addresses(get_response):
    """Lead on whoever asks for a page that is not here but was on the earlier site, or asks the start page for one by number."""

    def middleware(request):
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        by_number = request.path == "/" and any(name in request.GET for name in ASKED)
        found = by_number and target(request.get_full_path())
        if not found:
            response = get_response(request)
            if response.status_code != 404 or request.path.startswith("/admin/"):
                return response
            found = _target_or_none(request.get_full_path())
            if not found:
                return response
        return HttpResponsePermanentRedirect(found)

    return middleware


def _target_or_none(address):
    try:
        return target(address)
    except DatabaseError:
        return None  # The page that says that there is none needs no database.
