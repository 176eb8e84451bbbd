"""Topics: their pages, their addresses, and what articles show of them."""

import json

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.models import Article
from tests.factories import make_article, make_published, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_a_topic_has_a_page_with_its_published_articles(client):
    topic = make_topic("Skin", description="About rashes.")
    hats = make_published(title="Hats")
    hats.topics.add(topic)
    make_published(title="Rest")
    make_article(title="Draft").topics.add(topic)
    page = client.get("/topics/skin/")
    assertContains(page, "<h1>Skin</h1>", html=True)
    assertContains(page, '<p class="lead">About rashes.</p>', html=True)
    assertContains(page, '<meta name="description" content="About rashes.">', html=True)
    assert list(page.context["page_obj"]) == [hats]
    assertNotContains(page, "Draft")


@pytest.mark.parametrize("state", ["no article", "draft", "withdrawn"])
def test_a_topic_without_anything_to_read_is_nowhere(client, state):
    topic = make_topic("Skin")
    if state == "draft":
        make_article().topics.add(topic)
    if state == "withdrawn":
        article = make_published()
        article.topics.add(topic)
        workflow.withdraw(article, by=make_user("Editors"), reason="The dose was wrong.")
    assert client.get("/topics/skin/").status_code == 404
    for address in ("/", "/topics/", "/sitemap.xml"):
        assertNotContains(client.get(address), "/topics/skin/")
    assertContains(client.get("/topics/"), "There are no topics yet.")


def test_topics_with_something_to_read_are_listed_with_the_number_of_articles(client):
    skin, joints = make_topic("Skin"), make_topic("Joints")
    for title in ("Hats", "Caps"):
        make_published(title=title).topics.add(skin)
    Article.objects.get(title="Hats").topics.add(joints)
    make_article().topics.add(joints)
    page = client.get("/topics/")
    assert [(topic.name, topic.article_count) for topic in page.context["topics"]] == [("Joints", 1), ("Skin", 2)]
    assertContains(page, "2 articles")
    assertContains(client.get("/"), '<a href="/topics/skin/">Skin</a>', html=True)
    assertContains(client.get("/sitemap.xml"), "/topics/skin/</loc>")


def test_the_articles_of_a_topic_are_cut_into_pages(client, monkeypatch):
    monkeypatch.setattr("articles.views.ON_A_PAGE", 1)
    topic = make_topic("Skin")
    for title in ("Hats", "Caps"):
        make_published(title=title).topics.add(topic)
    assert [article.title for article in client.get("/topics/skin/?page=2").context["page_obj"]] == ["Hats"]
    assert client.get("/topics/skin/?page=3").status_code == 404


def test_a_former_address_leads_to_the_present_one_for_ever(client):
    topic = make_topic("Skin")
    make_published().topics.add(topic)
    for slug in ("rashes", "rashes-and-more"):
        topic.slug = slug
        topic.save()
    answer = client.get("/topics/skin/?page=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/topics/rashes-and-more/?page=1")
    topic.slug = "skin"
    topic.save()
    assert client.get("/topics/skin/").status_code == 200


def test_a_former_address_of_a_topic_without_anything_to_read_is_not_found(client):
    topic = make_topic("Skin")
    topic.slug = "rashes"
    topic.save()
    assert client.get("/topics/skin/").status_code == 404


def test_topic_pages_cost_the_same_for_any_number_of_articles(client, django_assert_num_queries):
    topic = make_topic("Skin")
    for number in (1, 4):
        for _ in range(number):
            make_published().topics.add(topic, make_topic())
        with django_assert_num_queries(7):
            client.get("/topics/skin/")
        with django_assert_num_queries(1):
            client.get("/topics/")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["topics", "topic"])
def test_topics_only_answer_readers(client, method, name):
    make_published().topics.add(make_topic("Skin"))
    assert getattr(client, method)(reverse(f"articles:{name}", args=["skin"] if name == "topic" else [])).status_code == 405


def test_a_page_links_its_topics_and_names_the_first_in_its_trail(client):
    article = make_published(title="Hats")
    article.topics.add(make_topic("Skin"), make_topic("Joints"))
    page = client.get(article.get_absolute_url()).content.decode()
    trail = page[page.index('aria-label="Breadcrumb"') :].split("</nav>")[0]
    assert '<a href="/topics/joints/">Joints</a>' in trail
    assert "skin" not in trail
    links = page[page.index('aria-label="Topics"') :].split("</nav>")[0]
    assert links.index('<a href="/topics/joints/">Joints</a>') < links.index('<a href="/topics/skin/">Skin</a>')


def test_a_page_without_topics_has_no_empty_list_of_them(client):
    assertNotContains(client.get(make_published().get_absolute_url()), 'aria-label="Topics"')


def test_machines_are_told_what_a_page_is_about_and_where_it_stands(client):
    article = make_published(title="Hats")
    assert "about" not in json_ld(client, article)
    article.topics.add(make_topic("Lupus", mesh="D008180"), make_topic("Skin"))
    said = json_ld(client, article)
    assert said["about"] == [
        {
            "@type": "DefinedTerm",
            "name": "Lupus",
            "termCode": "D008180",
            "url": "https://id.nlm.nih.gov/mesh/D008180",
            "inDefinedTermSet": "https://id.nlm.nih.gov/mesh/",
        },
        {"@type": "Thing", "name": "Skin", "url": f"{settings.SITE_URL}/topics/skin/"},
    ]
    steps = said["breadcrumb"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in steps] == [(1, "Articles"), (2, "Lupus"), (3, "Hats")]
    assert steps[2]["item"] == said["url"]


def json_ld(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    return json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])


def test_readers_see_related_articles_that_are_online_under_the_titles_they_have_there(client):
    article, related = make_published(title="Hats"), make_published(title="Caps & “Co”", language="es")
    Article.objects.filter(pk=related.pk).update(title="A title nobody signed")
    withdrawn = make_published(title="Withdrawn")
    workflow.withdraw(withdrawn, by=make_user("Editors"), reason="The dose was wrong.")
    article.related.add(related, withdrawn, make_article(title="Draft"))
    page = client.get(article.get_absolute_url()).content.decode()
    section = page[page.index('aria-labelledby="related"') :].split("</nav>")[0]
    assert f'<a href="{related.get_absolute_url()}" lang="es">Caps &amp; “Co”</a>' in section
    assert section.count("<li") == 1
    assertNotContains(client.get(related.get_absolute_url()), 'id="related"')


def test_a_page_costs_no_query_more_with_topics_and_related_articles(client, django_assert_num_queries):
    article = make_published()
    client.get(article.get_absolute_url())  # Now the cache knows how long reading usually takes.
    with CaptureQueriesContext(connection) as before:
        client.get(article.get_absolute_url())
    article.topics.add(make_topic(), make_topic())
    article.related.add(make_published(), make_published())
    with django_assert_num_queries(len(before)):
        assertContains(client.get(article.get_absolute_url()), 'id="related"')


def test_a_page_that_comes_back_with_a_refused_comment_has_its_topics(client):
    article = make_published()
    article.topics.add(make_topic("Skin"))
    answer = client.post(f"{article.get_absolute_url()}comments/", {"name": "Ana", "email": "ana@example.org", "body": ""})
    assertContains(answer, '<a href="/topics/skin/">Skin</a>', status_code=422)


def test_topics_and_related_articles_are_outside_what_is_signed(client):
    article = make_published()
    article.topics.add(make_topic("Skin"))
    article.related.add(make_published())
    record = client.get(f"{article.get_absolute_url()}review.json").json()
    assert record["status"]["kind"] == "current"
    assert "Skin" not in record["revision"]["content"]
