"""Readers report public comments: what takes one down, what only queues, and what is refused."""

import datetime
import threading

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows import notices
from comments.flows.erasing import withdraw
from comments.flows.moderation import decide, show_contact_details, undo
from comments.flows.reports import file_report
from comments.flows.retention import apply_retention
from comments.flows.submission import change_words
from comments.models import Comment, CommentEvent, Report, State
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


def address(comment):
    return f"/articles/{comment.article.slug}/comments/{comment.pk}/report/"


def report(client, comment, reason="unkind", *, network="192.0.2.7", headers=None, **fields):
    return client.post(
        address(comment),
        {"reason": reason, "note": "", "leave": ""} | fields,
        headers={"Sec-Fetch-Site": "same-origin"} | (headers or {}),
        REMOTE_ADDR=network,
    )


@pytest.fixture
def public():
    """A comment that one moderator approved; there is another one."""
    make_user("Moderators")
    return make_comment(state=State.APPROVED, body="Public words")


def test_every_public_comment_links_to_its_report(client, public):
    assertContains(client.get(public.article.get_absolute_url()), f'href="{address(public)}"')
    page = client.get(address(public))
    assertContains(page, "Public words")
    assertContains(page, 'type="radio"', count=6)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert not page.cookies


def test_a_report_is_kept_and_the_reader_thanked(client, public):
    answer = report(client, public, note="It names\r\nmy street")
    assert answer.status_code == 303
    page = client.get(answer.url)
    assertContains(page, "Thank you")
    assertContains(page, "emergency number")
    kept = Report.objects.get()
    assert (kept.comment, kept.version, kept.reason, kept.note) == (public, public.version, "unkind", "It names\nmy street")
    assert "192.0.2.7" not in kept.network_tag
    public.refresh_from_db()
    assert public.state == State.APPROVED


def test_harm_takes_down_at_once_and_is_urgent(client, public):
    assert report(client, public, "harm").status_code == 303
    public.refresh_from_db()
    assert (public.state, public.lane) == (State.HIDDEN, "urgent")
    event = public.events.last()
    assert (event.kind, event.actor) == (CommentEvent.Kind.REPORTED, None)
    assert Outbox.objects.filter(kind="urgent_notice").count() == 1
    assert list(Comment.objects.second_look()) == [public]
    assertNotContains(client.get(public.article.get_absolute_url()), "Public words")
    assertContains(client.get(public.author_url), "hidden for now")


def test_three_other_reports_take_down_and_two_do_not(client, public):
    for number in (1, 2):
        report(client, public, network=f"192.0.2.{number}")
    public.refresh_from_db()
    assert public.state == State.APPROVED
    report(client, public, "medical", network="192.0.2.3")
    public.refresh_from_db()
    assert (public.state, public.lane) == (State.HIDDEN, "standard")


def test_one_network_counts_once_a_day(client, public):
    for _ in range(5):
        assert report(client, public).status_code == 303
    assert Report.objects.count() == 1


def test_what_two_of_one_network_note_is_kept_in_one_report(client, public):
    for note in ("", "It names my street", "It names my street", "And my school", "x" * 500):
        report(client, public, note=note)
    kept = Report.objects.get()
    assert kept.note.startswith("It names my street\nAnd my school\nxxx")
    assert len(kept.note) == 500


def test_harm_from_a_network_that_had_said_less_still_counts(client, public):
    report(client, public, note="first")
    report(client, public, "harm", note="second")
    assert list(Report.objects.values_list("reason", "note")) == [("harm", "first\nsecond")]
    public.refresh_from_db()
    assert public.state == State.HIDDEN


@pytest.mark.parametrize("reason", ["harm", "unkind"])
def test_after_a_second_look_by_somebody_else_reports_only_queue(client, public, reason):
    report(client, public, "harm")
    public.refresh_from_db()
    decide(public, State.APPROVED, version=public.version, by=make_user("Clinicians"))
    for number in range(4):
        report(client, public, reason, network=f"198.51.100.{number}")
    public.refresh_from_db()
    assert public.state == State.APPROVED
    assert public.confirmed_at is not None
    assert Report.objects.count() == 5


def test_approved_again_by_the_same_person_harm_does_not_take_down_twice_but_three_others_do(client):
    clinician = make_user("Clinicians")
    make_user("Clinicians")
    comment = make_comment(state=State.APPROVED, by=clinician)
    report(client, comment, network="192.0.2.1")
    report(client, comment, network="192.0.2.2")
    report(client, comment, "harm", network="192.0.2.3")
    comment.refresh_from_db()
    decide(comment, State.APPROVED, version=comment.version, by=clinician)
    report(client, comment, "harm", network="192.0.2.4")
    report(client, comment, network="192.0.2.5")
    comment.refresh_from_db()
    assert (comment.state, comment.confirmed_at) == (State.APPROVED, None), "what was said before that look does not count"
    report(client, comment, network="192.0.2.6")
    report(client, comment, network="192.0.2.7")
    comment.refresh_from_db()
    assert comment.state == State.HIDDEN


