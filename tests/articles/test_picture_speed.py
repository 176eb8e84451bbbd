"""What pictures cost a page: no query, no weight before the words, and a bounded time for as many as fit into a text."""

import gzip
import pathlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.pictures.uploading import upload
from tests.articles.test_pictures import photo, saved
from tests.factories import make_article, make_picture, make_published, make_user

CSS = pathlib.Path(__file__).parents[2] / "lupussite/static/lupussite/site.css"


def figures(pictures):
    """Return the figures of pictures as the editor writes them."""
    return "".join(
        f'<figure><img alt="A hat" src="/pictures/{one.name}"><figcaption>A hat</figcaption></figure>' for one in pictures
    )


def queries(client, address):
    """Return how many queries a page takes, once it is warm."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def ten(db, settings, tmp_path):
    """Ten pictures with their files."""
    settings.DATA_DIR = tmp_path
    by = make_user("Editors")
    return [upload(saved(photo(1700 + number, 900)), by=by, alt="A hat", credit="Ana") for number in range(10)]


def test_a_page_with_ten_pictures_takes_no_more_queries(client, ten):
    plain, illustrated = make_published(), make_published(body=f"<p>Words.</p>{figures(ten)}")
    for end in ("", "changes/", "review.json"):
        assert queries(client, illustrated.get_absolute_url() + end) == queries(client, plain.get_absolute_url() + end)


def test_the_first_30_kb_show_a_page_without_its_ten_pictures(client, ten):
    article = make_published(body=f"<p>Words.</p>{figures(ten)}" + "<p>More words about hats, and when to wear them.</p>" * 60)
    page = client.get(article.get_absolute_url()).content
    assert len(gzip.compress(page)) + len(gzip.compress(CSS.read_bytes())) < 30_000
    images = re.findall(r"<img alt[^>]*>", page.decode())
    assert len(images) == 10
    for image in images:
        assert re.search(r'width="1600" height="\d+" loading="lazy"', image)


def test_200_pictures_in_a_text_take_one_query_and_stay_within_what_a_page_can_hold(client, db, django_assert_num_queries):
    pictures = [make_picture() for _ in range(200)]
    article = make_article(body=f"<p>Words.</p>{figures(pictures)}")
    list(article.sources.all())
    with django_assert_num_queries(2):  # The sources, and the pictures.
        content, left_out = article.content()
    assert [one["sha256"] for one in content["pictures"]] == [one.sha256 for one in pictures]
    assert left_out == []
    assert len(content["body_html"]) < 200_000
    client.force_login(make_user("Editors"))
    assert client.get(f"/admin/articles/article/{article.pk}/change/").status_code == 200


def test_the_same_picture_twice_in_a_text_is_listed_twice_each_with_its_words(db):
    picture = make_picture()
    body = f'<p>a</p><figure><img alt="One" src="/pictures/{picture.name}"></figure>{figures([picture])}'
    content, left_out = make_article(body=body).content()
    assert [one["alt"] for one in content["pictures"]] == ["One", "A hat"]
    assert left_out == []
