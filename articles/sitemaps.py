"""The addresses of published articles, and of their topics, for search engines."""

import dataclasses
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import sitemaps
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Listing, Revision, Topic
from web.everybody import same_for_everybody

# Addresses in one file; with more there is a list of files, and each costs the same. Search engines take up to 50,000.
IN_A_FILE = 1000


class OwnSitemap(sitemaps.Sitemap):
    """Addresses of this site, by the name that its owner set."""

    limit = IN_A_FILE

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
        return live.only("published_at", "article__slug").order_by("article_id")

    @property
    def paginator(self):
        """The files, by the number of places in the list of all, which costs less than the same number of texts."""
        paginator = super().paginator
        paginator.count = Listing.objects.of().count()
        return paginator

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


SECTIONS = {"articles": ArticleSitemap, "topics": TopicSitemap}


@same_for_everybody()
@require_safe
def sitemap(request):
    """Print the addresses, or where their files are when one would not do.

    Without Last-Modified, which a withdrawal or a new address does not move. The ETag does.
    """
    pages = {name: section().paginator.num_pages for name, section in SECTIONS.items()}
    if max(pages.values()) > 1:
        files = [_File(name, page) for name, number in pages.items() for page in range(1, number + 1)]
        return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")
    return _without_date(django_sitemap(request, SECTIONS))


@same_for_everybody("p")
@require_safe
def sitemap_file(request, section):
    """Print the addresses of one file of one section; `?p=` is its number."""
    if section not in SECTIONS or not re.fullmatch(r"[1-9][0-9]{0,5}", request.GET.get("p", "1")):
        raise Http404
    return _without_date(django_sitemap(request, SECTIONS, section=section))


@dataclasses.dataclass
class _File:
    section: str
    page: int

    @property
    def location(self):
        return f"{settings.SITE_URL}{reverse('sitemap-file', args=[self.section])}?p={self.page}"


def _without_date(response):
    response.headers.pop("Last-Modified", None)
    return response
