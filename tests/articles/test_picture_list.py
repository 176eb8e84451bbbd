"""The list of pictures in the admin, and what a change of a credit does and doesn't do."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import ArticleEvent, Picture
from articles.pictures import credits, files
from articles.pictures.uploading import upload
from tests.articles.test_pictures import photo, saved
from tests.factories import make_article, make_published, make_user

LIST = "/admin/articles/picture/"


@pytest.fixture
def editor(client, db):
    """An editor who is signed in."""
    user = make_user("Editors")
    client.force_login(user)
    return user


@pytest.fixture
def picture(editor, settings, tmp_path):
    """A picture with its files."""
    settings.DATA_DIR = tmp_path
    return upload(saved(photo()), by=editor, alt="A hat", credit="Ana", license="CC BY 4.0")


def body(picture):
    """Return a text that shows the picture."""
    return f'<p>Words.</p><figure><img alt="A hat" src="/pictures/{picture.name}"></figure>'


def change(picture):
    return f"{LIST}{picture.pk}/change/"


def test_the_list_shows_pictures_and_is_searched(client, picture):
    assertContains(client.get(LIST), f'src="/pictures/{picture.smallest["name"]}"')
    assertContains(client.get(f"{LIST}?q=ana"), "CC BY 4.0")
    assertNotContains(client.get(f"{LIST}?q=eva"), "CC BY 4.0")


def test_the_list_costs_the_same_for_many(client, editor, picture, django_assert_max_num_queries):
    for width in range(200, 210):
        upload(saved(photo(width, 100)), by=editor, alt="A hat")
    with django_assert_max_num_queries(8):
        assert client.get(LIST).content.count(b'class="thumb"') == 11


@pytest.mark.parametrize(
    ("group", "reads", "writes"), [("Editors", 200, 302), ("Medical reviewers", 200, 403), ("Moderators", 403, 403)]
)
def test_who_may_see_and_change_pictures(client, picture, group, reads, writes):
    client.force_login(make_user(group, username="other"))
    assert client.get(LIST).status_code == reads
    assert client.post(change(picture), {"credit": "Eva", "license": ""}).status_code == writes


def test_none_is_added_or_deleted_there(client, admin_client, picture):
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"}).status_code == 403
    assertNotContains(admin_client.get(LIST), "delete_selected")


def test_a_file_that_is_gone_is_said_in_the_list(client, picture):
    files.path_of(picture.name).unlink()
    assertContains(client.get(LIST), "missing from the disk")


def test_its_page_names_the_drafts_that_show_it(client, picture):
    assertContains(client.get(change(picture)), "no article")
    make_article(title="About hats", body=body(picture))
    assertContains(client.get(change(picture)), "About hats</a>")


def test_a_new_credit_changes_no_signed_text_and_is_in_the_history_of_the_draft(client, editor, picture):
    article = make_published(body=body(picture))
    other = make_article(slug="other")
    signed = article.revision.sha256
    client.post(change(picture), {"credit": "Eva", "license": "CC0"})
    picture.refresh_from_db()
    assert (picture.credit, picture.license) == ("Eva", "CC0")
    page = client.get(article.get_absolute_url()).content.decode()
    assert ("<small>Ana, CC BY 4.0</small>" in page, "Eva" in page) == (True, False)
    article = type(article).objects.live().get()
    assert article.revision.sha256 == signed
    assert article.review.is_reviewed
    assert "<small>Eva, CC0</small>" in article.content()[0]["body_html"]
    event = article.events.last()
    assert (event.kind, event.actor) == (ArticleEvent.Kind.SAVED, editor)
    assert event.note == "Credit of the picture “A hat” changed from “Ana, CC BY 4.0” to “Eva, CC0”."
    assert not other.events.exists()


def test_an_empty_save_changes_nothing(client, picture):
    article = make_article(body=body(picture))
    client.post(change(picture), {"credit": "Ana", "license": "CC BY 4.0"})
    assert not article.events.exists()


def test_another_upload_with_another_credit_is_in_the_history_too(picture):
    article = make_article(body=body(picture))
    upload(saved(photo()), by=picture.uploaded_by, alt="A hat", credit="", license="")
    assert not article.events.exists()
    upload(saved(photo()), by=picture.uploaded_by, alt="A hat", credit="Eva")
    assert Picture.objects.get().credit_line == "Eva, CC BY 4.0"
    assert "“Eva, CC BY 4.0”" in article.events.get().note


def test_what_is_posted_besides_is_nothing(client, picture):
    client.post(change(picture), {"credit": "Ana", "license": "", "alt": "Other", "sha256": "0" * 64, "files": "[]"})
    after = Picture.objects.get()
    assert (after.alt, after.sha256, after.files, after.license) == ("A hat", picture.sha256, picture.files, "")


def test_a_long_credit_is_refused_in_words(client, picture):
    assertContains(client.post(change(picture), {"credit": "a" * 300, "license": ""}), "at most 200 characters")
    assert list(credits.drafts_with(picture)) == []
