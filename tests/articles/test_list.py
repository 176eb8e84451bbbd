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
    assertContains(page, "The next check is late")
    assertContains(page, "Reviewed by Rita Reviewer, MD")


def test_nobody_is_asked_for_a_comment_that_is_not_taken(client):
    make_published(comments_open=False)
    assertContains(client.get("/"), "Comments are closed")
    assertNotContains(client.get("/"), "No comment yet")


def test_a_closed_page_still_counts_its_comments(client):
    article = make_comment(state=State.APPROVED).article
    Article.objects.update(comments_open=False)
    assertContains(client.get("/"), "1 comment")
    assertContains(client.get(article.get_absolute_url()), "Comments on this page are closed.")


def test_a_site_that_takes_no_comments_asks_for_none(client):
    make_published()
    assertContains(client.get("/"), "No comment yet")
    CommentSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
    assertNotContains(client.get("/"), "No comment yet")
