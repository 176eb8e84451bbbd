"""What the author of a comment meets: hints, help, how long it takes, changing the words while nobody has decided."""

import datetime
import re

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows.moderation import Conflict, decide, escalate, return_to_standard, show_contact_details, undo
from comments.flows.redaction import redact
from comments.flows.replies import reply_as_staff
from comments.flows.submission import change_words
from comments.models import Comment, CommentEvent, HelpLine, State, digest_of
from comments.public.waiting_time import in_words, usually_read_within
from comments.screening import Lane
from comments.screening.consequences import topics_of
from comments.screening.policy import POLICY
from mail.models import Outbox
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
NETWORK = "192.0.2.1"


def change(client, comment, body, *, version=None, headers=None):
    return client.post(
        f"{comment.author_url}change/",
        {"body": body, "version": comment.version if version is None else version},
        headers={"Sec-Fetch-Site": "same-origin"} | (headers or {}),
    )


def with_signals(comment, *codes):
    """Give a comment stored signals, whatever today's rules find in it."""
    comment.signals = [{"code": code, "detail": "", "spans": []} for code in codes]
    comment.save(update_fields=["signals"])
    return comment


# Hints and help


def test_article_and_change_page_bring_the_hints(client):
    comment = make_comment()
    for address in (comment.article.get_absolute_url(), f"{comment.author_url}change/"):
        assertContains(client.get(address), "comment-hints.js")


