"""Covering a part of the words: what readers see, what can be put back, what is destroyed."""

import datetime
from html import unescape

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows.erasing import withdraw
from comments.flows.moderation import Conflict, InvalidMove, decide
from comments.flows.redaction import moved_signals, occurrences, redact, restore
from comments.flows.retention import apply_retention
from comments.models import Comment, Redaction, State, digest_of
from tests.factories import cases, make_comment, make_user

pytestmark = pytest.mark.django_db
PHONE = "[phone number removed by a moderator]"
ALL = "/admin/comments/comment/"


def cover(comment, words, by, kind="phone"):
    comment.refresh_from_db()
    start, end = occurrences(comment.body, words)[0]
    event = redact(comment, start=start, end=end, kind=kind, version=comment.version, by=by)
    comment.refresh_from_db()
    return event


def put_back(comment, number, by):
    comment.refresh_from_db()
    event = restore(comment.redactions.all()[number], version=comment.version, by=by)
    comment.refresh_from_db()
    return event


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


def test_words_follow_on_every_public_page_at_once(client, moderator):
    comment = make_comment(state=State.APPROVED, body="Call Ana, she lives at the corner.", by=moderator)
    client.get(comment.article.get_absolute_url())
    event = cover(comment, "Ana", moderator, kind="name")
    assert (event.kind, event.note, event.actor) == ("redacted", "name", moderator)
    words = '<span class="redacted">[name removed by a moderator]</span>, she lives at the corner.'
    for address in (comment.article.get_absolute_url(), f"/articles/{comment.article.slug}/feed/", comment.author_url):
        page = client.get(address)
        assert words in unescape(page.content.decode())
        assertNotContains(page, "Call Ana")
    assert comment.text_digest == digest_of("Call [name removed by a moderator], she lives at the corner.")


def test_version_goes_up_and_an_older_one_is_refused(moderator):
    comment = make_comment(body="Ana and Bo")
    redact(comment, start=0, end=3, kind="name", version=1, by=moderator)
    with pytest.raises(Conflict, match="part of the text covered"):
        redact(comment, start=0, end=3, kind="name", version=1, by=make_user("Moderators"))
    with pytest.raises(Conflict):
        decide(comment, State.APPROVED, version=1, by=make_user("Moderators"))


def test_only_moderators_cover(officer):
    comment = make_comment(body="Ana and Bo")
    with pytest.raises(PermissionDenied):
        redact(comment, start=0, end=3, kind="name", version=1, by=officer)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 3), (0, 99), (3, 4)])
def test_a_part_that_is_none_is_refused(moderator, start, end):
    comment = make_comment(body="Ana and Bo")
    with pytest.raises(InvalidMove, match="Choose the words"):
        redact(comment, start=start, end=end, kind="name", version=1, by=moderator)


def test_a_kind_that_is_none_is_refused(moderator):
    with pytest.raises(InvalidMove, match="Choose what kind"):
        redact(make_comment(body="Ana and Bo"), start=0, end=3, kind="opinion", version=1, by=moderator)


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
def test_what_nobody_sees_is_not_covered(moderator, state):
    comment = make_comment(state=state, body="Ana and Bo")
    with pytest.raises(InvalidMove, match="Readers can't see it"):
        redact(comment, start=0, end=3, kind="name", version=comment.version, by=moderator)


def test_earlier_covers_are_not_touched(moderator):
    comment = make_comment(body="Ana and Bo and Cy")
    cover(comment, "Bo", moderator, kind="name")
    start = comment.body.index("[")
    end = comment.body.index("]") + 1
    for part in ((start, end), (start - 1, start + 1), (end - 1, end + 2), (0, len(comment.body))):
        with pytest.raises(InvalidMove, match="already covered"):
            redact(comment, start=part[0], end=part[1], kind="name", version=comment.version, by=moderator)
    redact(comment, start=end, end=end + 4, kind="other", version=comment.version, by=moderator)


def test_covers_before_and_after_find_their_places_again():
    moderator = make_user("Clinicians")  # So many numbers look like doses.
    comment = make_comment(body="One 555 0101, two 555 0102, three 555 0103.")
    cover(comment, "555 0102", moderator)
    cover(comment, "555 0103", moderator)
    cover(comment, "555 0101", moderator)
    assert comment.body == f"One {PHONE}, two {PHONE}, three {PHONE}."
    put_back(comment, 0, moderator)
    assert comment.body == f"One {PHONE}, two 555 0102, three {PHONE}."
    put_back(comment, 1, moderator)
    put_back(comment, 0, moderator)
    assert comment.body == "One 555 0101, two 555 0102, three 555 0103."
    assert comment.text_digest == digest_of(comment.body)


