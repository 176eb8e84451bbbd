"""The review record of one article: the object that its page, review.json and JSON-LD are made from, so that they agree.

`docs/review-record.md` describes the keys of review.json; they are part of the site's public contract.
"""

import dataclasses
import datetime
import functools
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from articles import rendering, review
from articles.models import Article, Event, Retraction, Revision

RECORD = 1
RULE = (
    "sha256 is the hexadecimal SHA-256 of the string in content, encoded as UTF-8. The string is the page as JSON text: keys "
    "sorted, no spaces between, characters as they are, strings in NFC with LF line ends and no space at the end of a line."
)
# What a page needs beyond `Article.objects.live()`: what is known of retracted sources, in one query.
RETRACTED = Prefetch("retractions", queryset=Retraction.objects.all(), to_attr="retracted_sources")


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
    urgent: Event | None


class Record:
    """What is known of the review of a published article, today."""

    def __init__(self, article: Article):
        """Take an article of `Article.objects.live()`; with the prefetch RETRACTED it needs no query of its own."""
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
            for event in Event.objects.filter(article=self.article, kind=Event.Kind.PUBLISHED_URGENTLY).order_by("pk")
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


def as_json(record: Record) -> dict:
    """Return what review.json holds: three queries for any number of revisions."""
    article, revision = record.article, record.revision
    if article.withdrawn_on:
        return _head(record) | {"status": _status(record)}
    versions = record.versions()
    published = {version.revision.pk for version in versions}
    shown = {key for key, sign_off in record.sign_offs.items() if sign_off.revision_id in published}
    # What a published signature rests on is shown with it, also when its own version never went online.
    shown = {one.key for key in shown for one in record.chain(record.signatures[key])}
    return _head(record) | {
        "status": _status(record),
        "revision": _revision(next(one for one in versions if one.revision.pk == revision.pk))
        | {"format": revision.format, "content": revision.content},
        "signatures": [_signature(record, key) for key in sorted(shown)],
        "earlier": [_revision(version) for version in versions if version.revision.pk != revision.pk],
        "retracted_sources": [{"number": number, "retracted_on": _day(day)} for number, day in record.retracted.items()],
    }


def _head(record):
    return {
        "record": RECORD,
        "rule": RULE,
        "url": f"{settings.SITE_URL}{record.article.get_absolute_url()}",
        "changes": f"{settings.SITE_URL}{reverse('articles:changes', args=[record.article.slug])}",
        "title": record.revision.title,
    }


def _day(day):
    return day.isoformat() if day else None


def _status(record):
    status, signature = record.status, record.status.signature
    reviewed = status.is_reviewed
    reason = signature.revocation_reason if signature and signature.revoked_on else ""
    return {
        "kind": str(status.kind),
        "text": str(record.reviewed_kind),
        "computed_on": _day(timezone.localdate()),
        "since": _day(status.since),
        "reviewed": reviewed,
        "reviewed_by": [person.signature.person for person in record.people],
        "read_on": _day(signature.read_on) if reviewed else None,
        "changes_read_on": _day(signature.signed_on) if reviewed and signature.scope == "changes" else None,
        "next_due_on": _day(record.next_due_on),
        "reason": record.article.withdrawal_reason if record.article.withdrawn_on else reason,
    }


def _revision(version):
    revision, urgent = version.revision, version.urgent
    return {
        "number": revision.number,
        "sha256": revision.sha256,
        "change": revision.change,
        "note": revision.public_note,
        "submitted_on": _day(timezone.localdate(revision.submitted_at)),
        "published_on": _day(timezone.localdate(revision.published_at)),
        "retired_on": _day(timezone.localdate(revision.retired_at)) if revision.retired_at else None,
        "urgent": bool(urgent),
        "review_due_on": _day(urgent.due_on) if urgent else None,
    }


def _signature(record, key):
    signature = record.signatures[key]
    return {
        "id": key,
        "sha256": signature.sha256,
        "origin": signature.origin,
        "scope": signature.scope,
        "base": signature.base,
        "name": signature.name,
        "credentials": signature.credentials,
        "specialty": signature.specialty,
        "ties": signature.ties,
        "edited": signature.edited,
        "reviewer": _reviewer_url(signature),
        "signed_on": _day(signature.signed_on),
        "read_on": _day(signature.read_on),
        "valid_until": _day(signature.valid_until),
        "revoked_on": _day(signature.revoked_on),
        "revocation_reason": signature.revocation_reason,
        "holds": review.broken(signature, list(record.signatures.values())) is None,
    }


def _reviewer_url(signature):
    return f"{settings.SITE_URL}{reverse('articles:reviewer', args=[signature.slug])}"


def as_json_ld(record: Record) -> dict:
    """Return the page as a schema.org MedicalWebPage: what the page says and nothing else."""
    revision, signature = record.revision, record.status.signature
    said = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": f"{settings.SITE_URL}{record.article.get_absolute_url()}",
        "headline": revision.title,
        "description": rendering.plain_words(revision.summary),
        "inLanguage": revision.language,
        "datePublished": _day(record.first_published_on),
        "dateModified": _day(record.published_on),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
        "citation": [_citation(source, record.retracted.get(number)) for number, source in enumerate(revision.sources, 1)],
    }
    if record.status.is_reviewed:
        said["lastReviewed"] = _day(signature.read_on)
        said["reviewedBy"] = [
            {
                "@type": "Person",
                "name": person.signature.name,
                "honorificSuffix": person.signature.credentials,
                "knowsAbout": person.signature.specialty,
                "url": _reviewer_url(person.signature),
            }
            for person in record.people
        ]
        said["reviewedBy"] = [_without_empty(person) for person in said["reviewedBy"]]
    return _without_empty(said)


def _citation(source, retracted_on):
    return _without_empty(
        {
            "@type": "CreativeWork",
            "name": rendering.vancouver(source),
            "url": rendering.source_url(source),
            "creativeWorkStatus": f"Retracted on {retracted_on.isoformat()}" if retracted_on else "",
        }
    )


def _without_empty(said):
    return {key: value for key, value in said.items() if value}
