"""The address of a page: an article that ever had one keeps it for ever, and it leads to no other."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from articles.models import Address, Article
from articles.workflow_rules import WorkflowError

TAKEN = _("Another page has the address “{slug}”, or had it before. Please choose a different one.")


def is_taken(slug: str, article: Article) -> bool:
    """Return whether the address leads to another article, or ever did."""
    return Address.objects.filter(slug=slug).exclude(article=article.pk).exists()


def keep(article: Article) -> None:
    """Give a saved article its address for ever; raises WorkflowError when it is another's."""
    address, _is_new = Address.objects.get_or_create(slug=article.slug, defaults={"article": article})
    if address.article_id != article.pk:
        raise WorkflowError(TAKEN.format(slug=article.slug))


def save_and_keep(article: Article) -> None:
    """Save the article and give it its address; raises WorkflowError, and saves nothing, when it is another's."""
    taken = WorkflowError(TAKEN.format(slug=article.slug))
    if is_taken(article.slug, article):
        raise taken
    try:
        with transaction.atomic():
            article.save()
            keep(article)
    except IntegrityError:
        raise taken from None  # By another page, at the same moment.