def test_a_second_look_confirms_one_text_and_no_other(client, public):
    clinician = make_user("Clinicians")
    report(client, public, "harm", network="192.0.2.1")

    def go_on(*states):
        for state in states:
            public.refresh_from_db()
            decide(public, state, version=public.version, by=clinician, reason="other" if state == State.REJECTED else "")
        public.refresh_from_db()

    go_on(State.APPROVED, State.REJECTED, State.PENDING)
    assert public.confirmed_at is not None
    change_words(public, "Wholly other words", version=public.version, network="203.0.113.1")
    go_on(State.APPROVED)
    # What was said of the old text does not make a later, lesser report of the new one grave.
    report(client, public, "unkind", network="192.0.2.1")
    public.refresh_from_db()
    assert public.state == State.APPROVED
    report(client, public, "harm", network="192.0.2.2")
    public.refresh_from_db()
    assert public.state == State.HIDDEN
    assert public.events.filter(kind="reported").count() == 2


def test_details_that_were_shown_after_the_second_look_can_be_reported(client, public):
    clinician = make_user("Clinicians")
    report(client, public, "harm", network="192.0.2.1")
    public.refresh_from_db()
    decide(public, State.APPROVED, version=public.version, by=clinician)
    shown = show_contact_details(public, version=public.version + 1, by=clinician)
    undo(shown, by=clinician)
    report(client, public, "harm", network="192.0.2.2")
    public.refresh_from_db()
    assert public.state == State.APPROVED
    show_contact_details(public, version=public.version, by=clinician)
    report(client, public, "harm", network="192.0.2.3")
    public.refresh_from_db()
    assert public.state == State.HIDDEN


def test_a_second_look_that_is_undone_waits_again(client, public):
    report(client, public, "harm")
    public.refresh_from_db()
    clinician = make_user("Clinicians")
    event = decide(public, State.APPROVED, version=public.version, by=clinician)
    assert not Comment.objects.second_look().exists()
    undo(event, by=clinician)
    public.refresh_from_db()
    assert public.confirmed_at is None
    assert list(Comment.objects.second_look()) == [public]


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.SPAM, State.HIDDEN])
def test_what_is_not_public_cannot_be_reported(client, state):
    comment = make_comment(state=state)
    assert client.get(address(comment)).status_code == 404
    assert report(client, comment, "harm").status_code == 404
    assert not Report.objects.exists()


def test_unknown_withdrawn_or_under_another_article_is_404(client, public):
    other = make_article()
    assert client.get(f"/articles/{other.slug}/comments/{public.pk}/report/").status_code == 404
    assert client.get(f"/articles/{public.article.slug}/comments/{public.pk + 99}/report/").status_code == 404
    assert client.get(f"/articles/{public.article.slug}/comments/{'9' * 30}/report/").status_code == 404
    withdraw(public)
    assert report(client, public).status_code == 404


def test_the_slower_of_two_reports_of_harm_is_told_that_it_is_gone(client, public, monkeypatch):
    stale = Comment.objects.select_related("article").get(pk=public.pk)
    report(client, public, "harm")
    monkeypatch.setattr("comments.public.report_views._public_comment", lambda slug, pk: stale)
    assert report(client, public, "harm", network="192.0.2.8").status_code == 404
    assert public.events.filter(kind="reported").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reason", ["harm", "unkind"])
def test_reports_at_the_same_moment_take_down_once(public, reason):
    start, answers = threading.Barrier(6), []

    def post(number):
        start.wait(timeout=20)
        try:
            answers.append(report(Client(), public, reason, network=f"192.0.2.{number}").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    public.refresh_from_db()
    assert public.state == State.HIDDEN
    assert public.events.filter(kind="reported").count() == 1
    assert Outbox.objects.filter(kind="urgent_notice").count() == (reason == "harm")
    # Who comes after the comment was taken down is told that it is gone.
    assert sorted(answers) == [303] * Report.objects.count() + [404] * (6 - Report.objects.count())
    assert Report.objects.count() == (1 if reason == "harm" else 3)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": ""}, "Choose what&#x27;s wrong"),
        ({"reason": "boring"}, "Choose what&#x27;s wrong"),
        ({"note": "x" * 501}, "This is 1 character too long. The limit is 500."),
        ({"note": "broken \ufffd"}, "damaged"),
        ({"note": "nul\0here"}, "we can&#x27;t save"),
    ],
)
def test_wrong_report_is_told_and_the_note_kept(client, public, fields, words):
    reason = fields.pop("reason", "unkind")
    answer = report(client, public, reason, **({"note": "My note"} | fields))
    assertContains(answer, words, status_code=422)
    assertContains(answer, fields.get("note", "My note").replace("\0", ""), status_code=422)
    assertContains(answer, "<title>Error: ", status_code=422)
    assert not Report.objects.exists()


