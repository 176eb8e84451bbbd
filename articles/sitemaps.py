"""The addresses of published articles for search engines."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from articles.models import Article


class ArticleSitemap(Sitemap):
    """Every published article, changed when its live text went online."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def items(self):
        """Return the articles in a fixed order."""
        return Article.objects.published().order_by("pk")

    def lastmod(self, article):
        """Return when this text went online."""
        return article.revision.published_at

    def get_domain(self, site=None):
        """Return the site's own name, whatever the request was sent to."""
        return urlsplit(settings.SITE_URL).netloc