@settings(max_examples=cases(25), deadline=None)
@given(st.text(alphabet="ab é😀", min_size=1, max_size=30).filter(lambda text: text.strip()), st.data())
def test_whatever_is_covered_and_put_back_the_words_are_as_typed(body, data):
    moderator = make_user("Clinicians")
    comment = make_comment(body=body)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(comment.body) - 1))
        end = data.draw(st.integers(start + 1, len(comment.body)))
        try:
            redact(comment, start=start, end=end, kind="other", version=comment.version, by=moderator)
        except InvalidMove:
            continue
        comment.refresh_from_db()
        for place in comment.redactions.all():
            assert comment.body[place.start :].startswith(str(place))
    while comment.redactions.exists():
        put_back(comment, data.draw(st.integers(0, comment.redactions.count() - 1)), moderator)
    assert comment.body == body


def test_original_is_destroyed_after_seven_days_and_cannot_be_put_back(moderator):
    comment = make_comment(body="Call Ana")
    cover(comment, "Ana", moderator, kind="name")
    apply_retention(timezone.now() + datetime.timedelta(days=6))
    assert Redaction.objects.get().original == "Ana"
    later = timezone.now() + datetime.timedelta(days=7, minutes=1)
    assert dict(apply_retention(later, dry_run=True))["covered words destroyed"] == 1
    assert dict(apply_retention(later))["covered words destroyed"] == 1
    assert dict(apply_retention(later))["covered words destroyed"] == 0
    assert Redaction.objects.get().original == ""
    with pytest.raises(InvalidMove, match="have been deleted"):
        put_back(comment, 0, moderator)
    assert "Ana" not in comment.body


def test_original_goes_with_the_comment(moderator):
    comment = make_comment(body="Call Ana")
    cover(comment, "Ana", moderator, kind="name")
    withdraw(comment)
    assert Redaction.objects.get().original == ""


def test_what_was_covered_before_the_approval_does_not_become_public_by_putting_it_back(moderator):
    comment = make_comment(body="Call Ana or Bo")
    cover(comment, "Ana", moderator, kind="name")
    decide(comment, State.APPROVED, version=comment.version, by=moderator)
    cover(comment, "Bo", moderator, kind="name")
    with pytest.raises(InvalidMove, match="hide the comment first"):
        put_back(comment, 0, moderator)
    put_back(comment, 1, moderator)
    assert comment.body == "Call [name removed by a moderator] or Bo"


def test_marks_of_screening_move_along():
    signals = [
        {"code": "personal_phone", "detail": "", "spans": [[4, 12]]},
        {"code": "link", "detail": "x.example", "spans": [[0, 3], [20, 25]]},
        {"code": "crisis_now", "detail": "", "spans": [[8, 14]]},
        {"code": "personal_email", "detail": "", "spans": []},
    ]
    moved = moved_signals(signals, 4, 12, 30)
    assert moved == [
        {"code": "link", "detail": "x.example", "spans": [[0, 3], [50, 55]]},
        {"code": "crisis_now", "detail": "", "spans": []},
        {"code": "personal_email", "detail": "", "spans": []},
    ]


def test_what_quotes_the_covered_words_goes_with_them(desk, moderator):
    comment = make_comment(body="My home is https://ana-example.example/street, see also https://other.example")
    cover(comment, "https://ana-example.example/street", moderator, kind="other")
    assert [(signal["code"], signal["detail"]) for signal in comment.signals] == [("link", "other.example")]
    Redaction.objects.update(original="")
    assertNotContains(desk.get("/admin/comments/queued/"), "ana-example")
    assertNotContains(desk.get(f"{ALL}{comment.pk}/change/"), "ana-example")


def test_a_found_number_is_covered_with_one_button(desk):
    comment = make_comment(body="Ring me: +43 1 5550123, please")
    page = desk.get(f"{ALL}{comment.pk}/change/")
    assertContains(page, "Cover “+43 1 5550123” (phone number)")
    answer = desk.post(
        f"{ALL}{comment.pk}/redact/",
        {"start": "9", "end": "22", "kind": "phone", f"version-{comment.pk}": "1"},
        follow=True,
    )
    assertContains(answer, "Covered: phone number.")
    assertContains(answer, f"Ring me: {PHONE}, please")
    assertNotContains(answer, "5550123")
    assertContains(answer, "Restore “phone number”")


