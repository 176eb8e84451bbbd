"""Mail that an author asked for: confirmed first, true when it goes out, sent once, ended by one press."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article
from comments.flows import addresses, erasing, moderation, questions, subscriptions
from comments.flows.retention import apply_retention
from comments.flows.second_try import token_of
from comments.flows.submission import submit_comment
from comments.models import Comment, CommentSettings, Contact, State, Subscription
from comments.screening import Submission
from lupussite.run.worker import all_handlers
from mail import outbox, server
from mail.models import Outbox
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
CANARY = "canary@example.org"


def ask(article=None, *, name="Canaria", email=CANARY, body="Canary words", **fields):
    """Return a comment whose author ticked the box; nothing is sent yet."""
    submission = Submission(name=name, email=email, body=body)
    return submit_comment(article or make_published(), submission, network="192.0.2.1", subscribe=True, **fields)


def confirmed(*args, **fields):
    """Return a comment whose author also pressed the button in the mail."""
    comment = ask(*args, **fields)
    subscriptions.confirm(comment.subscription)
    Outbox.objects.filter(kind="question").delete()
    return comment


def decide(comment, to, by, reason=""):
    comment.refresh_from_db()
    return moderation.decide(comment, to, version=comment.version, by=by, reason=reason)


def run(minutes=0):
    """Let the worker run so many minutes from now, and return the mails of that run."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + minutes * MINUTE):
        while outbox.run_due(all_handlers()):
            pass
    return list(mail.outbox)


def links(message):
    return re.findall(r"https?://\S+", message.body)


def path(address):
    return re.sub(r"^https?://[^/]+", "", address)


def test_check_box_asks_the_address_by_a_mail_that_holds_nothing_of_the_comment(client):
    article = make_published()
    fields = {"name": "Canaria", "email": CANARY, "body": "Canary words", "subscribe": "on", "parent": ""}
    answer = client.post(f"/articles/{article.slug}/comments/", fields)
    assert answer.status_code == 303
    assertContains(client.get(answer.url), "You asked for email about it")
    (question,) = run()
    assert question.to == [CANARY]
    text = str(question.message()) + question.body
    for word in ("Canaria", "Canary words", article.title, article.slug, answer.url):
        assert word not in text


def test_without_the_check_box_nobody_is_asked(client):
    article = make_published()
    assertContains(client.get(article.get_absolute_url()), "Email me the decision and any replies")
    client.post(f"/articles/{article.slug}/comments/", {"name": "M", "email": CANARY, "body": "Words", "parent": ""})
    assert not Subscription.objects.exists()
    assert run() == []


def test_mail_without_an_address_is_asked_back(client, settings):
    settings.COMMENT_EMAIL_REQUIRED = False
    article = make_published()
    answer = client.post(f"/articles/{article.slug}/comments/", {"name": "M", "email": "", "body": "Words", "subscribe": "on"})
    assertContains(answer, "Enter your email address, or uncheck", status_code=422)
    assertContains(answer, "checked", status_code=422)


def test_same_form_again_asks_once():
    article = make_published()
    assert ask(article) == ask(article)
    assert len(run()) == 1


def test_opening_a_link_changes_nothing_and_the_button_confirms(client):
    comment = ask()
    address, ending = map(path, links(run()[0]))
    for link in (address, ending):
        page = client.get(link)
        assertContains(page, "<button")
        assertNotContains(page, "Canar")
        assert not page.cookies
        assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    comment.subscription.refresh_from_db()
    assert (comment.subscription.confirmed_at, comment.subscription.ended_at) == (None, None)
    assertContains(client.post(address, headers={"Sec-Fetch-Site": "same-origin"}), "We’ll email you when")
    comment.subscription.refresh_from_db()
    assert comment.subscription.confirmed_at


def test_another_site_cannot_confirm(client):
    comment = ask()
    address = path(links(run()[0])[0])
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    comment.subscription.refresh_from_db()
    assert comment.subscription.confirmed_at is None


def test_one_link_does_not_open_another(client):
    comment = ask()
    confirm, never = map(path, links(run()[0]))
    token = never.split("/")[-2]
    for address in (confirm.replace("/confirm/", "/end/"), f"/comments/mail/{comment.subscription.pk}/{token}/confirm/"):
        assert client.post(address).status_code == 200
    comment.subscription.refresh_from_db()
    assert (comment.subscription.confirmed_at, comment.subscription.ended_at) == (None, None)


