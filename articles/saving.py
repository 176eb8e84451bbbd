"""Saving the working copy, and the address that a page keeps for ever."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.models import Address, Article, ArticleEvent
from articles.workflow import WorkflowError, held, log


@transaction.atomic
def save(article: Article, *, by, version: int | None = None, words_changed: bool = True) -> None:
    """Save the working copy and note who did; with `version`, only if nobody else saved since that one was opened.

    `words_changed` says whether anything changed that a revision freezes: only that makes somebody an editor of the words.
    Raises WorkflowError when somebody did, or when the address was used by another page.
    """
    if article.pk:
        current = held(article)
        if version is not None and current.version != version:
            raise WorkflowError(
                _("Someone else saved this article while you had it open. Nothing was overwritten; your text is below.")
            )
        article.version = current.version + 1
    claim_address(article, article.save)
    log(article, ArticleEvent.Kind.SAVED if words_changed else ArticleEvent.Kind.SETTINGS, by=by)


def claim_address(article, save):
    """Save the article and give it its address for ever; an address once used leads to no other page."""
    taken = WorkflowError(
        _("Another page uses or used the address “{slug}”. Please choose another one.").format(slug=article.slug)
    )
    if Address.objects.filter(slug=article.slug).exclude(article=article.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            save()
            address, _is_new = Address.objects.get_or_create(slug=article.slug, defaults={"article": article})
    except IntegrityError:
        raise taken from None  # By another page, at the same moment.
    if address.article_id != article.pk:
        raise taken
