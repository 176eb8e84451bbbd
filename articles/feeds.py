"""The newest articles as an Atom feed."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from articles.html.rendering import plain_words
from articles.models import Revision

ENTRIES = 50


class ArticleFeed(Feed):
    """Published articles, the newest text first; dates are those of the live revision."""

    feed_type = Atom1Feed

    def __call__(self, request, *args, **kwargs):
        """Leave out Last-Modified, which does not move when a page is withdrawn; the ETag does."""
        response = super().__call__(request, *args, **kwargs)
        del response.headers["Last-Modified"]
        return response

    link = reverse_lazy("articles:home")
    subtitle = "Articles for people who live with lupus. Each page says who checked it, and when."

    def title(self):
        """Name the site."""
        return settings.SITE_NAME

    def author_name(self):
        """Name the owner, or the site."""
        return settings.SITE_OWNER or settings.SITE_NAME

    def items(self):
        """Return the newest live texts, no more than are printed, and of their articles the address alone."""
        live = Revision.objects.live().filter(article__withdrawn_on=None).select_related("article")
        return live.only("content", "published_at", "article__slug").order_by("-published_at", "-pk")[:ENTRIES]

    def item_title(self, revision):
        """Return the title as it was frozen."""
        return revision.title

    def item_description(self, revision):
        """Return the summary without its marks."""
        return plain_words(revision.summary)

    def item_link(self, revision):
        """Return the address under the site's own name."""
        return f"{settings.SITE_URL}{revision.article.get_absolute_url()}"

    def item_updateddate(self, revision):
        """Return when this text went online."""
        return revision.published_at
