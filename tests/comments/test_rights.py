"""What a person can see, correct and erase without an account, and a privacy officer for a letter."""

import datetime
import json
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows import claims, jobs, letters, moderation, no_mail, rights, subscriptions
from comments.flows.moderation import decide
from comments.flows.retention import apply_retention
from comments.models import Comment, Contact, DataRequest, NoMail, State
from comments.public.rights_views import address_of
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"
FIND = "/admin/comments/datarequest/find/"


def asked(client, address=ANA, **more):
    return client.post("/your-data/", {"email": address}, **more)


def link_in(mailoutbox):
    outbox.run_due(jobs.HANDLERS)
    return re.search(r"http\S+(/your-data/\S+)", mailoutbox[-1].body)[1] if mailoutbox else None


@pytest.fixture
def page(client, mailoutbox):
    """Return a function that opens the page of somebody, as the mail leads there."""

    def opened(address=ANA):
        asked(client, address)
        return client.post(link_in(mailoutbox)).url

    return opened


def test_the_answer_is_the_same_for_an_address_that_nobody_has(client, mailoutbox):
    make_comment(email=ANA)
    answers, queries = [], []
    for address in (ANA, "nobody@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answers.append(asked(client, address))
        queries.append(len(captured))
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, "/your-data/sent/")] * 2
    assert queries[0] == queries[1]
    outbox.run_due(jobs.HANDLERS)
    assert [mail.to for mail in mailoutbox] == [[ANA]]
    assertContains(client.get("/your-data/sent/"), "If we know that address")


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (ANA, "  ANA@EXAMPLE.ORG "),
        ("ana+lupus@example.org", "Ana+Lupus@example.org"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 59}.example.org", f"{'A' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 59}.example.org"),
    ],
)
def test_an_address_is_known_in_any_spelling(client, mailoutbox, kept, typed):
    make_comment(email=kept)
    assert asked(client, typed).status_code == 303
    outbox.run_due(jobs.HANDLERS)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("other", ["аna@example.org", "ana+lupus@example.org", "ana@examp1e.org", f"{'a' * 64}@{'b' * 60}.org"])
def test_an_address_that_only_looks_like_it_is_somebody_else(client, mailoutbox, other):
    make_comment(email=ANA)
    assert asked(client, other).status_code in {303, 422}
    outbox.run_due(jobs.HANDLERS)
    assert not mailoutbox


def test_an_address_of_more_than_254_signs_is_refused_and_kept_in_the_form(client):
    long = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example.org"
    answer = asked(client, long)
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_a_form_of_another_site_asks_for_nothing(client):
    assert asked(client, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Outbox.objects.filter(kind="rights").exists()


def test_a_mailbox_gets_few_of_these_mails_a_day_and_none_when_it_wants_none(client, mailoutbox):
    comment = make_comment(email=ANA)
    for _ in range(5):
        asked(client)
        outbox.run_due(jobs.HANDLERS)
    assert len(mailoutbox) == rights.MAILS_A_DAY
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        no_mail.refuse(comment.contact.mailbox)
        asked(client)
        outbox.run_due(jobs.HANDLERS)
    assert len(mailoutbox) == rights.MAILS_A_DAY


def test_the_link_works_once_and_opening_it_changes_nothing(client, mailoutbox):
    make_comment(email=ANA)
    asked(client)
    link = link_in(mailoutbox)
    for browser in (client, Client()):
        for _ in range(2):
            assertContains(browser.get(link), "Show me everything")
            assert browser.head(link).status_code == 200
    assert DataRequest.objects.get().opened_at is None
    page = client.post(link)
    assert page.status_code == 303
    assertNotContains(client.get(page.url), ANA)
    for browser in (client, Client()):
        assert browser.get(link).status_code == browser.post(link).status_code == 410
    assert page.url.split("/")[3] not in link
    assert client.get(page.url).headers["Cache-Control"] == "no-store"


def test_link_and_page_end_after_an_hour(client, mailoutbox, page):
    make_comment(email=ANA)
    opened = page()
    asked(client)
    link = link_in(mailoutbox)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=59)):
        assert client.get(link).status_code == client.get(opened).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        assert [client.get(each).status_code for each in (link, opened, opened.replace("all/", "what-we-keep.json"))] == [410] * 3
        assert client.post(opened, {"everything": "1"}).status_code == 410
    assert Comment.objects.get().body


