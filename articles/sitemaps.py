"""The addresses of published articles, and of their topics, for search engines."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import sitemaps
from django.contrib.sitemaps.views import sitemap as django_sitemap

from articles.models import Revision, Topic
from web.everybody import same_for_everybody


class OwnSitemap(sitemaps.Sitemap):
    """Addresses of this site, by the name that its owner set."""

    def get_domain(self, site=None):
        """Return the site's own name, whatever the request was sent to."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        """Return that of the site's own address."""
        return urlsplit(settings.SITE_URL).scheme


class ArticleSitemap(OwnSitemap):
    """Every published article, changed when its live text went online."""

    def items(self):
        """Return the live texts in a fixed order, of each its day alone and of its article the address."""
        live = Revision.objects.live().filter(article__withdrawn_on=None).select_related("article")
        return live.only("published_at", "article__slug").order_by("article")

    def location(self, revision):
        """Return the address of the article."""
        return revision.article.get_absolute_url()

    def lastmod(self, revision):
        """Return when this text went online."""
        return revision.published_at


class TopicSitemap(OwnSitemap):
    """Every topic that has something to read."""

    def items(self):
        """Return the topics in a fixed order."""
        return Topic.objects.shown()


@same_for_everybody()
def sitemap(request):
    """Print the addresses; without Last-Modified, which a withdrawal or a new address does not move. The ETag does."""
    response = django_sitemap(request, {"articles": ArticleSitemap, "topics": TopicSitemap})
    response.headers.pop("Last-Modified", None)
    return response
