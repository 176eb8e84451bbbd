"""Every source of every text that is online or in work, for a check by hand. It opens no address."""

import dataclasses
import datetime
from collections.abc import Iterator

from articles import record
from articles.html import rendering
from articles.models import Article, Revision


@dataclasses.dataclass
class Listed:
    """A source of an article; `texts` says where it stands: online, in the working copy, or both."""

    article: str
    texts: str
    number: int
    kind: str
    citation: str
    pmid: str
    doi: str
    link: str
    retracted_on: datetime.date | None


COLUMNS = [field.name for field in dataclasses.fields(Listed)]


def sources() -> Iterator[Listed]:
    """Yield the sources, article by article; what the live text and the working copy share stands once."""
    for article in Article.objects.order_by("slug").prefetch_related("sources").iterator(chunk_size=100):
        live = Revision.objects.live().filter(article=article).first()
        online = live.sources if live and not article.withdrawn_on else []
        working = [source.as_dict() for source in article.sources.all()]
        retracted = [source for source in article.sources.all() if source.retracted_on]
        for texts, frozen, others in (("online", online, working), ("working copy", working, online)):
            days = record.retractions(frozen, retracted)
            for number, source in enumerate(frozen, 1):
                shared = number <= len(others) and others[number - 1] == source
                if shared and texts == "working copy":
                    continue
                yield Listed(
                    article=article.slug,
                    texts="online and working copy" if shared else texts,
                    number=number,
                    kind=source["kind"],
                    citation=rendering.vancouver(source),
                    pmid=source["pmid"],
                    doi=source["doi"],
                    link=rendering.source_url(source),
                    retracted_on=days.get(number),
                )
