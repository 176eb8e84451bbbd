"""What moderators watch for, tried on the past before it is saved; what is known of a person."""

import datetime
from unittest import mock

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows.erasing import withdraw
from comments.flows.moderation import decide
from comments.flows.reports import file_report
from comments.flows.watch_list import Known, current, find, known_of, screened, set_standing, tried_on_past
from comments.models import BlockedHost, HelpLine, State, WatchedWord, digest_of
from comments.models.contact import Contact
from comments.screening import Submission, Watch, screen
from comments.screening import WatchedWord as Word
from comments.screening.consequences import COVERED, READABLE, TOPICS, calls_for_help, details_in_words, topics_of
from tests.factories import make_comment, make_published, make_user

WORDS = "/admin/comments/watchedword/"


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        (Word("cure"), "A cure! Secure? CURE.", ["cure", "CURE"]),
        (Word("cure", whole_word=False), "A cure! Secure?", ["cure", "cure"]),
        (Word("CURE", match_case=True), "cure CURE Cure", ["CURE"]),
        (Word("miracle tea"), "a Miracle \n tea", ["Miracle \n tea"]),
        (Word("niña"), "la Niña, niñas", ["Niña"]),
        (Word(".*", whole_word=False), "anything (.*) else", [".*"]),
        (Word("(a+)+$", whole_word=False), "aaaa", []),
        (Word("C++"), "I write C++ daily", ["C++"]),
        (Word("50%"), "now 50% off, 150%", ["50%"]),
    ],
)
def test_words_are_taken_literally(word, text, found):
    assert [text[start:end] for start, end in find(word, text)] == found


@given(
    st.text(alphabet="abcñéÜZ19%+.* ", min_size=1, max_size=20).filter(lambda text: text.strip()), st.booleans(), st.booleans()
)
def test_any_word_is_found_in_itself_and_never_fails(word, whole_word, match_case):
    spans = find(Word(word, whole_word, match_case), f" {word} ")
    assert spans
    assert all(start < end for start, end in spans)


def test_five_thousand_marks_and_spaces_end():
    texts = ["a " * 2500, "a" + " " * 4998 + "b", "\u0301" * 5000, "(((" * 1666]
    words = [Word("a b"), Word("a a a a a b", whole_word=False), Word("\u0301\u0301b", whole_word=False), Word("((", False)]
    # Nested repetition would not come back from here.
    assert all(isinstance(find(word, text), list) for text in texts for word in words)


def test_topics_are_between_bars_in_the_order_of_the_table():
    assert topics_of([]) == topics_of(["link"]) == ""
    assert topics_of(["promo", "crisis_past", "crisis_now", "medical_stop"]) == "|crisis|medical|spam|"
    assert len(f"|{'|'.join(TOPICS)}|") <= 200


def test_words_about_details_and_calls_for_help():
    signals = [{"code": code} for code in ("personal_phone", "personal_email", "personal_birthdate", "link")]
    assert details_in_words(signals, COVERED) == "an email address and a phone number"
    assert details_in_words(signals, READABLE) == "a date of birth"
    assert details_in_words([], COVERED) == ""
    assert not calls_for_help(signals)
    assert calls_for_help([{"code": "crisis_past"}])


@pytest.mark.django_db
def test_what_is_watched_costs_two_queries(django_assert_num_queries):
    WatchedWord.objects.create(word="miracle", match_case=True)
    BlockedHost.objects.create(host="spam.example")
    with django_assert_num_queries(2):
        watch = current()
    assert watch == Watch(words=(Word("miracle", match_case=True),), blocked_hosts=frozenset({"spam.example"}))


@pytest.mark.django_db
def test_a_help_line_of_the_site_is_shown_and_no_signal(client, django_assert_num_queries):
    HelpLine.objects.create(country="Everywhere", name="Somebody to talk to", how="555 010 0199, day and night")
    body = "They helped me: 555-010-0199. I am at 202-555-0142."
    signals = screened(Submission("Ana", "", body), Known(), current())
    assert [[body[slice(*span)] for span in one.spans] for one in signals if one.code == "personal_phone"] == [["202-555-0142"]]
    comment = make_comment(state=State.APPROVED, body=body)
    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert "They helped me: 555-010-0199." in page
    assert "202-555-0142" not in page
    with django_assert_num_queries(0):
        assert "555-010-0199" in comment.words_html


@pytest.mark.django_db
def test_help_lines_are_asked_of_the_database_when_the_cache_fails():
    HelpLine.objects.create(country="Everywhere", name="Somebody to talk to", how="555 010 0199")
    with mock.patch("comments.models.settings.cache.get", side_effect=ConnectionError):
        assert "5550100199" in HelpLine.numbers()