def test_exact_words_are_covered_and_put_back(desk):
    comment = make_comment(body="I am treated by\nDr Ana Example.")
    desk.post(f"{ALL}{comment.pk}/redact/", {"words": "by\r\nDr Ana Example", "kind": "name", f"version-{comment.pk}": "1"})
    comment.refresh_from_db()
    assert comment.body == "I am treated [name removed by a moderator]."
    desk.post(f"{ALL}{comment.pk}/restore/", {"redaction": comment.redactions.get().pk, f"version-{comment.pk}": comment.version})
    comment.refresh_from_db()
    assert comment.body == "I am treated by\nDr Ana Example."


def test_the_page_takes_words_over_several_lines(desk):
    # An input of one line would lose the line break of what is pasted, and the words would not be found.
    assertContains(desk.get(f"{ALL}{make_comment().pk}/change/"), '<textarea id="cover-words" name="words"')


def test_words_that_stand_there_twice_ask_which(desk):
    comment = make_comment(body="Ana said that Ana knows")
    page = desk.post(f"{ALL}{comment.pk}/redact/", {"words": "Ana", "kind": "name", f"version-{comment.pk}": "1"})
    assertContains(page, "2 times")
    assertContains(page, 'name="start" value="14"')
    comment.refresh_from_db()
    assert comment.body == "Ana said that Ana knows"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": "Zoe", "kind": "name"}, "in the comment. Please copy them exactly"),
        ({"words": "", "kind": "name"}, "Choose the words"),
        ({"start": "x", "end": "9" * 40, "kind": "name"}, "Choose the words"),
        ({"words": "Ana", "kind": "opinion"}, "Choose what kind"),
    ],
)
def test_wrong_covers_are_told_and_change_nothing(desk, fields, words):
    comment = make_comment(body="Ana and Bo")
    answer = desk.post(f"{ALL}{comment.pk}/redact/", fields | {f"version-{comment.pk}": "1"}, follow=True)
    assertContains(answer, words)
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("Ana and Bo", 1)


def test_without_the_version_that_was_seen_nothing_is_covered(desk):
    comment = make_comment(body="Ana and Bo")
    answer = desk.post(f"{ALL}{comment.pk}/redact/", {"words": "Ana", "kind": "name"}, follow=True)
    assertContains(answer, "Your change wasn&#x27;t saved")
    comment.refresh_from_db()
    assert comment.body == "Ana and Bo"


def test_addresses_are_for_posts_of_moderators(desk, client, officer):
    comment = make_comment(body="Ana and Bo")
    for name in ("redact", "restore", "standing"):
        assert desk.get(f"{ALL}{comment.pk}/{name}/").url == f"{ALL}{comment.pk}/change/"
    client.force_login(officer)
    for name in ("redact", "restore", "standing"):
        assert client.post(f"{ALL}{comment.pk}/{name}/", {"words": "Ana", "kind": "name"}).status_code == 403
    assertNotContains(client.get(f"{ALL}{comment.pk}/change/"), "Words to cover")


def test_cover_that_is_too_old_is_not_offered_for_putting_back(desk, moderator):
    comment = make_comment(body="Ana and Bo")
    with time_machine.travel(timezone.now() - datetime.timedelta(days=8)):
        cover(comment, "Ana", moderator, kind="name")
    assertNotContains(desk.get(f"{ALL}{comment.pk}/change/"), "Restore “name”")
    with pytest.raises(InvalidMove, match="have been deleted"):
        put_back(comment, 0, moderator)


@pytest.mark.parametrize("lane", ["urgent", "clinician"])
def test_in_the_sensitive_lanes_only_a_clinician_covers_and_puts_back(client, moderator, lane):
    comment = make_comment(body="Ana lives at the corner.")
    Comment.objects.filter(pk=comment.pk).update(lane=lane)
    client.force_login(moderator)
    data = {"words": "Ana", "kind": "name", f"version-{comment.pk}": comment.version}
    page = client.post(f"{ALL}{comment.pk}/redact/", data, follow=True)
    assertContains(page, "You need the clinician permission for this one.")
    assertNotContains(page, "Words to cover")
    client.force_login(make_user("Clinicians"))
    client.post(f"{ALL}{comment.pk}/redact/", data)
    comment.refresh_from_db()
    assert comment.body == "[name removed by a moderator] lives at the corner."
    with pytest.raises(PermissionDenied):
        restore(comment.redactions.get(), version=comment.version, by=moderator)
