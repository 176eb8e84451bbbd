"""The review record for readers: every version, a reviewer's page, former addresses."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import canonical, workflow
from articles.models import Address, Article, ArticleEvent, Reviewer, Revision, SignOff
from comments.models import CommentSettings, State
from tests.articles.test_record import change, editor, sign, words_of
from tests.factories import make_article, make_comment, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def changes_of(article):
    return reverse("articles:changes", args=[article.slug])


@pytest.fixture
def article():
    """Published twice: signed, then changed urgently with a note."""
    article = make_published(title="Hats", body="<p>Wear a hat every day.</p>")
    by = editor()
    revision = change(article, "Wear a hat each day.", by=by, change="correction", note="A word was wrong.")
    workflow.publish_urgently(revision, by=by, reason="The owner asked by telephone.")
    return article


def test_every_version_is_told_with_its_difference(client, article):
    page = client.get(changes_of(article))
    words = words_of(page)
    assert words.index("Version 2") < words.index("Version 1")
    assert "Correction: A word was wrong." in words
    assert "It went online before a reviewer signed it." in words
    assert "This is the first version on this site." in words
    assertContains(page, '<del><span class="away"> removed: </span>every')
    assertContains(page, '<ins><span class="away"> added: </span>each')
    assertNotContains(page, "telephone")


def test_signatures_are_told_with_scope_and_what_became_of_them(client, article):
    by, second = editor(), make_reviewer(name="Rosa Two")
    live = Revision.objects.live().get()
    sign(live, second, scope="changes")
    words = words_of(client.get(changes_of(article)))
    assert "Rosa Two, MD, changes only; full page reviewed on" in words
    workflow.revoke(SignOff.objects.get(scope="full"), by=by, reason="Wrong numbers.")
    words = words_of(client.get(changes_of(article)))
    assert "Reason: Wrong numbers." in words
    assert "No longer valid: it builds on Rita Reviewer, MD's signature, which was withdrawn on" in words


def test_a_version_that_never_was_online_is_not_told(client, article):
    change(article, "Canary words.", by=make_user("Editors"), note="Canary note.")
    for address in (changes_of(article), f"{article.get_absolute_url()}review.json"):
        assertNotContains(client.get(address), "anary")
    assert client.get(changes_of(article), {"version": "3"}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"version": "0"}, {"version": "x"}, {"version": "2\0"}, {"version": ""}, {"page": "2"}, {"page": "x"}]
)
def test_what_is_not_there_is_not_found(client, article, query):
    assert client.get(changes_of(article), query).status_code == 404


def test_a_draft_has_no_record(client):
    draft = make_article()
    workflow.submit(draft, by=make_user("Editors"))
    assert client.get(changes_of(draft)).status_code == 404


def make_history(article, count):
    """Give an article that many versions, as published one after the other."""
    now, first = timezone.now(), article.revision
    rows = []
    for number in range(2, count + 1):
        text = canonical.canonical_json(first.data | {"body_html": f"<p>Words of version {number}.</p>" * 50})
        stamps = {"submitted_at": now, "published_at": now, "retired_at": None if number == count else now}
        fields = {"content": text, "sha256": canonical.sha256(text), "format": 1, "search_text": ""}
        rows.append(Revision(article=article, number=number, **fields, **stamps))
    Revision.objects.live().filter(article=article).update(retired_at=now)
    Revision.objects.bulk_create(rows)
    reviewer = Reviewer.objects.first()
    day = datetime.date(2026, 1, 10)
    dates = {"signed_on": day, "read_on": day, "valid_until": day + datetime.timedelta(days=365)}
    SignOff.objects.bulk_create(
        SignOff(
            article=article, revision=row, sha256=row.sha256, scope="full", origin="signed", reviewer=reviewer, name="R", **dates
        )
        for row in Revision.objects.filter(article=article, number__gt=1)
    )


@pytest.mark.parametrize("query", [{}, {"page": "10"}, {"version": "7"}])
def test_two_hundred_versions_cost_what_two_do(client, query, django_assert_max_num_queries):
    article = make_published()
    make_history(article, 200)
    with django_assert_max_num_queries(7):
        page = client.get(changes_of(article), query)
    assert len(page.context["page_obj"].object_list) == 20
    assert len(page.content) < 60_000
    with django_assert_max_num_queries(7):
        record = client.get(f"{article.get_absolute_url()}review.json").json()
    assert len(record["earlier"]) == 199


def test_the_version_that_is_asked_for_is_shown_on_its_page(client):
    article = make_published()
    make_history(article, 45)
    page = client.get(changes_of(article), {"version": "7"})
    assert page.context["page_obj"].number == 2
    assertContains(page, "What changed since version 6")


# What a page costs


def test_a_page_with_comments_sources_and_signatures_costs_six_queries(client, django_assert_num_queries):
    article = make_published()
    make_comment(article=article, state=State.APPROVED)
    client.get(article.get_absolute_url())
    with django_assert_num_queries(6):
        client.get(article.get_absolute_url())


def test_the_switch_of_the_whole_site_still_closes_every_page(client):
    article = make_published()
    assertContains(client.get(article.get_absolute_url()), "Add a Comment")
    CommentSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
    assertContains(client.get(article.get_absolute_url()), "Comments on this page are closed.")


# Reviewers


def test_a_reviewer_has_a_page_with_what_they_stand_behind_now(client):
    reviewer = make_reviewer(name="Rosa Two", specialty="Rheumatology")
    article, other = make_published(title="Hats"), make_published(title="Gloves")
    sign(article.revision, reviewer)
    address = f"/reviewers/{reviewer.slug}/"
    assertContains(client.get(article.get_absolute_url()), f'href="{address}"')
    page = client.get(address)
    assertContains(page, "Rheumatology")
    assertContains(page, "Hats")
    assertNotContains(page, other.title)
    sign(other.revision, reviewer)
    workflow.revoke(SignOff.objects.get(article=article, reviewer=reviewer), by=editor(), reason="An error")
    page = client.get(address)
    assertNotContains(page, "Hats")
    assertContains(page, "Gloves")


def test_who_read_all_stands_behind_a_page_whose_changes_another_read(client, article):
    first = SignOff.objects.get().reviewer
    assertNotContains(client.get(f"/reviewers/{first.slug}/"), ">Hats</a>")
    sign(Revision.objects.live().get(), make_reviewer(), scope="changes")
    assertContains(client.get(f"/reviewers/{first.slug}/"), ">Hats</a>")


def test_a_reviewer_without_public_signatures_is_not_found(client):
    reviewer = make_reviewer()
    assert client.get(f"/reviewers/{reviewer.slug}/").status_code == 404
    revision = workflow.submit(make_article(), by=make_user("Editors"))
    sign(revision, reviewer)
    assert client.get(f"/reviewers/{reviewer.slug}/").status_code == 404
    assert client.get("/reviewers/nobody/").status_code == 404


def test_a_reviewer_with_many_pages_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    reviewer = make_reviewer()
    for _ in range(5):
        sign(make_published().revision, reviewer)
    with django_assert_max_num_queries(7):
        assert len(client.get(f"/reviewers/{reviewer.slug}/").context["articles"]) == 5


# Former addresses


@pytest.mark.parametrize("path", ["", "changes/", "review.json", "feed/", "?page=1&a=b", "changes/?version=1"])
def test_a_former_address_leads_to_the_present_one_for_ever(client, path):
    article = make_published(slug="old")
    article.slug = "new"
    article.save()
    Address.objects.create(article=article, slug="new")
    answer = client.get(f"/articles/old/{path}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/articles/new/{path}")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.post("/articles/old/comments/", {"body": "My words"}).status_code == 422


def test_a_former_link_to_a_comment_still_leads_to_it(client):
    comment = make_comment(article=make_published(slug="old"), state=State.APPROVED)
    Article.objects.update(slug="new")
    answer = client.get(f"/articles/old/comments/{comment.pk}/")
    assert answer.headers["Location"].startswith("/articles/new/?page=1")


def test_the_former_address_of_a_withdrawn_page_leads_to_the_reason(client):
    article = make_published(slug="old")
    workflow.withdraw(article, reason="Because", by=make_user("Editors"))
    Article.objects.update(slug="new")
    assert client.get("/articles/old/", follow=True).status_code == 410


def test_a_former_address_of_a_draft_tells_nothing(client):
    draft = make_article(slug="new-secret")
    Address.objects.create(article=draft, slug="old")
    assert client.get("/articles/old/").status_code == 404


def test_the_record_reads_only(client, article):
    for address in (
        changes_of(article),
        f"{article.get_absolute_url()}review.json",
        f"/reviewers/{Reviewer.objects.first().slug}/",
    ):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
        with connection.execute_wrapper(_only_reading):
            assert client.get(address).status_code == 200


def _only_reading(execute, sql, params, many, context):
    assert sql.startswith("SELECT"), sql
    return execute(sql, params, many, context)


@pytest.mark.parametrize(("days", "verb"), [(0, "is"), (6, "is"), (7, "is"), (8, "was")])
def test_a_check_that_was_promised_is_due_until_its_day_is_over(client, article, days, verb):
    due = ArticleEvent.objects.get(kind=ArticleEvent.Kind.PUBLISHED_URGENTLY).due_on
    assert due == timezone.localdate() + datetime.timedelta(days=7)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
        assertContains(client.get(changes_of(article)), f"A review {verb} due by")


def test_a_check_that_was_made_is_due_no_more(client, article):
    revision = Revision.objects.live().get()
    workflow.sign(revision, shown_hash=revision.sha256, by=make_reviewer().user)
    assertContains(client.get(changes_of(article)), "A review was due by")