@pytest.mark.django_db
def test_what_is_known_of_a_person(django_assert_num_queries):
    article = make_published()
    for state in (State.REJECTED, State.SPAM, State.APPROVED):
        comment = make_comment(article=article, email="ana@example.org", body="Same words", state=state)
    contact = Contact.objects.get()
    with django_assert_num_queries(2):
        known = known_of(contact, digest_of("same  WORDS"))
    assert known == Known(same_text=3, recent_rejections=2, within_a_day=3, standing="normal")
    assert known_of(contact, digest_of("Same words"), besides=comment.pk).same_text == 2
    assert known_of(None, digest_of("Other words")) == Known()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert known_of(contact, "").recent_rejections == 0


@pytest.mark.django_db
def test_a_word_is_tried_on_what_was_decided(django_assert_num_queries):
    article = make_published()
    make_comment(article=article, body="A miracle waits")
    rejected = make_comment(article=article, body="x" * 100 + " Miracle " + "y" * 100, state=State.REJECTED)
    approved = make_comment(article=article, body="No miracle here", state=State.APPROVED)
    hidden = make_comment(article=article, body="Nothing", state=State.HIDDEN)
    with django_assert_num_queries(2):
        looked_at, held = tried_on_past("miracle", True, False)
    assert looked_at == 3
    assert hidden.pk not in {found.pk for found in held}
    assert [(found.pk, found.false_alarm) for found in held] == [(approved.pk, True), (rejected.pk, False)]
    assert held[1].excerpt == f"…{'x' * 59} Miracle {'y' * 59}…"


@pytest.mark.django_db
def test_only_the_last_decided_are_tried(monkeypatch, moderator):
    monkeypatch.setattr("comments.flows.watch_list.TRIED_ON", 2)
    article = make_published()
    comments = [make_comment(article=article, body="A miracle") for _ in range(3)]
    for comment in comments:
        decide(comment, State.APPROVED, version=1, by=moderator)
    looked_at, held = tried_on_past("miracle", True, False)
    assert looked_at == 2
    assert [found.pk for found in held] == [comments[2].pk, comments[1].pk]


@pytest.mark.django_db
def test_what_waits_again_or_is_erased_takes_no_place_among_the_last_decided(monkeypatch, moderator):
    monkeypatch.setattr("comments.flows.watch_list.TRIED_ON", 2)
    article = make_published()
    kept = [make_comment(article=article, body="A miracle", state=State.APPROVED) for _ in range(2)]
    returned = make_comment(article=article, body="A miracle", state=State.SPAM)
    decide(returned, State.PENDING, version=returned.version, by=moderator)
    withdraw(make_comment(article=article, body="A miracle", state=State.APPROVED))
    looked_at, held = tried_on_past("miracle", True, False)
    assert looked_at == 2
    assert [found.pk for found in held] == [kept[1].pk, kept[0].pk]


@pytest.mark.django_db
def test_a_word_is_saved_only_after_its_result_was_seen(desk):
    comment = make_comment(body="No miracle here", state=State.APPROVED)
    make_comment(article=comment.article, body="Other words", state=State.REJECTED)
    fields = {"word": "miracle", "whole_word": "on", "note": "ads"}
    page = desk.post(f"{WORDS}add/", fields)
    assertContains(page, "would have marked 1 of the last 2 comments you decided on.")
    assertContains(page, "1 of them was approved.")
    assertContains(page, "false alarm")
    assertContains(page, "No miracle here")
    assert not WatchedWord.objects.exists()
    tried = page.context["tried"]
    assertContains(desk.post(f"{WORDS}add/", fields | {"word": "tea", "tried": tried}), "Nothing is saved yet")
    assert not WatchedWord.objects.exists()
    desk.post(f"{WORDS}add/", fields | {"tried": tried, "_save": "1"})
    word = WatchedWord.objects.get()
    assert (word.word, word.whole_word, word.match_case, word.note) == ("miracle", True, False, "ads")


@pytest.mark.django_db
def test_what_waits_for_an_urgent_second_look_is_counted_but_not_quoted(desk):
    comment = make_comment(body="No miracle here", state=State.APPROVED)
    file_report(comment, "harm", "", network="192.0.2.1")
    page = desk.post(f"{WORDS}add/", {"word": "miracle"})
    assertContains(page, "would have marked 1 of the last 1")
    assertContains(page, f'<a href="/admin/comments/comment/{comment.pk}/change/">(covered)</a>')
    assertNotContains(page, "miracle here")


