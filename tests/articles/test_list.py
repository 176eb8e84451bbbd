"""The list of articles: its order, and what it says beside each title."""

import datetime

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.models import Article
from comments.models import CommentSettings, State
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db


def days_ago(days):
    return time_machine.travel(timezone.now() - datetime.timedelta(days=days))


def test_what_is_in_the_archive_stands_last(client):
    with days_ago(90):
        oldest = make_published(title="Oldest")
    with days_ago(30):
        older = make_published(title="Older")
    archived = make_published(title="Archived")
    workflow.archive(archived, by=make_user("Editors"))
    assert list(client.get("/").context["page_obj"]) == [older, oldest, archived]
    assert list(client.get("/search/?q=words").context["results"]) == [older, oldest, archived]


def test_an_overdue_page_names_its_reviewer_in_the_list(client):
    with days_ago(400):
        make_published()
    page = client.get("/")
    assertContains(page, "Review overdue")
    assertContains(page, "Last reviewed by Rita Reviewer, MD.")


def test_nobody_is_asked_for_a_comment_that_is_not_taken(client):
    make_published(comments_open=False)
    assertContains(client.get("/"), "Comments closed")
    assertNotContains(client.get("/"), "No comments yet")


def test_a_closed_page_still_counts_its_comments(client):
    article = make_comment(state=State.APPROVED).article
    Article.objects.update(comments_open=False)
    assertContains(client.get("/"), "1 comment")
    assertContains(client.get(article.get_absolute_url()), "Comments on this page are closed.")


def test_a_site_that_takes_no_comments_asks_for_none(client):
    make_published()
    assertContains(client.get("/"), "No comments yet")
    CommentSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
    assertNotContains(client.get("/"), "No comments yet")


@pytest.mark.parametrize("owner", ["", "The Lupus Trust"])
def test_the_start_page_says_what_this_is_and_who_runs_it(client, settings, owner):
    settings.SITE_OWNER = owner
    page = client.get("/")
    assertContains(page, "is a free library of health articles for people living with lupus")
    assertContains(page, ", run by The Lupus Trust.", count=bool(owner))


def test_the_start_page_has_the_search_box(client):
    article = make_published(title="Hats")
    page = client.get("/").content.decode()
    form = page[page.index('role="search"') - 200 :].split("</form>")[0]
    assert 'action="/search/"' in form
    assert 'name="q"' in form
    assertContains(client.get("/search/?q=hats"), article.title)


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (200, 1), (230, 2), (870, 4), (885, 5)])
def test_how_long_reading_takes_stands_beside_each_title(client, words, minutes):
    article = make_published(title="Hats", summary="About hats.", body=f"<p>{'brim ' * words}</p>")
    for address in ("/", "/search/?q=hats", f"/reviewers/{article.sign_offs.get().reviewer.slug}/"):
        assertContains(client.get(address), f"{minutes} min read")


@pytest.mark.parametrize("headings", [0, 3])
def test_the_form_is_one_press_away(client, headings):
    article = make_published(body="<p>x</p>" + "".join(f"<h2>Part {number}</h2><p>x</p>" for number in range(headings)))
    skip, listed = '<a class="skip" href="#add">Add a comment</a>', '<li lang="en"><a href="#add">Add a comment</a></li>'
    assertContains(client.get(article.get_absolute_url()), skip)
    assertContains(client.get(article.get_absolute_url()), listed, count=bool(headings))
    Article.objects.update(comments_open=False)
    assertNotContains(client.get(article.get_absolute_url()), 'href="#add"')


def test_the_name_field_asks_the_browser_for_a_nickname(client):
    assertContains(client.get(make_published().get_absolute_url()), 'autocomplete="nickname"')
