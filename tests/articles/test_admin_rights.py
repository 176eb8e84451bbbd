"""Who may open and change what in the admin of articles, what nobody changes, and what every page keeps to."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from articles.models import Article, Reviewer, Revision, SignOff
from tests.factories import make_article, make_published, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


@pytest.fixture
def editor(client):
    """An editor who is signed in."""
    user = make_user("Editors")
    client.force_login(user)
    return user


def at(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.mark.parametrize(("who", "status"), [(["Editors"], 200), (["Medical reviewers"], 200), (["Moderators"], 403), ([], 403)])
def test_who_may_open_the_page_of_an_article(client, who, status):
    client.force_login(make_user(*who))
    assert client.get(at("change", make_published())).status_code == status


@pytest.mark.parametrize("who", [["Medical reviewers"], ["Moderators"], []])
def test_who_may_not_write_is_refused_by_address_too(client, who):
    article = make_article(title="Hats")
    client.force_login(make_user(*who))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"title": "Hats"}).status_code == 403
    assert client.post(at("change", article), {"title": "Other"}).status_code == 403
    assert Article.objects.get().title == "Hats"


@pytest.mark.parametrize("model", ["revision", "signoff"])
def test_frozen_texts_and_signatures_are_read_only_for_a_superuser(client, model):
    make_published()
    row = {"revision": Revision, "signoff": SignOff}[model].objects.get()
    client.force_login(make_user(is_superuser=True))
    change = reverse(f"admin:articles_{model}_change", args=[row.pk])
    assert client.get(change).status_code == 200
    assert client.get(reverse(f"admin:articles_{model}_changelist")).status_code == 200
    assert client.post(change, {"number": "7"}).status_code == 403
    assert client.get(reverse(f"admin:articles_{model}_add")).status_code == 403
    assert client.post(reverse(f"admin:articles_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["article", "revision", "signoff"])
def test_no_list_loads_a_text(client, django_assert_max_num_queries, model):
    for _ in range(3):
        make_published()
    client.force_login(make_user(is_superuser=True))
    with django_assert_max_num_queries(10) as captured:
        client.get(reverse(f"admin:articles_{model}_changelist"))
    for name in ('"articles_revision"."content"', '"articles_revision"."search_text"', '"articles_article"."body"'):
        assert not [query["sql"] for query in captured if name in query["sql"].split(" FROM ")[0]]


def test_an_article_with_a_history_is_not_deleted(client):
    article = make_published()
    client.force_login(make_user(is_superuser=True))
    address = at("delete", article)
    assertContains(client.get(address), "Cannot delete article")
    client.post(address, {"post": "yes"})
    assert Article.objects.filter(pk=article.pk).exists()


def test_reviewers_are_made_by_superusers_and_not_by_editors(client, editor):
    address = reverse("admin:articles_reviewer_add")
    assert client.get(address).status_code == 403
    client.force_login(make_user(is_superuser=True))
    client.post(address, {"name": "Ana Ruiz", "slug": "ana-ruiz", "credentials": "MD"})
    assert str(Reviewer.objects.get()) == "Ana Ruiz, MD"


@pytest.mark.parametrize("name", ["changelist", "add", "desk", "change", "submit", "preview", "withdraw", "history"])
def test_no_page_of_the_admin_has_an_inline_script_or_style(client, editor, name):
    article = make_published()
    args = [] if name in {"changelist", "add", "desk"} else [article.pk]
    response = client.get(reverse(f"admin:articles_article_{name}", args=args))
    assert response.status_code == 200
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert all(" src=" in tag or "application/json" in tag for tag in page.split("<script")[1:])
