"""The desk: what waits for whom, where the others stand, in a fixed number of queries; previews in every scheme."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import desk, saving, workflow
from articles.models import Article, ArticleEvent, Revision, SignOff
from articles.workflow_rules import stage
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/article/desk/"


@pytest.fixture
def editor():
    return make_user("Editors")


@pytest.fixture
def reviewer():
    return make_reviewer()


def titles(user, name, days=0):
    """Return the titles in one section of the desk, as this person sees it so many days from now."""
    today = timezone.localdate() + datetime.timedelta(days=days)
    return [row.title for section in desk.sections(user, today) if section.title == name for row in section.rows]


def submitted(editor, **fields):
    return workflow.submit(make_article(**fields), by=editor)


def resubmitted(article, editor, **fields):
    Article.objects.filter(pk=article.pk).update(**fields)
    return workflow.submit(article, by=editor)


def test_a_reviewer_sees_what_waits_for_a_signature(editor, reviewer):
    revision = submitted(editor, title="Hats")
    assert titles(reviewer.user, "Your tasks") == ["Hats"]
    assert titles(editor, "Your tasks") == []
    assert titles(make_user(is_superuser=True), "Your tasks") == []
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    assert titles(reviewer.user, "Your tasks") == []
    assert titles(editor, "Your tasks") == titles(editor, "In review") == ["Hats"]


def test_an_editor_sees_what_was_sent_back_to_them(editor, reviewer):
    revision = submitted(editor, title="Hats", owner=editor)
    workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Please.")
    assert titles(editor, "Your tasks") == ["Hats"]
    assert titles(make_user("Editors"), "Your tasks") == []
    assert titles(editor, "In review") == []


def test_what_nobody_owns_waits_for_every_editor(editor, reviewer):
    revision = submitted(editor, title="Hats")
    workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Please.")
    assert titles(make_user("Editors"), "Your tasks") == ["Hats"]


def test_a_recalled_version_waits_for_nobody(editor, reviewer):
    workflow.recall(submitted(editor), by=editor)
    assert titles(reviewer.user, "Your tasks") == titles(editor, "Your tasks") == titles(editor, "In review") == []


@pytest.mark.parametrize(
    ("days", "soon", "overdue"), [(304, [], []), (305, ["Hats"], []), (364, ["Hats"], []), (365, [], ["Hats"])]
)
def test_checks_that_come_near_and_are_late(editor, days, soon, overdue):
    make_published(title="Hats")
    assert titles(editor, "Due within 60 days", days) == soon
    assert titles(editor, "Overdue", days) == overdue


def test_a_signature_on_changes_does_not_hide_that_a_check_is_late(editor, reviewer):
    article = make_published(title="Hats")
    revision = resubmitted(article, editor, body="<p>Other.</p>")
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user, scope="changes")
    workflow.publish(revision, by=editor)
    assert titles(editor, "Overdue", 364) == []
    assert titles(editor, "Overdue", 365) == ["Hats"]


def test_changed_and_taken_back_pages_have_their_own_sections(editor, reviewer):
    changed = make_published(title="Changed")
    editor.user_permissions.add(Permission.objects.get(codename="publish_urgently"))
    workflow.publish_urgently(resubmitted(changed, editor, body="<p>Other.</p>"), by=make_user(is_superuser=True), reason="R")
    revoked = make_published(title="Taken back")
    workflow.revoke(SignOff.objects.get(article=revoked), by=editor, reason="R")
    assert titles(editor, "Online, not yet reviewed") == ["Changed"]
    assert titles(editor, "Signature withdrawn") == ["Taken back"]


def urgently(article, editor, **fields):
    revision = resubmitted(article, editor, **fields)
    return workflow.publish_urgently(revision, by=make_user(is_superuser=True), reason="R")


def test_a_reviewer_sees_the_pages_that_nobody_vouches_for(editor, reviewer):
    make_published(title="Late")
    day = timezone.now() + datetime.timedelta(days=364)
    with time_machine.travel(day, tick=False):
        urgently(make_published(title="Changed"), editor, body="<p>Other.</p>")
        make_published(title="Taken back")
        workflow.revoke(SignOff.objects.get(article__title="Taken back"), by=editor, reason="R")
        assert sorted(titles(reviewer.user, "Your tasks")) == ["Changed", "Taken back"]
        assert sorted(titles(reviewer.user, "Your tasks", 1)) == ["Changed", "Late", "Taken back"]
        assert titles(editor, "Your tasks", 1) == []


def test_a_page_that_waits_for_two_reasons_is_one_line(editor, reviewer):
    article = make_published(title="Hats")
    urgently(article, editor, body="<p>Other.</p>")
    resubmitted(article, editor, body="<p>Third.</p>")
    today = timezone.localdate()
    (row,) = desk.waiting_for(reviewer.user, desk.standings(today), today)
    assert "online, not yet reviewed: changed on" in row.words
    assert "version 3 is waiting for a reviewer" in row.words
    assert row.day == today


def urgent_due_on():
    (standing,) = desk.standings(timezone.localdate())
    return standing.urgent_due_on


def test_a_second_urgent_change_does_not_put_off_the_day_of_the_first(editor, reviewer):
    article = make_published()
    start = timezone.now()
    urgently(article, editor, body="<p>Second.</p>")
    first = urgent_due_on()
    with time_machine.travel(start + datetime.timedelta(days=6), tick=False):
        revision = urgently(article, editor, body="<p>Third.</p>")
        assert urgent_due_on() == first
        workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    with time_machine.travel(start + datetime.timedelta(days=9), tick=False):
        assert urgent_due_on() is None
        urgently(article, editor, body="<p>Fourth.</p>")
        assert urgent_due_on() == timezone.localdate() + workflow.URGENT_REVIEW


@pytest.mark.parametrize("step", ["withdraw", "archive"])
def test_a_page_off_duty_is_not_overdue(editor, step):
    article = make_published(title="Hats")
    getattr(workflow, step)(article, by=editor, **({"reason": "R"} if step == "withdraw" else {}))
    assert titles(editor, "Overdue", 400) == titles(editor, "Due within 60 days", 310) == []


def test_the_desk_says_of_every_version_what_the_workflow_says(editor, reviewer):
    for number in range(4):
        revision = submitted(editor, title=str(number))
        if number == 1:
            workflow.recall(revision, by=editor)
        if number == 2:
            workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
        if number == 3:
            workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="N")
    said = {one.title: one.pending.stage for one in desk.standings(timezone.localdate())}
    assert said == {revision.title: stage(revision) for revision in Revision.objects.all()}


def test_the_desk_costs_the_same_with_many_articles(client, editor, django_assert_num_queries):
    client.force_login(editor)
    make_published()
    submitted(editor)
    client.get(DESK)
    with django_assert_num_queries(12) as captured:
        client.get(DESK)
    for _ in range(5):
        make_published()
        submitted(editor)
    with django_assert_num_queries(12):
        client.get(DESK)
    assert not [query["sql"] for query in captured if '"content"' in query["sql"]]


def test_a_long_section_leads_to_all_of_it(client, editor, reviewer):
    for _ in range(desk.MOST_ROWS + 2):
        submitted(editor)
    client.force_login(reviewer.user)
    page = client.get(DESK)
    assertContains(page, f'<a href="?all=1#section-1">Show all {desk.MOST_ROWS + 2}</a>')
    assert [len(section.rows) for section in page.context["sections"]][:2] == [desk.MOST_ROWS] * 2
    whole = client.get(f"{DESK}?all=1")
    assert [len(section.rows) for section in whole.context["sections"]][:2] == [desk.MOST_ROWS + 2] * 2
    assertNotContains(whole, "Show all")
    assertContains(client.get("/admin/"), "52 articles need you")


def test_the_desk_is_linked_where_editors_and_reviewers_begin(client, editor, reviewer):
    submitted(editor)
    for user in (editor, reviewer.user):
        client.force_login(user)
        for address in ("/admin/", "/admin/articles/article/"):
            assertContains(client.get(address), f'href="{DESK}"')
    assertContains(client.get("/admin/"), "1 article needs you")
    client.force_login(make_user("Moderators"))
    assertNotContains(client.get("/admin/"), DESK)


def preview(article, *args):
    return reverse("admin:articles_article_preview", args=[article.pk, *args])


def test_the_working_copy_is_seen_as_readers_would_see_it(client, editor):
    article = make_published(title="Hats")
    Article.objects.update(title="Caps", body="<h2>Peaks</h2><script>x</script><p>C3 <LOQ</p>")
    client.force_login(editor)
    page = client.get(preview(article))
    assertContains(page, '<h1 id="title">Caps</h1>')
    assertContains(page, "<p>C3 &lt;LOQ</p>")
    assertContains(page, "Preview of your saved draft")
    assertNotContains(page, "Reviewed by")
    assertNotContains(page, "Add a Comment")
    assertNotContains(page, "application/ld+json")
    assertContains(page, '<meta name="robots" content="noindex">')
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    assert Revision.objects.count() == 1
    assertContains(client.get(article.get_absolute_url()), "Hats")


def test_an_unchanged_draft_is_seen_with_what_its_page_says(client, editor):
    article = make_published(title="Hats")
    client.force_login(editor)
    page = client.get(preview(article))
    assertContains(page, "Preview of your saved draft")
    assertContains(page, "Reviewed by")
    article.title = "Caps"
    saving.save(article, by=editor)
    assertNotContains(client.get(preview(article)), "Reviewed by Rita Reviewer, MD</strong>")


def test_a_version_is_seen_with_what_its_page_would_say(client, editor):
    article = make_published(title="Hats")
    resubmitted(article, editor, title="Caps")
    client.force_login(editor)
    assertContains(client.get(preview(article, 1)), "Reviewed by")
    assertNotContains(client.get(preview(article, 2)), "Reviewed by Rita Reviewer, MD</strong>")
    assert client.get(preview(article, 3)).status_code == 404


@pytest.mark.parametrize(
    ("query", "attribute"),
    [
        ("", '<html lang="en">'),
        ("?scheme=dark", 'data-scheme="dark"'),
        ("?scheme=light", 'data-scheme="light"'),
        ("?scheme=x", '<html lang="en">'),
    ],
)
def test_the_preview_comes_in_every_scheme(client, editor, query, attribute):
    client.force_login(editor)
    assertContains(client.get(preview(make_article()) + query), attribute)


def test_a_draft_without_a_word_and_a_withdrawn_page_have_a_preview(client, editor):
    client.force_login(editor)
    assert client.get(preview(make_article(body=""))).status_code == 200
    article = make_published()
    workflow.withdraw(article, by=editor, reason="R")
    assert client.get(preview(article)).status_code == 200


def test_the_history_says_who_did_what_when_and_why(client, editor, reviewer):
    with time_machine.travel("2026-05-03 14:02Z", tick=False):
        revision = submitted(editor)
        workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Source 3 is missing.")
    client.force_login(editor)
    page = client.get(reverse("admin:articles_article_history", args=[revision.article.pk]))
    assertContains(page, "May 3, 2026, 2:02 PM UTC")
    assertContains(page, f"version 1, by {reviewer.user.get_username()}: Source 3 is missing.")


def test_the_history_keeps_the_lines_of_a_note_and_names_both_addresses(client, editor, reviewer):
    revision = submitted(editor, slug="hats")
    workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="One thing.\n<b>Another.")
    article = Article.objects.get()
    article.slug = "caps"
    saving.save(article, by=editor)
    saving.save(article, by=editor)
    client.force_login(editor)
    page = client.get(reverse("admin:articles_article_history", args=[article.pk]))
    assertContains(page, "One thing.<br>&lt;b&gt;Another.")
    assertContains(page, "Web address changed from “hats” to “caps”.", count=1)


def test_a_long_history_has_pages(client, editor):
    article = make_article()
    ArticleEvent.objects.bulk_create([ArticleEvent(article=article, kind="saved", actor=editor) for _ in range(150)])
    client.force_login(editor)
    address = reverse("admin:articles_article_history", args=[article.pk])
    assertContains(client.get(address), "Draft saved", count=100)
    assertContains(client.get(f"{address}?page=2"), "Draft saved", count=50)
