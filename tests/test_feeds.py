"""Both feeds, by the rules of RFC 4287: full and empty, at any address, when a page moves or goes."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, SiteIdentity
from comments.flows.erasing import withdraw
from comments.models import Comment, State
from tests.factories import make_comment, make_published, make_user
from tests.feeds import ATOM, SITE, identity, moment, only, said, valid

pytestmark = pytest.mark.django_db

LOW = "Doctors call a level <LOQ when it is small, and platelets <70 are low. C3 & C4 &amp; more."


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


def comment_feed(article):
    return f"/articles/{article.slug}/feed/"


def entries(feed):
    return feed.findall(f"{ATOM}entry")


@pytest.mark.parametrize("owner", ["", "Lupus Friends"])
def test_empty_feeds_are_valid(client, settings, owner):
    settings.SITE_OWNER = owner
    assert entries(valid(client.get("/feed/"), "/feed/")) == []
    article = make_published()
    assert entries(valid(client.get(comment_feed(article)), comment_feed(article))) == []


def test_full_feeds_are_valid_whatever_host_was_asked(client):
    first = make_comment(state=State.APPROVED, name="Ana & <Bo>")
    make_comment(state=State.APPROVED, article=first.article)
    make_published()
    for path, count in (("/feed/", 2), (comment_feed(first.article), 2)):
        feed = valid(client.get(path, headers={"host": "localhost:9999"}), path)
        assert len(entries(feed)) == count


def test_no_word_of_plain_text_is_lost(client):
    comment = make_comment(article=make_published(title=LOW, summary=LOW), state=State.APPROVED, body=LOW)
    entry = valid(client.get("/feed/"), "/feed/").find(f"{ATOM}entry")
    assert (only(entry, "title").text, said(entry)) == (LOW, LOW)
    path = comment_feed(comment.article)
    feed = valid(client.get(path), path)
    assert said(feed.find(f"{ATOM}entry")) == LOW
    assert only(feed, "title").text == f"Comments on {LOW}"


def test_a_comment_names_its_author(client):
    comment = make_comment(state=State.APPROVED, name="Ana & <Bo>")
    path = comment_feed(comment.article)
    entry = valid(client.get(path), path).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Ana & <Bo>"


def test_signs_that_no_feed_may_hold_are_left_out(client, settings):
    settings.SITE_NAME = settings.SITE_OWNER = "Lupus\x0b \x1bLibrary\ufffe"
    make_comment(state=State.APPROVED, name="Ana")
    Comment.objects.update(name="A\x02na", body="Some\x08 words\uffff")
    path = comment_feed(Comment.objects.get().article)
    assert said(valid(client.get(path), path).find(f"{ATOM}entry")) == "Some words"
    assert only(valid(client.get("/feed/"), "/feed/"), "title").text == "Lupus Library"


def test_ids_survive_a_new_slug_a_new_version_and_a_new_address_of_the_site(client, settings):
    comment = make_comment(state=State.APPROVED)
    article = comment.article

    def ids(path):
        feed = valid(client.get(path), path)
        return [identity(element) for element in (feed, *entries(feed))]

    before = ids("/feed/"), ids(comment_feed(article))
    editor = make_user("Editors")
    Article.objects.update(slug="moved", summary="Other words.")
    revision = workflow.submit(Article.objects.get(), by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=article.sign_offs.get().reviewer.user)
    workflow.publish(revision, by=editor)
    assert (ids("/feed/"), ids("/articles/moved/feed/")) == before
    settings.SITE_URL = "https://other.example"
    again = client.get("/feed/").content.decode()
    assert "https://other.example/articles/moved/" in again
    assert all(one in again for one in before[0])


def test_the_id_of_the_site_is_its_own():
    """Made with the database: two sites that run the same program must not share one."""
    assert SiteIdentity.objects.get().uuid.version == 4


@pytest.mark.parametrize("count", [0, 1])
def test_a_feed_that_did_not_change_is_not_sent_again(client, count):
    article = make_published()
    for _ in range(count):
        make_comment(article=article, state=State.APPROVED)
    for path in ("/feed/", comment_feed(article)):
        first = client.get(path)
        assert "Last-Modified" not in first.headers
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_an_empty_feed_has_a_fixed_date(client):
    article = make_published()
    began = article.revision.published_at
    path = comment_feed(article)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert moment(valid(client.get(path), path), "updated") == began
    workflow.withdraw(article, reason="Because", by=make_user("Editors"))
    etag = client.get("/feed/").headers["ETag"]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert client.get("/feed/", headers={"If-None-Match": etag}).status_code == 304


def test_a_feed_does_not_claim_to_be_unchanged_after_a_page_or_comment_went(client):
    comment = make_comment(state=State.APPROVED)
    etags = [client.get(path).headers["ETag"] for path in ("/feed/", comment_feed(comment.article))]
    withdraw(comment)
    assert client.get(comment_feed(comment.article), headers={"If-None-Match": etags[1]}).status_code == 200
    workflow.withdraw(comment.article, reason="Because", by=make_user("Editors"))
    assert client.get("/feed/", headers={"If-None-Match": etags[0]}).status_code == 200


def test_the_comments_of_a_withdrawn_page_answer_as_the_page_does(client):
    comment = make_comment(state=State.APPROVED, body="Words of a reader")
    article = comment.article
    workflow.withdraw(article, reason="The study was withdrawn.", by=make_user("Editors"))
    page, feed = client.get(article.get_absolute_url()), client.get(comment_feed(article))
    assert (page.status_code, feed.status_code) == (410, 410)
    assert "The study was withdrawn." in feed.content.decode()
    assert "Words of a reader" not in feed.content.decode()


def test_the_comments_of_a_draft_are_not_found(client):
    assert client.get("/articles/nothing/feed/").status_code == 404


def test_both_feeds_are_linked_in_words(client):
    article = make_published()
    for page, feed in ((article.get_absolute_url(), comment_feed(article)), ("/", reverse("articles:feed"))):
        assert f' href="{feed}"' in client.get(page).content.decode().split("<main")[1]
