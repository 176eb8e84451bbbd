"""What the editor's script gets for a clipboard, and who may ask."""

import pytest
from django.urls import reverse

from tests.articles.test_pasting import CLIPBOARD
from tests.factories import make_user

PASTE = "/admin/articles/article/paste/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    """An editor who is signed in."""
    user = make_user("Editors")
    client.force_login(user)
    return user


def test_a_pasted_piece_comes_back_as_readers_would_get_it(client, editor):
    answer = client.post(reverse("admin:articles_article_paste"), {"html": (CLIPBOARD / "word.html").read_text()})
    assert answer.json() == {
        "html": (CLIPBOARD / "word.readers.html").read_text().rstrip("\n"),
        "left_out": (CLIPBOARD / "word.notice.txt").read_text().splitlines(),
    }


def test_a_link_to_a_heading_of_the_text_around_it_stays(client, editor):
    link = '<p><a href="#in-spring">a</a></p>'
    answer = client.post(PASTE, {"html": link, "around": "<h2>In Spring</h2>"}).json()
    assert answer == {"html": link, "left_out": []}


@pytest.mark.parametrize(
    ("html", "status", "words"),
    [("<blockquote>" * 500 + "x", 422, "nested too deeply"), ("x" * 2_000_001, 413, "too much to paste at once")],
)
def test_what_cannot_be_pasted_is_said(client, editor, html, status, words):
    answer = client.post(PASTE, {"html": html})
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_only_who_writes_articles_may_ask(client, moderator):
    client.force_login(moderator)
    assert client.post(PASTE, {"html": "x"}).status_code == 403


def test_nothing_is_asked_by_an_address_alone(client, editor):
    assert client.get(PASTE).status_code == 405


def test_a_mark_from_elsewhere_cites_no_source_of_this_article(client, editor):
    answer = client.post(PASTE, {"html": "<p>Sun [1] and hats [7].</p>", "taken": "1 2"}).json()
    assert answer["html"] == "<p>Sun [?] and hats [7].</p>"
    assert "[1]" in answer["left_out"][0]
    own = '<p data-pm-slice="1 1 []">Sun [1].</p>'
    assert client.post(PASTE, {"html": own, "taken": "1 2"}).json()["html"] == "<p>Sun [1].</p>"