def test_one_press_in_a_mail_program_ends_it_without_cookie_or_token(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    (message,) = run(11)
    header = message.message()["List-Unsubscribe"]
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert header.strip("<>") in links(message)
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(path(header.strip("<>")), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    comment.subscription.refresh_from_db()
    assert comment.subscription.ended_at
    make_comment(parent=comment, state=State.APPROVED)
    assert run(11) == []


def test_an_old_mail_still_ends_what_is_gone(client, moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    address = path(run(11)[0].message()["List-Unsubscribe"].strip("<>"))
    erasing.withdraw(comment)
    for answer in (client.post(address, {"List-Unsubscribe": "One-Click"}), client.get(address)):
        assertContains(answer, "We won’t email you about this comment anymore")


def test_nothing_is_sent_before_the_address_confirmed(moderator):
    comment = ask()
    decide(comment, State.APPROVED, moderator)
    make_comment(parent=comment, state=State.APPROVED)
    assert ["Confirm your email" in message.subject for message in run(11)] == [True]
    assert run(600) == []


def test_outcome_before_the_confirmation_comes_with_it_if_it_is_still_true(moderator):
    approved, changed = ask(), ask(email="other@example.org")
    for comment in (approved, changed):
        decide(comment, State.APPROVED, moderator)
    run(11)
    decide(changed, State.HIDDEN, moderator)
    with time_machine.travel(timezone.now() + 60 * MINUTE):
        for comment in (approved, changed):
            subscriptions.confirm(comment.subscription)
            subscriptions.confirm(comment.subscription)
    assert [message.to for message in run(61)] == [[CANARY]]
    assert run(120) == []


def test_confirming_within_the_time_for_undoing_tells_once(moderator):
    comment = ask()
    decide(comment, State.APPROVED, moderator)
    subscriptions.confirm(comment.subscription)
    assert [message for message in run(9) if "published" in message.subject] == []
    assert len(run(11)) == 1
    assert run(60) == []


def test_two_workers_do_not_meet_over_one_outcome(moderator, monkeypatch):
    comment = ask()
    decide(comment, State.APPROVED, moderator)
    subscriptions.confirm(comment.subscription)
    assert Outbox.objects.filter(kind="outcome").count() == 2
    send, met = addresses.send, []

    def meanwhile(pk, message):
        if not met:
            met.append(outbox.run_due(all_handlers()))  # The other worker takes the other row.
        return send(pk, message)

    monkeypatch.setattr("comments.flows.addresses.send", meanwhile)
    assert ["published" in message.subject for message in run(11)] == [True]
    assert met == [0]
    assert run(12) + run(60) == []
    assert not Outbox.objects.filter(done_at=None).exists()


def test_what_was_told_is_not_told_again_when_the_outbox_has_forgotten_it(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    answer = make_comment(parent=comment, state=State.APPROVED)
    assert len(run(11)) == 2
    later = timezone.now() + datetime.timedelta(days=31)
    apply_retention(later)
    assert not Outbox.objects.exists()
    with time_machine.travel(later):
        for what in (comment, answer):
            decide(what, State.HIDDEN, moderator)
            decide(what, State.APPROVED, moderator)
        assert Outbox.objects.filter(kind__in=["outcome", "answer"]).exists()
        assert run(11) == []
        decide(comment, State.REJECTED, moderator, reason="other")
        assert ["not published" in message.subject for message in run(22)] == [True]


def test_approval_is_told_with_a_link_to_the_comment(moderator, settings):
    comment = confirmed(name="Canaria")
    decide(comment, State.APPROVED, moderator)
    assert run(10) == []
    (message,) = run(11)
    assert message.to == [CANARY]
    assert "published" in message.subject
    assert settings.SITE_URL + comment.get_absolute_url() in links(message)
    assert settings.SITE_URL + comment.author_url in links(message)
    assert "Canary words" not in message.body
    assert run(600) == []


def test_rejection_is_told_with_a_kind_sentence_and_a_way_to_revise_once(client, moderator):
    comment = confirmed(body="Canary words & more")
    decide(comment, State.REJECTED, moderator, reason="unkind")
    (message,) = run(11)
    assert "kinder words" in message.body
    (revise,) = [path(link) for link in links(message) if "revise" in link]
    page = client.get(revise)
    assertContains(page, "Canary words &amp; more")
    assertNotContains(page, CANARY)
    assert page.headers["Cache-Control"] == "no-store"
    again = confirmed(comment.article, body="Canary words, gentler", revises=comment)
    decide(again, State.REJECTED, moderator, reason="unkind")
    (message,) = run(11)
    assert "revise" not in message.body
    assert client.get(f"{again.author_url}revise/").url == again.author_url


def hidden(page, name):
    """Return what the hidden field of a form holds."""
    return re.search(rf'<input type="hidden" name="{name}"(?: value="([^"]*)")?', page.content.decode())[1] or ""


def send(client, article, **fields):
    return client.post(f"/articles/{article.slug}/comments/", {"name": "Canaria", "email": CANARY} | fields)


def test_words_that_were_sent_anew_are_not_offered_again(client, moderator):
    comment = ask()
    decide(comment, State.REJECTED, moderator, reason="unkind")
    page = client.get(f"{comment.author_url}revise/")
    assertContains(page, "Canary words")
    fields = {"revises": hidden(page, "revises"), "body": "Canary words, gentler"}
    refused = send(client, comment.article, **fields, name="")
    assert hidden(refused, "revises") == fields["revises"]
    assert send(client, comment.article, **fields).status_code == 303
    assert client.get(f"{comment.author_url}revise/").url == comment.author_url
    assertNotContains(client.get(comment.author_url), "revise/")


def test_what_the_same_address_sent_elsewhere_does_not_change_what_is_offered(client, moderator):
    article = make_published()
    rejected = [make_comment(article=article, email=CANARY, state=State.REJECTED) for _ in range(2)]
    ask(article, body="Canary words, gentler")
    for comment in rejected:
        assertContains(client.get(comment.author_url), "revise/")
        assert client.get(f"{comment.author_url}revise/").status_code == 200


@pytest.mark.parametrize(
    "token", ["", "x", "0-", "{other}", "{pk}-{zeros}", "99999999-{zeros}", "{pk}", "{digit}-1", "{elsewhere}"]
)
def test_wrong_token_of_a_second_try_refuses_nothing_and_marks_nothing(client, token):
    comment, elsewhere = make_comment(state=State.REJECTED), make_comment(state=State.REJECTED)
    token = token.format(
        pk=comment.pk,
        zeros="0" * 40,
        digit="١",
        elsewhere=token_of(elsewhere),
        other=token_of(elsewhere).replace(f"{elsewhere.pk}-", f"{comment.pk}-"),
    )
    assert send(client, comment.article, body="Words", revises=token).status_code == 303
    assert not Comment.objects.exclude(revises=None).exists()
    assertContains(client.get(comment.author_url), "revise/")


@pytest.mark.parametrize("closed", ["article", "site"])
def test_where_comments_are_closed_no_form_is_offered(client, moderator, closed):
    comment = confirmed()
    decide(comment, State.REJECTED, moderator, reason="unkind")
    if closed == "article":
        Article.objects.filter(pk=comment.article_id).update(comments_open=False)
    else:
        CommentSettings.objects.update(comments_open=False)
    (message,) = run(11)
    assert "revise" not in message.body
    assertNotContains(client.get(comment.author_url), "revise/")
    assert client.get(f"{comment.author_url}revise/").url == comment.author_url


def test_revising_an_answer_keeps_what_it_answers(client, moderator):
    parent = make_comment(state=State.APPROVED)
    answer = ask(parent.article, parent=parent)
    decide(answer, State.REJECTED, moderator, reason="other")
    assertContains(client.get(f"{answer.author_url}revise/"), f'name="parent" value="{parent.pk}"')


def test_spam_is_told_to_nobody(moderator):
    decide(confirmed(), State.SPAM, moderator)
    assert run(11) == []


def test_robot_is_not_asked_until_a_person_approved_it(moderator):
    article = make_published()
    submission = Submission(name="Canaria", email=CANARY, body="Canary words", trap="filled")
    comment = submit_comment(article, submission, network="192.0.2.1", subscribe=True)
    assert run() == []
    decide(comment, State.APPROVED, moderator)
    (question,) = run(11)
    assert "Confirm your email" in question.subject


def test_taking_comments_back_does_not_open_the_mail_box_again():
    asked = 0
    for number in range(5):
        comment = ask(body=f"Words {number}")
        asked += len(run())
        erasing.withdraw(comment)
    assert asked == questions.QUESTIONS_A_DAY


def test_approval_before_the_confirmation_is_no_further_question(moderator):
    decide(ask(), State.APPROVED, moderator)
    assert len(run(11)) == 1
    assert run(60) == []


def test_undone_decision_is_never_told(moderator):
    comment = confirmed()
    event = decide(comment, State.APPROVED, moderator)
    moderation.undo(event, by=moderator)
    assert run(11) == []
    decide(comment, State.REJECTED, moderator, reason="other")
    assert ["not published" in message.subject for message in run(11)] == [True]


def test_row_that_outlived_its_undone_event_sends_nothing(moderator):
    comment = confirmed()
    event = decide(comment, State.APPROVED, moderator)
    moderation.undo(event, by=moderator)
    subscriptions.send_outcome({"comment": comment.pk, "event": event.pk})
    assert mail.outbox == []
    assert not Outbox.objects.filter(kind="outcome").exists()


def test_undoing_brings_the_mail_back_that_the_undone_decision_held_up(moderator):
    start = timezone.now()
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    with time_machine.travel(start + 8 * MINUTE):
        event = decide(comment, State.HIDDEN, moderator)
    assert run(11) == []
    with time_machine.travel(start + 15 * MINUTE):
        moderation.undo(event, by=moderator)
    assert len(run(20)) == 1
    assert run(60) == []


def test_undoing_brings_back_the_answer_that_a_decision_on_the_answered_comment_held_up(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    run(11)
    start = timezone.now()
    decide(make_comment(parent=comment), State.APPROVED, moderator)
    with time_machine.travel(start + 9 * MINUTE):
        event = decide(comment, State.REJECTED, moderator, reason="other")
    assert run(11) == []
    with time_machine.travel(start + 15 * MINUTE):
        moderation.undo(event, by=moderator)
    assert ["replied" in message.subject for message in run(20)] == [True]
    assert run(60) == []


def test_answer_to_what_is_refused_is_not_told(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    run(11)
    decide(make_comment(parent=comment), State.APPROVED, moderator)
    decide(comment, State.SPAM, moderator)
    assert run(11) + run(22) + run(60) == []


def test_mails_that_wait_for_another_decision_become_one(moderator):
    start = timezone.now()
    comment = ask()
    decide(comment, State.APPROVED, moderator)
    subscriptions.confirm(comment.subscription)
    Outbox.objects.filter(kind="question").delete()
    with time_machine.travel(start + 9 * MINUTE):
        event = decide(comment, State.HIDDEN, moderator)
    assert run(17) == []
    assert Outbox.objects.filter(kind="outcome", done_at=None).count() == 1
    with time_machine.travel(start + 18 * MINUTE):
        moderation.undo(event, by=moderator)
    assert len(run(20)) == 1


def test_decision_that_was_replaced_is_not_told(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    decide(comment, State.REJECTED, moderator, reason="off-topic")
    (message,) = run(11)
    assert "not published" in message.subject
    assert run(60) == []


def test_second_look_that_keeps_a_comment_is_not_told_again(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    assert len(run(11)) == 1
    decide(comment, State.HIDDEN, moderator)
    decide(comment, State.APPROVED, moderator)
    assert run(30) == []


def test_answer_is_told_after_its_approval_with_name_and_link_without_the_words(moderator, settings):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    run(11)
    answer = make_comment(parent=comment, name="Ana ana@example.org", body="Secret answer")
    assert run(11) == []
    decide(answer, State.APPROVED, moderator)
    assert run(9) == []
    (message,) = run(11)
    assert message.to == [CANARY]
    assert "Ana [email address not shown] replied" in message.body
    assert settings.SITE_URL + answer.get_absolute_url() in links(message)
    assert "ana@example.org" not in message.body
    assert "Secret answer" not in message.body
    decide(answer, State.HIDDEN, moderator)
    decide(answer, State.APPROVED, moderator)
    assert run(60) == []


def test_own_answer_is_not_told(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    run(11)
    make_comment(parent=comment, state=State.APPROVED, email=CANARY)
    assert run(11) == []


def test_nothing_is_told_after_the_author_took_it_back(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    answer = make_comment(parent=comment)
    erasing.withdraw(comment)
    decide(answer, State.APPROVED, moderator)
    assert run(11) == []
    assert not Contact.objects.filter(subscriptions__isnull=False).exists()


def test_second_call_of_a_handler_sends_nothing(moderator):
    comment = confirmed()
    event = decide(comment, State.APPROVED, moderator)
    assert len(run(11)) == 1
    subscriptions.send_outcome({"comment": comment.pk, "event": event.pk})
    assert len(mail.outbox) == 1


def test_article_withdrawn_meanwhile_is_not_linked(moderator):
    comment = confirmed()
    decide(comment, State.APPROVED, moderator)
    type(comment.article).objects.filter(pk=comment.article_id).update(
        withdrawn_on=timezone.localdate(), withdrawal_reason="Old."
    )
    assert run(11) == []


def test_mail_server_down_for_a_day_loses_nothing_and_sends_nothing_twice(moderator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told, answered, asked = confirmed(), confirmed(email="b@example.org"), ask(email="c@example.org")
    for comment in (told, answered):
        decide(comment, State.APPROVED, moderator)
    make_comment(parent=answered, state=State.APPROVED)
    for hour in range(24):
        assert run(60 * hour) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    found = sorted((message.to[0], message.subject) for message in run(60 * 26))
    assert found == [
        ("b@example.org", "Someone replied to your comment"),
        ("b@example.org", "Your comment is published"),
        ("c@example.org", "Confirm your email address"),
        (CANARY, "Your comment is published"),
    ]
    assert run(60 * 30) == []
    assert asked.subscription.confirmed_at is None


def test_worker_that_died_after_sending_uses_the_same_message_number(moderator):
    comment = confirmed()
    event = decide(comment, State.APPROVED, moderator)
    (first,) = run(11)
    Outbox.objects.filter(cancel_key=event.cancel_key).update(done_at=None)
    Subscription.objects.update(told_state="", told_reason="")
    (second,) = run(12)
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_address_is_kept_while_mail_is_wanted_and_no_longer(moderator):
    reading, ended, silent = (confirmed(email=f"{name}@example.org") for name in "abc")
    for comment in (reading, ended, silent):
        decide(comment, State.APPROVED, moderator)
    subscriptions.end(ended.subscription)
    Subscription.objects.filter(comment=silent).update(confirmed_at=None)
    apply_retention(timezone.now() + datetime.timedelta(days=400))
    assert list(Contact.objects.values_list("comments", flat=True)) == [reading.pk]
    assert Comment.objects.exclude(body="").count() == 3


def test_unconfirmed_wish_is_forgotten_after_seven_days():
    comment = ask()
    apply_retention(timezone.now() + datetime.timedelta(days=6))
    assert Subscription.objects.filter(comment=comment).exists()
    apply_retention(timezone.now() + datetime.timedelta(days=8))
    assert not Subscription.objects.exists()


# --- Before there is a mail server


@pytest.fixture
def no_server(settings):
    """No mail server yet; the returned function brings one, as a restart does."""
    settings.MAIL_LACKS, backend = ["EMAIL_URL"], settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "mail.server.NoServer"
    server.note_whether_there_is_one()

    def bring():
        settings.MAIL_LACKS, settings.EMAIL_BACKEND = [], backend
        server.note_whether_there_is_one()

    return bring


def test_what_a_reader_asked_for_waits_for_the_first_mail_server_however_long(no_server, moderator):
    told, asked = confirmed(email="b@example.org"), ask(email="a@example.org")
    decide(told, State.APPROVED, moderator)
    assert run(12) == []
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40), tick=False):
        apply_retention(timezone.now())
        # A second comment by the same person takes nothing away from the first.
        ask(asked.article, email="a@example.org", body="Other words")
        assert run() == []
        no_server()
        subjects = sorted((sent.to[0], sent.subject) for sent in run(61))
    assert subjects == [("a@example.org", "Confirm your email address"), ("b@example.org", "Your comment is published")]


def test_what_waited_for_it_and_is_true_no_longer_is_not_sent(no_server, moderator):
    told, asked = confirmed(email="b@example.org"), ask(email="a@example.org")
    decide(told, State.APPROVED, moderator)
    run(12)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40), tick=False):
        erasing.withdraw(asked)
        decide(told, State.HIDDEN, moderator)
        no_server()
        assert run(61) == []


def test_from_then_on_mail_that_does_not_go_out_is_tried_for_a_week(no_server):
    ask()
    run()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40), tick=False):
        no_server()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=48), tick=False):
        assert run(61) == []
        assert not Outbox.objects.filter(kind="question", done_at=None).exists()
