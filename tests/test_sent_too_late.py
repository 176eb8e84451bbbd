"""A form of the admin whose token is too old: what was typed comes back, and nobody sends again what a stranger wrote."""

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser():
    """A browser that checks tokens, in which an editor is logged in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("Editors", username="ed", password="secret words"))
    return browser


def typed(article):
    return {
        "title": "Sun & shade", "slug": article.slug, "summary": "What it is about.", "need_to_know": "",
        "body": "<p>Wear a hat.</p>\r\n<p>And <b>sleeves</b>.</p>", "language": "en", "opened": "1", "comments_open": "on",
        "sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0", "csrfmiddlewaretoken": "x" * 64, "my_password": "hush",
    }  # fmt: skip


def fields_of(page):
    """Return the fields of the form that came back, as a browser sends them."""
    html = page.content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    shown = re.findall(r'<textarea id="typed-\d+" name="([^"]*)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    return {unescape(name): unescape(value) for name, value in hidden + shown}


def test_what_was_typed_comes_back_and_is_saved_by_one_press(browser):
    article = make_article()
    address = f"/admin/articles/article/{article.pk}/change/"
    browser.get(address)
    page = browser.post(address, typed(article), headers=OURS)
    assertContains(page, "Everything you typed is below", status_code=403)
    assertNotContains(page, "hush", status_code=403)
    browser.post(address, fields_of(page), headers=OURS)
    article.refresh_from_db()
    assert (article.title, article.body) == ("Sun & shade", "<p>Wear a hat.</p>\n<p>And <b>sleeves</b>.</p>")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {}, {"Origin": "https://x.example"}]
)
def test_what_a_stranger_wrote_is_not_there_to_be_sent_again(browser, headers):
    article = make_article()
    page = browser.post(f"/admin/articles/article/{article.pk}/change/", typed(article), headers=headers)
    assert page.status_code == 403
    assertNotContains(page, "Wear a hat", status_code=403)
    assert Article.objects.get().title == article.title


def test_the_second_of_two_login_tabs_lets_in_too():
    make_user("Editors", username="ed", password="secret words")
    browser = Client(enforce_csrf_checks=True)
    login = "/admin/login/?next=/admin/articles/article/"
    tabs = [re.search('name="csrfmiddlewaretoken" value="([^"]*)"', browser.get(login).content.decode())[1] for _ in range(2)]
    data = {"username": "ed", "password": "secret words"}
    assert browser.post(login, data | {"csrfmiddlewaretoken": tabs[0]}, headers=OURS).status_code == 302
    second = browser.post(login, data | {"csrfmiddlewaretoken": tabs[1]}, headers=OURS, follow=True)
    assert second.request["PATH_INFO"] == "/admin/articles/article/"
    assert second.status_code == 200
