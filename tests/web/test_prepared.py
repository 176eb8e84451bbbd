"""Queries whose SQL is made once give what the same query gives when it is made anew."""

import datetime

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.record import article_at
from comments.models import Comment, State
from tests.factories import make_comment, make_published, make_topic
from web.prepared import Prepared

pytestmark = pytest.mark.django_db


def values(rows):
    """Return all that is known of the rows without another query."""
    with CaptureQueriesContext(connection) as captured:
        found = [{name: value for name, value in vars(row).items() if name != "_state"} for row in rows]
    assert len(captured) == 0
    return found


def test_a_prepared_query_finds_what_the_query_finds():
    articles = [make_published() for _ in range(2)]
    articles[0].topics.add(make_topic(name="Skin"))
    articles[0].related.add(articles[1])
    prepared = Prepared(lambda slug: Article.objects.online().with_links().filter(slug=slug), str)
    for slug in [articles[0].slug, articles[1].slug, "unknown", "prepared-value-0"]:
        assert values(prepared(slug)) == values(list(Article.objects.online().with_links().filter(slug=slug)))
    assert prepared(articles[0].slug)[0].topic_rows[0]["name"] == "Skin"


def test_a_prepared_query_takes_several_values_and_each_where_it_belongs():
    article = make_published()
    comments = [make_comment(article=article, state=State.APPROVED) for _ in range(2)]
    prepared = Prepared(lambda article, page: Comment.objects.for_page(article, page), int, int)
    assert [row.pk for row in prepared(article.pk, 1)] == [comment.pk for comment in comments]
    assert prepared(article.pk, 2) == prepared(article.pk + 1, 1) == []
    assert values(prepared(article.pk, 1)) == values(list(Comment.objects.for_page(article.pk, 1)))


def test_a_query_that_cannot_be_prepared_is_refused():
    with pytest.raises(ValueError, match="one model"):
        Prepared(lambda pk: Comment.objects.select_related("article").filter(pk=pk), int)(1)
    with pytest.raises(ValueError, match="all its values"):
        Prepared(lambda pk, other: Comment.objects.filter(pk=pk), int, int)(1, 2)


def test_the_article_behind_an_address_comes_with_all_that_its_page_needs(django_assert_num_queries):
    article = make_published()
    with django_assert_num_queries(4):
        found = article_at(article.slug)
        assert found.revision.title == article.revision.title
        assert found.review.is_reviewed
        assert found.retracted_sources == []
        assert found.links == {"topics": [], "related": []}
    assert found.revision.first_published_at == article.revision.published_at
    assert article_at("unknown") is None


def test_a_prepared_query_of_values_gives_tuples_and_takes_a_moment():
    article = make_published()
    comments = [make_comment(article=article, state=State.APPROVED) for _ in range(2)]

    def later(since, article):
        asked = Comment.objects.filter(submitted_at__gte=since, article=article)
        return asked.order_by("submitted_at", "pk").values_list("pk", "submitted_at", "signals")

    def counted(since, article):
        return later(since, article).order_by().values("article").annotate(count=Count("pk")).values_list("count")

    since = comments[1].submitted_at
    assert Prepared(later, datetime.datetime, int)(since, article.pk) == list(later(since, article.pk)) != []
    assert Prepared(counted, datetime.datetime, int)(since, article.pk) == list(counted(since, article.pk)) == [(1,)]
    assert Prepared(counted, datetime.datetime, int)(since, article.pk + 1) == []
