"""Writing to the person behind a comment: neither learns the other's address, the words are kept nowhere."""

import datetime
import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows import letters, letters_in_spanish, prepared_letters
from comments.flows.erasing import withdraw
from comments.flows.retention import apply_retention
from comments.models import Comment, CommentEvent, HelpLine, Letter, State
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db
CANARY = "canary@example.org"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def comment():
    """A comment with an address behind it."""
    return make_comment(email=CANARY)


@pytest.fixture
def desk(client):
    """The browser of a moderator with a mail box."""
    client.force_login(make_user("Moderators", email="moderator@example.org"))
    return client


def write(comment, by, words="Kind words", seen=0):
    return letters.write(comment, by=by, words=words, seen=seen)


def send():
    mail.outbox.clear()
    outbox.run_due(all_handlers())
    return list(mail.outbox)


def answer_page(message):
    return re.sub(r"^https?://[^/]+", "", re.search(r"\S+/letters/\S+", message.body)[0])


def test_moderators_and_clinicians_may_write_and_nobody_else():
    allowed = Group.objects.filter(permissions__codename="write_letter").values_list("name", flat=True)
    assert sorted(allowed) == ["Clinicians", "Moderators"]


def test_letter_goes_from_nobody_to_an_address_the_moderator_does_not_see(desk, comment, settings):
    page = desk.get(f"/admin/comments/comment/{comment.pk}/letter/")
    assertContains(page, "Write to this person")
    assertNotContains(page, CANARY)
    answer = desk.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": "Kind words <3", "seen": "0"})
    assert answer.status_code == 302
    (letter,) = send()
    assert letter.to == [CANARY]
    assert letter.from_email == settings.DEFAULT_FROM_EMAIL
    assert letter.message()["Auto-Submitted"] == "auto-generated"
    assert letter.message()["Reply-To"] is None
    assert "Kind words <3" in letter.body
    assert "moderator@example.org" not in str(letter.message())
    page = desk.get(answer.url)
    assertContains(page, "Wrote to the person")
    assertNotContains(page, CANARY)
    assertNotContains(page, "Kind words")


def test_words_are_kept_nowhere_once_they_are_sent(comment, moderator):
    write(comment, moderator)
    assert "Kind words" in str(Outbox.objects.get(kind="letter").payload)
    send()
    assert "Kind words" not in str(
        list(Outbox.objects.values()) + list(CommentEvent.objects.values()) + list(Letter.objects.values())
    )
    assert Letter.objects.get().sent_at


def test_prepared_text_is_in_the_form(desk, comment):
    page = desk.get(f"/admin/comments/comment/{comment.pk}/letter/?text=details")
    assertContains(page, "details that could tell strangers who you are")
    assert desk.get(f"/admin/comments/comment/{comment.pk}/letter/?text=nothing").status_code == 200
    words = [*(words for _, words in prepared_letters.PREPARED.values()), *letters_in_spanish.PREPARED.values()]
    assert max(len(text) for text in words) <= Letter.MOST_CHARACTERS
    assert prepared_letters.PREPARED.keys() == letters_in_spanish.PREPARED.keys()


@pytest.mark.parametrize("words", ["", " \n ", "\u200b", "x" * 2001])
def test_blank_or_too_long_letter_is_not_sent(desk, comment, words):
    answer = desk.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": words, "seen": "0"})
    assertContains(answer, "Nothing was sent")
    assert not Letter.objects.exists()


def test_line_break_counts_once(desk, comment):
    words = "\r\n".join(["x" * 9] * 200)
    assert desk.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": words, "seen": "0"}).status_code == 302


def test_without_the_permission_nobody_writes(client, comment, officer):
    client.force_login(officer)
    assert client.get(f"/admin/comments/comment/{comment.pk}/letter/").status_code == 403
    with pytest.raises(PermissionDenied):
        write(comment, officer)


def test_comment_without_an_address_has_nobody_to_write_to(desk, moderator):
    silent = make_comment(email="")
    with pytest.raises(letters.Refused, match="no one to write to"):
        write(silent, moderator)
    assert desk.get(f"/admin/comments/comment/{silent.pk}/letter/").status_code == 302
    assertNotContains(desk.get(f"/admin/comments/comment/{silent.pk}/change/"), "Write to this person")


def test_two_presses_are_one_letter(comment, moderator):
    write(comment, moderator)
    with pytest.raises(letters.Refused, match="after you opened this page"):
        write(comment, moderator)
    assert Letter.objects.count() == 1


