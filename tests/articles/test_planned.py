"""Publications that were planned, at a time or for the next signature: once, and only while the rules allow it by hand."""

import datetime
import threading

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import desk, planned, workflow, workflow_rules
from articles.jobs import publish_planned
from articles.models import Article, ArticleEvent, PublicationPlan, Revision, SignOff
from lupussite.run import worker
from mail import outbox
from mail.models import Outbox
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)
HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _an_hour_before(time_machine):
    time_machine.move_to(NOON - HOUR, tick=False)


@pytest.fixture
def owner():
    return make_user("Editors", email="owner@example.org")


@pytest.fixture
def editor():
    return make_user("Editors", email="editor@example.org")


@pytest.fixture
def reviewer():
    return make_reviewer()


@pytest.fixture
def waiting(owner, editor):
    """A version that waits for a signature."""
    return workflow.submit(make_article(title="Hats", owner=owner), by=editor)


@pytest.fixture
def signed(waiting, reviewer):
    """A version that is signed."""
    sign(waiting, reviewer)
    return waiting


def sign(revision, reviewer):
    return workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)


def work(seen=None):
    """Let a minute of the worker pass, and return address -> mail of what left about publishing."""
    mail.outbox.clear()
    worker.run_once(worker.all_handlers(), seen=seen)
    return {letter.to[0]: letter for letter in mail.outbox if "ublished" in letter.subject}


def is_online(revision):
    return Revision.objects.live().filter(pk=revision.pk).exists()


def kinds(article):
    return list(article.events.values_list("kind", flat=True))


