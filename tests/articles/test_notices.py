"""Mail about the steps of an article: who gets it, with which link, what it leaves out, and who gets none."""

import json

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django.asserts import assertContains

from articles import assignment, mistakes, notices, saving, workflow
from articles.models import Article, MailChoice, MistakeReport
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db
CHOICES = "/admin/articles/article/mail/"


@pytest.fixture
def owner():
    return make_user("Editors", email="owner@example.org")


@pytest.fixture
def writer():
    return make_user("Editors", email="writer@example.org")


@pytest.fixture
def reviewer():
    return make_reviewer(user=make_user("Medical reviewers", email="reviewer@example.org"))


@pytest.fixture
def article(owner):
    return make_article(title="Hats", owner=owner)


def letters():
    """Do what is due, and return address -> mail of what left."""
    mail.outbox.clear()
    outbox.run_due(all_handlers())
    assert all(len(letter.to) == 1 and not letter.cc + letter.bcc for letter in mail.outbox)
    found = {letter.to[0]: letter for letter in mail.outbox}
    assert len(found) == len(mail.outbox)
    return found


def sign(revision, reviewer, **fields):
    return workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user, **fields)


def test_each_step_is_told_to_those_who_go_on_with_a_link_to_their_page(article, owner, writer, reviewer):
    admin = f"/admin/articles/article/{article.pk}"
    revision = workflow.submit(article, by=writer)
    said = letters()
    assert said.keys() == {"reviewer@example.org"}
    assert said["reviewer@example.org"].subject.endswith("Please review: Hats")
    assert f"{admin}/review/1/\n" in said["reviewer@example.org"].body

    workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Name the dose.")
    said = letters()
    assert said.keys() == {"owner@example.org", "writer@example.org"}
    assert all(f"{admin}/change/\n" in letter.body for letter in said.values())

    article.body = "<p>Better.</p>"
    saving.save(article, by=writer)
    revision = workflow.submit(article, by=writer)
    letters()
    sign(revision, reviewer)
    said = letters()
    assert said.keys() == {"owner@example.org", "writer@example.org"}
    assert all("You can publish it now" in letter.body and f"{admin}/change/\n" in letter.body for letter in said.values())

    workflow.publish(revision, by=writer)
    said = letters()
    assert said.keys() == {"owner@example.org", "reviewer@example.org"}
    assert all(f"/articles/{article.slug}/\n" in letter.body for letter in said.values())


def test_nobody_is_told_of_what_they_did_themselves(article, owner, reviewer):
    article.owner = reviewer.user
    article.save()
    revision = workflow.submit(article, by=owner)
    assert letters().keys() == {"reviewer@example.org"}
    sign(revision, reviewer)
    assert letters().keys() == {"owner@example.org"}
    workflow.publish(revision, by=owner)
    assert letters().keys() == {"reviewer@example.org"}


def test_an_urgent_change_is_told_at_once_to_each_on_their_own_page(owner, reviewer):
    article = make_published(title="Hats", owner=owner)
    Article.objects.filter(pk=article.pk).update(body="<p>Stop it.</p>")
    revision = workflow.submit(article, by=make_user("Editors"))
    letters()
    workflow.publish_urgently(revision, by=make_user(is_superuser=True), reason="A recall of a medicine.")
    assert set(Outbox.objects.filter(done_at=None).values_list("priority", flat=True)) == {Outbox.Priority.URGENT}
    said = letters()
    assert said.keys() == {"owner@example.org", "reviewer@example.org"}
    assert "/review/2/\n" in said["reviewer@example.org"].body
    assert "/change/\n" in said["owner@example.org"].body
    assert not [letter for letter in said.values() if "medicine" in letter.subject + letter.body]


