"""Whom nobody may make us write to: one question at a time, a refusal that lasts, and no page that tells what an address did."""

import datetime
import re
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from comments.flows import erasing, letters, moderation, questions, subscriptions
from comments.flows.retention import apply_retention
from comments.flows.submission import submit_comment
from comments.models import Contact, Letter, NoMail, State, Subscription
from comments.screening import Submission
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
CANARY = "canary@example.org"
DAY = datetime.timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def ask(email=CANARY, *, body="Words", article=None):
    """Return a comment for which somebody typed this address and ticked the box."""
    article = article or make_published()
    return submit_comment(article, Submission("Somebody", email, body), network="192.0.2.1", subscribe=True)


def run(later=datetime.timedelta(0)):
    """Let the worker run so much later, and return the mails of that run."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + later, tick=False):
        while outbox.run_due(all_handlers()):
            pass
    return list(mail.outbox)


def path(address):
    return re.sub(r"^https?://[^/]+", "", address)


def header(message):
    """Return where a mail program posts when its user wants no more."""
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return path(message.message()["List-Unsubscribe"].strip("<>"))


def never(message):
    """Return the page of a question on which all mail is refused, which a mail program reaches as well."""
    assert header(message) in message.body
    return header(message)


# One question at a time.


@pytest.mark.parametrize(
    "variants",
    [
        ["canary@example.org", *(f"canary+{number}@example.org" for number in range(24))],
        ["Canary@Example.org", '"canary"@example.org', '"c\\anary+x"@example.org'],
        ["ca.na.ry@gmail.com", "canary+a@googlemail.com", "c.anary@GMAIL.com"],
        ["canary@m\u00fcnchen.example", "canary+1@xn--mnchen-3ya.example"],
    ],
)
def test_a_mailbox_is_asked_once_however_its_address_is_varied(variants):
    article = make_published()
    for number, address in enumerate(variants):
        ask(address, body=f"Words {number}", article=article)
    assert Contact.objects.values("mailbox").distinct().count() == 1
    assert len(run()) == 1
    assert run(6 * DAY) == []


def test_other_peoples_mailboxes_are_not_taken_for_one():
    article = make_published()
    for address in ("a.b@example.org", "ab@example.org", "+ab@example.org", "ab@example.com", "a.b@gmail.com", "b@gmail.com"):
        ask(address, article=article)
    assert len(run()) == 6


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_the_same_moment_ask_a_mailbox_once():
    article = make_published()
    start = threading.Barrier(4)

    def post(number):
        start.wait(timeout=20)
        try:
            ask(f"canary+{number}@example.org", body=f"Words {number}", article=article)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Subscription.objects.count() == 4
    assert Outbox.objects.filter(kind="question").count() == 1


def test_the_next_question_follows_when_the_one_before_was_answered_with_yes():
    comments = [ask(body=f"Words {number}") for number in range(3)]
    assert len(run()) == 1
    subscriptions.confirm(comments[0].subscription)
    assert len(run()) == 1
    comments[1].subscription.refresh_from_db()
    assert comments[1].subscription.asked_at
    subscriptions.end(comments[1].subscription)
    assert run() == []


def test_a_question_that_nobody_answers_blocks_the_next_for_a_week():
    article = make_published()
    ask(article=article)
    assert len(run()) == 1
    for days, asked in ((6, 0), (8, 1)):
        with time_machine.travel(timezone.now() + days * DAY):
            ask(body=f"Words after {days} days", article=article)
            assert len(run()) == asked


def test_a_domain_gets_so_many_questions_an_hour_and_the_rest_later():
    article = make_published()
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)):
        for number in range(questions.OF_A_DOMAIN + 2):
            ask(f"person{number}@clinic.example", article=article)
        assert len(run()) == questions.OF_A_DOMAIN
        assert run(datetime.timedelta(minutes=59)) == []
        assert len(run(datetime.timedelta(minutes=61))) == 2
        assert run(DAY) == []


def test_a_large_provider_gets_more_and_not_all(monkeypatch):
    monkeypatch.setattr(questions, "OF_A_PROVIDER", 13)
    article = make_published()
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)):
        for number in range(15):
            ask(f"person{number}@gmail.com", article=article)
        assert len(run()) == 13


# A refusal that lasts.


def test_opening_the_link_refuses_nothing_and_the_button_refuses_for_good(client):
    comment = ask()
    address = never(run()[0])
    assertContains(client.get(address), "Never email you again?")
    assert not NoMail.objects.exists()
    assertContains(client.post(address), "never email this address again")
    assertContains(client.get(address), "never email this address again")
    erasing.withdraw(comment)
    apply_retention(timezone.now() + 4000 * DAY)
    assert not Contact.objects.exists()
    with time_machine.travel(timezone.now() + 4000 * DAY):
        ask("canary+again@example.org")
        assert run() == []


def test_one_press_in_a_mail_program_refuses_without_cookie_or_token():
    ask()
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(never(run()[0]), ONE_CLICK).status_code == 200
    ask(body="Other words")
    assert run() == []


def test_the_link_works_when_the_stranger_took_the_comment_back(client):
    comment = ask()
    address = never(run()[0])
    erasing.withdraw(comment)
    assert not Contact.objects.exists()
    client.post(address)
    ask(body="Other words")
    assert run() == []


def test_nothing_that_was_on_its_way_goes_out_after_a_refusal(client, moderator):
    told, answered, asked = (ask(f"canary+{number}@example.org") for number in range(3))
    address = never(run()[0])
    for comment in (told, answered):
        subscriptions.confirm(comment.subscription)
        moderation.decide(comment, State.APPROVED, version=1, by=moderator)
    make_comment(parent=answered, state=State.APPROVED)
    letters.write(told, by=moderator, words="Kind words", seen=0)
    client.post(address)
    assert run(DAY / 24) == []
    assert not Subscription.objects.filter(ended_at=None).exists()
    assert Letter.objects.get().sent_at is None
    assert "Kind words" not in str(list(Outbox.objects.values()))
    assert asked.state == State.PENDING


def test_a_moderator_is_told_that_no_letter_can_go_there(client, moderator):
    comment = ask()
    client.post(never(run()[0]))
    with pytest.raises(letters.Refused, match="asked us never to email them again"):
        letters.write(comment, by=moderator, words="Kind words", seen=0)
    client.force_login(moderator)
    answer = client.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": "Kind words", "seen": "0"})
    assertContains(answer, "never to email them again")


def test_a_letter_names_the_way_to_refuse(client, moderator):
    letters.write(make_comment(email=CANARY), by=moderator, words="Kind words", seen=0)
    client.post(never(run()[0]))
    assert NoMail.objects.exists()


def test_the_link_takes_a_refusal_back_and_asking_again_does_not(client):
    ask()
    address = never(run()[0])
    client.post(address)
    ask(body="Other words")
    assert NoMail.objects.exists()
    assertContains(client.post(address, {"allow": "1"}), "Email is allowed again")
    assertContains(client.get(address), "Never email you again?")
    ask(body="Words again")
    assert len(run()) == 1


def test_who_ends_the_mail_about_a_comment_is_offered_to_refuse_all(client, moderator):
    comment = ask()
    subscriptions.confirm(comment.subscription)
    moderation.decide(comment, State.APPROVED, version=1, by=moderator)
    Outbox.objects.filter(kind="question").delete()
    page = client.post(header(run(DAY / 24)[0]))
    comment.subscription.refresh_from_db()
    assert comment.subscription.ended_at
    assert not NoMail.objects.exists()
    client.post(re.search(r'action="([^"]+/never/[^"]+)"', page.content.decode())[1])
    assert NoMail.objects.exists()


def test_privacy_page_says_what_is_kept_of_a_refusal(client):
    assertContains(client.get("/privacy/"), "Your request that we never email you")


# No page tells what an address did.


def answers(client, address, method):
    """Return what a stranger sees at an address, but for the address itself."""
    answer = getattr(client, method)(address)
    token = max(address.split("/"), key=len)
    headers = {name: value for name, value in answer.items() if name not in {"Content-Length", "Server-Timing"}}
    return answer.status_code, answer.content.decode().replace(address, "ADDRESS").replace(token, "TOKEN"), headers


@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("purpose", ["confirm", "end"])
def test_links_that_open_nothing_are_answered_alike(client, moderator, purpose, method):
    kinds = {}
    for kind in ("open", "ended", "gone"):
        comment = ask(f"{kind}@example.org")
        (question,) = run()
        subscriptions.confirm(comment.subscription)
        moderation.decide(comment, State.APPROVED, version=1, by=moderator)
        (outcome,) = run(DAY / 24)
        addresses = {"confirm": path(re.search(r"\S+/confirm/", question.body)[0]), "end": header(outcome)}
        kinds[kind] = addresses[purpose]
        if kind == "ended":
            subscriptions.end(comment.subscription)
        if kind == "gone":
            erasing.withdraw(comment)
    pk, token = kinds.pop("open").split("/")[-4:-2]
    kinds["wrong token"] = f"/comments/mail/{pk}/{'0' * len(token)}/{purpose}/"
    kinds["token of another"] = f"/comments/mail/{pk}/{kinds['ended'].split('/')[-3]}/{purpose}/"
    kinds["unknown key"] = f"/comments/mail/987654321/{token}/{purpose}/"
    kinds["impossible key"] = f"/comments/mail/{'9' * 40}/{token}/{purpose}/"
    found = {kind: answers(client, address, method) for kind, address in kinds.items()}
    assert found["ended"][0] == 200
    assert {kind: answer == found["ended"] for kind, answer in found.items()} == dict.fromkeys(found, True)
    assert Subscription.objects.get(pk=pk).ended_at is None


def test_another_sites_form_is_refused_alike_for_known_and_unknown_links(client):
    ask()
    address = path(re.search(r"\S+/confirm/", run()[0].body)[0])
    for link in (address, "/comments/mail/987654321/0/confirm/"):
        assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_with_a_wrong_token_is_answered_like_any_other_and_refuses_nobody(client, method):
    ask()
    address = never(run()[0])
    wrong = f"/comments/mail/never/{'0' * 104}/"
    assert answers(client, wrong, method) == answers(client, address, method)
    assert NoMail.objects.count() == (1 if method == "post" else 0)


@time_machine.travel(datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC), tick=False)
def test_a_receipt_does_not_tell_what_the_owner_of_the_address_did(client):
    article = make_published()
    asked = ask("asked@example.org", article=article)
    refused = ask("refused@example.org", article=article)
    for question in run():
        if question.to == ["refused@example.org"]:
            client.post(never(question))
    later = ask("refused+1@example.org", body="Later words", article=article)
    new = ask("new@example.org", body="Later words", article=article)

    def receipt(comment):
        page = client.get(comment.author_url).content.decode()
        return page.replace(f"/{comment.pk}/", "/PK/").replace(comment.token, "TOKEN")

    assert receipt(asked) == receipt(refused)
    assert receipt(later) == receipt(new)
    assert "You asked for email about it" in receipt(later)