def test_a_number_in_the_text_is_taken_at_once_and_named_on_the_receipt(client):
    article = make_published()
    fields = {"name": "Marta", "email": "m@example.org", "body": "Call me: +43 1 5550123"}
    answer = client.post(f"/articles/{article.slug}/comments/", fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    page = client.get(answer.url)
    assertContains(page, "Your comment seems to include a phone number. Readers won't see that unless")
    assertContains(page, f"{answer.url}change/")
    comment = Comment.objects.get()
    show_contact_details(comment, version=1, by=make_user("Moderators"))
    assertNotContains(client.get(answer.url), "That is covered on the page")


def test_details_that_are_not_covered_are_named_as_such(client):
    comment = with_signals(make_comment(), "personal_birthdate", "personal_address")
    assertContains(client.get(comment.author_url), "include a street address and a date of birth. If we publish it")


URGENT = sorted(set().union(*(line.needed for line in POLICY if line.lane == Lane.URGENT)))


@pytest.mark.parametrize("code", [*URGENT, "crisis_past", "minor"])
def test_help_lines_are_shown_to_the_author_alone(client, code):
    HelpLine.objects.create(country="Everywhere", name="Somebody to talk to", how="Day and night", position=1)
    comment = with_signals(make_comment(state=State.APPROVED), code)
    assertContains(client.get(comment.author_url), "Somebody to talk to: Day and night")
    assertNotContains(client.get(comment.article.get_absolute_url()), "Somebody to talk to")
    assertNotContains(client.get(make_comment(article=comment.article).author_url), "Somebody to talk to")


@pytest.mark.parametrize("code", URGENT)
def test_whatever_is_urgent_can_be_left_out_by_a_moderator(code):
    assert topics_of([code])


def test_without_help_lines_the_words_are_calm_and_name_the_emergency_number(client):
    comment = with_signals(make_comment(), "crisis_now")
    page = client.get(comment.author_url)
    assertContains(page, "You are not alone")
    assertContains(page, "call your local emergency number now")


def test_what_is_not_published_says_why_in_kind_words(client, moderator):
    comment = make_comment()
    decide(comment, State.REJECTED, version=1, by=moderator, reason="unkind")
    page = client.get(comment.author_url)
    assertContains(page, "Reason: Unkind. Some of it could hurt other readers.")
    undo(decide(comment, State.PENDING, version=2, by=moderator), by=moderator)
    assertContains(client.get(comment.author_url), "Reason: Unkind.")
    decide(comment, State.PENDING, version=4, by=moderator)
    assertNotContains(client.get(comment.author_url), "Unkind")


def test_what_is_taken_back_shows_no_help(client):
    comment = with_signals(make_comment(), "crisis_now")
    client.post(f"{comment.author_url}take-back/")
    assertNotContains(client.get(comment.author_url), "You are not alone")


def test_help_comes_first_and_its_numbers_are_links(client):
    HelpLine.objects.create(country="USA", name="988 Lifeline", how="Call or text 988, or 988lifeline.org", position=1)
    page = client.get(with_signals(make_comment(), "crisis_now").author_url).content.decode()
    assert (
        page.index("You are not alone")
        < page.index('role="status"')
        < page.index('class="plain steps')
        < page.index("I write my")
    )
    for link in ("tel:988", "sms:988", "https://988lifeline.org"):
        assert f'<a href="{link}">' in page


def test_nothing_beside_the_help_speaks_against_it(client):
    article = decided(5, 10)
    page = client.get(with_signals(make_comment(article=article), "crisis_now").author_url).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("emergency") == 1
    assert "usually within" not in page


# Coming back, and taking back


def test_taking_back_is_a_button_inside_of_what_is_opened_first(client):
    page = client.get(make_comment().author_url).content.decode()
    opened = re.search(r"<details>(.*?)</details>", page, re.DOTALL)[1]
    assert re.search(r'<form[^>]* method="post"[^>]*take-back/">.*<button type="submit"[^>]*>[^<]*take back', opened, re.DOTALL)
    assert page.count("take-back/") == 1


def test_the_address_of_the_page_stands_on_it(client, settings):
    comment = make_comment()
    assertContains(client.get(comment.author_url), f'<code id="own-address">{settings.SITE_URL}{comment.author_url}</code>')


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
def test_what_was_refused_is_not_told_of_publishing(client, state):
    comment = with_signals(make_comment(state=state), "personal_birthdate", "personal_phone")
    page = strip_tags(client.get(comment.author_url).content.decode())
    main = page[page.index("Thank you for writing" if state == State.REJECTED else "A moderator read") :]
    told = re.findall(r"[^.]*publi[^.]*", main[: main.index("Come back to this page") + 700])
    assert [sentence.strip() for sentence in told if "not publish" not in sentence and "not published" not in sentence] == []


def test_saved_words_are_confirmed(client):
    comment = make_comment(body="Old words")
    assertNotContains(client.get(comment.author_url), "Your new words are saved.")
    change(client, comment, "New words")
    assertContains(client.get(comment.author_url), "Your changes are saved. We have your comment, and a moderator will read it")


# How long it takes


def decided(hours, count):
    """Make comments that were decided after so many hours each."""
    article, moderator = make_published(), make_user("Moderators")
    now = timezone.now()
    for _ in range(count):
        with time_machine.travel(now - datetime.timedelta(hours=hours)):
            comment = make_comment(article=article)
        # A little earlier: rounding up, a second too much would be another hour.
        with time_machine.travel(now - datetime.timedelta(minutes=5)):
            decide(comment, State.APPROVED, version=1, by=moderator)
    return article


def test_form_and_receipt_say_how_long_reading_usually_takes(client):
    article = decided(5, 10)
    assertContains(client.get(article.get_absolute_url()), "usually within 5 hours")
    assertContains(client.get(make_comment(article=article).author_url), "usually within 5 hours")
    assertContains(client.get(article.get_absolute_url()), "not an emergency service")


def test_few_decisions_say_nothing(client):
    article = decided(5, 9)
    assertNotContains(client.get(article.get_absolute_url()), "usually within")


def test_it_is_the_median_of_thirty_days_and_kept_for_ten_minutes(django_assert_num_queries):
    decided(100, 4)
    decided(3, 6)
    with django_assert_num_queries(1):
        assert usually_read_within() == "3 hours"
    decided(200, 20)
    with django_assert_num_queries(0):
        assert usually_read_within() == "3 hours"


def test_what_was_decided_long_ago_does_not_count():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=31)):
        decided(5, 10)
    assert usually_read_within() == ""


def test_answers_for_the_site_did_not_wait(moderator):
    article = decided(5, 10)
    for question in Comment.objects.filter(article=article):
        for number in range(2):
            reply_as_staff(question, by=moderator, body=f"Thank you for asking. ({number})")
    assert usually_read_within() == "5 hours"


def test_a_cache_that_fails_says_nothing(client, settings):
    article = decided(5, 10)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assertNotContains(client.get(article.get_absolute_url()), "usually within")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "an hour"), (60, "an hour"), (61, "2 hours"), (47 * 60, "47 hours"), (48 * 60, "2 days"), (49 * 60, "3 days")],
)
def test_a_wait_in_words(minutes, words):
    assert in_words(datetime.timedelta(minutes=minutes)) == words


# Changing the words


