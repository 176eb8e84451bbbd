"""The addresses of published articles for search engines."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from articles.models import Revision


class ArticleSitemap(Sitemap):
    """Every published article, changed when its live text went online."""

    protocol = urlsplit(settings.SITE_URL).scheme

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

    def get_domain(self, site=None):
        """Return the site's own name, whatever the request was sent to."""
        return urlsplit(settings.SITE_URL).netloc
