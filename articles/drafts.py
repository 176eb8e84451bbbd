"""Keeping what editors write: each save of the working copy for 90 days, and what is typed without being saved."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles import saving
from articles.models import Article, Retraction, SavedDraft, UnsavedDraft
from articles.models.draft import WORDS
from articles.workflow import held

KEPT = datetime.timedelta(days=90)
# Of one person, of one article or of new ones; the oldest goes.
MOST_UNSAVED = 5


def keep_save(article: Article, *, by) -> None:
    """Keep the working copy as it is saved now; in the transaction of the save, after its sources."""
    SavedDraft.objects.create(article=article, content=SavedDraft.content_of(article), saved_by=by)


def keep_what_is_there(article: Article) -> None:
    """Keep the working copy that is about to be saved over when no save of it was kept yet; the row is read anew."""
    if not SavedDraft.objects.filter(article=article.pk).exists():
        saved = Article.objects.get(pk=article.pk)
        SavedDraft.objects.create(article=saved, content=SavedDraft.content_of(saved), saved_at=saved.updated_at)


@transaction.atomic
def bring_back(draft: SavedDraft, *, by) -> Article:
    """Save the words and sources of an earlier save again; that is a save of its own, and what it replaces is kept as well."""
    article = held(draft.article)
    keep_what_is_there(article)
    before, sources = draft.as_saved()
    for name in WORDS:
        setattr(article, name, getattr(before, name))
    saving.save(article, by=by)
    _put_back(sources, article)
    keep_save(article, by=by)
    return article


def _put_back(sources, article):
    """Save these sources in the rows that are there, by number, so that a form that is open elsewhere finds them again.

    What is known of a retraction is no word of a draft: it stays as it is known today.
    """
    there = {source.position: source.pk for source in article.sources.all()}
    article.sources.exclude(position__in=[source.position for source in sources]).delete()
    known = list(Retraction.objects.filter(article=article))
    for source in sources:
        source.pk, source.article = there.get(source.position), article
        source.retracted_on = next((one.retracted_on for one in known if one.is_of(source)), None)
        source.save()


def keep_unsaved(article: Article | None, tab: str, fields: Iterable[tuple[str, str]], *, by) -> UnsavedDraft:
    """Keep what stands in a form, in place of what stood there before in the same tab."""
    kept, is_new = UnsavedDraft.objects.update_or_create(
        user=by, tab=tab, defaults={"article": article, "fields": [list(field) for field in fields]}
    )
    if is_new:
        old = unsaved(article, by=by).values_list("pk", flat=True)[MOST_UNSAVED:]
        UnsavedDraft.objects.filter(pk__in=list(old)).delete()
    return kept


def unsaved(article: Article | None, *, by) -> QuerySet[UnsavedDraft]:
    """Return what this person typed about an article, or None for new ones, and did not save; the newest first."""
    return UnsavedDraft.objects.filter(user=by, article=article)


def forget_tab(tab: str, *, by) -> None:
    """Delete what was kept of a tab, because it is saved or not wanted."""
    UnsavedDraft.objects.filter(user=by, tab=tab).delete()


def forget(payload: dict) -> None:
    """Delete what had its time after it was replaced; the newest save of an article stays."""
    until = timezone.now() - KEPT
    # The time runs from when something else was saved in its place.
    replaced = SavedDraft.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"), saved_at__lt=until)
    SavedDraft.objects.filter(Exists(replaced), saved_at__lt=until).delete()
    UnsavedDraft.objects.filter(kept_at__lt=until).delete()


HANDLERS = {"forget_drafts": forget}