def test_a_wrong_secret_opens_nothing(client, page):
    make_comment(email=ANA)
    opened = page()
    pk = opened.split("/")[2]
    for secret in ("x" * 40, "", "0" * 40):
        assert client.get(f"/your-data/{pk}/{secret or '-'}/all/").status_code == 410
    assert client.post(opened, {"everything": "1"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_everything_is_on_the_page_and_in_the_file_in_every_state(client, page, moderator):
    article = make_published()
    for state in (State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN):
        make_comment(article=article, email=ANA, state=state, body=f"My words, {state}", name=f"Ana {state}")
    make_comment(article=article, email="bo@example.org", body="Words of Bo")
    pending = Comment.objects.get(body="My words, pending")
    claims.add_note(pending, by=moderator, note="Ask the doctor about this")
    letter = letters.write(pending, by=moderator, words="How are you?", seen=0)
    letter.sent_at = timezone.now()
    letter.save()
    letters.answer(letter, "Much better, thanks")
    subscriptions.start(pending)
    opened = page()
    shown = client.get(opened).content.decode()
    file = client.get(opened.replace("all/", "what-we-keep.json"))
    data = json.loads(file.content)
    assert file.headers["Content-Disposition"].startswith("attachment")
    for state in (State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN):
        assert f"My words, {state}" in shown
        assert f"Ana {state}" in shown
    assert {comment["text"] for comment in data["comments"]} == {
        f"My words, {state}" for state in State if state not in ("withdrawn", "erased")
    }
    for words in ("Ask the doctor about this", "Much better, thanks"):
        assert words in shown
        assert words in file.content.decode()
    for words in ("Words of Bo", ANA, moderator.username):
        assert words not in shown
        assert words not in file.content.decode()


def test_the_page_costs_as_many_queries_for_many_comments(client, page, django_assert_max_num_queries):
    article = make_published()
    for _ in range(3):
        make_comment(article=article, email=ANA)
    opened = page()
    with CaptureQueriesContext(connection) as few:
        client.get(opened)
    for _ in range(5):
        make_comment(article=article, email=ANA)
    with django_assert_max_num_queries(len(few)):
        client.get(opened)


def test_a_corrected_name_of_a_public_comment_waits_for_a_moderator(client, page, moderator):
    public, waits = make_comment(email=ANA, state=State.APPROVED), make_comment(email=ANA)
    opened = page()
    for comment in (public, waits):
        assert client.post(opened, {"comment": comment.pk, "name": "Anna"}).url.endswith(f"#c{comment.pk}")
        comment.refresh_from_db()
    assert [(comment.name, comment.state) for comment in (public, waits)] == [("Anna", State.HIDDEN), ("Anna", State.PENDING)]
    assertNotContains(client.get(public.article.get_absolute_url()), "Anna")
    decide(public, State.APPROVED, version=public.version, by=moderator)
    assertContains(client.get(public.article.get_absolute_url()), "Anna")


def test_a_name_that_cannot_be_is_refused_and_nobody_elses_is_changed(client, page):
    mine, other = make_comment(email=ANA), make_comment(email="bo@example.org")
    opened = page()
    answer = client.post(opened, {"comment": mine.pk, "name": "  "})
    assert answer.status_code == 422
    assertContains(answer, "Enter your name", status_code=422)
    for number in (other.pk, "x", "", "9" * 30, "-1"):
        assert client.post(opened, {"comment": number, "name": "Eve"}).status_code == 404
        assert client.post(opened, {"comment": number, "take-back": "1"}).status_code == 404
    other.refresh_from_db()
    assert (other.name, other.state) == ("Marta", State.PENDING)


def test_a_single_comment_is_taken_back_and_the_last_takes_the_address_along(client, page):
    first, last = make_comment(email=ANA, state=State.SPAM), make_comment(email=ANA)
    opened = page()
    client.post(opened, {"comment": first.pk, "take-back": "1"})
    first.refresh_from_db()
    assert (first.state, first.body) == (State.WITHDRAWN, "")
    assertContains(client.post(opened, {"comment": last.pk, "take-back": "1"}), "Everything is erased")
    assert not Contact.objects.exists()
    assert client.get(opened).status_code == 410


def test_erasing_everything_leaves_nothing_but_a_refusal_of_mail(client, page):
    states = (State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN)
    comments = [make_comment(email=ANA, state=state) for state in states]
    opened = page()
    no_mail.refuse(comments[0].contact.mailbox)
    assertContains(client.post(opened, {"everything": "1"}), "Everything is erased")
    assert set(Comment.objects.values_list("state", "name", "body", "contact")) == {(State.WITHDRAWN, "", "", None)}
    assert not Contact.objects.exists()
    assert NoMail.objects.exists()
    assert Outbox.objects.filter(kind="empty_log").exists()
    assert client.post(opened, {"everything": "1"}).status_code == 410


def test_erasing_while_a_moderator_reads_ends_in_a_conflict_not_in_a_publication(client, page, moderator):
    comment = make_comment(email=ANA)
    opened = page()
    seen = comment.version
    client.post(opened, {"everything": "1"})
    with pytest.raises(moderation.Conflict):
        decide(comment, State.APPROVED, version=seen, by=moderator)
    approved = make_comment(email=ANA)
    event = decide(approved, State.APPROVED, version=approved.version, by=moderator)
    client.post(page(), {"everything": "1"})
    with pytest.raises(moderation.Conflict):
        moderation.undo(event, by=moderator)


def test_an_officer_finds_a_person_by_the_address_in_a_letter(client, officer):
    comment = make_comment(email=ANA, body="Words of Ana")
    client.force_login(officer)
    answer = client.post(FIND, {"email": "Ana@example.org", "why": "Letter of May 3"})
    assertContains(answer, comment.contact.tag)
    assertNotContains(answer, ANA)
    row = DataRequest.objects.get()
    assert (row.by, row.reason, row.contact_id) == (officer, "Letter of May 3", comment.contact_id)
    assertContains(client.get("/admin/comments/datarequest/"), "Letter of May 3")
    page = address_of(row)
    assert page in answer.content.decode()
    assertContains(Client().get(page), "Letter of May 3")
    Client().post(page, {"everything": "1"})
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.ERASED, "")
    assert comment.events.last().actor == officer


def test_a_search_that_finds_nobody_is_logged_too_and_needs_a_reason(client, officer):
    client.force_login(officer)
    assertContains(client.post(FIND, {"email": ANA, "why": "Letter"}), "We keep nothing under that address")
    assert DataRequest.objects.get().reason == "Letter"
    client.post(FIND, {"email": ANA, "why": " "})
    client.get(f"{FIND}?email={ANA}&why=x")
    assert DataRequest.objects.count() == 1


@pytest.mark.parametrize("role", ["Moderators", "Clinicians", "Editors"])
def test_nobody_else_searches_by_an_address(client, role):
    client.force_login(make_user(role))
    assert client.post(FIND, {"email": ANA, "why": "curious"}).status_code == 403
    client.force_login(make_user(is_superuser=True))
    assert client.post(FIND, {"email": ANA, "why": "curious"}).status_code == 403
    assert not DataRequest.objects.exists()


def test_requests_go_by_the_table(client, officer):
    make_comment(email=ANA)
    asked(client)
    outbox.run_due(jobs.HANDLERS)
    rights.search(ANA, by=officer, reason="Letter")
    apply_retention(timezone.now() + datetime.timedelta(days=2))
    assert [row.by for row in DataRequest.objects.all()] == [officer]
    apply_retention(timezone.now() + datetime.timedelta(days=731))
    assert not DataRequest.objects.exists()
