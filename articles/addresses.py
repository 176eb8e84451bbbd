"""The address of a page: an article that ever had one keeps it for ever, and it leads to no other."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Address, Article, Revision
from articles.workflow_rules import WorkflowError

TAKEN = _("Another page has the address “{slug}”, or had it before. Please choose a different one.")


def is_taken(slug: str, article: Article) -> bool:
    """Return whether the address leads to another article, or ever did."""
    return Address.objects.filter(slug=slug).exclude(article=article.pk).exists()


def dead(links: Iterable[str]) -> set[str]:
    """Return those of these links that stay on this site and lead to no page that readers can open; one query."""
    slugs = {}
    found = set()
    for link in links:
        address = link.removeprefix(settings.SITE_URL)
        if not address.startswith("/") or address.startswith("//"):
            continue
        try:
            match = resolve(urlsplit(address).path)
        except (Resolver404, ValueError):
            found.add(link)
        else:
            if address.startswith(reverse("articles:list")) and "slug" in match.kwargs:
                slugs[link] = match.kwargs["slug"]
    live = Revision.objects.live().values("article")
    open_ = set(
        Address.objects.filter(slug__in=slugs.values(), article__in=live, article__withdrawn_on=None).values_list(
            "slug", flat=True
        )
    )
    return found | {link for link, slug in slugs.items() if slug not in open_}


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
