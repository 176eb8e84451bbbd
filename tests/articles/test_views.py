"""The public pages of articles: list, article, search, feed, sitemap."""

import datetime
import re
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import searching, workflow
from articles.models import Article, Revision, SignOff, Source
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_page_shows_what_was_frozen(client):
    article = make_published(
        title="Sun & Shade", summary="About hats.", need_to_know="- Wear one", body="<h2>Why Hats</h2><p>Brims.</p>"
    )
    page = client.get(article.get_absolute_url())
    assertContains(page, '<h1 id="title">Sun &amp; Shade</h1>', html=True)
    assertContains(page, "<p>About hats.</p>", html=True)
    assertContains(page, "<ul><li>Wear one</li></ul>", html=True)
    assertContains(page, '<h2 id="why-hats">Why Hats</h2>', html=True)
    assertContains(page, "Reviewed by Rita Reviewer, MD")


def test_marks_on_the_page_lead_to_a_source_that_is_there(client):
    article = make_article(summary="S [1].", body="<p>Brims [1]. Rims [2].</p>")
    Source.objects.create(article=article, position=1, title="About brims", pmid="12")
    Source.objects.create(article=article, position=2, title="About rims")
    page = client.get(publish(article).get_absolute_url()).content.decode()
    for number in (1, 2):
        assert f'href="#source-{number}"' in page
        assert page.count(f'id="source-{number}"') == page.count(f'id="mark-{number}"') == 1
    assert "https://pubmed.ncbi.nlm.nih.gov/12/" in page


def publish(article):
    """Submit, sign and publish the working copy."""
    editor = make_user("Editors")
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=make_reviewer().user)
    workflow.publish(revision, by=editor)
    return Article.objects.live().get(pk=article.pk)


@pytest.mark.parametrize("headings", [2, 3])
def test_a_contents_list_when_there_are_three_headings(client, headings):
    article = make_published(body="".join(f"<h2>Part {number}</h2><p>x</p>" for number in range(headings)))
    page = client.get(article.get_absolute_url()).content.decode()
    assert ("On this page" in page) == (headings == 3)


def test_a_draft_is_not_found(client):
    article = make_article(title="Secret draft")
    workflow.submit(article, by=make_user("Editors"))
    assert client.get(article.get_absolute_url()).status_code == 404
    for name in ("articles:home", "articles:list", "articles:feed", "sitemap"):
        assertNotContains(client.get(reverse(name)), "ecret")
    assertNotContains(client.get(reverse("articles:search"), {"q": "draft"}), "Secret draft")


def test_an_edit_that_is_not_published_is_not_seen(client):
    article = make_published(title="Old words")
    Article.objects.update(title="New words")
    assertNotContains(client.get(article.get_absolute_url()), "New words")
    assertNotContains(client.get("/"), "New words")


def test_a_withdrawn_page_keeps_its_address_and_says_why(client):
    article = make_published(body="<p>Wrong advice.</p>")
    workflow.withdraw(article, reason="The study was withdrawn.", by=make_user("Editors"))
    page = client.get(article.get_absolute_url())
    assertContains(page, "The study was withdrawn.", status_code=410)
    assertNotContains(page, "Wrong advice", status_code=410)
    assertNotContains(client.get("/"), article.title)


def test_the_page_says_when_the_words_changed_after_the_signature(client):
    article = make_published()
    editor = make_user("Editors")
    Article.objects.update(body="<p>Other words.</p>")
    revision = workflow.submit(article, by=editor)
    # An urgent publication is not built yet; this is the row that one leaves.
    Revision.objects.live().update(retired_at=timezone.now())
    Revision.objects.filter(pk=revision.pk).update(published_at=timezone.now())
    page = client.get(article.get_absolute_url())
    assertContains(page, "Changed since the review")
    assertNotContains(page, "All of this page")


def test_the_page_says_when_a_signature_was_taken_back(client):
    article = make_published()
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error in the numbers.")
    assertContains(client.get(article.get_absolute_url()), "Approval withdrawn")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_articles_only_answer_readers(client, method):
    article = make_published()
    for address in (article.get_absolute_url(), "/", reverse("articles:search")):
        assert getattr(client, method)(address).status_code == 405


def test_head_is_answered(client):
    assert client.head(make_published().get_absolute_url()).status_code == 200


def test_a_page_costs_three_queries_for_the_article(client, django_assert_max_num_queries):
    make_published()
    with django_assert_max_num_queries(3):
        article = Article.objects.live().get()
        assert article.revision.contents == []
        assert article.review.kind == "current"