def test_a_mail_holds_no_note_and_a_row_no_address_and_no_words(article, writer, reviewer, settings):
    revision = workflow.submit(article, by=writer, note="A note for readers.")
    workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer.user, note="Name the dose.")
    rows = json.dumps(list(Outbox.objects.filter(kind="article_step").values_list("payload", "key")))
    for words in ("@", "Hats", "dose", "note for"):
        assert words not in rows
    said = letters()
    assert said
    for letter in said.values():
        assert "dose" not in letter.subject + letter.body
        assert letter.body.rstrip().endswith(f"Choose which emails you get:\n{settings.SITE_URL}{CHOICES}")


def test_a_step_that_is_taken_back_with_its_transaction_sends_nothing(article, writer, reviewer):
    with transaction.atomic():
        workflow.submit(article, by=writer)
        transaction.set_rollback(True)
    assert letters() == {}


def test_a_mail_is_sent_once_and_with_the_same_id_after_a_worker_died(article, writer, reviewer):
    workflow.submit(article, by=writer)
    payload = Outbox.objects.get(kind="article_step").payload
    (first,) = letters().values()
    assert letters() == {}
    mail.outbox.clear()
    notices.send_step(payload)
    assert mail.outbox[0].extra_headers["Message-ID"] == first.extra_headers["Message-ID"]


def test_what_was_done_before_the_mail_left_is_asked_of_nobody(article, writer, reviewer):
    workflow.recall(workflow.submit(article, by=writer), by=writer)
    assert letters() == {}
    revision = workflow.submit(article, by=writer)
    sign(revision, reviewer)
    workflow.publish(revision, by=writer)
    said = letters()
    assert {letter.subject for letter in said.values()} == {"Published: Hats"}


def test_only_reviewers_who_can_sign_today_are_asked(article, writer, reviewer):
    make_reviewer(user=make_user("Medical reviewers", email="ended@example.org"), ended_on=timezone.localdate())
    make_reviewer(user=make_user("Medical reviewers", email="left@example.org", is_active=False))
    make_reviewer(user=make_user(email="none@example.org"))
    make_reviewer(user=make_user("Medical reviewers", email=""))
    make_user("Medical reviewers", email="no-profile@example.org")
    make_user(is_superuser=True, email="boss@example.org")
    workflow.submit(article, by=writer)
    assert letters().keys() == {"reviewer@example.org"}


def test_who_leaves_or_wants_no_mail_meanwhile_gets_none(article, writer, reviewer):
    make_reviewer(user=make_user("Medical reviewers", email="other@example.org"))
    workflow.submit(article, by=writer)
    MailChoice.objects.create(user=reviewer.user, steps=False)
    assert letters().keys() == {"other@example.org"}
    Article.objects.update(title="Caps")
    workflow.submit(article, by=writer)
    assert Outbox.objects.filter(done_at=None).count() == 1


def test_what_is_loaded_from_an_earlier_site_is_told_to_nobody(article, reviewer):
    revision = workflow.submit(article, by=None)
    workflow.publish_stated(revision, reviewer, edited=False)
    assert not Outbox.objects.exists()


def test_a_title_of_two_lines_is_one_line_in_the_subject(article, writer, reviewer):
    Article.objects.update(title="Hats\nBcc: everybody@example.org")
    workflow.submit(article, by=writer)
    (letter,) = letters().values()
    assert letter.subject.endswith("Please review: Hats Bcc: everybody@example.org")


def test_each_person_changes_their_own_choice_and_nobody_elses(client, owner, writer):
    MailChoice.objects.create(user=owner, steps=False)
    client.force_login(writer)
    assertContains(client.get("/admin/articles/article/desk/"), CHOICES)
    assertContains(client.get(CHOICES), "checked", count=3)
    assertContains(client.post(CHOICES, {"reminders": "on", "user": owner.pk}, follow=True), "Saved.")
    assertContains(client.get(CHOICES), "checked", count=1)
    client.post(CHOICES, {"steps": "on"})
    mine, theirs = MailChoice.objects.get(user=writer), MailChoice.objects.get(user=owner)
    assert (mine.steps, mine.reminders, mine.mistakes) == (True, False, False)
    assert (theirs.steps, theirs.reminders, theirs.mistakes) == (False, True, True)


