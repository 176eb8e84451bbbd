"""Readers report mistakes without an account; editors see them on their desk, and whoever answers for the page gets one mail."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import mistakes
from articles.models import Article, MistakeReport
from lupussite.run.worker import all_handlers
from mail import outbox
from tests.factories import make_article, make_published, make_user

pytestmark = pytest.mark.django_db
NOTE = "Step 3 says 20 mg where the label says 10 mg."


def send(client, article, note=NOTE, **more):
    return client.post(f"{article.get_absolute_url()}mistake/", {"note": note}, **more)


def run():
    outbox.run_due(all_handlers())


def test_a_reader_reports_a_mistake_from_the_page_and_is_thanked(client):
    article = make_published()
    address = f"{article.get_absolute_url()}mistake/"
    assertContains(client.get(article.get_absolute_url()), f'href="{address}"')
    page = client.get(address)
    assertContains(page, "Report a mistake")
    assertNotContains(page, 'type="email"')
    answer = send(client, article)
    assert answer.status_code == 303
    assertContains(client.get(answer.url), "Thank you")
    kept = MistakeReport.objects.get()
    assert (kept.article, kept.revision, kept.note) == (article, article.revision, NOTE)


def test_the_form_says_where_to_write_for_an_answer(client, settings):
    settings.CONTACT_EMAIL = "contact@example.org"
    page = client.get(f"{make_published().get_absolute_url()}mistake/")
    assertContains(page, "If you want an answer, write to")
    assertContains(page, "mailto:contact@example.org")


@pytest.mark.parametrize(
    ("note", "more", "status"),
    [
        ("", {}, 422),
        (" \u200b ", {}, 422),
        ("x" * 1001, {}, 422),
        ("kept \0 text", {}, 422),
        (NOTE, {"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        (NOTE, {"headers": {"Origin": "https://evil.example"}}, 403),
    ],
)
def test_what_is_refused_is_shown_again(client, note, more, status):
    answer = send(client, make_published(), note, **more)
    assert answer.status_code == status
    if visible := note.replace("\0", "").strip(" \u200b"):
        assertContains(answer, visible, status_code=status)
    assert not MistakeReport.objects.exists()


def test_a_message_of_another_kind_is_refused(client):
    article = make_published()
    address = f"{article.get_absolute_url()}mistake/"
    assert client.post(address, "{}", content_type="application/json").status_code == 415


def test_a_robots_field_is_emptied_and_said(client):
    article = make_published()
    answer = client.post(f"{article.get_absolute_url()}mistake/", {"note": NOTE, "leave": "http://spam.example"})
    assertContains(answer, "should stay blank", status_code=422)
    assertContains(answer, NOTE, status_code=422)


def test_a_database_that_does_not_write_keeps_the_note_on_the_screen(client, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(mistakes, "report", locked)
    assertContains(send(client, make_published()), NOTE, status_code=503)


def test_a_network_that_reports_too_much_waits_and_keeps_its_words(client, settings):
    settings.COMMENT_LIMITS = [(5, 600)]
    article = make_published()
    answers = [send(client, article, f"Mistake {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assertContains(answers[-1], "Mistake 5", status_code=429)


def test_the_same_report_twice_is_one(client):
    article = make_published()
    assert [send(client, article).status_code for _ in range(2)] == [303, 303]
    assert MistakeReport.objects.count() == 1


def test_a_draft_and_a_withdrawn_page_take_no_report(client):
    draft, gone = make_article(), make_published()
    Article.objects.filter(pk=gone.pk).update(withdrawn_on="2026-11-01", withdrawal_reason="Wrong")
    for article in (draft, gone):
        assert client.get(f"/articles/{article.slug}/mistake/").status_code == 404
        assert send(client, article).status_code == 404
    assert not MistakeReport.objects.exists()


def test_the_owner_of_the_page_gets_one_mail_a_day_without_the_words(client):
    owner = make_user("Editors", email="owner@example.org")
    article = make_published(owner=owner)
    run()  # That it is online.
    mail.outbox.clear()
    for number in range(3):
        send(client, article, f"{NOTE} ({number})")
    run()
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.org"]
    assert article.title in letter.body
    assert "/admin/articles/article/desk/" in letter.body
    assert "20 mg" not in letter.subject + letter.body
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        send(client, article, "Another one")
        run()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("fields", [{"is_active": False, "email": "left@example.org"}, {"email": ""}, None])
def test_without_an_owner_who_can_be_reached_the_site_gets_it(client, settings, fields):
    article = make_published(owner=make_user("Editors", **fields) if fields else None)
    send(client, article)
    run()
    assert [letter.to for letter in mail.outbox] == [[settings.MODERATORS_EMAIL]]


def test_nobody_is_told_of_what_was_dealt_with_before(client):
    article = make_published()
    send(client, article)
    mistakes.handle(MistakeReport.objects.get(), by=make_user("Editors"))
    run()
    assert mail.outbox == []


def test_editors_see_it_on_their_desk_escaped_and_mark_it_as_done(client):
    article, editor = make_published(), make_user("Editors")
    send(client, article, "<script>x</script> 20 mg")
    client.force_login(editor)
    page = client.get("/admin/articles/article/desk/")
    assertContains(page, "&lt;script&gt;x&lt;/script&gt; 20 mg")
    key = MistakeReport.objects.get().pk
    assertContains(client.post(f"/admin/articles/article/desk/mistakes/{key}/", follow=True), "Marked as done.")
    assertNotContains(client.get("/admin/articles/article/desk/"), "20 mg")
    kept = MistakeReport.objects.get()
    assert (kept.handled_by, bool(kept.handled_at)) == (editor, True)
    assertContains(client.post(f"/admin/articles/article/desk/mistakes/{key}/", follow=True), "Someone else already marked it")


def test_only_editors_mark_it_as_done_and_only_by_pressing(client):
    send(client, make_published())
    mistake = MistakeReport.objects.get()
    address = f"/admin/articles/article/desk/mistakes/{mistake.pk}/"
    reviewer = make_user("Medical reviewers")
    with pytest.raises(PermissionDenied):
        mistakes.handle(mistake, by=reviewer)
    client.force_login(reviewer)
    assert client.post(address).status_code == 403
    client.force_login(make_user("Editors"))
    assert client.get(address).url == "/admin/articles/article/desk/"
    mistake.refresh_from_db()
    assert mistake.handled_at is None


def test_reports_go_ninety_days_after_they_were_dealt_with_and_never_before(client):
    article = make_published()
    send(client, article, "Dealt with")
    mistakes.handle(MistakeReport.objects.get(), by=make_user("Editors"))
    send(client, article, "Waiting")
    for days, left in ((89, ["Dealt with", "Waiting"]), (91, ["Waiting"]), (4000, ["Waiting"])):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
            mistakes.forget({})
        assert list(MistakeReport.objects.values_list("note", flat=True)) == left


def test_the_privacy_page_says_how_long_a_report_is_kept(client):
    words = f"{mistakes.KEPT.days} days after an editor deals with it"
    assertContains(client.get("/privacy/"), words)