def test_a_signed_version_goes_online_at_its_time_and_once(signed, editor, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    time_machine.move_to(NOON - MINUTE, tick=False)
    work()
    assert not is_online(signed)
    time_machine.move_to(NOON, tick=False)
    said = work()
    assert is_online(signed)
    assert said.keys() == {"owner@example.org", "editor@example.org"}, "who planned it did not see it happen"
    assert all("is online" in letter.body for letter in said.values())
    for _ in range(2):
        time_machine.shift(MINUTE)
        assert work() == {}
    assert kinds(signed.article).count("published") == 1
    event = ArticleEvent.objects.get(kind="published")
    assert (event.actor, PublicationPlan.objects.get().ended_at) == (editor, NOON)


def test_what_waits_for_its_time_is_in_no_row_that_can_be_lost(signed, editor, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    work()
    Outbox.objects.all().delete()
    time_machine.move_to(NOON + 40 * 24 * HOUR, tick=False)
    work()
    assert is_online(signed)


def test_a_worker_that_died_is_followed_by_another(signed, editor, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    time_machine.move_to(NOON, tick=False)
    planned.ask_for_due()
    row = Outbox.objects.get(kind="publish_planned")
    Outbox.objects.filter(pk=row.pk).update(leased_until=NOON + outbox.LEASE)
    work()
    assert not is_online(signed)
    time_machine.move_to(NOON + outbox.LEASE, tick=False)
    work()
    assert is_online(signed)
    publish_planned(row.payload)
    assert kinds(signed.article).count("published") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_publish_once(signed, editor, time_machine):
    made = planned.plan(signed, at=NOON, by=editor)
    time_machine.move_to(NOON, tick=False)
    start = threading.Barrier(2)

    def publish():
        start.wait()
        publish_planned({"plan": made.pk})
        connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds(signed.article) == ["submitted", "signed", "planned", "published"]


def test_a_clock_that_goes_back_publishes_nothing_early_and_nothing_twice(signed, editor, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    time_machine.move_to(NOON - 5 * HOUR, tick=False)
    work()
    assert not is_online(signed)
    time_machine.move_to(NOON, tick=False)
    work()
    for back in (HOUR, datetime.timedelta(days=2)):
        time_machine.move_to(NOON - back, tick=False)
        work()
        time_machine.move_to(NOON, tick=False)
        work()
    assert kinds(signed.article).count("published") == 1
    # Between asking and doing it goes back as well: it was time, so it is done.
    Article.objects.update(title="Caps")
    second = workflow.submit(signed.article, by=editor)
    sign(second, make_reviewer())
    planned.plan(second, at=NOON + HOUR, by=editor)
    time_machine.move_to(NOON + HOUR, tick=False)
    planned.ask_for_due()
    time_machine.move_to(NOON + MINUTE, tick=False)
    Outbox.objects.filter(kind="publish_planned").update(due_at=NOON)
    work()
    assert is_online(second)


def test_a_signature_withdrawn_a_minute_before_keeps_it_offline_and_says_why(signed, editor, owner, reviewer, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    time_machine.move_to(NOON - MINUTE, tick=False)
    workflow.revoke(SignOff.objects.get(), by=reviewer.user, reason="A wrong dose.")
    time_machine.move_to(NOON, tick=False)
    said = work()
    assert not is_online(signed)
    assert said.keys() == {"owner@example.org", "editor@example.org"}
    for letter in said.values():
        assert letter.subject.endswith("Not published: Hats")
        assert "no one has signed it" in letter.body
        assert f"/admin/articles/article/{signed.article_id}/change/\n" in letter.body
        assert "dose" not in letter.body
    time_machine.shift(MINUTE)
    assert work() == {}
    sign(signed, make_reviewer())
    work()
    assert not is_online(signed)


def test_a_version_that_was_signed_again_in_time_goes_online(signed, editor, reviewer, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    workflow.revoke(SignOff.objects.get(), by=reviewer.user, reason="A wrong page.")
    sign(signed, reviewer)
    time_machine.move_to(NOON, tick=False)
    work()
    assert is_online(signed)


@pytest.mark.parametrize(
    ("overtake", "words", "told"),
    [
        ("recall", "Version 1: recalled.", {"editor@example.org"}),
        ("ask", "Version 1: changes requested.", {"editor@example.org", "owner@example.org"}),
        ("submit", "Version 1: replaced by a newer version.", {"editor@example.org"}),
    ],
)
@pytest.mark.parametrize("at", [NOON, None])
def test_a_plan_that_was_overtaken_ends_at_once(request, owner, editor, reviewer, overtake, words, told, at, time_machine):
    revision = request.getfixturevalue("signed" if at else "waiting")
    planned.plan(revision, at=at, by=editor)
    if overtake == "recall":
        workflow.recall(revision, by=owner)
    elif overtake == "ask":
        workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Please.")
    else:
        Article.objects.update(title="Caps")
        workflow.submit(revision.article, by=owner)
    said = work()
    assert said.keys() == told
    assert all(words in letter.body for letter in said.values())
    assert PublicationPlan.objects.get().ended_at
    time_machine.move_to(NOON, tick=False)
    work()
    assert not Revision.objects.live().exists()


def test_nothing_goes_online_on_a_page_that_was_withdrawn(editor, owner, reviewer, time_machine):
    article = make_published(owner=owner)
    Article.objects.update(title="Caps")
    revision = workflow.submit(article, by=editor)
    sign(revision, reviewer)
    planned.plan(revision, at=NOON, by=editor)
    workflow.withdraw(article, reason="Wrong.", by=owner)
    time_machine.move_to(NOON, tick=False)
    said = work()
    assert not is_online(revision)
    assert "This page was withdrawn." in said["editor@example.org"].body
    with pytest.raises(workflow.WorkflowError, match="was withdrawn"):
        planned.plan(revision, at=NOON + HOUR, by=editor)


@pytest.mark.parametrize("gone", ["group", "is_staff", "is_active"])
def test_nothing_goes_online_for_who_may_publish_no_more(signed, editor, time_machine, gone):
    planned.plan(signed, at=NOON, by=editor)
    if gone == "group":
        editor.groups.remove(Group.objects.get(name="Editors"))
    else:
        setattr(editor, gone, False)
        editor.save()
    time_machine.move_to(NOON, tick=False)
    said = work()
    assert not is_online(signed)
    assert "can't publish articles anymore" in said["owner@example.org"].body
    assert "editor@example.org" not in said, "who may not open the page hears nothing of it"


def test_publishing_by_hand_ends_the_plan(signed, editor, owner, time_machine):
    planned.plan(signed, at=NOON, by=editor)
    workflow.publish(signed, by=owner)
    assert PublicationPlan.objects.get().ended_at
    time_machine.move_to(NOON, tick=False)
    assert not [letter for letter in work().values() if "Not published" in letter.subject]
    assert kinds(signed.article)[-1] == "published"


def test_it_goes_online_in_the_transaction_of_the_signature(waiting, editor, reviewer):
    planned.plan(waiting, at=None, by=editor)
    with transaction.atomic():
        sign(waiting, reviewer)
        transaction.set_rollback(True)
    assert not is_online(waiting)
    assert planned.open_plan(waiting.article)
    sign(waiting, reviewer)
    assert is_online(waiting)
    event = ArticleEvent.objects.get(kind="published")
    assert event.actor == editor
    assert planned.open_plan(waiting.article) is None
    work()
    assert kinds(waiting.article) == ["submitted", "planned", "signed", "published"]


def test_a_signature_stands_when_nobody_may_publish_it_any_more(waiting, editor, reviewer):
    planned.plan(waiting, at=None, by=editor)
    editor.groups.clear()
    sign(waiting, reviewer)
    assert workflow_rules.stage(waiting) == "signed"
    assert "can't publish articles anymore" in work()["owner@example.org"].body


def test_a_plan_needs_the_permission_and_something_to_wait_for(waiting, editor, reviewer):
    with pytest.raises(PermissionDenied):
        planned.plan(waiting, at=None, by=reviewer.user)
    with pytest.raises(workflow.WorkflowError, match="once this version is signed"):
        planned.plan(waiting, at=NOON, by=editor)
    sign(waiting, reviewer)
    with pytest.raises(workflow.WorkflowError, match="already signed"):
        planned.plan(waiting, at=None, by=editor)
    with pytest.raises(workflow.WorkflowError, match="already passed"):
        planned.plan(waiting, at=timezone.now(), by=editor)
    made = planned.plan(waiting, at=NOON, by=editor)
    with pytest.raises(PermissionDenied):
        planned.cancel(made, by=reviewer.user)
    assert planned.open_plan(waiting.article) == made


def test_the_database_holds_one_open_plan_for_an_article(signed, editor):
    first = planned.plan(signed, at=NOON, by=editor)
    second = planned.plan(signed, at=NOON + HOUR, by=editor)
    assert planned.open_plan(signed.article) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationPlan.objects.filter(pk=first.pk).update(ended_at=None)
    with pytest.raises(workflow.WorkflowError, match="no longer scheduled"):
        planned.cancel(first, by=editor)


def at(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


def test_an_editor_schedules_changes_and_cancels_on_the_articles_page(client, signed, editor, settings, time_machine):
    settings.TIME_ZONE = "America/New_York"
    timezone.activate("America/New_York")
    try:
        client.force_login(editor)
        key = signed.article_id
        assertContains(client.get(at("change", key)), "Publish later…")
        assertContains(client.get(at("schedule", key, 1)), "Time zone: America/New_York")
        page = client.post(at("schedule", key, 1), {"day": "2027-03-02", "time": "07:00"}, follow=True)
        assertContains(page, "Version 1 goes online on March 2, 2027, 7:00 AM EST.")
        assertContains(page, f"7:00 AM EST, scheduled by {editor.username}")
        assert PublicationPlan.objects.get().at == NOON + 24 * HOUR
        assertContains(client.get(at("desk")), "version 1 goes online on March 2, 2027, 7:00 AM EST")
        assert [row.title for row in desk.waiting_for(editor, desk.standings(timezone.localdate()), timezone.localdate())] == []
        assertContains(client.get(at("history", key)), "Publication scheduled")
        client.post(at("schedule", key, 1), {"day": "2027-03-02", "time": "08:00"})
        plan = planned.open_plan(signed.article)
        assert plan.at == NOON + 25 * HOUR
        page = client.post(at("unschedule", key), {"number": plan.pk}, follow=True)
        assertContains(page, "Canceled. Nothing goes online by itself now.")
        assertNotContains(page, "scheduled by")
        assertContains(client.get(at("history", key)), "Scheduled publication canceled")
    finally:
        timezone.deactivate()
    time_machine.move_to(NOON + 48 * HOUR, tick=False)
    work()
    assert not is_online(signed)


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2027-03-01", "05:59", "already passed"),
        ("2027-03-14", "02:30", "couldn’t be interpreted"),
        ("2027-11-07", "01:30", "couldn’t be interpreted"),
        ("", "07:00", "Error"),
        ("2027-03-02", "25:00", "Error"),
    ],
)
def test_a_time_that_is_none_is_refused(client, signed, editor, day, time, words):
    client.force_login(editor)
    with timezone.override("America/New_York"):
        page = client.post(at("schedule", signed.article_id, 1), {"day": day, "time": time})
    assertContains(page, words)
    assert not PublicationPlan.objects.exists()


def test_as_soon_as_it_is_signed_is_chosen_when_it_is_sent_or_while_it_waits(client, editor, reviewer):
    article = make_article()
    client.force_login(editor)
    assertContains(client.get(at("submit", article.pk)), "Publish it as soon as it&#x27;s signed")
    client.post(at("submit", article.pk), {"version": 1, "change": "new", "note": "", "when_signed": "on"})
    assert planned.open_plan(article).at is None
    assertContains(client.get(at("desk")), "version 1 goes online as soon as it&#x27;s signed")
    client.post(at("unschedule", article.pk), {"number": planned.open_plan(article).pk})
    assertContains(client.get(at("change", article.pk)), "Publish as soon as it&#x27;s signed")
    client.post(at("publish-when-signed", article.pk), {"number": 1})
    sign(Revision.objects.get(), reviewer)
    assert is_online(Revision.objects.get())


def test_who_may_not_publish_is_not_offered_it_and_cannot_choose_it(client, editor):
    editor.groups.clear()
    for codename in ("view_article", "change_article", "submit_article"):
        editor.user_permissions.add(Permission.objects.get(codename=codename))
    article = make_article()
    client.force_login(editor)
    assertNotContains(client.get(at("submit", article.pk)), "as soon as it&#x27;s signed")
    client.post(at("submit", article.pk), {"version": 1, "change": "new", "note": "", "when_signed": "on"})
    assert Revision.objects.count() == 1
    assert not PublicationPlan.objects.exists()
    assertNotContains(client.get(at("change", article.pk)), "as soon as it&#x27;s signed")
    assert client.post(at("publish-when-signed", article.pk), {"number": 1}).status_code == 403
    assert client.get(at("schedule", article.pk, 1)).status_code == 403
    assert client.post(at("unschedule", article.pk), {"number": 1}).status_code == 403


def test_a_plan_of_another_article_is_not_found(client, signed, editor):
    made = planned.plan(signed, at=NOON, by=editor)
    client.force_login(editor)
    for key, number in ((make_article().pk, made.pk), (signed.article_id, "x"), (signed.article_id, "²")):
        assert client.post(at("unschedule", key), {"number": number}).status_code == 404
    assert planned.open_plan(signed.article) == made
    assert client.get(at("unschedule", signed.article_id)).url == at("change", signed.article_id)
