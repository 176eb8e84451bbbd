"""Saving the working copy."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles import addresses
from articles.models import Article, ArticleEvent
from articles.workflow import WorkflowError, held, log


@transaction.atomic
def save(article: Article, *, by, version: int | None = None, words_changed: bool = True) -> None:
    """Save the working copy and note who did; with `version`, only if nobody else saved since that one was opened.

    `words_changed` says whether anything changed that a revision freezes: only that makes somebody an editor of the words.
    Raises WorkflowError when somebody did, or when the address was used by another page.
    """
    note = ""
    if article.pk:
        current = held(article)
        if version is not None and current.version != version:
            raise WorkflowError(
                _("Someone else saved this article while you had it open. Nothing was overwritten; your text is below.")
            )
        article.version = current.version + 1
        if current.slug != article.slug:
            note = _("Web address changed from “{old}” to “{new}”.").format(old=current.slug, new=article.slug)
    addresses.save_and_keep(article)
    log(article, ArticleEvent.Kind.SAVED if words_changed else ArticleEvent.Kind.SETTINGS, by=by, note=note)
