"""The owner's own pages: the cleaner of articles with its notice, an address of their own, a place in the menu, no review."""

import pytest
from django.contrib.admin.models import LogEntry
from pytest_django.asserts import assertContains, assertNotContains

from lupussite.models import Page
from tests.factories import make_published, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/lupussite/page/add/"
FIELDS = {"title": "Contact", "slug": "contact", "body": "<p>Write to us.</p>", "menu_place": "1", "is_public": "on"}


def test_a_page_is_online_at_once_and_in_the_menu_and_says_nothing_of_a_review(admin_client, client, admin_user):
    assert admin_client.post(ADD, FIELDS).status_code == 302
    page = client.get("/pages/contact/")
    assertContains(page, "<p>Write to us.</p>", html=True)
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "eview" not in main
    assertContains(client.get("/"), '<a href="/pages/contact/">Contact</a>', html=True)
    assert LogEntry.objects.get(object_id=Page.objects.get().pk).user == admin_user


def test_what_readers_do_not_get_is_said(admin_client, client):
    body = '<p style="color:red">Write <script>alert(1)</script>to us.</p><iframe src="https://example.org"></iframe>'
    page = admin_client.post(ADD, FIELDS | {"body": body}, follow=True)
    assertContains(page, "Left out or changed:")
    assertNotContains(client.get("/pages/contact/"), "alert(1)")
    assertNotContains(admin_client.post(ADD, FIELDS | {"slug": "again"}, follow=True), "Left out or changed:")


def test_the_address_of_an_article_is_refused_also_a_former_one(admin_client):
    article = make_published()
    article.addresses.create(slug="former")
    for slug in (article.slug, "former"):
        assertContains(admin_client.post(ADD, FIELDS | {"slug": slug}), "An article has the address")
    assertContains(admin_client.post(ADD, FIELDS | {"slug": "/articles/x/"}), "Enter a valid “slug”")
    assert not Page.objects.exists()
    page = Page.objects.create(title="Brought over", slug="former")
    address = f"/admin/lupussite/page/{page.pk}/change/"
    assert admin_client.post(address, FIELDS | {"slug": "former"}).status_code == 302


@pytest.mark.parametrize(("body", "words"), [("x" * 300_001, "too long"), ("<blockquote>" * 500 + "x", "nested too deeply")])
def test_a_text_that_no_page_can_hold_is_refused(admin_client, body, words):
    assertContains(admin_client.post(ADD, FIELDS | {"body": body}), words)


def test_a_page_can_be_looked_at_before_it_is_online(admin_client, client):
    page = Page.objects.create(title="Soon", slug="soon", body="<p>Not yet.</p>")
    preview = f"/admin/lupussite/page/{page.pk}/preview/"
    assertContains(admin_client.get(preview), "<p>Not yet.</p>", html=True)
    assert client.get("/pages/soon/").status_code == 404
    client.force_login(make_user("Editors"))
    assert client.get(preview).status_code == 403


def test_the_editor_of_articles_is_on_the_form_without_what_cites(admin_client):
    make_published(title="Sun and lupus")
    page = admin_client.get(ADD)
    assertContains(page, "article-editor.js")
    assertContains(page, 'label="Sun and lupus"')
    assertNotContains(page, "Cite [1]")
