"""The review record as review.json and as JSON-LD.

`docs/review-record.md` describes the keys of review.json; they are part of the site's public contract.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import review
from articles.html import rendering
from articles.models import ReviewerEvent
from articles.record import Record
from web.site import site

RECORD = 1
MESH = "https://id.nlm.nih.gov/mesh/"
RULE = (
    "sha256 is the hexadecimal SHA-256 of the string in content, encoded as UTF-8. The string is the page as JSON text: keys "
    "sorted, no spaces between, characters as they are, strings in NFC with LF line ends and no space at the end of a line."
)


def as_json(record: Record) -> dict:
    """Return what review.json holds: four queries for any number of revisions."""
    article, revision = record.article, record.revision
    if article.withdrawn_on:
        return _head(record) | {"status": _status(record)}
    versions = record.versions()
    published = {version.revision.pk for version in versions}
    shown = {key for key, sign_off in record.sign_offs.items() if sign_off.revision_id in published}
    # What a published signature rests on is shown with it, also when its own version never went online.
    shown = {one.key for key in shown for one in record.chain(record.signatures[key])}
    linked = ReviewerEvent.linked_since({record.signatures[key].slug for key in shown})
    return _head(record) | {
        "status": _status(record),
        "revision": _revision(next(one for one in versions if one.revision.pk == revision.pk))
        | {"format": revision.format, "content": revision.content},
        "signatures": [_signature(record, key, linked) for key in sorted(shown)],
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
        "author": record.revision.author,
    }


def _day(day):
    return day.isoformat() if day else None


def _status(record):
    status, signature = record.status, record.status.signature
    reviewed = status.is_signed
    reason = signature.revocation_reason if signature and signature.revoked_on else ""
    return {
        "kind": str(status.kind),
        "text": str(record.reviewed_kind),
        "computed_on": _day(timezone.localdate()),
        "since": _day(status.since),
        "reviewed": reviewed,
        "reviewed_by": [person.signature.person for person in record.people] if reviewed else [],
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


def _signature(record, key, linked):
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
        "account_since": _day(linked.get(signature.slug)),
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
        "publisher": {"@type": "Organization", "name": site().name, "url": settings.SITE_URL},
        "about": [_topic(topic) for topic in record.article.links["topics"]],
        "breadcrumb": _breadcrumb(record),
        "citation": [_citation(source, record.retracted.get(number)) for number, source in enumerate(revision.sources, 1)],
    }
    if author := revision.data.get("author"):
        said["author"] = _without_empty({"@type": "Person", "name": author["name"], "honorificSuffix": author["credentials"]})
    if record.status.is_signed:
        said["lastReviewed"] = _day(signature.read_on)
        said["reviewedBy"] = [
            _without_empty(
                {
                    "@type": "Person",
                    "name": person.signature.name,
                    "honorificSuffix": person.signature.credentials,
                    "knowsAbout": person.signature.specialty,
                    "url": _reviewer_url(person.signature),
                }
            )
            for person in record.people
        ]
    return _without_empty(said)


def _topic(topic):
    if topic["mesh"]:
        return {
            "@type": "DefinedTerm",
            "name": topic["name"],
            "termCode": topic["mesh"],
            "url": f"{MESH}{topic['mesh']}",
            "inDefinedTermSet": MESH,
        }
    return {"@type": "Thing", "name": topic["name"], "url": _topic_url(topic)}


def _topic_url(topic):
    return f"{settings.SITE_URL}{reverse('articles:topic', args=[topic['slug']])}"


def _breadcrumb(record):
    """Return the trail that stands above the page, with the page itself at its end."""
    steps = [(_("Articles"), f"{settings.SITE_URL}{reverse('articles:home')}")]
    steps += [(topic["name"], _topic_url(topic)) for topic in record.article.links["topics"][:1]]
    steps.append((record.revision.title, f"{settings.SITE_URL}{record.article.get_absolute_url()}"))
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address} for place, (name, address) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


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