def test_the_choice_is_for_people_who_work_on_articles(client):
    client.force_login(make_user("Moderators"))
    assert client.get(CHOICES).status_code == 403
    client.logout()
    assert "/login/" in client.get(CHOICES).url


def test_mistakes_go_to_the_sites_address_when_the_owner_wants_no_mail_of_them(article, owner, writer, reviewer, settings):
    revision = workflow.submit(article, by=writer)
    sign(revision, reviewer)
    workflow.publish(revision, by=writer)
    letters()
    MistakeReport.objects.create(article=article, revision=revision, note="A mistake")
    mail.outbox.clear()
    mistakes.send_notice({"article": article.pk, "day": "2026-11-30"})
    MailChoice.objects.create(user=owner, mistakes=False)
    mistakes.send_notice({"article": article.pk, "day": "2026-11-30"})
    assert [(letter.to, CHOICES in letter.body) for letter in mail.outbox] == [
        (["owner@example.org"], True),
        ([settings.MODERATORS_EMAIL], False),
    ]


def test_whoever_an_article_is_assigned_to_is_asked_alone_while_they_may_sign(article, writer, reviewer):
    other = make_reviewer(user=make_user("Medical reviewers", email="other@example.org"))
    assignment.assign([article.pk], by=writer, reviewer=other)
    workflow.submit(article, by=writer)
    assert letters().keys() == {"other@example.org"}
    type(other).objects.filter(pk=other.pk).update(ended_on=timezone.localdate())
    Article.objects.filter(pk=article.pk).update(title="Hats and caps")
    workflow.submit(Article.objects.get(pk=article.pk), by=writer)
    assert letters().keys() == {"reviewer@example.org"}


def test_whoever_is_assigned_what_already_waits_is_asked_in_one_mail(owner, writer, reviewer):
    other = make_reviewer(user=make_user("Medical reviewers", email="other@example.org"))
    hats, caps = make_article(title="Hats", owner=owner), make_article(title="Caps", owner=owner)
    draft = make_article(title="Scarves", owner=owner)
    for article in (hats, caps):
        workflow.submit(article, by=writer)
        letters()
    assignment.assign([hats.pk, caps.pk, draft.pk], by=writer, reviewer=other)
    said = letters()
    assert said.keys() == {"other@example.org"}
    letter = said["other@example.org"]
    assert letter.subject.endswith("Please review 2 articles")
    for article in (hats, caps):
        assert f"“{article.title}” is now yours to review." in letter.body
        assert f"/admin/articles/article/{article.pk}/review/1/\n" in letter.body
    assert "Scarves" not in letter.body
    assert CHOICES in letter.body
    assignment.assign([hats.pk, caps.pk], by=writer, reviewer=other)
    assert letters() == {}, "nothing was changed"
    assignment.assign([hats.pk], by=writer, reviewer=reviewer)
    assert letters()["reviewer@example.org"].subject.endswith("Please review: Hats")


def test_an_assignment_is_told_to_nobody_who_gave_it_wants_no_mail_or_has_nothing_to_do_any_more(article, writer, reviewer):
    workflow.submit(article, by=writer)
    letters()
    assignment.assign([article.pk], by=reviewer.user, reviewer=reviewer)
    assert letters() == {}, "they gave it to themselves"
    assignment.assign([article.pk], by=writer, reviewer=None)
    assert letters() == {}
    MailChoice.objects.create(user=reviewer.user, steps=False)
    assignment.assign([article.pk], by=writer, reviewer=reviewer)
    assert letters() == {}, "they want no such mail"
    other = make_reviewer(user=make_user("Medical reviewers", email="other@example.org"))
    assignment.assign([article.pk], by=writer, reviewer=other)
    assignment.assign([article.pk], by=writer, reviewer=reviewer)
    assert letters() == {}, "it was given to someone else before the mail left"
    assignment.assign([article.pk], by=writer, reviewer=other)
    sign(article.revisions.get(), other)
    assert "Please review: Hats" not in {letter.subject for letter in letters().values()}