def test_while_it_waits_the_author_changes_the_words(client):
    comment = make_comment(body="Old words")
    page = client.get(f"{comment.author_url}change/")
    assertContains(page, "Old words")
    assert page.headers["Cache-Control"] == "no-store"
    answer = change(client, comment, "New words:\r\nhttps://example.org/x")
    assert (answer.status_code, answer.url) == (303, comment.author_url)
    assertContains(client.get(answer.url), "New words:")
    before = comment.submitted_at
    comment.refresh_from_db()
    assert (comment.body, comment.version, comment.state) == ("New words:\nhttps://example.org/x", 2, State.PENDING)
    assert comment.submitted_at == before
    assert [signal["code"] for signal in comment.signals] == ["link"]
    assert comment.text_digest == digest_of(comment.body)
    event = comment.events.last()
    assert (event.kind, event.actor, event.note) == (CommentEvent.Kind.CHANGED, None, "")


def test_the_same_words_change_nothing(client):
    comment = make_comment(body="Old words")
    assert change(client, comment, "Old words").status_code == 303
    comment.refresh_from_db()
    assert (comment.version, comment.events.count()) == (1, 1)


def test_the_button_pressed_twice_is_answered_alike(client):
    comment = make_comment(body="Old words")
    answers = [change(client, comment, "New words", version=1) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, comment.author_url)] * 2
    comment.refresh_from_db()
    assert (comment.version, comment.events.count()) == (2, 2)


def test_a_moderator_who_saw_the_old_words_cannot_approve_the_new_ones(client, moderator):
    comment = make_comment(body="Old words")
    change(client, comment, "New words")
    with pytest.raises(Conflict, match="edited by the author"):
        decide(comment, State.APPROVED, version=1, by=moderator)


def test_the_same_text_as_before_is_not_a_repeat_of_itself(client):
    comment = make_comment(body="Old words")
    change(client, comment, "old  WORDS")
    comment.refresh_from_db()
    assert comment.signals == []


def test_what_a_moderator_did_first_is_told_and_the_new_words_are_kept(client, moderator):
    comment = make_comment(body="Call Ana")
    redact(comment, start=5, end=8, kind="name", version=1, by=moderator)
    answer = change(client, comment, "My new words", version=1)
    assertContains(answer, "after you opened this page", status_code=409)
    assertContains(answer, "My new words", status_code=409)
    assertContains(answer, 'name="version" value="2"', status_code=409)
    comment.refresh_from_db()
    assert comment.body == "Call [name removed by a moderator]"
    assert change(client, comment, "My new words", version=2).status_code == 303
    assert not comment.redactions.exists()


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40])
def test_without_the_version_that_was_seen_nothing_is_changed(client, version):
    comment = make_comment(body="Old words")
    assertContains(change(client, comment, "My new words", version=version), "My new words", status_code=409)
    comment.refresh_from_db()
    assert comment.body == "Old words"


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN])
def test_after_a_decision_the_words_stay_and_the_new_ones_are_shown(client, state):
    comment = make_comment(state=state, body="Old words")
    assert client.get(f"{comment.author_url}change/").url == comment.author_url
    assertNotContains(client.get(comment.author_url), "Change my words")
    answer = change(client, comment, "My new words")
    assertContains(answer, "t edit it anymore", status_code=409)
    assertContains(answer, "My new words", status_code=409)
    comment.refresh_from_db()
    assert comment.body == "Old words"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Enter your comment"),
        ("\u200b\u3164", "Enter your comment"),
        ("x" * 5001, "1 character too long"),
        ("broken \ufffd", "damaged"),
        ("nul\0here", "we can&#x27;t save"),
    ],
)
def test_wrong_words_are_told_and_kept(client, body, words):
    comment = make_comment(body="Old words")
    answer = change(client, comment, body)
    assertContains(answer, words, status_code=422)
    assertContains(answer, "<title>Error: ", status_code=422)
    comment.refresh_from_db()
    assert comment.body == "Old words"


def test_only_the_secret_address_changes(client):
    comment = make_comment()
    other = make_comment(article=comment.article)
    assert client.post(f"/comments/{comment.pk}/{other.token}/change/", {"body": "x", "version": 1}).status_code == 404
    assert client.get(f"/comments/{comment.pk}/{other.token}/change/").status_code == 404