@pytest.mark.django_db
def test_a_changed_word_is_tried_again_and_a_new_note_is_not(desk):
    word = WatchedWord.objects.create(word="miracle")
    address = f"{WORDS}{word.pk}/change/"
    assertContains(desk.post(address, {"word": "miracle", "note": "ads"}), "Nothing is saved yet")
    desk.post(address, {"word": "miracle", "whole_word": "on", "note": "ads"})
    word.refresh_from_db()
    assert (word.whole_word, word.note) == (True, "ads")


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["", "   ", "\u200b", "...", "x" * 101])
def test_a_word_that_says_nothing_is_refused(desk, word):
    page = desk.post(f"{WORDS}add/", {"word": word, "whole_word": "on"})
    assertNotContains(page, "Nothing is saved yet")
    assertContains(page, "errornote")


@pytest.mark.django_db
def test_a_word_in_another_script_or_full_of_signs_is_only_text(desk):
    make_comment(body="<script>alert(1)</script> miracle", state=State.APPROVED)
    page = desk.post(f"{WORDS}add/", {"word": "<script>alert(1)</script>"})
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt; miracle")
    assertNotContains(page, "<script>alert")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("spam.example", "spam.example"),
        ("HTTPS://www.Spam.Example:8000/buy?x=1", "spam.example"),
        ("spam.example.", "spam.example"),
        ("localhost", None),
        ("not a host", None),
        ("-bad.example", None),
    ],
)
def test_a_host_is_what_is_kept_of_an_address(desk, typed, host):
    desk.post("/admin/comments/blockedhost/add/", {"host": typed, "note": ""})
    assert list(BlockedHost.objects.values_list("host", flat=True)) == ([host] if host else [])


@pytest.mark.django_db
def test_a_clinician_sets_help_lines(client):
    client.force_login(make_user("Clinicians"))
    fields = {"country": "Everywhere", "name": "Somebody to talk to", "how": "Ask for it", "position": "1"}
    client.post("/admin/comments/helpline/add/", fields)
    assert HelpLine.objects.get().name == "Somebody to talk to"


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["watchedword", "blockedhost", "helpline"])
def test_others_set_nothing(client, model):
    for user in (make_user("Editors"), make_user("Privacy officers")):
        client.force_login(user)
        assert client.get(f"/admin/comments/{model}/").status_code == 403
        assert client.post(f"/admin/comments/{model}/add/", {"word": "miracle"}).status_code == 403


@pytest.mark.django_db
def test_standing_of_a_person_is_set_and_logged_without_the_address(desk, moderator):
    comment = make_comment(email="canary@example.org")
    address = f"/admin/comments/comment/{comment.pk}/"
    page = desk.post(f"{address}standing/", {"standing": "hold"}, follow=True)
    assertContains(page, '<option value="hold" selected>')
    assertNotContains(page, "canary@")
    assert Contact.objects.defer("address").get().standing == "hold"
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (moderator, comment.contact.tag)
    assert "always take a second look" in entry.change_message
    assert "canary@" not in f"{entry.change_message} {entry.object_repr}"
    assertContains(desk.post(f"{address}standing/", {"standing": "gone"}, follow=True), "Please choose how to treat")
    desk.post(f"{address}standing/", {"standing": "hold"})
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db
def test_standing_needs_an_address_and_the_permission(desk, settings, officer):
    settings.COMMENT_EMAIL_REQUIRED = False
    comment = make_comment(email="")
    page = desk.post(f"/admin/comments/comment/{comment.pk}/standing/", {"standing": "hold"}, follow=True)
    assertContains(page, "We have no email address for this person")
    with pytest.raises(PermissionDenied):
        set_standing(make_comment(), "blocked", by=officer)


def told(text, *blocked):
    signals = screen(Submission("", "", text), watch=Watch(blocked_hosts=frozenset(blocked)))
    return [(signal.code, signal.detail) for signal in signals if signal.code in {"link", "blocked_host"}]


@pytest.mark.parametrize("blocked", ["münchen.example", "xn--mnchen-3ya.example"])
def test_a_host_is_blocked_in_whichever_spelling(blocked):
    assert ("blocked_host", "xn--mnchen-3ya.example") in told("see https://münchen.example/x", blocked)


def test_a_link_that_looks_like_another_is_told_by_where_it_leads():
    found = told("see https://\u0435xample.org/x", "example.org")
    assert found == [("link", "xn--xample-2of.org"), ("blocked_host", "example.org")]
