"""Topics at the desk: who may write them, what is refused in words, and how an article gets them."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.models import Article, ArticleEvent, Topic
from tests.factories import make_article, make_published, make_topic, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/topic/add/"
WORDS = {"name": "Skin", "slug": "skin", "description": "About rashes.", "mesh": ""}


@pytest.fixture
def editor(client):
    """An editor who is signed in."""
    user = make_user("Editors")
    client.force_login(user)
    return user


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def save(client, article, **fields):
    """Send the form of an article as it was opened, with these fields changed."""
    form = {name: getattr(article, name) for name in ("title", "slug", "summary", "body", "language")}
    form |= {"opened": Article.objects.get(pk=article.pk).version, "comments_open": "on"}
    return client.post(change(article), form | {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"} | fields)


@pytest.mark.parametrize(
    ("who", "reads", "writes"), [("Editors", 200, 200), ("Medical reviewers", 200, 403), ("Moderators", 403, 403)]
)
def test_who_may_read_and_write_topics(client, who, reads, writes):
    client.force_login(make_user(who))
    assert client.get("/admin/articles/topic/").status_code == reads
    assert client.get(ADD).status_code == writes
    client.post(ADD, WORDS)
    assert Topic.objects.exists() == (writes == 200)


def test_a_topic_is_not_deleted_by_anybody(client):
    topic = make_topic()
    client.force_login(make_user(is_superuser=True))
    assert client.post(reverse("admin:articles_topic_delete", args=[topic.pk]), {"post": "yes"}).status_code == 403
    client.post("/admin/articles/topic/", {"action": "delete_selected", "_selected_action": [topic.pk], "post": "yes"})
    assert Topic.objects.exists()


@pytest.mark.parametrize("name", ["Skin", "skin", " SKIN "])
def test_a_name_in_use_is_refused_in_words(client, editor, name):
    make_topic("Skin")
    assertContains(client.post(ADD, WORDS | {"name": name, "slug": "other"}), "There is a topic with this name already.")
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("slug", ["rashes", "skin"])
def test_an_address_that_leads_to_another_topic_or_ever_did_is_refused_in_words(client, editor, slug):
    topic = make_topic("Skin")
    topic.slug = "rashes"
    topic.save()
    assertContains(client.post(ADD, WORDS | {"name": "Other", "slug": slug}), "Please choose a different one.")
    assert Topic.objects.count() == 1
    with pytest.raises(IntegrityError):
        make_topic("Other", slug=slug)


@pytest.mark.parametrize("mesh", ["", "D008180", "d008180", "D000086382", " C535841 "])
def test_a_mesh_id_is_taken(client, editor, mesh):
    assert client.post(ADD, WORDS | {"mesh": mesh}).status_code == 302
    assert Topic.objects.get().mesh == mesh.strip().upper()


@pytest.mark.parametrize("mesh", ["lupus", "008180", "D00818", "D0081800", "Q000175", "D008180\n1", "Ｄ008180", "D٠٠٨١٨٠"])
def test_what_is_no_mesh_id_is_refused_in_words(client, editor, mesh):
    page = client.post(ADD, WORDS | {"mesh": mesh})
    assert page.context["adminform"].form.errors["mesh"]
    assert not Topic.objects.exists()


def test_an_article_gets_topics_and_related_articles_and_nobody_becomes_an_editor_of_its_words(client, editor):
    article, related, topic = make_published(), make_published(), make_topic("Skin")
    assert save(client, article, topics=[topic.pk], related=[related.pk]).status_code == 302
    assert list(article.topics.all()) == [topic]
    assert list(article.related.all()) == [related]
    assert ArticleEvent.objects.latest("pk").kind == ArticleEvent.Kind.SETTINGS
    page = client.get(article.get_absolute_url())
    assertContains(page, '<a href="/topics/skin/">Skin</a>')
    assertContains(page, related.get_absolute_url())
    with pytest.raises(workflow.Unchanged):
        workflow.submit(article, by=editor)


def test_what_was_chosen_already_is_no_change(client, editor):
    article, topic = make_article(), make_topic()
    save(client, article, topics=[topic.pk])
    before = ArticleEvent.objects.count()
    save(client, article, topics=[topic.pk])
    assert ArticleEvent.objects.count() == before
    save(client, article)
    assert not article.topics.exists()
    assert ArticleEvent.objects.count() == before + 1


@pytest.mark.parametrize("key", ["own", 9_999, "x"])
def test_an_article_is_not_related_to_itself_or_to_nothing(client, editor, key):
    article = make_article()
    assert save(client, article, related=[article.pk if key == "own" else key]).status_code == 200
    assert not article.related.exists()


def test_articles_with_the_same_topics_are_suggested_the_most_shared_first(client, editor):
    skin, joints, hands = make_topic("Skin"), make_topic("Joints"), make_topic("Hands")
    article = make_article(title="This one")
    article.topics.add(skin, joints)
    for title, topics in {"A one": [skin], "B two": [skin, joints], "C other": [hands]}.items():
        make_published(title=title).topics.add(*topics)
    make_article(title="D draft").topics.add(skin)
    page = client.get(change(article))
    groups = page.context["adminform"].form.fields["related"].choices
    assert [(str(name), [label for _, label in options]) for name, options in groups] == [
        ("Suggested: articles with the same topics", ["B two", "A one", "D draft (not online)"]),
        ("Other articles", ["C other"]),
    ]
    assertContains(page, "Suggested: articles with the same topics")


def test_without_topics_nothing_is_suggested(client, editor):
    make_published(title="Another").topics.add(make_topic())
    page = client.get(change(make_article()))
    assertNotContains(page, "Suggested:")
    assertContains(page, "Another")


def test_who_saves_second_sees_the_topics_that_differ(client, editor):
    article, skin, joints = make_article(), make_topic("Skin"), make_topic("Joints")
    save(client, article, topics=[skin.pk])
    page = save(client, article, topics=[joints.pk], opened=1)
    assertContains(page, "Topics (saved: Skin; yours: Joints)")
    assert list(article.topics.all()) == [skin]


def test_who_may_only_read_sees_the_topics(client):
    article = make_article()
    article.topics.add(make_topic("Skin"))
    client.force_login(make_user("Medical reviewers"))
    page = client.get(change(article))
    assertContains(page, "Skin")
    assertNotContains(page, 'name="topics"')


def test_the_list_of_articles_is_narrowed_to_a_topic(client, editor):
    hats, topic = make_article(title="Hats"), make_topic()
    make_article(title="Other")
    hats.topics.add(topic)
    page = client.get(f"/admin/articles/article/?topics__id__exact={topic.pk}")
    assert list(page.context["cl"].result_list) == [hats]
