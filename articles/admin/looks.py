"""The pages of the admin that only show: the desk, the history of an article, and a text as readers will see it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from articles import canonical, desk
from articles.admin.buttons import newest_revision
from articles.models import Article, Revision

EVENTS_ON_A_PAGE = 100
SCHEMES = ("light", "dark")


def with_preview(article: Article, revision: Revision | None) -> Article:
    """Return the article as if this version, or with None the working copy, were online; nothing is saved.

    Its page then says what readers would be told of it today.
    """
    if revision is None:
        newest = newest_revision(article)
        text = canonical.canonical_json(article.content()[0])
        number = newest.number + 1 if newest else 1
        revision = Revision(article=article, number=number, content=text, sha256=canonical.sha256(text))
    live = article.live_revisions[0] if article.live_revisions else None
    revision.published_at = revision.published_at or timezone.now()
    revision.first_published_at = live.first_published_at if live else revision.published_at
    article.live_revisions = [revision]
    article.withdrawn_on = None
    return article


def recent_events(article: Article):
    """Return what was done with the article, the newest first, without loading a text."""
    events = article.events.select_related("actor", "revision").defer("revision__content", "revision__search_text")
    return events.order_by("-pk")


class Looks:
    """The views that only show, for the admin of articles."""

    def look_urls(self):
        """Return their addresses."""
        view = self.admin_site.admin_view
        return [
            path("desk/", view(self.desk_view), name="articles_article_desk"),
            path("<int:pk>/preview/", view(self.preview_view), name="articles_article_preview"),
            path("<int:pk>/preview/<int:number>/", view(self.preview_view), name="articles_article_preview"),
        ]

    def desk_view(self, request):
        """Show what waits for this person, and where the others stand."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Desk of editors and reviewers",
            "opts": self.model._meta,
            "sections": desk.sections(request.user, timezone.localdate()),
        }
        return TemplateResponse(request, "admin/articles/desk.html", context)

    def preview_view(self, request, pk, number=None):
        """Show the working copy, or a version, in the template that readers get, in a scheme of choice."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.with_review(), pk=pk)
        revision = get_object_or_404(article.revisions, number=number) if number is not None else None
        scheme = request.GET.get("scheme", "")
        context = {
            "article": with_preview(article, revision),
            "number": number,
            "scheme": scheme if scheme in SCHEMES else "",
            "schemes": [("as the device", ""), *((name, name) for name in SCHEMES)],
        }
        return TemplateResponse(request, "admin/articles/preview.html", context, headers={"X-Robots-Tag": "noindex"})

    def history_view(self, request, object_id, extra_context=None):
        """Show what was done with the article, the newest first, from its own events."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = self.get_object(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of “{article}”",
            "opts": self.model._meta,
            "article": article,
            "page_obj": Paginator(recent_events(article), EVENTS_ON_A_PAGE).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/articles/history.html", context)
