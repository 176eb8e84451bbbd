"""Saving the working copy, and the address that a page keeps for ever."""

from django.db import IntegrityError, transaction

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
                "Somebody else saved this article while you had it open. Your text is below; nothing was overwritten."
            )
        article.version = current.version + 1
    claim_address(article, article.save)
    log(article, ArticleEvent.Kind.SAVED if words_changed else ArticleEvent.Kind.SETTINGS, by=by)


def claim_address(article, save):
    """Save the article and give it its address for ever; an address once used leads to no other page."""
    taken = WorkflowError(f"The address “{article.slug}” belongs or belonged to another page. Please choose another one.")
    if Address.objects.filter(slug=article.slug).exclude(article=article.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            save()
            address, _ = Address.objects.get_or_create(slug=article.slug, defaults={"article": article})
    except IntegrityError:
        raise taken from None  # By another page, at the same moment.
    if address.article_id != article.pk:
        raise taken
