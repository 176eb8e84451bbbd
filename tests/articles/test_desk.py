"""The desk: what waits for whom, where the others stand, in a fixed number of queries; previews in every scheme."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import assignment, board, desk, saving, workflow
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


@pytest.mark.parametrize(("query", "first", "again"), [("", 23, 14), ("?state=waiting", 22, 13), ("?q=article&sort=due", 22, 13)])
def test_the_desk_costs_the_same_with_many_articles(client, editor, django_assert_num_queries, query, first, again):
    client.force_login(editor)

    def opened():
        with django_assert_num_queries(first) as cold:
            client.get(DESK + query)
        with django_assert_num_queries(again):
            client.get(DESK + query)
        return cold

    make_published(owner=editor)
    submitted(editor, owner=editor)
    client.get(DESK)
    board.compute.cache_clear()
    captured = opened()
    for _ in range(5):
        make_published(owner=make_user("Editors"))
        submitted(editor)
    opened()
    assert not [query["sql"] for query in captured if '"content"' in query["sql"]]


def test_what_is_written_is_seen_at_once(editor, reviewer):
    """The desk computes again only when something was written, so each of these has to tell it."""
    today = timezone.localdate()

    def states():
        (one,) = board.standings(today)
        return {str(state) for state in one.states}

    article = make_article()
    assert states() == {"draft"}
    revision = workflow.submit(article, by=editor)
    assert states() == {"waiting"}
    sign_off = workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    assert states() == {"signed"}
    workflow.publish(revision, by=editor)
    assert states() == {"current"}
    article.refresh_from_db()
    article.title = "Caps"
    saving.save(article, by=editor)
    assert states() == {"current", "unsent"}
    second = workflow.submit(article, by=editor)
    assert states() == {"current", "waiting"}
    workflow.request_changes(second, shown_hash=second.sha256, by=reviewer.user, note="Please.")
    assert states() == {"current", "asked"}
    article.title = "Hoods"
    saving.save(article, by=editor)
    third = workflow.submit(article, by=editor)
    workflow.recall(third, by=editor)
    assert "unsent" in states()
    workflow.revoke(sign_off, by=editor, reason="R")
    assert "revoked" in states()
    workflow.archive(article, by=editor)
    assert "archived" in states()
    workflow.withdraw(article, by=editor, reason="R")
    assert states() >= {"withdrawn"}
    assert not states() & {"unsent", "draft"}
    assignment.assign([article.pk], by=editor, owner=editor, reviewer=reviewer)
    (one,) = board.standings(today)
    assert (one.owner, one.reviewer) == (editor.pk, reviewer.pk)


def test_a_page_that_cites_a_retracted_source_is_named_until_it_cites_another(editor, reviewer):
    article = make_article(title="Hats")
    source = article.sources.create(position=1, title="On hats", pmid="123")
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    workflow.publish(revision, by=editor)
    assert titles(editor, "Cites a retracted source") == []
    source.retracted_on = timezone.localdate()
    source.save()
    assert titles(editor, "Cites a retracted source") == ["Hats"]
    source.delete()
    second = workflow.submit(article, by=editor)
    assert titles(editor, "Cites a retracted source") == ["Hats"]
    workflow.sign(second, shown_hash=second.sha256, by=reviewer.user)
    workflow.publish(second, by=editor)
    assert titles(editor, "Cites a retracted source") == []


def test_drafts_and_changes_that_nobody_sent_have_their_own_sections(editor):
    make_article(title="Draft")
    workflow.recall(submitted(editor, title="Taken back"), by=editor)
    edited = make_published(title="Edited")
    edited.comments_open = False
    saving.save(edited, by=editor, words_changed=False)
    assert titles(editor, "Online, with changes not sent yet") == []
    edited.summary = "Another."
    saving.save(edited, by=editor)
    assert sorted(titles(editor, "Drafts not sent yet")) == ["Draft", "Taken back"]
    assert titles(editor, "Online, with changes not sent yet") == ["Edited"]


def test_one_press_leads_from_the_desk_to_the_version_to_read(client, editor, reviewer):
    article = make_published(title="Hats")
    urgently(article, editor, body="<p>Other.</p>")
    client.force_login(reviewer.user)
    address = f"/admin/articles/article/{article.pk}/review/"
    assertContains(client.get(DESK), f'<a href="{address}2/">Hats</a>')
    resubmitted(article, editor, body="<p>Third.</p>")
    assertContains(client.get(DESK), f'<a href="{address}3/">Hats</a>')
    client.force_login(editor)
    assertNotContains(client.get(DESK), address)


def test_what_is_assigned_to_one_reviewer_is_no_task_of_another(client, editor, reviewer):
    article = submitted(editor, title="Hats").article
    other = make_reviewer()
    today = timezone.localdate()
    assert article.assigned_reviewer(today) is None
    assignment.assign([article.pk], by=editor, reviewer=other)
    article.refresh_from_db()
    assert article.assigned_reviewer(today) == other
    assert titles(reviewer.user, "Your tasks") == []
    assert titles(other.user, "Your tasks") == titles(reviewer.user, "In review") == ["Hats"]
    other.ended_on = today
    other.save()
    article.refresh_from_db()
    assert article.assigned_reviewer(today) is None
    assert titles(reviewer.user, "Your tasks") == ["Hats"]


def found(client, query):
    return [line["standing"].title for line in client.get(f"{DESK}?{query}").context["found"]]


def test_the_desk_finds_by_title_state_people_and_day(client, editor, reviewer):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=364), tick=False):
        make_published(title="Été", owner=editor)
    make_published(title="Hats")
    draft = make_article(title="Berets")
    assignment.assign([draft.pk], by=editor, reviewer=reviewer)
    client.force_login(editor)
    assert found(client, "q=ete") == ["Été"]
    assert found(client, "q=%25") == []
    assert found(client, "state=draft") == ["Berets"]
    assert found(client, "state=current") == ["Hats", "Été"]
    assert found(client, f"owner={editor.pk}") == ["Été"]
    assert found(client, "owner=none") == ["Berets", "Hats"]
    assert found(client, f"reviewer={reviewer.pk}") == ["Berets"]
    assert found(client, "reviewer=none&state=current") == ["Hats", "Été"]
    assert found(client, "due=0") == []
    assert found(client, "due=30") == ["Été"]
    assert found(client, "sort=due") == ["Été", "Hats", "Berets"]
    assert found(client, "sort=saved")[-1] == "Été"
    for nonsense in ("state=x", "owner=999999", "due=-1", "sort=%00", ""):
        assert "sections" in client.get(f"{DESK}?{nonsense}").context
    assertContains(client.get(f"{DESK}?q=none"), "No article matches")


def test_a_long_list_leads_to_all_of_it(client, editor):
    count = desk.MOST_FOUND + 1
    Article.objects.bulk_create([Article(title="Hats", slug=f"hats-{number}") for number in range(count)])
    client.force_login(editor)
    assertContains(client.get(DESK), f'href="?state=draft&amp;all=1">Show all {count}</a>')
    page = client.get(f"{DESK}?state=draft")
    assert len(page.context["found"]) == desk.MOST_FOUND
    assertContains(page, f'href="?state=draft&amp;all=1">Show all {count}</a>')
    assert len(client.get(f"{DESK}?state=draft&all=1").context["found"]) == count


def test_many_articles_get_another_owner_in_one_press(client, editor, reviewer):
    mine = [make_article(title=f"Hats {number}", owner=editor) for number in range(3)]
    other, third = make_user("Editors"), make_article(title="Caps")
    client.force_login(editor)
    assign = f"{DESK}assign/"
    answer = client.post(f"{assign}?owner={editor.pk}&x=1", {"article": [mine[0].pk, "x"], "owner": other.pk}, follow=True)
    assert answer.redirect_chain == [(f"{DESK}?owner={editor.pk}", 302)]
    assertContains(answer, "1 article was changed.")
    assert Article.objects.get(pk=mine[0].pk).owner == other
    data = {"every": "on", "owner": other.pk, "reviewer": reviewer.pk}
    assertContains(client.post(f"{assign}?owner={editor.pk}", data, follow=True), "2 articles were changed.")
    assert {article.owner for article in Article.objects.filter(title__startswith="Hats")} == {other}
    assert set(Article.objects.filter(assigned_to=reviewer)) == set(mine[1:])
    third.refresh_from_db()
    assert (third.owner, third.version) == (None, 1)
    event = ArticleEvent.objects.get(article=mine[1])
    assert event.note == f"Owner changed from {editor} to {other}. Assigned reviewer changed from no one to {reviewer}."
    # A form that was open meanwhile would put the former owner back.
    assert Article.objects.get(pk=mine[1].pk).version == 2
    client.post(assign, {"article": [mine[1].pk], "owner": "none", "reviewer": "none"})
    again = Article.objects.get(pk=mine[1].pk)
    assert (again.owner, again.assigned_to) == (None, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"owner": ""}, "Please choose an owner or a reviewer"),
        ({"owner": "999999"}, "be chosen any more"),
        ({"reviewer": "x"}, "be chosen any more"),
    ],
)
def test_an_assignment_that_cannot_be_changes_nothing(client, editor, data, words):
    article = make_article(owner=editor)
    client.force_login(editor)
    assertContains(client.post(f"{DESK}assign/", data | {"article": article.pk}, follow=True), words)
    assert not ArticleEvent.objects.exists()


def test_who_may_not_change_articles_does_not_assign_them(client, reviewer):
    article = make_article()
    client.force_login(reviewer.user)
    assertNotContains(client.get(f"{DESK}?state=draft"), "Assign</button>")
    assert client.post(f"{DESK}assign/", {"article": article.pk, "owner": "none"}).status_code == 403
    assert client.get(f"{DESK}assign/").url == DESK


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
    assertContains(client.get("/admin/"), f"{desk.MOST_ROWS + 2} articles need you")


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


def test_empty_sections_take_one_line_together(client, editor):
    submitted(editor)
    client.force_login(editor)
    page = client.get(DESK).content.decode()
    assert "In review (1)</h2>" in page
    assert "Overdue</h2>" not in page
    assert "Nothing right now: scheduled, changes requested" in page
