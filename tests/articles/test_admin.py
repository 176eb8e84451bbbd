"""Writing, submitting, signing and publishing in the admin, and who may not."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.models import Article, Reviewer, Revision, SignOff
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

SOURCES = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}
WRITTEN = {
    "title": "Hats",
    "slug": "hats",
    "summary": "About hats.",
    "need_to_know": "",
    "body": "<p>Brims.</p>",
    "language": "en",
}


@pytest.fixture
def editor():
    return make_user("Editors")


@pytest.fixture
def reviewer():
    return make_reviewer()


def step(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def words_of(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_an_editor_writes_an_article_in_the_rich_text_editor(client, editor):
    client.force_login(editor)
    address = reverse("admin:articles_article_add")
    assertContains(client.get(address), "data-mce-conf")
    source = {"sources-TOTAL_FORMS": "1", "sources-0-position": "1", "sources-0-kind": "web", "sources-0-title": "NHS page"}
    response = client.post(address, WRITTEN | SOURCES | source, follow=True)
    article = Article.objects.get(slug="hats")
    assert article.sources.get().title == "NHS page"
    assert "will not get" not in words_of(response)


def test_the_page_is_linked_only_when_it_is_online(client, editor):
    client.force_login(editor)
    assertNotContains(client.get(step("change", make_article())), "View on site")
    assertContains(client.get(step("change", make_published())), "View on site")


def test_saving_says_what_readers_will_not_get(client, editor):
    client.force_login(editor)
    body = '<p style="x">Brims <LOQ.<script>alert(1)</script></p><img src=x>'
    response = client.post(reverse("admin:articles_article_add"), WRITTEN | SOURCES | {"body": body}, follow=True)
    for words in ("attribute style on <p>", "<script> and its text", "<img> (pictures are not supported yet)"):
        assert words in words_of(response)
    assert Article.objects.get().body == body


def test_the_three_buttons_put_an_article_online(client, editor, reviewer):
    article = make_article(title="Hats")
    client.force_login(editor)
    assertContains(client.get(step("change", article)), "Submit the saved text for review")
    assert "Version 1 is frozen" in words_of(client.post(step("submit", article), follow=True))
    assertNotContains(client.get(step("change", article)), "Publish version")

    client.force_login(reviewer.user)
    assertContains(client.get(step("change", article)), "Read and sign version 1")
    revision = Revision.objects.get()
    page = client.get(step("sign", article))
    assertContains(page, f'name="sha256" value="{revision.sha256}"')
    response = client.post(step("sign", article), {"sha256": revision.sha256, "edited": "on"}, follow=True)
    assert "You have signed version 1" in words_of(response)
    assert SignOff.objects.get().edited

    client.force_login(editor)
    assertContains(client.get(step("change", article)), "Publish version 1")
    assert "Version 1 is online" in words_of(client.post(step("publish", article), {"number": "1"}, follow=True))
    assertContains(client.get(step("change", article)), "Version 1: reviewed, in date")
    assertNotContains(client.get(step("change", article)), "Publish version")
    client.logout()
    assertContains(client.get(article.get_absolute_url()), "Reviewed and edited by Rita Reviewer, MD")


def test_the_page_to_sign_shows_the_frozen_words_and_not_the_working_copy(client, reviewer, editor):
    article = make_article(title="Hats", summary="Sum.", need_to_know="- Know", body="<h2>A Brim</h2><p>C3 <LOQ</p>")
    workflow.submit(article, by=editor)
    Article.objects.update(title="Other", summary="Else", body="<p>Changed</p>")
    client.force_login(reviewer.user)
    page = client.get(step("sign", article))
    for html in ("<h2>Hats</h2>", "<p>Sum.</p>", "<ul><li>Know</li></ul>", '<h2 id="a-brim">A Brim</h2>', "<p>C3 &lt;LOQ</p>"):
        assertContains(page, html)
    assertNotContains(page, "Changed")
    assert "no-store" in page["Cache-Control"]


def test_a_text_that_changed_while_it_was_read_is_not_signed(client, reviewer, editor):
    article = make_article()
    shown = workflow.submit(article, by=editor).sha256
    Article.objects.update(title="Newer")
    workflow.submit(article, by=editor)
    client.force_login(reviewer.user)
    assert "has changed since you opened" in words_of(client.post(step("sign", article), {"sha256": shown}, follow=True))
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("sha256", [{}, {"sha256": ""}, {"sha256": "x" * 64}])
def test_signing_needs_the_hash_that_was_shown(client, reviewer, editor, sha256):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(reviewer.user)
    client.post(step("sign", article), sha256)
    assert not SignOff.objects.exists()


def test_nothing_to_sign_is_said(client, reviewer):
    client.force_login(reviewer.user)
    assert "nothing to sign" in words_of(client.get(step("sign", make_article()), follow=True))


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (["Medical reviewers"], "submit"),
        (["Medical reviewers"], "publish"),
        (["Editors"], "sign"),
        (["Moderators"], "submit"),
        (["Moderators"], "sign"),
        (["Moderators"], "publish"),
        ([], "change"),
        (["Moderators"], "change"),
    ],
)
def test_a_step_without_the_permission_is_403_by_address_too(client, editor, who, name):
    article = make_article()
    revision = workflow.submit(article, by=editor)
    client.force_login(make_user(*who))
    assert client.post(step(name, article), {"sha256": revision.sha256, "number": "1"}).status_code == 403
    assert not SignOff.objects.exists()
    assert not Revision.objects.live().exists()


def test_a_superuser_without_a_profile_cannot_sign(client, editor):
    article = make_article()
    revision = workflow.submit(article, by=editor)
    client.force_login(make_user(is_superuser=True))
    assert client.get(step("sign", article)).status_code == 403
    assert client.post(step("sign", article), {"sha256": revision.sha256}).status_code == 403
    assertNotContains(client.get(step("change", article)), "Read and sign")


def test_a_medical_reviewer_without_a_profile_cannot_sign(client, editor):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(make_user("Medical reviewers"))
    assert client.get(step("sign", article)).status_code == 403


@pytest.mark.parametrize("name", ["submit", "publish"])
def test_a_step_is_not_taken_by_a_link(client, editor, name):
    client.force_login(editor)
    assert client.get(step(name, make_article())).status_code == 405


@pytest.mark.parametrize("number", ["", "0", "2", "x", "²", "9" * 30])
def test_publishing_a_version_that_is_not_there_is_not_found(client, editor, number):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assert client.post(step("publish", article), {"number": number}).status_code == 404


def test_publishing_what_nobody_signed_is_refused_with_words(client, editor):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assert "Nobody has signed" in words_of(client.post(step("publish", article), {"number": "1"}, follow=True))


def test_submitting_twice_says_that_nothing_changed(client, editor):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assert "Nothing has changed" in words_of(client.post(step("submit", article), follow=True))


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


def test_an_article_with_a_frozen_text_is_not_deleted(client):
    article = make_published()
    client.force_login(make_user(is_superuser=True))
    address = reverse("admin:articles_article_delete", args=[article.pk])
    assertContains(client.get(address), "Cannot delete article")
    client.post(address, {"post": "yes"})
    assert Article.objects.filter(pk=article.pk).exists()


def test_the_address_of_a_frozen_text_cannot_be_changed(client, editor):
    article = make_published(slug="hats")
    client.force_login(editor)
    client.post(step("change", article), WRITTEN | SOURCES | {"slug": "caps", "title": "Caps"})
    article = Article.objects.get(pk=article.pk)
    assert (article.slug, article.title) == ("hats", "Caps")


def test_reviewers_are_made_by_superusers_and_not_by_editors(client, editor):
    address = reverse("admin:articles_reviewer_add")
    client.force_login(editor)
    assert client.get(address).status_code == 403
    client.force_login(make_user(is_superuser=True))
    client.post(address, {"name": "Ana Ruiz", "slug": "ana-ruiz", "credentials": "MD"})
    assert str(Reviewer.objects.get()) == "Ana Ruiz, MD"


@pytest.mark.parametrize("name", ["changelist", "add"])
def test_no_page_of_the_admin_has_an_inline_script_or_style(client, editor, name):
    client.force_login(editor)
    page = client.get(reverse(f"admin:articles_article_{name}")).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert all(" src=" in tag or "application/json" in tag for tag in page.split("<script")[1:])
