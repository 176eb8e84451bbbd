"""Whether what is in the database still is what was frozen, signed and published: every hash is computed again.

Nothing here believes a column that another one can prove.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from django.db.models import Prefetch, Q

from articles import canonical
from articles.html import rendering
from articles.models import ArticleEvent, Revision, SignOff
from articles.pictures import files

AT_ONCE = 100
SEARCHED = {"title", "summary", "need_to_know", "body_html"}
GIVEN = {ArticleEvent.Kind.SIGNED, ArticleEvent.Kind.REAFFIRMED}


def verify(counted: Counter, *, with_files: bool = True) -> Iterator[str]:
    """Yield one line for each thing that is wrong, and count "revisions" and "signatures" as they are read.

    Reads the table as a stream, so memory stays the same for any number of articles. `with_files`: those of pictures too.
    """
    events = Prefetch("events", queryset=ArticleEvent.objects.order_by("pk"), to_attr="all_events")
    grounds = ArticleEvent.objects.filter(
        Q(kind=ArticleEvent.Kind.PUBLISHED_URGENTLY) & ~Q(note="") | Q(kind=ArticleEvent.Kind.IMPORTED)
    )
    revisions = (
        Revision.objects.order_by("article_id", "number")
        .select_related("article")
        .defer("article__body")
        .prefetch_related(
            Prefetch("sign_offs", queryset=SignOff.objects.select_related("base").prefetch_related(events).order_by("pk")),
            Prefetch("events", queryset=grounds, to_attr="grounds"),
        )
        .iterator(chunk_size=AT_ONCE)
    )
    for article, theirs in groupby(revisions, key=lambda revision: revision.article):
        before = None
        for revision in theirs:
            sign_offs = list(revision.sign_offs.all())
            wrong = [
                *_content(revision, with_files=with_files),
                *_order(revision, before),
                *_signatures(revision, sign_offs),
                *_grounds(revision, sign_offs),
            ]
            yield from (f"{article.slug}, version {revision.number}: {what}" for what in wrong)
            counted.update(revisions=1, signatures=len(sign_offs))
            # Kept for the next one without its text.
            before = revision
            revision.content = revision.search_text = ""


def _content(revision, *, with_files):
    if canonical.sha256(revision.content) != revision.sha256:
        yield "the text does not have the hash in its row."
    try:
        content = json.loads(revision.content)
        is_canonical = canonical.canonical_json(content) == revision.content
    except (ValueError, TypeError):
        yield "the text is not JSON of a page."
        return
    if content.get("format") != revision.format:
        yield f"the text says format {content.get('format')}, its row format {revision.format}."
    elif not is_canonical:
        yield "the text is not in its canonical form."
    elif set(content) >= SEARCHED and revision.search_text != rendering.search_text(content):
        yield "the words to search in are not those of the text."
    elif with_files and (wrong := files.wrong(content.get("pictures", []))):
        yield f"these files of its pictures are gone or changed: {', '.join(wrong)}."


def _order(revision, before):
    expected = before.number + 1 if before else 1
    if revision.number != expected:
        yield f"version {expected} is missing before it."
    if before and revision.submitted_at < before.submitted_at:
        yield f"it was submitted before version {before.number}."
    if revision.published_at and revision.published_at < revision.submitted_at:
        yield "it was published before it was submitted."
    if revision.retired_at and revision.retired_at < revision.published_at:
        yield "it was retired before it was published."
    if before and revision.published_at and before.published_at and not before.retired_at:
        yield f"version {before.number} before it was never retired."
    elif before and revision.published_at and before.published_at and revision.published_at < before.retired_at:
        yield f"it was published before version {before.number} was retired."


def _signatures(revision, sign_offs):
    for sign_off in sign_offs:
        if sign_off.sha256 != revision.sha256:
            yield f"the signature of {sign_off.name} is on another hash."
        if sign_off.article_id != revision.article_id:
            yield f"the signature of {sign_off.name} names another article."
        if sign_off.origin == SignOff.Origin.SIGNED:
            yield from _dates(sign_off)
            if not any(event.kind in GIVEN for event in sign_off.all_events):
                yield f"nothing in the log says that {sign_off.name} signed it."
        if sign_off.revoked_at is None and any(event.kind == ArticleEvent.Kind.REVOKED for event in sign_off.all_events):
            yield f"the log says that the signature of {sign_off.name} was taken back, its row does not."
        base = sign_off.base
        if base and (base.article_id != sign_off.article_id or base.pk >= sign_off.pk):
            yield f"the signature of {sign_off.name} builds on one that it cannot build on."


def _dates(sign_off):
    base = sign_off.base
    if sign_off.valid_until <= sign_off.signed_on:
        yield f"the signature of {sign_off.name} ended before it began."
    if base is None and sign_off.read_on != sign_off.signed_on:
        yield f"the signature of {sign_off.name} has another day of reading than of signing."
    if base and (sign_off.read_on, sign_off.valid_until) != (base.read_on, base.valid_until):
        yield f"the signature of {sign_off.name} on changes has other dates than the one it builds on."


def _grounds(revision, sign_offs):
    """Yield a problem when nothing allowed the publication: a signature, a statement, an import, an urgent reason."""
    digest = canonical.sha256(revision.content)
    if revision.published_at and not revision.grounds and not any(one.sha256 == digest for one in sign_offs):
        yield "it was published without a signature on its text, a word of an earlier site, or an urgent reason."
