"""The topics that categories and tags of the export become, by the mapping; made where they are new."""

from django.utils.text import slugify

from articles.html.places import free
from articles.models import Topic, TopicAddress
from lupussite import old_addresses
from lupussite.models import OldAddress
from lupussite.wordpress import mapping as mappings
from lupussite.wordpress.content.parts import plain
from lupussite.wordpress.shelf import Shelf


class Topics:
    """Finds and makes them; `names` are those of the mapping, by the kind and slug that each had there."""

    def __init__(self, shelf: Shelf, names: dict[str, str]):
        self.shelf, self.names = shelf, names

    def of(self, item) -> list[Topic]:
        """Return the topics of an item."""
        names = [self.names.get(f"{kind}:{slug}", "").strip()[:80] for kind, slug, _ in mappings.terms_of(item)]
        return [self._made(name) for name in dict.fromkeys(filter(None, names))]

    def lead_on(self, site: str) -> None:
        """Lead the pages of categories and tags of a site to the topics that they became."""
        base = "/" + site.partition("/")[2] if "/" in site else ""
        for key, name in self.names.items():
            topic = name.strip() and Topic.objects.filter(name__iexact=name.strip()[:80]).first()
            kind, _, slug = key.partition(":")
            path = old_addresses.key(f"{base}/{kind}/{slug}/")
            if topic and path:
                OldAddress.objects.bulk_create([OldAddress(path=path, topic=topic)], ignore_conflicts=True)

    def _made(self, name):
        """Return the topic of that name, made with a sentence that an editor will want to write anew."""
        topic = Topic.objects.filter(name__iexact=name).first()
        if topic is None:
            slug = free(slugify(name)[:90] or "topic", _is_taken)
            topic = Topic.objects.create(name=name, slug=slug, description=self._about(name))
        return topic

    def _about(self, name):
        """Return what the earlier site said of a category or tag, or a plain sentence."""
        said = [plain(term["description"]) for term in self.shelf.terms.values() if term["name"] == name and term["description"]]
        return said[0][:300] if said else f"Articles about {name}."


def _is_taken(slug):
    return TopicAddress.objects.filter(slug=slug).exists() or Topic.objects.filter(slug=slug).exists()