def test_three_letters_a_day_are_the_most(comment, moderator):
    for seen in range(3):
        write(comment, moderator, seen=seen)
    with pytest.raises(letters.Refused, match="in one day"):
        write(comment, moderator, seen=3)
    with time_machine.travel(timezone.now() + 1.1 * DAY):
        assert write(comment, moderator, seen=3)


def test_answer_comes_by_a_page_once_and_is_read_on_the_comments_page(desk, comment):
    desk.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": "Kind words", "seen": "0"})
    address = answer_page(send()[0])
    page = desk.get(address)
    assertContains(page, "You can reply here, but only once")
    assertNotContains(page, comment.body)
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert Letter.objects.get().answered_at is None
    assertContains(desk.post(address, {"answer": "I am <b>well</b>"}), "The moderators will read it")
    assertContains(desk.post(address, {"answer": "Second words"}), "Second words", status_code=409)
    assertContains(desk.get(address), "Already replied")
    page = desk.get(f"/admin/comments/comment/{comment.pk}/change/")
    assertContains(page, "I am &lt;b&gt;well&lt;/b&gt;")
    assertNotContains(page, "Second words")
    (told,) = send()
    assert told.to == ["moderator@example.org"]
    assert "well" not in told.body


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        ({"answer": " "}, {}, 422),
        ({"answer": "x" * 2001}, {}, 422),
        ({"answer": "nul\0here"}, {}, 422),
        ({"answer": "Words"}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_answer_that_is_refused_is_kept_in_the_form(client, comment, moderator, data, headers, status):
    write(comment, moderator)
    answer = client.post(answer_page(send()[0]), data, headers=headers)
    assertContains(answer, data["answer"].replace("\0", ""), status_code=status)
    assert Letter.objects.get().answered_at is None


def test_second_answer_at_the_same_moment_is_not_taken(comment, moderator):
    letter = write(comment, moderator)
    assert letters.answer(letter, "First words")
    assert not letters.answer(letter, "Second words")
    assert Letter.objects.get().answer == "First words"


def test_answer_that_meets_the_author_taking_the_comment_back_is_not_kept(comment, moderator):
    letter = write(comment, moderator)
    assert letters.is_open(letter)
    withdraw(comment)
    assert not letters.answer(letter, "Private words")
    assert Letter.objects.get().answer == ""


def test_broken_database_keeps_the_answer_on_the_screen(client, comment, moderator, monkeypatch):
    def locked(*args):
        raise OperationalError("database is locked")

    write(comment, moderator)
    address = answer_page(send()[0])
    monkeypatch.setattr("comments.flows.letters.answer", locked)
    answer = client.post(address, {"answer": "My long words"})
    assertContains(answer, "My long words", status_code=503)
    assert answer.headers["Cache-Control"] == "no-store"


def test_answer_needs_the_secret(client, comment, moderator):
    write(comment, moderator)
    address = re.sub(r"[0-9a-f]{40}", "0" * 40, answer_page(send()[0]))
    assert client.get(address).status_code == 404
    assert client.post(address, {"answer": "Words"}).status_code == 404


def test_page_closes_after_thirty_days_and_when_the_comment_is_taken_back(client, comment, moderator):
    write(comment, moderator)
    address = answer_page(send()[0])
    with time_machine.travel(timezone.now() + 31 * DAY):
        assertContains(client.get(address), "This page is closed")
    withdraw(comment)
    assertContains(client.post(address, {"answer": "Words"}), "Words", status_code=409)
    assert Letter.objects.get().answer == ""


def test_thirty_days_begin_when_the_letter_went_out(client, comment, moderator):
    write(comment, moderator)
    with time_machine.travel(timezone.now() + 6 * DAY):
        address = answer_page(send()[0])
    with time_machine.travel(timezone.now() + 35 * DAY):
        assertContains(client.get(address), "You can reply here, but only once")


def test_letter_of_a_comment_that_was_taken_back_is_not_sent(comment, moderator):
    write(comment, moderator)
    withdraw(comment)
    assert send() == []
    assert not Outbox.objects.filter(kind="letter").exists()


def test_second_call_sends_nothing(comment, moderator):
    letter = write(comment, moderator)
    assert len(send()) == 1
    letters.send_letter({"comment": comment.pk, "letter": letter.pk, "words": "Kind words"})
    assert len(mail.outbox) == 1


def test_mail_server_down_for_a_day_loses_no_letter(comment, moderator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    write(comment, moderator)
    start = timezone.now()
    for hour in range(24):
        with time_machine.travel(start + hour * DAY / 24):
            send()
    assert Letter.objects.get().sent_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(start + 1.2 * DAY):
        assert len(send()) == 1
        assert send() == []


def test_letter_that_never_goes_out_is_given_up_with_its_words(comment, moderator):
    write(comment, moderator)
    with time_machine.travel(timezone.now() + 8 * DAY):
        assert send() == []
    assert "Kind words" not in str(list(Outbox.objects.values()))
    assert Letter.objects.get().sent_at is None


def test_answer_is_erased_after_ninety_days(comment, moderator):
    letter = write(comment, moderator)
    letters.answer(letter, "Private answer")
    apply_retention(timezone.now() + 89 * DAY)
    assert Letter.objects.get().answer
    apply_retention(timezone.now() + 91 * DAY)
    assert (Letter.objects.get().answer, Letter.objects.get().comment.state) == ("", State.PENDING)


@pytest.mark.parametrize(
    "words",
    [
        "Write to me at ada@example.org.",
        "Call me: 212 555 0147.",
        "Look at https://elsewhere.example/help.",
        "My page is ada-writes.com/about",
        "www.elsewhere.example",
        "Please read {site}/articles/how-to-cope/ and then call me on my own phone, any time: 212-555-0147",
    ],
)
def test_no_way_around_the_relay_goes_into_a_letter_and_the_words_stay(desk, comment, settings, words):
    page = desk.post(
        f"/admin/comments/comment/{comment.pk}/letter/", {"words": f"Hello.\n{words.format(site=settings.SITE_URL)}", "seen": 0}
    )
    assertContains(page, "Please remove:")
    assertContains(page, "Hello.")
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "Call 988 at any time, or 1-800-273-8255.",
        "Call +34 717 003 717.",
        "Our line: 555 010 7777, help.example.org.",
        "{site}/articles/",
    ],
)
def test_help_lines_and_our_own_pages_may_be_named(desk, comment, settings, words):
    cache.clear()
    HelpLine.objects.create(
        country="Everywhere", name="The line (988lifeline.org)", how="Call 555-010-7777 or go to help.example.org"
    )
    desk.post(f"/admin/comments/comment/{comment.pk}/letter/", {"words": words.format(site=settings.SITE_URL), "seen": 0})
    assert Letter.objects.count() == 1