def test_summary_of_errors_links_to_the_first_choice(client, public):
    answer = report(client, public, "")
    assertContains(answer, 'href="#id_reason_0"', status_code=422)
    assertContains(answer, 'id="id_reason_0"', status_code=422)


def test_a_robot_is_asked_to_send_again_with_the_trap_emptied(client, public):
    answer = report(client, public, "harm", leave="http://example.com")
    assertContains(answer, "Please send the form again", status_code=422)
    assertNotContains(answer, "http://example.com", status_code=422)
    public.refresh_from_db()
    assert public.state == State.APPROVED


def test_a_form_of_another_site_reports_nothing(client, public):
    answer = report(client, public, "harm", note="My note", headers={"Sec-Fetch-Site": "cross-site"})
    assertContains(answer, "My note", status_code=403)
    public.refresh_from_db()
    assert public.state == State.APPROVED


def test_wrong_method_and_content_type(client, public):
    answer = client.delete(address(public))
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert client.post(address(public), b"{}", content_type="application/json").status_code == 415


def test_a_network_reports_ten_comments_a_day(client, public, settings):
    settings.COMMENT_LIMITS = [(100, 600)]
    comments = [public] + [
        make_comment(article=public.article, state=State.APPROVED, network=f"192.0.2.{number}") for number in range(10)
    ]
    answers = [report(client, comment, note="My note") for comment in comments]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assertContains(answers[-1], "My note", status_code=429)
    assert int(answers[-1].headers["Retry-After"]) <= 24 * 60 * 60
    assert Report.objects.count() == 10


