"""Who may open and change what in the admin of articles, what nobody changes, and what every page keeps to."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Reviewer, Revision, SignOff
from tests.factories import make_article, make_published, make_reviewer, make_user

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


@pytest.mark.parametrize("key", ["999", "x", "_31", "9" * 30])
def test_an_article_that_is_not_there_is_said_on_the_front_page(client, editor, key):
    make_article(pk=1)
    for name in ("change", "history"):
        response = client.get(f"/admin/articles/article/{key}/{name}/", follow=True)
        assert response.request["PATH_INFO"] == "/admin/"
        assertContains(response, f"There is no article with ID “{key}”")
    assert client.post(f"/admin/articles/article/{key}/change/", {"title": "Other"})["Location"] == "/admin/"
    assert Article.objects.get().version == 1


def test_who_may_only_read_gets_the_page_without_a_field_to_fill_in(client):
    article = make_article(title="Hats", body="<p>Brims.</p>")
    article.sources.create(position=1, title="NHS page")
    client.force_login(make_user("Medical reviewers"))
    page = client.get(at("change", article))
    for words in ("View article", "&lt;p&gt;Brims.&lt;/p&gt;", "NHS page", ">Close</a>"):
        assertContains(page, words)
    for words in ('name="title"', 'name="sources-0-title"', "sources-__prefix__", "article-editor", 'value="Save"'):
        assertNotContains(page, words)


def test_who_may_not_change_sources_reads_them_and_changes_the_text_alone(client):
    article = make_article(title="Hats")
    source = article.sources.create(position=1, title="NHS page")
    user = make_user()
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_article", "view_source"]))
    client.force_login(user)
    page = client.get(at("change", article))
    assertContains(page, "NHS page")
    assertContains(page, 'name="title"')
    assertNotContains(page, 'name="sources-0-title"')
    sent = {"title": "Caps", "slug": article.slug, "summary": article.summary, "body": article.body, "language": "en"}
    row = {"id": source.pk, "position": "1", "kind": "web", "title": "Other", "DELETE": "on"}
    sent |= {"opened": article.version, "sources-TOTAL_FORMS": "1", "sources-INITIAL_FORMS": "1"}
    sent |= {f"sources-0-{name}": value for name, value in row.items()}
    assert client.post(at("change", article), sent).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sources.get().title) == ("Caps", "NHS page")


@pytest.mark.parametrize(("rights", "shown"), [(["view_article"], False), (["view_article", "view_source"], True)])
def test_the_list_of_sources_is_for_who_may_see_them(client, rights, shown):
    user = make_user()
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    page = client.get(at("change", make_article()))
    assert ("sources-TOTAL_FORMS" in page.content.decode()) == shown


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


@pytest.mark.parametrize("make", [make_published, make_article])
def test_an_article_is_not_deleted_by_anybody(client, make):
    article = make()
    client.force_login(make_user(is_superuser=True))
    assert client.get(at("delete", article)).status_code == 403
    assert client.post(at("delete", article), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    client.post(reverse("admin:articles_article_changelist"), chosen)
    assert Article.objects.filter(pk=article.pk).exists()
    assertNotContains(client.get(at("change", article)), "deletelink")


def profile(client, reviewer, **fields):
    """Change a reviewer profile in the admin."""
    data = {"name": reviewer.name, "slug": reviewer.slug, "credentials": "MD", "user": reviewer.user_id or ""} | fields
    response = client.post(reverse("admin:articles_reviewer_change", args=[reviewer.pk]), data)
    assert response.status_code == 302
    reviewer.refresh_from_db()


def test_nobody_takes_over_a_profile_that_signed_or_belongs_to_somebody(client):
    admin = make_user(is_superuser=True)
    client.force_login(admin)
    make_published()
    signed = Reviewer.objects.get()
    for reviewer in (signed, make_reviewer()):
        user = reviewer.user_id
        profile(client, reviewer, user=admin.pk, credentials="DO")
        assert (reviewer.user_id, reviewer.credentials) == (user, "DO")
    Reviewer.objects.filter(pk=signed.pk).update(user=None)
    signed.refresh_from_db()
    profile(client, signed, user=admin.pk)
    assert signed.user_id is None


def test_a_profile_without_signatures_is_given_to_a_user_once_and_keeps_its_address(client):
    admin = make_user(is_superuser=True)
    client.force_login(admin)
    reviewer = make_reviewer(slug="donald", user=None)
    Reviewer.objects.update(user=None)
    profile(client, reviewer, slug="other", user=admin.pk)
    assert (reviewer.slug, reviewer.user_id) == ("donald", admin.pk)
    profile(client, reviewer, user="")
    assert reviewer.user_id == admin.pk


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
