"""Atom feeds as RFC 4287 wants them: ids that outlive every address, links under SITE_URL, plain text sent as plain text.

The apps say what is in a feed (`SiteFeed`); how it is written stands here.
"""

import datetime
import re

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from web.site import site

# What no XML document may hold (https://www.w3.org/TR/xml/#charsets): one such sign, and no reader opens the feed.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The date of a feed that has nothing in it yet: any fixed one does, for the day of asking would change the feed every time.
NOTHING_YET = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def urn(uuid) -> str:
    """Return the id of an entry or a feed: made once and kept with its row, so no new address makes it new."""
    return f"urn:uuid:{uuid}"


class ValidAtom(Atom1Feed):
    """Django's generator, with a type for each summary and a date for a feed without entries."""

    def __init__(self, *, updated, **kwargs):
        super().__init__(**{name: _clean(value) for name, value in kwargs.items()})
        self.updated = updated

    def add_item(self, title, link, description, **kwargs):
        """Take one entry, without the signs that XML does not know."""
        super().add_item(_clean(title), link, _clean(description), **{name: _clean(value) for name, value in kwargs.items()})

    def add_item_elements(self, handler, item):
        """Write an entry; Django calls every summary HTML, and then readers lose what stands after a "<" in plain text."""
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", item["description"], {"type": item["summary_type"]})

    def latest_post_date(self):
        """Return when the newest entry changed, or when the feed itself began."""
        return super().latest_post_date() if self.items else self.updated


def _clean(value):
    return NOT_XML.sub("", value) if isinstance(value, str) else value


class SiteFeed(Feed):
    """A feed of the site. A subclass adds page_path, feed_path, feed_uuid, and of an entry item_path, item_uuid and its dates."""

    feed_type = ValidAtom
    same_for_everybody = frozenset()
    summary_type = "text"

    def __call__(self, request, *args, **kwargs):
        """Leave out Last-Modified, which does not move when something is taken away; the ETag does."""
        response = super().__call__(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    def author_name(self):
        """Name the owner, or the site: a feed without entries has nobody else."""
        shown = site()
        return shown.owner or shown.name

    def link(self, obj):
        """Lead to the page that the feed is of."""
        return f"{settings.SITE_URL}{self.page_path(obj)}"

    def feed_url(self, obj):
        """Return the feed's own address, whatever host was asked."""
        return f"{settings.SITE_URL}{self.feed_path(obj)}"

    def feed_guid(self, obj):
        """Return the id of the feed."""
        return urn(self.feed_uuid(obj))

    def feed_extra_kwargs(self, obj):
        """Return the date of the feed while it is empty."""
        return {"updated": self.feed_updated(obj)}

    def feed_updated(self, obj):
        """Return when a feed without entries began."""
        return NOTHING_YET

    def item_link(self, item):
        """Lead to the entry, at the site's own address whatever host was asked."""
        return f"{settings.SITE_URL}{self.item_path(item)}"

    def item_guid(self, item):
        """Return the id of the entry."""
        return urn(self.item_uuid(item))

    def item_extra_kwargs(self, item):
        """Say what the summary is: "text", or "html"."""
        return {"summary_type": self.summary_type}
