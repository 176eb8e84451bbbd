"""A page whose text no reviewer stands behind today says so first: in a banner, and in one line directly under the title."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.models import Article, SignOff
from tests.articles.test_record import change, editor
from tests.factories import make_article, make_published

pytestmark = pytest.mark.django_db


def opening(client, article):
    """Return the words before the title, and those of the line directly under it."""
    page = client.get(article.get_absolute_url()).content.decode()
    before, after = page.split("<main", 1)[1].split('<h1 id="title">')
    line = re.match(r".*?</h1>\s*(?:<p class=\"caution[^>]*>(.*?)</p>)?\s*</hgroup>", after, re.DOTALL)[1]
    return tuple(" ".join(re.sub("<[^>]*>", " ", part or "").split()) for part in (before.split(">", 1)[1], line))


def revoke():
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error in the numbers.")


def test_a_page_that_was_signed_says_nothing_first(client):
    before, line = opening(client, make_published())
    assert "vouches" not in before
    assert line == ""


def test_a_revoked_page_says_so_before_its_title(client):
    article = make_published()
    revoke()
    before, line = opening(client, article)
    assert "The approval of this page was withdrawn." in before
    assert "Reason: An error in the numbers." in before
    assert line == "The reviewer no longer vouches for this page."


def test_an_overdue_page_says_so_under_its_title(client):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=400)):
        article = make_published()
    assert opening(client, article)[1].startswith("The next review is overdue. It was due on")


def test_a_changed_page_says_so_under_its_title(client):
    article, by = make_published(body="<p>Wear a hat every day.</p>"), editor()
    revision = change(article, "Wear a hat each day.", by=by, change="correction", note="A word was wrong.")
    workflow.publish_urgently(revision, by=by, reason="The owner asked.")
    line = opening(client, article)[1]
    assert line.startswith("Changed on")
    assert line.endswith("and not reviewed since.")


def test_a_page_that_nobody_signed_says_so_under_its_title(client):
    article = make_article()
    revision = workflow.submit(article, by=editor())
    type(revision).objects.filter(pk=revision.pk).update(published_at=timezone.now())
    assert opening(client, article)[1] == "No reviewer has checked this page yet."


def test_the_archive_does_not_hide_it(client):
    article = make_published()
    workflow.archive(article, by=editor())
    assert opening(client, article)[1] == ""
    revoke()
    before, line = opening(client, Article.objects.get())
    assert "We keep this page for reference." in before
    assert "The approval of this page was withdrawn." in before
    assert line == "The reviewer no longer vouches for this page."
