"""The queue: what waits, how a card reads, and each decision by its ordinary button."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.admin import waiting
from comments.admin.decisions import VERBS
from comments.flows import claims
from comments.flows.moderation import Conflict, InvalidMove, decide, escalate, raise_to_urgent, take_down
from comments.flows.replies import reply_as_staff
from comments.flows.reports import file_report
from comments.flows.submission import change_words
from comments.models import Comment, CommentEvent, EventNote, Reason, State
from comments.models.reasons import SENTENCES, sentence
from comments.screening import Lane
from lupussite.run.worker import all_handlers
from mail import outbox
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/queued/"
DECIDE = f"{QUEUE}decide/"


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


@pytest.fixture
def doctors_desk(client):
    """A browser in which a clinician is logged in."""
    client.force_login(make_user("Clinicians"))
    return client


def put(comment, **fields):
    """Set what screening would have set, and return the comment."""
    Comment.objects.filter(pk=comment.pk).update(**fields)
    comment.refresh_from_db()
    return comment


def hours_ago(hours):
    return timezone.now() - datetime.timedelta(hours=hours)


def press(browser, verb, comment, *shown, **extra):
    """Press a button of a card, with the hidden inputs of all cards on the page."""
    data = {f"version-{each.pk}": each.version for each in shown or [comment]}
    return browser.post(DECIDE, {"decide": f"{verb}:{comment.pk}:{comment.version}", "next": QUEUE} | data | extra)


def names(page):
    """Return the names on the cards, in the order of the page."""
    return re.findall(r'<h2 id="n\d+"><a [^>]+>([^<]+)</a>', page.content.decode())


def test_a_card_shows_all_that_a_decision_needs(desk):
    parent = make_comment(name="Lena", body="I write three questions on a card.", state=State.APPROVED)
    first = make_comment(name="Ana", body="Line one\nand ana@example.org", email="canary@example.org", parent=parent)
    page = desk.get(QUEUE)
    assertContains(page, "Line one\nand <mark>ana@example.org</mark>")
    assertContains(page, "<li>email address: hidden from readers</li>")
    tag = first.contact.tag
    assertContains(page, f'Person <a href="/admin/comments/comment/person/{tag}/">{tag}</a>, first comment.')
    assertContains(page, first.article.title)
    assertContains(page, "Lena</a>: <bdi>“I write three questions on a card.”")
    assertContains(page, "waiting less than a minute")
    assertNotContains(page, "canary@")


def test_words_in_another_direction_disturb_nothing_beside_them(desk):
    question = make_comment(name="لينا", body="هل هذا صحيح؟", state=State.APPROVED)
    make_comment(name="دانا\u202e", body="نعم\u202e", parent=question)
    page = desk.get(QUEUE)
    assertContains(page, 'dir="auto">دانا\u202e</a>')
    assertContains(page, 'dir="auto">لينا</a>: <bdi>“هل هذا صحيح؟”</bdi>')
    assertContains(page, '<blockquote class="said" dir="auto">نعم\u202e</blockquote>')


def test_a_long_answered_comment_is_shortened_and_the_text_is_not(desk):
    parent = make_comment(body="p" * 1000, state=State.APPROVED)
    make_comment(body="t" * 5000, parent=parent)
    page = desk.get(QUEUE)
    assertContains(page, f"“{'p' * 200}…”")
    assertNotContains(page, "p" * 201)
    assertContains(page, "t" * 5000)


def test_links_are_plain_text_with_their_host_named(desk):
    make_comment(body="See https://offers.example/now?id=1 please")
    page = desk.get(QUEUE)
    assertContains(page, "offers.example</li>")
    assertNotContains(page, 'href="https://offers.example')


def test_a_card_counts_what_the_person_sent_before(desk):
    article = make_published()
    for state in (State.APPROVED, State.APPROVED, State.SPAM, State.PENDING):
        make_comment(article=article, state=state, email="same@example.org")
    assertContains(desk.get(QUEUE), ", 2 approved, none rejected, 1 spam.")


def test_what_was_asked_of_the_doctor_stands_on_the_card(doctors_desk, moderator):
    comment = make_comment()
    escalate(comment, version=1, by=moderator, note="Is that <dose> right?")
    page = doctors_desk.get(QUEUE)
    assertContains(page, f"Sent to the doctor by {moderator.username}: “Is that &lt;dose&gt; right?”")


def test_lanes_stand_urgent_first_and_inside_oldest_first(doctors_desk):
    article = make_published()
    lanes = [("Old", Lane.STANDARD, 9), ("Spam", Lane.SPAM, 30), ("Doc", Lane.CLINICIAN, 2), ("Now", Lane.URGENT, 1)]
    for name, lane, hours in [("New", Lane.STANDARD, 3), *lanes]:
        put(make_comment(article=article, name=name), lane=lane, submitted_at=hours_ago(hours))
    page = doctors_desk.get(QUEUE)
    assert names(page) == ["Now", "Doc", "Old", "New", "Spam"]
    assertContains(page, "<b>2</b> <strong>Standard</strong><br>oldest: 9\xa0hours")
    assert names(doctors_desk.get(f"{QUEUE}?lane=standard")) == ["Old", "New"]
    assert len(names(doctors_desk.get(f"{QUEUE}?lane=nonsense&color=red"))) == 5


def test_what_readers_reported_waits_for_a_second_look_before_the_others_of_its_lane(desk):
    reported = make_comment(name="Reported", state=State.APPROVED)
    make_comment(name="Waiting", article=reported.article)
    take_down(reported, why="Reported 3 times")
    page = desk.get(QUEUE)
    assert names(page) == ["Reported", "Waiting"]
    assertContains(page, "Hidden for a second look")
    assertContains(page, "Reported 3 times")


def test_a_second_look_that_waits_longest_is_the_age_of_its_lane(desk, moderator):
    with time_machine.travel(hours_ago(50)):
        article = make_published()
        down = make_comment(article=article, state=State.APPROVED, by=moderator)
    with time_machine.travel(hours_ago(7)):
        take_down(down, why="Reported 3 times")
    assertContains(desk.get(QUEUE), "<b>1</b> <strong>Standard</strong><br>oldest: 7\xa0hours")
    put(make_comment(article=article), submitted_at=hours_ago(9))
    assertContains(desk.get(QUEUE), "<b>2</b> <strong>Standard</strong><br>oldest: 9\xa0hours")
    put(down, lane=Lane.URGENT)
    assertContains(desk.get(QUEUE), "<b>1</b> <strong>Urgent</strong><br>oldest: 7\xa0hours")


def test_public_and_decided_comments_are_not_in_the_queue(desk):
    for state in (State.APPROVED, State.REJECTED, State.SPAM):
        make_comment(state=state)
    page = desk.get(QUEUE)
    assert names(page) == []
    assertContains(page, "There's nothing to read. Thank you.")


def test_pages_of_25_are_numbered_without_counting_further_than_the_tile(desk, monkeypatch):
    monkeypatch.setattr(waiting, "COUNTED", 28)
    article = make_published()
    rows = [Comment(article=article, name=f"N{number:02}", submitted_at=hours_ago(100 - number)) for number in range(60)]
    Comment.objects.bulk_create(rows)
    page = desk.get(QUEUE)
    assert names(page) == [f"N{number:02}" for number in range(25)]
    assertContains(page, "<b>28+</b>")
    assertContains(page, 'href="?p=2" rel="next"')
    assert names(desk.get(f"{QUEUE}?p=2")) == ["N25", "N26", "N27", "N28"]
    # A page that emptied while somebody worked on it leads to the last one there is.
    assert len(names(desk.get(f"{QUEUE}?p=77"))) == 4


def test_queue_costs_the_same_for_one_and_for_twenty(desk, django_assert_num_queries):
    article = make_published()
    make_comment(article=article)
    with django_assert_num_queries(19):
        desk.get(QUEUE)
    for _ in range(19):
        make_comment(article=article)
    with django_assert_num_queries(19):
        desk.get(QUEUE)


def test_urgent_text_is_covered_until_pressed(doctors_desk):
    put(make_comment(body="Hard to read"), lane=Lane.URGENT)
    page = doctors_desk.get(QUEUE).content.decode()
    assert re.search(
        r"<details class=\"covered\"><summary>[^<]+</summary><blockquote[^>]*>Hard to read</blockquote></details>", page
    )


def test_urgent_text_is_nowhere_met_unprepared(desk):
    grave = make_comment(body="Hard to read", state=State.APPROVED)
    make_comment(parent=grave, name="Tom")
    assertContains(desk.get(QUEUE), "Marta</a>: <bdi>“Hard to read”")
    file_report(grave, "harm", "", network="192.0.2.7")
    page = desk.get(QUEUE)
    assertContains(page, "Hard to read", count=1)
    assertContains(page, "Marta</a>.")
    assertContains(desk.get("/admin/comments/comment/"), "upsetting.</summary>Hard to read</details>")
    assertNotContains(desk.get("/admin/comments/report/"), "Hard to read")


def test_a_kind_that_is_left_out_is_not_quoted_either(desk):
    article = make_published()
    grave = make_comment(article=article, body="Hard to read", state=State.APPROVED)
    make_comment(parent=put(grave, topics="|crisis|minor|"), name="Tom")
    assertContains(desk.get(f"{QUEUE}?without=violence"), "Hard to read")
    page = desk.get(f"{QUEUE}?without=minor")
    assert names(page) == ["Tom"]
    assertNotContains(page, "Hard to read")


def test_a_kind_of_comment_can_be_left_out_for_the_session(desk):
    article = make_published()
    put(make_comment(article=article, name="Crisis"), topics="|crisis|minor|")
    make_comment(article=article, name="Other")
    answer = desk.post(f"{QUEUE}without/", {"topic": ["crisis", "violence", "nonsense"]}, follow=True)
    assertContains(answer, "Left out until you log out: Crisis and self-harm, Violence.")
    page = desk.get(QUEUE)
    assert names(page) == ["Other"]
    assertContains(page, "left out 2 kinds of comments")
    assertContains(page, "<b>2</b> <strong>Standard</strong>")
    assertContains(desk.post(f"{QUEUE}without/", {}, follow=True), "You&#x27;re seeing every kind of comment.")
    assert names(desk.get(QUEUE)) == ["Crisis", "Other"]


def test_behind_a_long_row_of_what_is_left_out_there_may_be_more_and_the_page_says_so(desk, monkeypatch):
    monkeypatch.setattr(waiting, "COUNTED", 3)
    article = make_published()
    for number in range(5):
        put(make_comment(article=article, name=f"C{number}"), topics="|crisis|" if number != 1 else "")
    page = desk.get(f"{QUEUE}?without=crisis")
    assert names(page) == ["C1"]
    assertContains(page, "1+ comment")
    assertContains(page, "In a lane with more than 3 comments, we only look through the oldest 3.")
    press(desk, "approve", page.context["queue"].cards[0].comment)
    page = desk.get(f"{QUEUE}?without=crisis")
    assertNotContains(page, "There's nothing to read")
    assertContains(page, "Among the oldest comments, there's nothing to read except what you left out.")
    assertNotContains(desk.get(QUEUE), "look through")


def test_a_kind_of_comment_can_be_left_out_by_the_address(desk):
    put(make_comment(name="Violence"), topics="|violence|")
    page = desk.get(f"{QUEUE}?without=crisis,violence")
    assert names(page) == []
    assertContains(page, 'href="?without=crisis%2Cviolence&amp;lane=urgent"')
    assert len(names(desk.get(QUEUE))) == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"action": "approve"}, "Select at least one comment first. Nothing was changed."),
        ({"action": "approve", "_selected_action": ["x", "\0", "9" * 30]}, "Select at least one comment first."),
        ({"action": ""}, "Choose an action first. Nothing was changed."),
        ({"action": "delete_selected", "select_across": "1"}, "Choose an action first."),
        ({}, "Choose an action first."),
    ],
)
def test_without_an_action_and_rows_to_do_it_with_nothing_changes(desk, sent, said):
    comment = make_comment()
    shown = {f"version-{comment.pk}": "1", "index": "0"} | ({"_selected_action": [comment.pk]} if "Choose" in said else {})
    answer = desk.post(f"{QUEUE}?lane=standard", shown | sent, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}?lane=standard", 302)]
    assertContains(answer, said)
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_an_action_on_all_that_waits_takes_what_the_page_showed(desk):
    article = make_published()
    shown, _, public = (make_comment(article=article, name=name) for name in ("Shown", "Below", "Public"))
    decide(public, State.APPROVED, version=1, by=make_user("Moderators"))
    sent = {"action": "spam", "select_across": "1", "_selected_action": [shown.pk], f"version-{shown.pk}": "1", "index": "0"}
    assertContains(
        desk.post(QUEUE, sent, follow=True), "Marked as spam: 1 comment. 1 changed while you had this page open: Below."
    )
    assert set(Comment.objects.values_list("name", "state")) == {
        ("Shown", State.SPAM),
        ("Below", State.PENDING),
        ("Public", State.APPROVED),
    }


@pytest.mark.parametrize(
    ("verb", "extra", "after", "reason"),
    [
        ("approve", {}, State.APPROVED, ""),
        ("reject", {"reason": "unkind"}, State.REJECTED, "unkind"),
        ("spam", {"reason": "unkind"}, State.SPAM, ""),
    ],
)
def test_a_button_decides_and_says_so(desk, verb, extra, after, reason):
    comment = make_comment(name="Jonas")
    page = desk.get(QUEUE)
    assertContains(page, f'name="decide" value="{verb}:{comment.pk}:1" formaction="{DECIDE}"')
    press(desk, verb, comment, **{f"{name}-{comment.pk}": value for name, value in extra.items()})
    comment.refresh_from_db()
    event = comment.events.last()
    assert (comment.state, event.reason, event.version) == (after, reason, 1)
    page = desk.get(QUEUE)
    assertContains(page, '<div role="status">')
    assertContains(
        page, f"{VERBS[verb].done}{' (unkind)' if reason else ''}: the comment by Jonas. You have ten minutes to undo this"
    )
    assertContains(page, f'name="undo" value="{event.pk}"')


def test_what_was_taken_down_is_approved_again_by_the_same_person(desk, moderator):
    comment = make_comment(state=State.HIDDEN, by=moderator)
    press(desk, "approve", comment)
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_the_doctor_is_asked_and_gives_back_with_a_note(desk, client):
    comment = make_comment()
    press(desk, "escalate", comment, **{f"note-{comment.pk}": "Please look"})
    comment.refresh_from_db()
    assert (comment.lane, comment.state, comment.events.last().note) == (Lane.CLINICIAN, State.PENDING, "Please look")
    client.force_login(make_user("Clinicians"))
    press(client, "return", comment, **{f"note-{comment.pk}": "Fine for me"})
    comment.refresh_from_db()
    assert (comment.lane, comment.events.last().note) == (Lane.STANDARD, "Fine for me")


def test_a_rejection_without_a_reason_changes_nothing(desk):
    comment = make_comment()
    answer = press(desk, "reject", comment)
    assert answer.url == f"{QUEUE}#q{comment.pk}"
    assertContains(desk.get(QUEUE), "choose a reason first")
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_the_focus_goes_to_the_next_card_in_the_order_of_the_page(desk):
    article = make_published()
    shown = [make_comment(article=article) for _ in range(3)]
    assert press(desk, "approve", shown[0], *shown).url == f"{QUEUE}#q{shown[1].pk}"
    assert press(desk, "approve", shown[2], *shown).url == f"{QUEUE}#cards"


def test_the_next_card_is_one_that_still_waits(desk):
    article = make_published()
    shown = [make_comment(article=article) for _ in range(4)]
    decide(shown[1], State.APPROVED, version=1, by=make_user("Moderators"))
    put(shown[2], state=State.HIDDEN)
    assert press(desk, "approve", shown[0], *shown).url == f"{QUEUE}#q{shown[2].pk}"
    decide(shown[3], State.SPAM, version=1, by=make_user("Moderators"))
    assert press(desk, "spam", shown[2], *shown).url == f"{QUEUE}#cards"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/admin/", "/articles/", "javascript:alert(1)"])
def test_a_button_leads_back_into_the_admin_only(desk, elsewhere):
    comment = make_comment()
    assert press(desk, "approve", comment, next=elsewhere).url.startswith(QUEUE)


@pytest.mark.parametrize(
    "sent", ["", "approve", "publish:1:1", "approve:x:1", "approve:1", "approve:1:1:1", "approve:-1:1", f"approve:{'9' * 30}:1"]
)
def test_a_malformed_decision_changes_nothing(desk, sent):
    comment = make_comment()
    desk.post(DECIDE, {"decide": sent.replace(":1:", f":{comment.pk}:") if sent == "publish:1:1" else sent})
    assertContains(desk.get(QUEUE), "Please choose a decision.")
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_a_decision_is_never_taken_by_get(desk):
    comment = make_comment()
    for address in (f"{DECIDE}?decide=approve:{comment.pk}:1", f"{QUEUE}undo/", f"{QUEUE}without/?topic=crisis"):
        assert desk.get(address).url == QUEUE
        assert desk.put(address).status_code == 405
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_the_slower_of_two_moderators_is_told(desk):
    comment, other = make_comment(name="Jonas"), make_user("Moderators")
    decide(comment, State.APPROVED, version=1, by=other)
    press(desk, "spam", comment)
    page = desk.get(QUEUE)
    assertContains(page, f"The comment by Jonas: {other.username} got there first (approved")
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_a_decision_on_an_older_version_is_refused(desk):
    comment = make_comment()
    put(comment, version=2, body="Changed by its author")
    comment.version = 1
    answer = press(desk, "approve", comment)
    comment.refresh_from_db()
    assert (comment.state, answer.url) == (State.PENDING, f"{QUEUE}#q{comment.pk}")


def test_a_permission_that_ended_in_mid_session_ends_every_button(desk, moderator):
    comment = make_comment()
    assert desk.get(QUEUE).status_code == 200
    moderator.groups.clear()
    assert press(desk, "approve", comment).status_code == 403
    assert desk.post(f"{QUEUE}undo/", {"undo": "1"}).status_code == 403
    moderator.is_active = False
    moderator.save()
    assert press(desk, "approve", comment).url.startswith("/admin/login/")
    comment.refresh_from_db()
    assert comment.state == State.PENDING


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.CLINICIAN])
def test_in_the_sensitive_lanes_a_moderator_has_no_buttons_and_no_way_around(desk, lane):
    comment = put(make_comment(), lane=lane)
    page = desk.get(QUEUE)
    assertContains(page, "You need the clinician permission for this one.")
    offered = re.findall(r'name="decide" value="([a-z-]+):', page.content.decode())
    assert offered == (["raise"] if lane == Lane.CLINICIAN else [])
    for verb in ("approve", "reject", "spam", "return", "escalate"):
        press(desk, verb, comment, **{f"reason-{comment.pk}": "other"})
    comment.refresh_from_db()
    assert (comment.state, comment.lane, comment.version) == (State.PENDING, lane, 1)


def test_who_only_reads_has_no_buttons(client, officer):
    make_comment()
    client.force_login(officer)
    page = client.get(QUEUE)
    assert len(names(page)) == 1
    assertNotContains(page, 'name="decide"')
    assertNotContains(page, 'type="checkbox" name="_selected_action"')


def test_five_thousand_marks_are_shown(desk):
    spans = [[place, place + 1] for place in range(5000)]
    put(make_comment(), body="x" * 5000, signals=[{"code": "watched_word", "detail": "x", "spans": spans}])
    assertContains(desk.get(QUEUE), "<mark>x</mark>", count=5000)


def test_every_reason_has_a_kind_sentence():
    assert set(SENTENCES) == set(Reason)
    assert all(words.endswith(".") and len(words) > 60 for words in SENTENCES.values())
    assert (sentence("unkind"), sentence("")) == (SENTENCES[Reason.UNKIND], "")


def test_an_answer_for_the_site_is_public_with_a_badge_and_can_be_undone(doctors_desk, client):
    question = make_comment(state=State.APPROVED, body="Meal or empty stomach?")
    page = f"/admin/comments/comment/{question.pk}/"
    assertContains(doctors_desk.get(f"{page}change/"), "Reply for the site")
    answer = doctors_desk.post(f"{page}reply/", {"body": "With a meal,\r\nplease."}, follow=True)
    assertContains(answer, "Your reply is published.")
    reply = question.replies.get()
    assert (reply.body, reply.staff_role, reply.state) == ("With a meal,\nplease.", "doctor", State.APPROVED)
    assert [(event.kind, event.actor) for event in reply.events.all()] == [("replied", reply.staff), ("decided", reply.staff)]
    assertContains(client.get(question.article.get_absolute_url()), " Doctor</span>")
    doctors_desk.post(f"{QUEUE}undo/", {"undo": reply.events.last().pk})
    assertNotContains(client.get(question.article.get_absolute_url()), "With a meal")


def test_an_answer_pressed_twice_is_published_once(doctors_desk):
    question = make_comment(state=State.APPROVED)
    for words in ("With a meal,\nplease.", "With a meal,\r\nplease.", "And water."):
        page = doctors_desk.post(f"/admin/comments/comment/{question.pk}/reply/", {"body": words}, follow=True)
        assertContains(page, "Your reply is published.")
    assert [reply.body for reply in question.replies.order_by("pk")] == ["With a meal,\nplease.", "And water."]


def test_the_name_and_the_badge_say_who_answers(moderator, admin_user):
    question = make_comment(state=State.APPROVED)
    moderator.first_name, moderator.last_name = "Mina", "Moder"
    by_moderator, _ = reply_as_staff(question, by=moderator, body="We look into it.")
    by_superuser, _ = reply_as_staff(question, by=admin_user, body="Done.")
    assert (by_moderator.name, by_moderator.staff_role) == ("Mina Moder", "staff")
    # The name of a login is never public.
    assert (by_superuser.name, by_superuser.staff_role) == ("A moderator", "staff")


@pytest.mark.parametrize("body", ["", " \n ", "x" * 5001])
def test_an_answer_that_is_blank_or_too_long_comes_back(desk, body):
    question = make_comment(state=State.APPROVED)
    page = desk.post(f"/admin/comments/comment/{question.pk}/reply/", {"body": body})
    assertContains(page, "Your reply wasn't published.")
    assert not question.replies.exists()


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN, State.REJECTED])
def test_only_what_is_public_can_be_answered(desk, state):
    question = make_comment(state=state)
    assertNotContains(desk.get(f"/admin/comments/comment/{question.pk}/change/"), "Reply for the site")
    desk.post(f"/admin/comments/comment/{question.pk}/reply/", {"body": "Hello"})
    assert not question.replies.exists()
    assert not CommentEvent.objects.filter(kind="replied").exists()


def test_an_answer_does_not_go_deeper_than_readers_answers(desk):
    first = make_comment(state=State.APPROVED)
    third = make_comment(state=State.APPROVED, parent=make_comment(state=State.APPROVED, parent=first))
    desk.post(f"/admin/comments/comment/{third.pk}/reply/", {"body": "Hello"})
    assert not third.replies.exists()


def test_what_may_be_a_cry_stands_first_in_its_lane_and_wakes_nobody(desk, mailoutbox):
    older = make_comment(body="Which hat do you like best?", name="Old")
    newer = make_comment(body="I don't know how much longer I can do this. Nobody would notice anyway.", name="Maybe")
    newer.refresh_from_db()
    assert (newer.lane, newer.read_first, older.read_first) == ("standard", True, False)
    page = desk.get(QUEUE).content.decode()
    assert page.index("Maybe") < page.index("Old")
    assert "may be a cry for help; please read it first" in page
    outbox.run_due(all_handlers())
    assert mailoutbox == []
    assert "You are not alone" not in desk.get(newer.author_url).content.decode()


def test_i_have_this_is_seen_by_all_for_an_hour_and_only_one_has_it(desk, client, moderator):
    comment = make_comment()
    desk.post(f"{QUEUE}claim/{comment.pk}/", {"next": QUEUE})
    other = make_user("Moderators")
    client.force_login(other)
    page = client.get(QUEUE)
    assertContains(page, f"<strong>{moderator}</strong> has had this one since", html=False)
    assertContains(
        client.post(f"{QUEUE}claim/{comment.pk}/", {"next": QUEUE}, follow=True), f"Someone already has this one: {moderator}."
    )
    assertContains(client.post(f"{QUEUE}let-go/{comment.pk}/", {}, follow=True), "You don&#x27;t have this one.")
    assert press(client, "approve", comment).status_code == 302
    comment.refresh_from_db()
    assert comment.state == State.APPROVED, "a claim keeps nobody from deciding"


def test_a_claim_ends_by_itself_by_giving_back_and_when_its_owner_leaves(desk, moderator):
    comment = make_comment()
    desk.post(f"{QUEUE}claim/{comment.pk}/")
    desk.post(f"{QUEUE}let-go/{comment.pk}/")
    assertNotContains(desk.get(QUEUE), "has had this one since")
    desk.post(f"{QUEUE}claim/{comment.pk}/")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        assert claims.claim(comment, by=make_user("Moderators"))
    put(comment, claimed_by=moderator, claimed_at=timezone.now())
    type(moderator).objects.filter(pk=moderator.pk).update(is_active=False)
    assert claims.claim(comment, by=make_user("Moderators"))


def test_of_two_who_claim_at_once_one_has_it(moderator):
    comment = make_comment()
    stale = Comment.objects.get(pk=comment.pk)
    claims.claim(comment, by=moderator)
    with pytest.raises(Conflict):
        claims.claim(stale, by=make_user("Moderators"))
    with pytest.raises(InvalidMove):
        claims.claim(make_comment(state=State.APPROVED), by=moderator)
    with pytest.raises(PermissionDenied):
        claims.claim(comment, by=make_user("Editors"))


def test_a_note_by_itself_stands_on_the_card_also_where_only_a_clinician_decides(desk, client, officer):
    comment = put(make_comment(), lane=Lane.CLINICIAN)
    desk.post(f"{QUEUE}note/{comment.pk}/", {f"note-{comment.pk}": "I know her from before.", "next": QUEUE})
    client.force_login(officer)
    assertContains(client.get(QUEUE), "I know her from before.")
    client.post(f"{QUEUE}note/{comment.pk}/", {f"note-{comment.pk}": "Me too."})
    page = client.get(f"/admin/comments/comment/{comment.pk}/change/")
    assertContains(page, "Me too.")
    comment.refresh_from_db()
    assert comment.version == 1, "a note changes nothing that somebody else has on the screen"
    assertContains(client.post(f"{QUEUE}note/{comment.pk}/", {f"note-{comment.pk}": " "}, follow=True), "Write a note first.")


@pytest.mark.parametrize("path", ["claim", "let-go", "note"])
def test_what_decides_nothing_needs_the_right_to_see_and_a_post(client, path):
    comment = make_comment()
    client.force_login(make_user("Editors"))
    assert client.post(f"{QUEUE}{path}/{comment.pk}/").status_code == 403
    client.force_login(make_user("Moderators"))
    assert client.get(f"{QUEUE}{path}/{comment.pk}/").url == QUEUE


def test_approving_and_replying_are_one_step_and_one_undo(desk):
    comment = make_comment()
    page = desk.post(
        f"/admin/comments/comment/{comment.pk}/reply/",
        {f"reply-{comment.pk}": "Thank you, Marta.", f"version-{comment.pk}": comment.version, "next": QUEUE},
        follow=True,
    )
    assertContains(page, "The comment and your reply are published.")
    assertContains(page, "See it on the site")
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == [State.APPROVED] * 2
    undo = re.search(r'name="undo" value="([0-9a-f-]{36})"', page.content.decode())[1]
    desk.post(f"{QUEUE}undo/", {"undo": undo})
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == [State.PENDING] * 2


def test_a_reply_that_cannot_be_published_keeps_its_words_and_approves_nothing(desk):
    comment = make_comment()
    data = {f"reply-{comment.pk}": "Thank you, Marta.", f"version-{comment.pk}": comment.version, "next": QUEUE}
    put(comment, version=2)
    page = desk.post(f"/admin/comments/comment/{comment.pk}/reply/", data)
    assertContains(page, "Thank you, Marta.")
    assertContains(page, "Your reply wasn't published.")
    page = desk.post(f"/admin/comments/comment/{comment.pk}/reply/", data | {f"reply-{comment.pk}": "x" * 5001})
    assertContains(page, "x" * 5001)
    put(comment, lane=Lane.CLINICIAN)
    page = desk.post(f"/admin/comments/comment/{comment.pk}/reply/", data | {f"version-{comment.pk}": 2})
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    assert Comment.objects.count() == 1


def test_after_a_decision_links_lead_to_the_site_and_to_the_next_one(desk):
    first, second = make_comment(), make_comment()
    page = f"/admin/comments/comment/{first.pk}/change/"
    said = desk.post(DECIDE, {"decide": f"approve:{first.pk}:{first.version}", "next": page}, follow=True)
    assertContains(said, f'<a href="{first.get_absolute_url()}">See it on the site</a>', html=True)
    assertContains(said, f'<a href="/admin/comments/comment/{second.pk}/change/">Next comment to read</a>', html=True)


def test_after_approving_with_a_reply_links_lead_to_the_site_and_to_the_next_one(desk):
    first, second = make_comment(), make_comment()
    page = f"/admin/comments/comment/{first.pk}/"
    data = {"body": "Thank you, Marta.", f"version-{first.pk}": first.version, "next": f"{page}change/"}
    said = desk.post(f"{page}reply/", data, follow=True)
    assertContains(said, f'<a href="{first.get_absolute_url()}">See it on the site</a>', html=True)
    assertContains(said, f'<a href="/admin/comments/comment/{second.pk}/change/">Next comment to read</a>', html=True)


def test_the_home_page_of_a_moderator_shows_what_waits(desk):
    put(make_comment(), lane=Lane.URGENT)
    page = desk.get("/admin/")
    assertContains(page, f'<a href="{QUEUE}?lane=urgent"><b>1</b> <strong>Urgent</strong>', html=False)


def test_the_settings_open_directly(admin_client):
    assert admin_client.get("/admin/comments/commentsettings/").url == "/admin/comments/commentsettings/1/change/"


def test_a_claim_ends_with_what_it_was_said_of(moderator):
    doctor = make_user("Clinicians")
    approved, raised, changed = (make_comment() for _ in range(3))
    for comment in (approved, raised, changed):
        claims.claim(comment, by=moderator)
    decide(approved, State.APPROVED, version=1, by=moderator)
    approved.refresh_from_db()
    file_report(approved, "harm", "", network="192.0.2.1")
    raise_to_urgent(raised, version=1, by=doctor)
    change_words(changed, "I want to kill myself tonight.", version=1, network="192.0.2.1")
    assert Comment.objects.urgent().unclaimed().count() == 3


def test_only_who_has_it_is_offered_to_give_it_back(desk, client):
    comment = make_comment()
    desk.post(f"{QUEUE}claim/{comment.pk}/")
    assertContains(desk.get(QUEUE), "Give it back")
    client.force_login(make_user("Moderators"))
    page = client.get(QUEUE)
    assertNotContains(page, "Give it back")
    assertNotContains(page, "I have this")


@pytest.mark.parametrize("end", ["decide/", "claim/{pk}/", "note/{pk}/"])
def test_a_typed_reply_is_never_dropped_by_another_button(desk, end):
    comment = make_comment()
    data = {"decide": f"approve:{comment.pk}:1", f"reply-{comment.pk}": "Typed reply", f"note-{comment.pk}": "x", "next": QUEUE}
    page = desk.post(QUEUE + end.format(pk=comment.pk), data)
    assertContains(page, "Typed reply")
    assertContains(page, "because you typed a reply")
    comment.refresh_from_db()
    assert (comment.state, comment.events.count()) == (State.PENDING, 1)


def test_a_reply_to_what_cannot_be_answered_any_more_is_still_there(desk, moderator):
    comment = make_comment()
    decide(comment, State.REJECTED, version=1, by=moderator, reason="other")
    page = desk.post(f"/admin/comments/comment/{comment.pk}/reply/", {f"reply-{comment.pk}": "Typed reply", "version-1": "1"})
    assertContains(page, "Typed reply")
    assertContains(page, "Your reply wasn't published.")


def test_a_typed_note_is_kept_whatever_is_pressed(desk, moderator):
    claimed, stale, answered = (make_comment() for _ in range(3))
    desk.post(f"{QUEUE}claim/{claimed.pk}/", {f"note-{claimed.pk}": "With the claim"})
    press(desk, "raise", put(stale, version=2), **{"decide": f"raise:{stale.pk}:1", f"note-{stale.pk}": "With a conflict"})
    data = {f"reply-{answered.pk}": "Reply", f"version-{answered.pk}": "1", f"note-{answered.pk}": "With the reply"}
    desk.post(f"/admin/comments/comment/{answered.pk}/reply/", data)
    notes = set(EventNote.objects.values_list("text", flat=True))
    assert notes == {"With the claim", "With a conflict", "With the reply"}


def test_a_note_as_long_as_the_box_allows_is_kept_whole(desk):
    comment = make_comment()
    note = "\n".join(["x" * 24] * 20)
    assert len(note) == 499
    desk.post(f"{QUEUE}note/{comment.pk}/", {f"note-{comment.pk}": note.replace("\n", "\r\n")})
    assert comment.events.last().note == note
