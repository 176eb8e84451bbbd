"""The newest articles as an Atom feed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.html.rendering import plain_words
from articles.models import Revision, SiteIdentity
from web.feeds import SiteFeed
from web.site import site

ENTRIES = 50


class ArticleFeed(SiteFeed):
    """Published articles, the newest text first; dates are those of the live revision."""

    DEFAULT_SUBTITLE = _("Articles for people living with lupus. Each page tells you who reviewed it and when.")

    def title(self):
        """Name the site."""
        return site().name

    def subtitle(self):
        """Return the motto of the site, or what it is about."""
        return site().motto or self.DEFAULT_SUBTITLE

    def page_path(self, obj):
        """Return the path of the list."""
        return reverse("articles:home")

    def feed_path(self, obj):
        """Return the path of the feed."""
        return reverse("articles:feed")

    def feed_uuid(self, obj):
        """Return what this site was given when its database was made."""
        return SiteIdentity.objects.values_list("uuid", flat=True).get()

    def items(self):
        """Return the newest live texts, no more than are printed, and of their articles what names and finds them."""
        live = Revision.objects.live().filter(article__withdrawn_on=None).select_related("article")
        live = live.only("content", "published_at", "article__slug", "article__uuid")
        return live.order_by("-published_at", "-pk")[:ENTRIES]

    def item_title(self, revision):
        """Return the title as it was frozen."""
        return revision.title

    def item_description(self, revision):
        """Return the summary without its marks."""
        return plain_words(revision.summary)

    def item_path(self, revision):
        """Return the path of the article."""
        return revision.article.get_absolute_url()

    def item_uuid(self, revision):
        """Return that of the article: a new version of it is the same entry, changed."""
        return revision.article.uuid

    def item_updateddate(self, revision):
        """Return when this text went online."""
        return revision.published_at
