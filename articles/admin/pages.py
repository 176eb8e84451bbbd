"""What the pages of this admin share: their addresses, who may open them, their frame, and the way back to the article."""

import functools

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article


def url(name: str, *args) -> str:
    """Return an address of the admin of this app."""
    return reverse(f"admin:articles_{name}", args=args)


def needs(*permissions):
    """Refuse a view with 403 to whoever has none of these permissions, before anything is looked up."""

    def decorate(view):
        @functools.wraps(view)
        def wrapped(request, *args, **kwargs):
            if not any(map(request.user.has_perm, permissions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def page(request, template, title, **context):
    """Return a page in the admin's frame."""
    shared = {**admin.site.each_context(request), "title": title, "opts": Article._meta}
    return TemplateResponse(request, f"admin/articles/{template}.html", shared | context)


def back(request, pk, words, level=messages.SUCCESS):
    """Lead to the page of the article and say there what was done, or what was not."""
    messages.add_message(request, level, words)
    return HttpResponseRedirect(url("article_change", pk))


def find(object_id, articles=Article.objects) -> Article | None:
    """Return the article that an address names by its key, or None: also for what is no number."""
    try:
        return articles.get(pk=object_id)
    except (Article.DoesNotExist, ValueError):
        return None


def gone(request, object_id):
    """Lead to the front page of the admin, as the admin itself does, and say there that no article has this key."""
    messages.warning(request, _("There is no article with ID “{key}”.").format(key=object_id))
    return HttpResponseRedirect(reverse("admin:index"))