def test_a_letter_of_care_names_the_help_lines_in_the_language_of_the_comment(desk):
    HelpLine.objects.create(country="US", name="Lifeline", how="988")
    english = make_comment(body="I do not want to be here, it is too much for me.")
    assertContains(desk.get(f"/admin/comments/comment/{english.pk}/letter/?text=care"), "- US: Lifeline, 988")
    assertNotContains(desk.get(f"/admin/comments/comment/{english.pk}/letter/?text=details"), "Lifeline")
    spanish = make_comment(body="No quiero estar aquí, es demasiado para mí y para los míos.", email="ana@example.org")
    page = desk.get(f"/admin/comments/comment/{spanish.pk}/letter/?text=care")
    assertContains(page, "Gracias por escribirnos.")
    assertContains(page, "- US: Lifeline, 988")
    words = page.context["form"].initial["words"]
    desk.post(f"/admin/comments/comment/{spanish.pk}/letter/", {"words": words, "seen": 0})
    outbox.run_due(all_handlers())
    (letter,) = [message for message in mail.outbox if message.to == ["ana@example.org"]]
    assert "Te escribe" in letter.subject
    assert "Puedes responder una vez" in letter.body
    assert "moderator" not in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_comment_that_a_letter_answers_stands_on_its_page_covered_where_it_is_grave(desk, comment):
    assertContains(desk.get(f"/admin/comments/comment/{comment.pk}/letter/"), comment.body)
    Comment.objects.filter(pk=comment.pk).update(lane="urgent")
    assertContains(desk.get(f"/admin/comments/comment/{comment.pk}/letter/"), "Show the text. It may be upsetting.")


def test_the_card_says_when_a_letter_went_out_and_was_answered(desk, comment, moderator):
    letter = write(comment, by=moderator, words="Hello", seen=0)
    assertContains(desk.get("/admin/comments/queued/"), "Not sent yet.")
    outbox.run_due(all_handlers())
    assertContains(desk.get("/admin/comments/queued/"), "No reply yet.")
    letter.refresh_from_db()
    letters.answer(letter, "Canary reply")
    page = desk.get("/admin/comments/queued/")
    assertContains(page, "They replied on")
    assertNotContains(page, "Canary")
