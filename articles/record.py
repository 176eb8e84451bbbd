"""The review record of one article: the object that its page, review.json and JSON-LD are made from, so that they agree."""

import dataclasses
import datetime
import functools
from collections.abc import Sequence

from django.utils import timezone

from articles import review
from articles.html import rendering
from articles.models import Article, ArticleEvent, Retraction, Revision, SignOff
from web.prepared import Prepared

# What the page of an article is made from, but for its comments; every reader asks for it.
_article = Prepared(lambda slug: Article.objects.online().with_links().filter(slug=slug), str)
_revisions = Prepared(lambda article: Revision.objects.live().with_first_day().filter(article=article).defer("search_text"), int)
_sign_offs = Prepared(lambda article: SignOff.objects.with_addresses().filter(article=article), int)
_retractions = Prepared(lambda article: Retraction.objects.filter(article=article), int)


@dataclasses.dataclass(frozen=True)
class Person:
    """A reviewer who vouches for the live text, by the newest signature, and what they read on which day."""

    signature: review.Signature
    read_all_on: datetime.date | None
    read_changes_on: datetime.date | None


@dataclasses.dataclass(frozen=True)
class Signed:
    """One signature of the record; `fallen` is the revoked one that it is or rests on, None while it holds."""

    signature: review.Signature
    number: int
    fallen: review.Signature | None


@dataclasses.dataclass(frozen=True)
class Version:
    """A revision that is or was online, who signed it, and the event of its urgent publication, if it had one."""

    revision: Revision
    signed: tuple[Signed, ...]
    urgent: ArticleEvent | None

    @property
    def is_still_due(self) -> bool:
        """Whether the check that an urgent publication promised is still to come: no signature yet, and the day not over."""
        return not self.signed and timezone.localdate() <= self.urgent.due_on


def article_at(slug: str) -> Article | None:
    """Return the article at that address, online or withdrawn, with all that its `Record` and its page need, in four queries."""
    for article in _article(slug):
        article.live_revisions = _revisions(article.pk)
        article.all_sign_offs = _sign_offs(article.pk)
        article.retracted_sources = _retractions(article.pk)
        return article
    return None


class Record:
    """What is known of the review of a published article, today."""

    def __init__(self, article: Article):
        """Take an article of `article_at`, or of `Article.objects.live()`: then retractions cost a query more."""
        self.article = article
        self.revision = article.revision
        self.status = article.review
        self.sign_offs = {sign_off.pk: sign_off for sign_off in article.all_sign_offs}
        self.signatures = {key: sign_off.as_signature() for key, sign_off in self.sign_offs.items()}

    @property
    def first_published_on(self) -> datetime.date:
        """The day on which the page first went online."""
        return timezone.localdate(self.revision.first_published_at)

    @property
    def has_sources(self) -> bool:
        """Whether the page has a part about sources: a list, or the reason why none is needed."""
        return bool(self.revision.sources or self.revision.data.get("no_source_reason"))

    @property
    def published_on(self) -> datetime.date:
        """The day on which its live text went online."""
        return timezone.localdate(self.revision.published_at)

    @property
    def reviewed_kind(self) -> review.Kind:
        """What the text says of itself, also while the page is in the archive."""
        return self.status.of_text or self.status.kind

    @property
    def next_due_on(self) -> datetime.date | None:
        """The day by which the page has to be read again; nobody promises that for the archive."""
        due = self.status.is_reviewed and self.status.kind != review.Kind.ARCHIVED
        return self.status.signature.valid_until if due else None

    @functools.cached_property
    def full(self) -> review.Signature | None:
        """The signature on all of the page that the newest one rests on, or is; None when the page is not reviewed."""
        return self.chain(self.status.signature)[-1] if self.status.is_reviewed else None

    def chain(self, signature: review.Signature) -> list[review.Signature]:
        """Return the signature and those it builds on, down to a full one."""
        found = [signature]
        while found[-1].base in self.signatures and len(found) <= len(self.signatures):
            found.append(self.signatures[found[-1].base])
        return found

    @functools.cached_property
    def people(self) -> list[Person]:
        """Everybody whose signature on the live text holds, and whose it rests on, the newest first."""
        if not self.status.is_reviewed:
            return []
        by_person: dict[str, list[review.Signature]] = {}
        for newest in self.status.signatures:
            for signature in self.chain(newest):
                by_person.setdefault(signature.slug, []).append(signature)
        return [self._person(theirs) for theirs in by_person.values()]

    @staticmethod
    def _person(signatures):
        newest = max(signatures, key=lambda signature: signature.key)
        days = {
            scope: max((one.signed_on for one in signatures if one.scope == scope and one.signed_on), default=None)
            for scope in ("full", "changes")
        }
        later = days["changes"] and (days["full"] is None or days["changes"] > days["full"] or newest.scope == "changes")
        return Person(newest, days["full"], days["changes"] if later else None)

    @functools.cached_property
    def retracted(self) -> dict[int, datetime.date]:
        """The numbers of the sources that were retracted since, with the day."""
        sources = getattr(self.article, "retracted_sources", None)
        if sources is None:
            sources = list(self.article.retractions.all())
        return retractions(self.revision.sources, sources)

    def versions(self) -> list[Version]:
        """Return every revision that is or was online, the newest first, without its content; two queries."""
        revisions = list(
            self.article.revisions.filter(published_at__isnull=False).defer("content", "search_text").order_by("-number")
        )
        urgent = {
            event.revision_id: event
            for event in ArticleEvent.objects.filter(article=self.article, kind=ArticleEvent.Kind.PUBLISHED_URGENTLY).order_by(
                "pk"
            )
        }
        signed: dict[int, list[Signed]] = {}
        numbers = {revision.pk: revision.number for revision in revisions}
        for key, signature in self.signatures.items():
            pk = self.sign_offs[key].revision_id
            if pk in numbers:
                fallen = review.broken(signature, list(self.signatures.values()))
                signed.setdefault(pk, []).append(Signed(signature, numbers[pk], fallen))
        return [Version(one, tuple(signed.get(one.pk, ())), urgent.get(one.pk)) for one in revisions]


def retractions(frozen: Sequence[dict], retracted: Sequence[Retraction]) -> dict[int, datetime.date]:
    """Return number -> day of the frozen sources that are among the retracted ones: by PMID, else by DOI, else by title."""
    return {
        number: source.retracted_on
        for number, one in enumerate(frozen, 1)
        for source in retracted
        if _is_same_source(one, source)
    }


def _is_same_source(frozen, source):
    if frozen["pmid"] and source.pmid:
        return frozen["pmid"] == source.pmid
    if frozen["doi"] and source.doi:
        return frozen["doi"].casefold() == source.doi.casefold()
    return rendering.fold(frozen["title"]) == rendering.fold(source.title)
