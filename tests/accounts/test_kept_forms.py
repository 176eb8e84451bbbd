"""A form that comes after its login has lapsed is there again after the login, with everything typed and nothing done."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts import kept_forms
from accounts.models import Session
from comments.models import State
from tests.accounts.logging_in import code, give_app, log_in
from tests.factories import make_article, make_comment, make_user
from tests.test_sent_too_late import fields_of, typed

pytestmark = pytest.mark.django_db
KEPT_PAGE = "/admin/account/kept-form/"


@pytest.fixture
def editor():
    return make_user("Editors")


def lapse(user):
    """Let every session of a person end, as an hour without a request does."""
    user.sessions.update(used_at=timezone.now() - datetime.timedelta(days=500))


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


@pytest.mark.parametrize("ending", [lapse, lambda user: user.end_sessions()], ids=["idle", "ended elsewhere"])
def test_an_article_is_there_again_after_the_login(client, editor, ending):
    article = make_article(title="Before")
    log_in(client, editor)
    client.get(change(article))
    ending(editor)
    assert client.post(change(article), typed(article)).status_code == 302
    page = log_in(client, editor, next=change(article))
    assert page.request["PATH_INFO"] == KEPT_PAGE
    assertContains(page, "Nothing was saved or decided yet. Everything you typed is below.")
    assert "hush" not in page.content.decode()
    article.refresh_from_db()
    assert article.title == "Before"
    client.post(change(article), fields_of(page))
    article.refresh_from_db()
    assert (article.title, article.body) == ("Sun & shade", "<p>Wear a hat.</p>\n<p>And <b>sleeves</b>.</p>")
    assert client.get(KEPT_PAGE)["Location"] == "/admin/"


def test_a_decision_is_there_again_and_made_on_the_version_that_was_seen(client):
    moderator, comment = make_user("Moderators"), make_comment()
    log_in(client, moderator)
    lapse(moderator)
    decision = {"action": "approve", "_selected_action": comment.pk, f"version-{comment.pk}": comment.version}
    client.post("/admin/comments/comment/", decision)
    page = log_in(client, moderator)
    assert page.request["PATH_INFO"] == KEPT_PAGE
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    client.post("/admin/comments/comment/", fields_of(page))
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_the_form_waits_through_the_second_factor(client, editor):
    give_app(editor)
    log_in(client, editor)
    client.post("/admin/account/authenticate/", {"code": code()})
    lapse(editor)
    article = make_article()
    client.post(change(article), typed(article))
    log_in(client, editor)
    assert client.get(KEPT_PAGE)["Location"].startswith("/admin/login/")
    page = client.post("/admin/account/authenticate/", {"code": code()}, follow=True)
    assertContains(page, "Wear a hat")


def test_what_a_page_opened_in_between_forgets_nothing(client, editor):
    """The first answer after the end replaces the cookie by which the browser was known."""
    article = make_article()
    log_in(client, editor)
    lapse(editor)
    client.get("/admin/", follow=True)
    client.post(change(article), typed(article))
    client.post("/admin/articles/article/", {"from": "a script of the page"}, headers={"Sec-Fetch-Mode": "cors"})
    assertContains(log_in(client, editor), "Wear a hat")


def test_a_strangers_form_is_not_kept(client, editor):
    client.post(change(make_article()), typed(make_article()))
    stranger = Client()
    stranger.cookies["sessionid"] = "a" * 32
    stranger.post(change(make_article()), typed(make_article()))
    assert not Session.objects.exists()
    assert log_in(client, editor).request["PATH_INFO"] == "/admin/"


def test_a_form_without_a_valid_token_is_not_kept(editor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    lapse(editor)
    article = make_article()
    assert browser.post(change(article), typed(article)).status_code == 403
    assert Session.objects.get(ended_at=None).user == editor


def test_another_person_does_not_see_it(client, editor):
    article = make_article()
    log_in(client, editor)
    lapse(editor)
    client.post(change(article), typed(article))
    page = log_in(client, make_user("Editors"))
    assert page.request["PATH_INFO"] == "/admin/"
    assert client.get(KEPT_PAGE)["Location"] == "/admin/"


def test_it_waits_for_an_hour(client, editor):
    article = make_article()
    log_in(client, editor)
    lapse(editor)
    client.post(change(article), typed(article))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        assert log_in(client, editor).request["PATH_INFO"] == "/admin/"


def test_more_than_a_megabyte_is_not_kept(client, editor):
    article = make_article()
    log_in(client, editor)
    lapse(editor)
    client.post(change(article), typed(article) | {"body": "x" * kept_forms.MOST})
    assert log_in(client, editor).request["PATH_INFO"] == "/admin/"


def test_the_database_does_not_show_what_waits(client, editor):
    article = make_article()
    log_in(client, editor)
    lapse(editor)
    client.post(change(article), typed(article))
    assert "Wear a hat" not in str(Session.objects.values_list("session_data", flat=True))
    assert "Wear a hat" in str(client.session[kept_forms.KEPT])
