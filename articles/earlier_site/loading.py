"""The parts of a page of the earlier site -> an article that is online, when the page states a review."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from articles import addresses, canonical, workflow
from articles.earlier_site.lists import escape
from articles.earlier_site.page import NotAnArticle, Page
from articles.earlier_site.people import bare, read_people
from articles.models import Article, Reviewer, Source


class OtherContent(Exception):
    """There is an article at this address that says something else."""


@transaction.atomic
def make_article(page: Page, *, owner=None, closing: str = "") -> tuple[Article, bool]:
    """Make the working copy of a page, or return the one that is there and says the same: (article, whether it was made).

    `closing` is one more paragraph at the end of the body. Raises OtherContent when the address is taken, NotAnArticle when a
    part is too long.
    """
    # One author alone: the form has room for one name, and a list of names is for an editor to sort out.
    authors, puzzling = read_people(page.author)
    author = authors[0] if len(authors) == 1 and not puzzling else None
    article = Article(
        title=page.title,
        author_name=author.name if author else "",
        author_credentials=author.credentials if author else "",
        slug=page.slug,
        summary=page.summary,
        need_to_know=page.need_to_know,
        body=f"{page.body_html}\n<p>{escape(closing)}</p>" if closing else page.body_html,
        owner=owner,
    )
    sources = [Source(position=number, **source) for number, source in enumerate(page.sources, start=1)]
    there = Article.objects.filter(slug=article.slug).first()
    if there:
        if _said(there, there.sources.all()) != _said(article, sources):
            raise OtherContent(f"there is another article at {there.get_absolute_url()}; nothing was changed")
        return there, False
    try:
        article.clean_fields()
        for source in sources:
            source.clean_fields(exclude=["article"])
    except ValidationError as error:
        raise NotAnArticle("; ".join(f"{field}: {words[0]}" for field, words in error.message_dict.items())) from error
    try:
        addresses.save_and_keep(article)
    except workflow.WorkflowError as error:
        raise OtherContent(str(error)) from error
    for source in sources:
        source.article = article
    Source.objects.bulk_create(sources)
    return article, True


def _said(article, sources):
    return canonical.normal(
        {
            "words": [article.title, article.summary, article.need_to_know, article.body, article.language],
            "author": [article.author_name, article.author_credentials],
            "sources": [source.as_dict() for source in sources],
        }
    )


@transaction.atomic
def load(page: Page) -> tuple[Article, bool]:
    """Make the article of a page: (article, whether it was made); online when the earlier site stated a review.

    Raises like `make_article`.
    """
    article, made = make_article(page)
    if made and page.reviewers:
        reviewers = [reviewer_named(person) for person in page.reviewers]
        revision = workflow.submit(article, by=None)
        workflow.publish_stated(revision, *reviewers, edited=page.edited, signed_on=page.reviewed_on)
    return article, made


def reviewer_named(person) -> Reviewer:
    """Return the reviewer of that name; raises OtherContent when the one who is here has other letters."""
    reviewer, _ = Reviewer.objects.get_or_create(
        slug=slugify(re.sub(r"^(?:Dra?\b\.? )+", "", person.name))[:120],
        defaults={"name": person.name, "credentials": person.credentials, "specialty": person.specialty},
    )
    if person.credentials and reviewer.credentials and bare(person.credentials) != bare(reviewer.credentials):
        raise OtherContent(f"the page names {person}, but here {reviewer} is a reviewer; nothing was changed")
    return reviewer