def test_the_list_costs_the_same_for_any_number_of_articles(client, django_assert_max_num_queries):
    for _ in range(5):
        make_published()
    with django_assert_max_num_queries(7):
        client.get("/")


def test_the_list_shows_the_newest_review_first(client):
    stated = make_article(title="Stated", slug="stated")
    reviewer = make_reviewer()
    workflow.publish_stated(workflow.submit(stated, by=None), reviewer, edited=True)
    newer = make_published(title="Newer")
    with time_machine.travel(timezone.now() - datetime.timedelta(days=30)):
        older = make_published(title="Older")
    assert list(client.get("/").context["page_obj"]) == [newer, older, stated]


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "", "1.0", "１", "1e3", "9" * 400, "1\x00", "01"])
def test_a_page_of_the_list_that_is_not_there_is_not_found(client, page):
    make_published()
    assert client.get("/", {"page": page}).status_code == 404


def test_the_list_is_cut_into_pages_of_fifty(client):
    article = make_published()
    revision = article.revision
    for number in range(51):
        copy = make_article(title=f"Copy {number:02}")
        fields = {"number": 1, "content": revision.content.replace(revision.title, copy.title), "format": 1, "search_text": ""}
        Revision.objects.create(article=copy, sha256=f"{number:064}", published_at=timezone.now(), **fields)
    first, second = client.get("/"), client.get("/?page=2")
    assert len(first.context["page_obj"].object_list) == 50
    assert len(second.context["page_obj"].object_list) == 2


def search(client, q):
    page = client.get(reverse("articles:search"), {"q": q})
    assert page.status_code == 200
    return [article.title for article in page.context["results"]]


@pytest.mark.parametrize("q", ["hats", "HÁT", "brim shade", "  Shade,\n “brim”! ", "summary", "knowing", "a doctor's brim"])
def test_search_finds_every_word_in_any_part(client, q):
    make_published(
        title="Hats",
        summary="In summary.",
        need_to_know="Worth knowing.",
        body="<p>A brim gives <b>shade</b>, a doctor’s hat.</p>",
    )
    make_published(title="Other", summary="Gloves.")
    assert search(client, q) == ["Hats"]


@pytest.mark.parametrize("q", ["hats gloves", "%", "_", "\\", "'", "strong", "aria", "hats rims"])
def test_search_finds_nothing_else(client, q):
    make_published(title="Hats", body="<p><strong>A</strong> brim.</p>")
    assert search(client, q) == []


@pytest.mark.parametrize(
    "q", ["", " ", "\0", "\0hats", "x" * 100_000, "a " * 5000, "\ud7ff\U0010ffff", "'; DROP TABLE", "\u202e", "́"]
)
def test_any_search_gets_a_page(client, q):
    make_published(title="Hats")
    assert client.get(reverse("articles:search"), {"q": q}).status_code == 200


def test_a_search_that_is_not_utf8_gets_a_page(client):
    assert client.get("/search/?q=%ff%fe%00").status_code == 200
    assert client.get("/search/").status_code == 200


def test_search_does_not_find_what_was_withdrawn_or_replaced(client):
    article = make_published(title="Hats", body="<p>Old brim.</p>")
    Article.objects.update(body="<p>New rim.</p>")
    publish(article)
    assert search(client, "brim") == []
    workflow.withdraw(article, reason="Because", by=make_user("Editors"))
    assert search(client, "rim") == []


def test_the_feed_has_the_summary_without_marks_and_the_date_of_the_text(client, settings):
    settings.SITE_URL = "https://lupus.example"
    article = make_published(title="Hats & Caps", summary="About <hats> [1].", sources=["Hats"])
    response = client.get(reverse("articles:feed"))
    assert response["Content-Type"].startswith("application/atom+xml")
    entry = ElementTree.fromstring(response.content).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Hats & Caps"
    assert entry.find(f"{ATOM}summary").text == "About <hats>."
    assert entry.find(f"{ATOM}link").get("href") == f"https://lupus.example{article.get_absolute_url()}"
    updated = datetime.datetime.fromisoformat(entry.find(f"{ATOM}updated").text)
    assert abs(updated - article.revision.published_at) < datetime.timedelta(seconds=1)


def test_the_sitemap_names_published_articles(client, settings):
    settings.SITE_URL = "https://lupus.example"
    article = make_published()
    assertContains(client.get(reverse("sitemap")), f"//lupus.example{article.get_absolute_url()}</loc>")


def new_slug(article, editor):
    Article.objects.filter(pk=article.pk).update(slug="moved")


def withdrawn(article, editor):
    workflow.withdraw(article, reason="Because", by=editor)