def test_broken_database_keeps_the_note(client, public, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("comments.public.report_views.file_report", locked)
    assertContains(report(client, public, note="My note"), "My note", status_code=503)


def test_reports_go_after_ninety_days(public):
    file_report(public, "unkind", "My note", network="192.0.2.7")
    later = timezone.now() + datetime.timedelta(days=91)
    assert dict(apply_retention(later, dry_run=True))["reports deleted"] == 1
    apply_retention(later)
    assert not Report.objects.exists()


def test_the_next_day_the_same_network_is_another_one(public):
    file_report(public, "unkind", "", network="192.0.2.7")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        file_report(public, "unkind", "", network="192.0.2.7")
    assert Report.objects.values("network_tag").distinct().count() == 2


def test_taking_back_erases_what_readers_noted(public):
    file_report(public, "personal", "Her street is in it", network="192.0.2.7")
    withdraw(public)
    assert Report.objects.get().note == ""


def test_moderators_read_reports_and_change_none(client, public, moderator):
    file_report(public, "personal", "Her street is in it", network="192.0.2.7")
    client.force_login(moderator)
    page = client.get("/admin/comments/report/")
    assertContains(page, "Her street is in it")
    assertContains(page, "Public words")
    assertContains(page, "personal details")
    kept = Report.objects.get()
    assert client.post(f"/admin/comments/report/{kept.pk}/change/", {"note": "x"}).status_code == 403
    assert client.get(f"/admin/comments/report/{kept.pk}/delete/").status_code == 403
    assertContains(client.get(f"/admin/comments/comment/{public.pk}/change/"), "1 × It shows someone")


def test_nobody_in_the_admin_sees_what_tells_networks_apart(client, public, admin_user):
    kept = file_report(public, "other", "", network="192.0.2.7")
    client.force_login(admin_user)
    assertNotContains(client.get(f"/admin/comments/report/{kept.pk}/change/"), kept.network_tag)


def test_the_queue_says_that_public_comments_were_reported(client, public, moderator):
    client.force_login(moderator)
    assertNotContains(client.get("/admin/comments/queued/"), "reported")
    file_report(public, "personal", "", network="192.0.2.1")
    file_report(public, "personal", "", network="192.0.2.2")
    link = '<a href="/admin/comments/report/?comment__state__exact=approved">1 published comment was reported</a>'
    assertContains(client.get("/admin/comments/queued/"), link)
    file_report(make_comment(state=State.APPROVED), "other", "", network="192.0.2.2")
    assertContains(client.get("/admin/comments/queued/"), "2 published comments were reported</a>")
    for state in (State.HIDDEN, State.APPROVED):
        public.refresh_from_db()
        decide(public, state, version=public.version, by=moderator)
    assertContains(client.get("/admin/comments/queued/"), "1 published comment was reported</a>")


def test_others_do_not_read_reports(client):
    client.force_login(make_user("Editors"))
    assert client.get("/admin/comments/report/").status_code == 403


def test_the_list_of_reports_costs_the_same_for_one_and_for_many(client, public, moderator, django_assert_num_queries):
    client.force_login(moderator)
    file_report(public, "other", "", network="192.0.2.1")
    with django_assert_num_queries(6):
        client.get("/admin/comments/report/")
    for _ in range(5):
        comment = make_comment(article=public.article, state=State.APPROVED)
        file_report(comment, "other", "", network="192.0.2.1")
    with django_assert_num_queries(6):
        client.get("/admin/comments/report/")


def test_reports_hide_five_in_an_hour_and_then_only_ask_for_a_person(client, settings):
    comments = [make_comment(state=State.APPROVED) for _ in range(7)]
    for number, comment in enumerate(comments):
        report(client, comment, "harm", network=f"192.0.2.{number + 1}")
    states = list(Comment.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.HIDDEN] * 5 + [State.APPROVED] * 2
    outbox.run_due(all_handlers())
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["URGENT: 5 comments are waiting", "URGENT: 2 reported comments are still online"]
    assert "someone may be in danger" in mail.outbox[1].body
    Comment.objects.filter(state=State.HIDDEN).update(lane="standard")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        notices.add_urgent_reminders()
        outbox.run_due(all_handlers())
    assert "URGENT: 2 comments are still waiting" in mail.outbox[-1].subject
    assert "2 of them are online" in mail.outbox[-1].body
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        report(client, comments[6], "harm", network="192.0.2.200")
    assert Comment.objects.get(pk=comments[6].pk).state == State.HIDDEN


def test_two_homes_count_twice_and_a_provider_of_ipv6_once(client, public):
    for number in range(4):
        report(client, public, network=f"2001:db8:1:{number}00::7")
    public.refresh_from_db()
    assert public.state == State.APPROVED
    assert public.reports.count() == 4, "each may say something else"
    for number in (2, 3):
        report(client, public, network=f"2001:db8:{number}::7")
    public.refresh_from_db()
    assert public.state == State.HIDDEN


def test_a_stranger_with_a_large_network_is_limited_all_the_same(client, settings):
    settings.COMMENT_LIMITS = [(5, 600)]
    comment = make_comment(state=State.APPROVED)
    answers = [report(client, comment, network=f"2001:db8:1:{number:x}::7", note=str(number)).status_code for number in range(40)]
    assert answers.count(303) == 40 if not settings.COMMENT_LIMITS else answers.count(303) < 40
    article = comment.article
    sent = [submitted(client, article, f"Words number {number}", f"2001:db8:2:{number:x}::7") for number in range(30)]
    assert sent.count(303) == 15
    assert sent[15:] == [429] * 15


def submitted(client, article, body, network):
    entries = {"name": "Mira", "email": "mira@example.org", "body": body}
    return client.post(f"{article.get_absolute_url()}comments/", entries, REMOTE_ADDR=network).status_code


def test_many_comments_that_one_stranger_took_down_come_back_with_one_action_and_can_be_undone(client):
    comments = [make_comment(state=State.APPROVED) for _ in range(4)]
    for number, comment in enumerate(comments[:3]):
        report(client, comment, "harm", network=f"192.0.2.{number + 1}")
    comments[3].refresh_from_db()
    decide(comments[3], State.HIDDEN, version=comments[3].version, by=make_user("Moderators"))
    rows = list(Comment.objects.order_by("pk"))
    data = {"action": "put_back", "_selected_action": [row.pk for row in rows]} | {
        f"version-{row.pk}": row.version for row in rows
    }
    client.force_login(make_user("Moderators"))
    client.post("/admin/comments/queued/", data)
    assert not Comment.objects.filter(state=State.APPROVED).exists(), "what may be about danger is for a clinician"
    client.force_login(make_user("Clinicians"))
    page = client.post("/admin/comments/queued/", data, follow=True)
    assertContains(page, "Put back: 3 comments.")
    assertContains(page, "1 can&#x27;t be moved that way")
    assert list(Comment.objects.order_by("pk").values_list("state", "lane")) == [(State.APPROVED, "standard")] * 3 + [
        (State.HIDDEN, "standard")
    ]
    batch = CommentEvent.objects.exclude(batch=None).latest("pk").batch
    client.post("/admin/comments/queued/undo/", {"undo": str(batch)})
    assert set(Comment.objects.filter(pk__in=[row.pk for row in rows[:3]]).values_list("state", "lane")) == {
        (State.HIDDEN, "urgent")
    }
