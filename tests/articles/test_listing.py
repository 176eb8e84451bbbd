"""Where articles stand in the lists of readers is kept by the database, and the same as sorting them from the beginning."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify
from pytest_django.asserts import assertContains

from articles import listing, workflow
from articles.models import Article, Listing, Reviewer, Revision, SignOff, Topic
from tests.factories import make_article, make_published, make_reviewer, make_topic, make_user

pytestmark = pytest.mark.django_db
NEVER = datetime.date.min


def sorted_anew(*, topic=None, reviewer=None):
    """Return the articles of one list in order, sorted here from what each of them says."""
    found = []
    for article in Article.objects.filter(withdrawn_on=None):
        live = article.revisions.live().first()
        theirs = article.sign_offs.filter(reviewer=reviewer, revoked_at=None, revision__published_at__isnull=False)
        in_list = topic in article.topics.all() if topic else theirs.exists() if reviewer else True
        if live and in_list:
            days = [one.signed_on or NEVER for one in live.sign_offs.filter(revoked_at=None)]
            place = (article.archived_on or NEVER, NEVER - max(days, default=NEVER), article.title, article.pk)
            found.append((place, article))
    return [article for _place, article in sorted(found, key=lambda one: one[0])]


def assert_lists_are_true():
    lists = [{}, *({"topic": one} for one in Topic.objects.all()), *({"reviewer": one} for one in Reviewer.objects.all())]
    for which in lists:
        assert list(Article.objects.listed(**which)) == sorted_anew(**which), which
        assert Listing.objects.of(**which).count() == len(sorted_anew(**which)), which
    return Listing.objects.order_by("article", "topic", "reviewer").values_list(
        "article", "topic", "reviewer", "archived_on", "signed_on", "title"
    )


def test_the_lists_follow_every_step(client):
    editor, reviewer, topic, other = make_user("Editors"), make_reviewer(), make_topic("Skin"), make_topic("Sleep")
    with time_machine.travel(timezone.now() - datetime.timedelta(days=30)):
        first, second = make_published(title="B", body="<p>1</p>"), make_published(title="A", body="<p>1</p>")
        assert_lists_are_true()
    with time_machine.travel(timezone.now() - datetime.timedelta(days=20)):
        make_article(title="Never online")
        third = make_published(title="C", body="<p>1</p>")

    def change(article, **fields):
        Article.objects.filter(pk=article.pk).update(**fields)

    def new_version(article):
        change(article, body="<p>2</p>")
        revision = workflow.submit(article, by=editor)
        assert_lists_are_true()
        workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
        assert_lists_are_true()
        workflow.publish(revision, by=editor)

    live = first.revisions.live().get()
    steps = [
        lambda: first.topics.add(topic, other),
        lambda: second.topics.set([topic]),
        lambda: workflow.sign(live, shown_hash=live.sha256, by=reviewer.user),
        lambda: workflow.revoke(SignOff.objects.get(reviewer=reviewer), by=editor, reason="A mistake."),
        lambda: new_version(second),
        lambda: workflow.archive(first, by=editor),
        lambda: workflow.withdraw(first, by=editor, reason="Out of date."),
        lambda: workflow.restore(first, by=editor),
        lambda: workflow.restore(first, by=editor),
        lambda: change(third, title="AA"),
        lambda: first.topics.remove(topic),
        lambda: second.topics.set([other]),
        lambda: other.delete(),
        lambda: third.topics.add(topic),
        lambda: third.topics.clear(),
        lambda: Article.objects.get(title="Never online").delete(),
    ]
    seen = set()
    for step in steps:
        step()
        kept = list(assert_lists_are_true())
        seen.add(tuple(kept))
        with connection.cursor() as cursor:
            listing.fill(cursor)
        assert list(assert_lists_are_true()) == kept
    assert len(seen) > len(steps) // 2
    shown = [article.title for article in client.get("/").context["page_obj"]]
    assert shown == [article.title for article in sorted_anew()]


def test_the_database_keeps_the_lists_whoever_writes():
    article = make_published()
    listing.drop(connection)
    assert "articles_listing_0" in listing.check(None, ["default"])[0].msg
    Article.objects.update(title="Another title")
    assert Listing.objects.filter(topic=None, reviewer=None).get().title == article.title
    listing.put_back(sender=None, using="default")  # As every migrate does; what was written meanwhile is there.
    assert listing.check(None, ["default"]) == []
    assert Listing.objects.filter(topic=None, reviewer=None).get().title == "Another title"


def test_a_topic_says_how_many_articles_readers_can_open(client):
    topic = make_topic("Skin")
    make_article().topics.add(topic)
    assert not Topic.objects.shown()
    one, two = make_published(), make_published()
    topic.articles.add(one, two)
    assertContains(client.get("/topics/"), "2 articles")
    Article.objects.filter(pk=one.pk).update(withdrawn_on=timezone.localdate(), withdrawal_reason="Old.")
    assertContains(client.get("/topics/"), "1 article")


def many(number):
    """Make so many more online articles of the topic Skin, signed by one reviewer."""
    topic = Topic.objects.filter(name="Skin").first() or make_topic("Skin")
    first = Revision.objects.order_by("pk").first() or make_published().revisions.get()
    signature = SignOff.objects.order_by("pk").first()
    for index in range(number):
        article = make_article(title=f"One of many {Article.objects.count()}")
        article.topics.add(topic)
        fields = {name: getattr(first, name) for name in ("number", "content", "sha256", "format", "search_text")}
        revision = Revision.objects.create(article=article, published_at=timezone.now(), **fields)
        SignOff.objects.create(
            article=article,
            revision=revision,
            sha256=first.sha256,
            scope="full",
            origin="signed",
            reviewer=signature.reviewer,
            name=signature.name,
            signed_on=timezone.localdate() - datetime.timedelta(days=index),
            valid_until=timezone.localdate() + datetime.timedelta(days=200),
        )
    return signature.reviewer.slug, slugify(topic.name)


def rows_looked_at(sql, params):
    """Return SQLite's plan of a statement, a line a step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[-1] for row in cursor.fetchall()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite")
@pytest.mark.parametrize("which", ["all", "topic", "reviewer"])
def test_an_index_gives_the_order_of_a_list(which):
    reviewer, topic = many(3)
    lists = {
        "all": {},
        "topic": {"topic": Topic.objects.get(slug=topic)},
        "reviewer": {"reviewer": Reviewer.objects.get(slug=reviewer)},
    }
    plan = rows_looked_at(*Article.objects.listed(**lists[which])[:50].query.sql_with_params())
    assert not [line for line in plan if "TEMP B-TREE" in line or line.startswith("SCAN")], plan
    assert any("articles_listing_in_order" in line for line in plan)