def restored(article, editor):
    workflow.restore(article, by=editor)


def test_a_long_sitemap_is_a_list_of_files_that_name_every_article_once(client, monkeypatch):
    monkeypatch.setattr("articles.sitemaps.OwnSitemap.limit", 2)
    articles = [make_published() for _ in range(5)]
    index = client.get("/sitemap.xml").content.decode()
    files = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", index)
    assert files == [*(f"/sitemap-articles.xml?p={page}" for page in (1, 2, 3)), "/sitemap-topics.xml?p=1"]
    found = "".join(client.get(file).content.decode() for file in files)
    assert all(found.count(f"{article.get_absolute_url()}</loc>") == 1 for article in articles)
    for wrong in ("?p=4", "?p=0", "?p=x", "?p=-1", "?p="):
        assert client.get(f"/sitemap-articles.xml{wrong}").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_sitemap_never_claims_to_be_unchanged_when_it_is_not(client):
    """Its oldest text decides what Django calls Last-Modified, and that does not move with any of these."""
    kept, article, editor = make_published(), make_published(), make_user("Editors")
    for change in (new_slug, withdrawn, restored):
        before = client.get("/sitemap.xml")
        since = timezone.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
        change(Article.objects.get(pk=article.pk), editor)
        for condition in ({"If-None-Match": before.headers["ETag"]}, {"If-Modified-Since": since}):
            after = client.get("/sitemap.xml", headers=condition)
            assert after.status_code == 200
            assert after.content != before.content
            assert kept.get_absolute_url() in after.content.decode()
    unchanged = client.get("/sitemap.xml", headers={"If-None-Match": after.headers["ETag"]})
    assert unchanged.status_code == 304


TEXTS = ('"articles_revision"."content"', '"articles_revision"."search_text"', '"articles_article"."body"')


def texts_loaded(queries):
    """Return how many rows with a whole text these queries bring."""
    rows = 0
    for query in queries:
        columns = query["sql"].split(" FROM ")[0]
        if columns.startswith("SELECT") and any(text in columns for text in TEXTS):
            with connection.cursor() as cursor:
                cursor.execute(query["sql"])
                rows += len(cursor.fetchall())
    return rows


@pytest.mark.parametrize(("name", "printed"), [("articles:feed", 2), ("sitemap", 0)])
def test_feed_and_sitemap_load_no_text_that_they_do_not_print(client, monkeypatch, name, printed):
    monkeypatch.setattr("articles.feeds.ENTRIES", 2)
    for _ in range(4):
        make_published()
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    for _ in range(4):
        make_published()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert texts_loaded(few) == texts_loaded(many) == printed
    assert len(few) == len(many)


def test_the_feed_has_the_newest_texts_first(client, monkeypatch):
    monkeypatch.setattr("articles.feeds.ENTRIES", 2)
    for day, title in enumerate(["Oldest", "Older", "Newest"]):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=day)):
            make_published(title=title)
    entries = ElementTree.fromstring(client.get(reverse("articles:feed")).content).findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == ["Newest", "Older"]


@pytest.mark.parametrize(
    "q", ["neph", "NEPHR", "nephritis", "vitamin d", "and or", "both", "c3 60", "el nandu", "example org", "ループス"]
)
def test_search_finds_where_a_word_begins(client, q):
    make_published(
        title="Nephritis", body="<p>Vitamin D and/or both: C3 &lt; 60. El ñandú; www.example.org/x. 全身性ループス</p>"
    )
    make_published(title="Other", summary="Gloves, or so. C4.")
    assert search(client, q) == ["Nephritis"]


@pytest.mark.parametrize("q", ["ritis", "vitamin ne", "d3", "ophritis", "c 3"])
def test_search_does_not_find_the_middle_of_a_word_nor_begins_with_two_letters(client, q):
    make_published(title="Nephritis", body="<p>Vitamin D and C3.</p>")
    assert search(client, q) == []


def test_the_index_of_the_search_is_kept_whoever_publishes(client):
    first = make_published(title="Hats").revisions.get()
    searching.drop(connection)
    copy = make_article(title="Copy")
    fields = {"number": 1, "content": first.content, "sha256": first.sha256, "format": 1, "published_at": timezone.now()}
    Revision.objects.create(article=copy, search_text="bonnets", **fields)
    searching.put_back(sender=None, using="default")  # As every migrate does; what was written meanwhile is there.
    assert searching.check(None, ["default"]) == []
    assert client.get("/search/?q=bonnet").context["results"][0] == copy
    assert client.get("/search/?q=hats").context["results"][0] == first.article