def test_a_form_of_another_site_changes_nothing(client):
    comment = make_comment(body="Old words")
    answer = change(client, comment, "My new words", headers={"Sec-Fetch-Site": "cross-site"})
    assertContains(answer, "My new words", status_code=403)
    comment.refresh_from_db()
    assert comment.body == "Old words"


def test_wrong_method_and_content_type(client):
    address = f"{make_comment().author_url}change/"
    assert client.delete(address).status_code == 405
    assert client.post(address, b"{}", content_type="application/json").status_code == 415


def test_broken_database_keeps_the_new_words(client, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    comment = make_comment()
    monkeypatch.setattr("comments.public.views.change_words", locked)
    assertContains(change(client, comment, "My new words"), "My new words", status_code=503)


def test_too_many_changes_wait(client, settings):
    settings.COMMENT_LIMITS = [(2, 600)]
    comment = make_comment()
    answers = []
    for number in range(3):
        comment.refresh_from_db()
        answers.append(change(client, comment, f"Words {number}"))
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assertContains(answers[-1], "Words 2", status_code=429)
    comment.refresh_from_db()
    assert comment.body == "Words 1"


def test_signals_of_the_form_stay(client):
    comment = make_comment(body="Old words", trap="x")
    change(client, comment, "New words")
    comment.refresh_from_db()
    assert [signal["code"] for signal in comment.signals] == ["trap"]
    assert (comment.lane, comment.topics) == ("spam_likely", "|spam|")


@pytest.mark.parametrize("lane", ["urgent", "clinician"])
def test_a_second_thought_does_not_leave_the_lanes_of_safety(lane):
    comment = make_comment(body="Old words")
    Comment.objects.filter(pk=comment.pk).update(lane=lane)
    change_words(comment, "All is well", version=1, network=NETWORK)
    comment.refresh_from_db()
    assert comment.lane == lane


def test_a_second_thought_does_not_hide_why_the_first_one_was_urgent(client, moderator):
    comment = with_signals(make_comment(body="Old words"), "crisis_now", "medical_cure")
    change(client, comment, "All is well")
    comment.refresh_from_db()
    assert [(signal["code"], signal["spans"]) for signal in comment.signals] == [("crisis_now", [])]
    assert comment.topics == "|crisis|"
    assertContains(client.get(comment.author_url), "You are not alone")


def test_what_a_clinician_gave_back_is_not_urgent_again_for_words_that_are_gone(client):
    doctor = make_user("Clinicians")
    comment = with_signals(make_comment(body="Old words"), "crisis_now")
    Comment.objects.filter(pk=comment.pk).update(lane="urgent")
    return_to_standard(comment, version=1, by=doctor)
    change(client, comment, "All is well", version=2)
    comment.refresh_from_db()
    assert comment.lane == "standard"


def test_what_the_doctor_was_asked_stays_with_the_doctor(moderator):
    comment = make_comment(body="Old words")
    escalate(comment, version=1, by=moderator)
    change_words(comment, "Other words", version=2, network=NETWORK)
    comment.refresh_from_db()
    assert comment.lane == "clinician"


def test_details_that_were_shown_in_the_old_words_are_covered_in_the_new_ones(moderator):
    comment = make_comment(body="ana@example.org")
    show_contact_details(comment, version=1, by=moderator)
    change_words(comment, "bo@example.org", version=2, network=NETWORK)
    comment.refresh_from_db()
    assert "bo@" not in comment.words_html


def test_sending_the_first_form_again_is_a_comment_of_its_own_for_its_words_are_nowhere_else(client):
    comment = make_comment(email="m@example.org", body="Old words")
    change(client, comment, "New words")
    again = make_comment(article=comment.article, email="m@example.org", body="Old words")
    assert (again != comment, again.body) == (True, "Old words")
    assert Outbox.objects.filter(kind="urgent_notice").count() == 0


def test_every_time_on_the_receipt_is_valid_and_says_its_zone(client, settings):
    comment = make_comment(state=State.APPROVED)
    Comment.objects.update(submitted_at="2026-07-01T08:05:06.123456Z", decided_at="2026-12-01T08:05:06.123456Z")
    settings.TIME_ZONE = "Europe/Vienna"
    page = client.get(comment.author_url)
    assertContains(page, '<time datetime="2026-07-01T10:05:06+0200">July 1, 2026, 10:05 AM CEST</time>', html=True)
    assertContains(page, '<time datetime="2026-12-01T09:05:06+0100">December 1, 2026, 9:05 AM CET</time>', html=True)
