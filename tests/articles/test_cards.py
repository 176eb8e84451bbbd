"""What chats and social networks show when somebody sends the address of an article."""

import datetime
import html
import re

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from articles import workflow
from articles.models import SignOff
from articles.pictures.uploading import upload
from tests.articles.test_pictures import photo, saved
from tests.articles.test_record import change, editor
from tests.factories import make_article, make_published, make_reviewer

pytestmark = pytest.mark.django_db


def card(client, article):
    """Return property -> content of the card on the page."""
    found = re.findall(
        r'<meta property="(og:[a-z_:]+)" content="([^"]*)">', client.get(article.get_absolute_url()).content.decode()
    )
    assert len(found) == len(dict(found))
    return {name: html.unescape(content) for name, content in found}


def line(client, article):
    """Return what the card says before the summary."""
    return card(client, article)["og:description"].removesuffix(" What it is about.")


def today():
    return date_format(timezone.localdate())


def test_a_card_has_the_frozen_title_the_review_and_the_summary(client, settings):
    article = make_published(title='Hats & "Caps"', summary="What to wear [1].", sources=["About hats"])
    settings.SITE_URL = "https://lupus.example"
    type(article).objects.update(title="A title nobody signed")
    assert card(client, article) == {
        "og:type": "article",
        "og:site_name": settings.SITE_NAME,
        "og:title": 'Hats & "Caps"',
        "og:description": f"Reviewed by Rita Reviewer, MD on {today()}. What to wear.",
        "og:url": f"https://lupus.example{article.get_absolute_url()}",
    }


def test_a_card_of_an_overdue_page_says_since_when(client):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=400)):
        article = make_published()
        day = today()
    due = date_format(SignOff.objects.get().valid_until)
    assert line(client, article) == f"Reviewed by Rita Reviewer, MD on {day}. The next review was due on {due}."


def test_a_card_of_a_changed_page_does_not_say_reviewed_by(client):
    article, by = make_published(body="<p>Wear a hat every day.</p>"), editor()
    revision = change(article, "Wear a hat each day.", by=by, change="correction", note="A word was wrong.")
    workflow.publish_urgently(revision, by=by, reason="The owner asked.")
    assert line(client, article) == f"Changed on {today()} and not reviewed since."


def test_a_card_of_a_page_that_nobody_signed_says_so(client):
    article = make_article()
    revision = workflow.submit(article, by=editor())
    type(revision).objects.filter(pk=revision.pk).update(published_at=timezone.now())
    assert line(client, article) == "No reviewer has checked this page yet."


def test_a_card_of_a_page_in_the_archive_says_so_and_that_its_approval_was_withdrawn(client):
    article = make_published()
    workflow.archive(article, by=editor())
    archived = f"Kept for reference; not updated since {today()}."
    assert line(client, article) == f"{archived} Reviewed by Rita Reviewer, MD on {today()}."
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error in the numbers.")
    assert line(client, article) == f"{archived} The approval of this page was withdrawn."


def test_a_card_names_who_said_what_an_earlier_site_stated(client):
    article = make_article()
    workflow.publish_stated(workflow.submit(article, by=None), make_reviewer(), edited=True)
    assert line(client, article) == "Reviewed and edited by Rita Reviewer, MD, according to our previous site."


def test_a_card_has_the_first_picture_that_was_signed(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SITE_URL = "https://lupus.example"
    first, second = (upload(saved(photo(width, 600)), by=editor(), alt=f"{width} wide") for width in (2000, 700))
    figures = [f'<figure><img alt="{alt}" src="/pictures/{one.name}"></figure>' for one, alt in ((first, "A hat"), (second, ""))]
    article = make_published(body=f"<p>Words.</p>{figures[0]}{figures[1]}")
    type(article).objects.update(body=figures[1])
    found = card(client, article)
    assert {name: value for name, value in found.items() if "image" in name} == {
        "og:image": f"https://lupus.example/pictures/{first.name}",
        "og:image:width": "1600",
        "og:image:height": "480",
        "og:image:alt": "A hat",
    }
    assert client.get(found["og:image"].removeprefix("https://lupus.example")).headers["Content-Type"] == "image/jpeg"


def test_a_decorative_picture_is_shown_without_words(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    picture = upload(saved(photo()), by=editor(), is_decorative=True)
    article = make_published(body=f'<p>Words.</p><figure><img alt="" src="/pictures/{picture.name}"></figure>')
    assert "og:image:alt" not in card(client, article)
    assert card(client, article)["og:image:width"] == "800"


def test_a_card_without_a_picture_names_none(client):
    assert not any("image" in name for name in card(client, make_published()))
