"""What an attack found open: each is closed, and stays so."""

import pytest
from django.db import connection
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows import erasing
from lupussite.run import worker
from mail import outbox
from tests.factories import make_article, make_comment, make_published, make_user

pytestmark = pytest.mark.django_db


def test_an_answer_with_a_secret_address_is_not_stored(client):
    form = {"name": "Ana", "email": "ana@example.org", "body": "Words"}
    answer = client.post(f"{make_published().get_absolute_url()}comments/", form)
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/admin/login/", "comments"])
def test_too_many_fields_are_refused_before_one_is_read(client, path, monkeypatch):
    path = f"{make_published().get_absolute_url()}comments/" if path == "comments" else path
    body = "&".join(["a"] * 120_000)
    monkeypatch.setattr("urllib.parse.unquote", lambda *args, **kwargs: pytest.fail("a field was read"))
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_moderator_is_offered_no_title_of_a_draft(client):
    make_article(title="Canary draft")
    comment = make_comment(article=make_published(title="Hats"))
    client.force_login(make_user("Moderators"))
    for query in ("", f"?article__id__exact={comment.article_id}"):
        page = client.get(f"/admin/comments/comment/{query}")
        assertContains(page, "Hats")
        assertNotContains(page, "Canary draft")
    assert client.get("/admin/r/9/1/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's own files are its own")
def test_what_was_taken_back_is_in_no_file_of_the_database():
    comment = make_comment(name="Canaria", body="Canary words that are long enough to be found. " * 20)
    erasing.withdraw(comment)
    outbox.run_due(worker.all_handlers())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        path = next(row[2] for row in cursor.fetchall() if row[1] == "main")
    for end in ("", "-wal"):
        with open(path + end, "rb") as file:
            assert b"Canar" not in file.read(), end
