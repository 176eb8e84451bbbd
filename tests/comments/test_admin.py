"""The moderators' desk: what they see, what they decide, what they may not."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from comments.flows.moderation import decide
from comments.models import Comment, CommentEvent, State
from comments.models.contact import check_digit
from comments.screening import Lane
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/queued/"
ALL = "/admin/comments/comment/"


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


def act(client, address, action, *comments, **extra):
    """Post the list's form as the page serves it: hidden versions included."""
    versions = {f"version-{comment.pk}": comment.version for comment in comments}
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]} | versions | extra
    return client.post(address, data, follow=True)


def test_index_links_the_list_and_the_queue(desk):
    page = desk.get("/admin/").content.decode()
    assert f'href="{ALL}"' in page
    assert f'href="{QUEUE}"' in page


def test_list_shows_every_state_and_finds_words(desk):
    for state in (State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN):
        make_comment(state=state, name=f"Name-{state}", body=f"Word-{state}")
    page = desk.get(ALL)
    for state in ("pending", "approved", "rejected", "spam", "hidden"):
        assertContains(page, f"Name-{state}")
    found = desk.get(f"{ALL}?q=Word-spam")
    assertContains(found, "Name-spam")
    assertNotContains(found, "Name-approved")
    assertContains(desk.get(f"{ALL}?q=Name-hidden"), "Word-hidden")


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        (State.PENDING, "approve", State.APPROVED),
        (State.PENDING, "spam", State.SPAM),
        (State.APPROVED, "hide", State.HIDDEN),
        (State.SPAM, "return_to_queue", State.PENDING),
    ],
)
def test_action_moves_the_selected(desk, before, action, after):
    comment = make_comment(state=before)
    assertContains(act(desk, ALL, action, comment), f"the comment by {comment.name}. You have ten minutes to undo this")
    comment.refresh_from_db()
    assert comment.state == after


def test_reject_asks_for_a_reason_on_one_page(desk):
    comment = make_comment()
    page = act(desk, QUEUE, "reject", comment)
    assert page.content.decode().count('type="radio"') == 9
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))
    assertContains(desk.post(QUEUE, hidden, follow=True), "Choose a reason")
    desk.post(QUEUE, hidden | {"reason": "unkind"}, follow=True)
    comment.refresh_from_db()
    assert (comment.state, comment.events.last().reason) == (State.REJECTED, "unkind")
    assertContains(desk.get(comment.author_url), "Unkind")


def test_second_moderator_is_told(desk):
    comment = make_comment()
    other = make_user("Moderators")
    decide(comment, State.APPROVED, version=1, by=other)
    page = act(desk, ALL, "spam", comment)
    assertContains(page, f"{other.username} got there first (approved")
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_in_the_queue_too_a_bulk_tells_what_was_decided_meanwhile(desk):
    article = make_published()
    comments = [make_comment(article=article, name=f"Name-{number}") for number in range(3)]
    decide(comments[0], State.APPROVED, version=1, by=make_user("Moderators"))
    assertContains(
        act(desk, QUEUE, "spam", *comments), "Marked as spam: 2 comments. 1 changed while you had this page open: Name-0."
    )
    assertContains(act(desk, QUEUE, "spam", comments[0]), "got there first (approved")
    comments[0].refresh_from_db()
    assert comments[0].state == State.APPROVED


def test_row_without_the_version_that_was_seen_is_left_alone(desk):
    comment = make_comment()
    page = desk.post(ALL, {"action": "approve", "_selected_action": [comment.pk]}, follow=True)
    assertContains(page, "Nothing was changed")
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_long_text_can_be_read_whole_where_it_is_decided(desk):
    make_comment(body="word " * 200 + "the very end")
    assertContains(desk.get(ALL), "the very end")


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1"])
def test_nonsense_for_a_version_changes_nothing(desk, version):
    comment = make_comment()
    data = {"action": "approve", "_selected_action": [comment.pk], f"version-{comment.pk}": version}
    assertContains(desk.post(ALL, data, follow=True), "Nothing was changed")


def test_queue_has_no_page_of_its_own_for_a_comment(desk):
    comment = make_comment()
    assert desk.get(f"{QUEUE}{comment.pk}/change/").url == f"{ALL}{comment.pk}/change/"


def test_a_bulk_of_all_states_reports_what_it_could_not_do(desk):
    article = make_published()
    states = (State.PENDING, State.PENDING, State.SPAM, State.APPROVED, State.HIDDEN, State.REJECTED)
    comments = [make_comment(article=article, state=state, name=f"Name-{number}") for number, state in enumerate(states)]
    decide(comments[1], State.SPAM, version=1, by=make_user("Moderators"))
    page = act(desk, ALL, "approve", *comments)
    assertContains(page, "Approved: 2 comments. 1 changed while you had this page open: Name-1.")
    assertContains(page, "3 can&#x27;t be moved that way: Name-2, Name-3, Name-5.")
    assert set(Comment.objects.filter(state=State.APPROVED).values_list("name", flat=True)) == {"Name-0", "Name-3", "Name-4"}


def test_a_bulk_has_one_reason_and_one_batch(desk, moderator):
    article = make_published()
    comments = [make_comment(article=article) for _ in range(12)]
    Comment.objects.filter(pk=comments[3].pk).update(version=2)
    page = act(desk, ALL, "reject", *comments, reason="selling", apply="1")
    assertContains(
        page, "Rejected: 11 comments. 1 changed while you had this page open: Marta. You have ten minutes to undo this."
    )
    events = CommentEvent.objects.filter(kind="decided")
    assert {(event.reason, event.actor) for event in events} == {("selling", moderator)}
    assert len({event.batch for event in events}) == 1
    assert events[0].batch is not None


def test_bulk_leaves_the_urgent_and_clinician_lanes_alone(client):
    client.force_login(make_user("Clinicians"))
    article = make_published()
    urgent, clinician, standard = (make_comment(article=article, name=name) for name in ("Urs", "Clea", "Stan"))
    Comment.objects.filter(pk=urgent.pk).update(lane=Lane.URGENT)
    Comment.objects.filter(pk=clinician.pk).update(lane=Lane.CLINICIAN)
    for action in ("approve", "reject", "spam"):
        page = act(client, ALL, action, urgent, clinician, standard, reason="other", apply="1")
        assertContains(page, "2 are urgent or for a clinician, so decide on those one at a time: Urs, Clea.")
        assert Comment.objects.filter(pk__in=[urgent.pk, clinician.pk], state=State.PENDING).count() == 2


@pytest.mark.parametrize(("group", "after"), [("Clinicians", State.APPROVED), ("Moderators", State.PENDING)])
def test_one_selected_row_counts_as_a_single_decision(client, group, after):
    client.force_login(make_user(group))
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(lane=Lane.URGENT)
    page = act(client, QUEUE, "approve", comment)
    comment.refresh_from_db()
    assert comment.state == after
    assert ("You need the clinician permission" in page.content.decode()) == (group == "Moderators")


@pytest.mark.parametrize("action", ["approve", "reject", "spam"])
def test_more_than_a_hundred_at_once_are_refused(desk, monkeypatch, action):
    monkeypatch.setattr("comments.admin.deciding.MOST_AT_ONCE", 1)
    article = make_published()
    comments = [make_comment(article=article) for _ in range(2)]
    assertContains(act(desk, ALL, action, *comments), "Select at most 1 at a time")
    assert Comment.objects.filter(state=State.PENDING).count() == 2


def test_page_of_a_comment_decides_and_tells_its_history(desk, moderator):
    comment = make_comment()
    address = f"{ALL}{comment.pk}/change/"
    assertContains(desk.get(address), comment.body)
    answer = desk.post(f"{QUEUE}decide/", {"decide": f"approve:{comment.pk}:1", "next": address})
    assert answer.url == address
    page = desk.get(address)
    assertContains(page, "Decided: Approved")
    assertContains(page, moderator.username)
    assertContains(page, f'value="hide:{comment.pk}:2"')
    assertContains(page, 'name="undo"', count=2)  # In the message and in the history.
    assertNotContains(page, "address…")


def test_comment_cannot_be_edited_added_or_deleted(client, admin_client):
    comment = make_comment(body="Typed words")
    address = f"{ALL}{comment.pk}/change/"
    assert admin_client.post(address, {"body": "Other words"}).status_code == 403
    assert admin_client.get(f"{ALL}{comment.pk}/delete/").status_code == 403
    assert admin_client.get(f"{ALL}add/").status_code == 403
    assertNotContains(admin_client.get(ALL), "Delete selected")
    comment.refresh_from_db()
    assert comment.body == "Typed words"


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", None])
def test_without_the_permission_every_address_is_403(client, group):
    comment = make_comment()
    client.force_login(make_user(*[group] if group else []))
    for address in (
        QUEUE,
        ALL,
        f"{ALL}{comment.pk}/change/",
        f"{ALL}{comment.pk}/address/",
        f"{ALL}{comment.pk}/erase/",
        f"{QUEUE}overview/",
        "/admin/comments/reveal/",
    ):
        assert client.get(address).status_code == 403, address
    posted = {"action": "approve", "decide": f"approve:{comment.pk}:1", "undo": "1", "why": "x", "body": "x"}
    on_page = [f"{ALL}{comment.pk}/{name}/" for name in ("reply", "address", "erase")]
    for address in (ALL, QUEUE, *[f"{QUEUE}{name}/" for name in ("decide", "undo", "without")], *on_page):
        assert client.post(address, posted).status_code == 403, address
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_after_an_answer_that_was_refused_every_button_leads_back_to_the_comment(desk, moderator):
    comment = make_comment(state=State.APPROVED, by=moderator)
    page = desk.post(f"{ALL}{comment.pk}/reply/", {"body": " "})
    assertContains(page, "Write a reply first.")
    assert set(re.findall(r'name="next" value="([^"]+)"', page.content.decode())) == {f"{ALL}{comment.pk}/change/"}


def test_moderator_cannot_open_an_address_or_erase(desk):
    comment = make_comment()
    for name in ("address", "erase"):
        assert desk.get(f"{ALL}{comment.pk}/{name}/").status_code == 403
        assert desk.post(f"{ALL}{comment.pk}/{name}/", {"why": "curious"}).status_code == 403
    assertNotContains(desk.get(f"{ALL}{comment.pk}/change/"), f"{ALL}{comment.pk}/address/")


def test_privacy_officer_opens_one_address_with_a_reason(client, officer):
    comment = make_comment(email="canary@example.org")
    client.force_login(officer)
    page = client.get(f"{ALL}{comment.pk}/change/")
    assertContains(page, "address…")
    assertNotContains(page, "canary@")
    form = client.get(f"{ALL}{comment.pk}/address/")
    assertContains(form, "Reason")
    assertNotContains(form, "canary@")
    assertNotContains(client.post(f"{ALL}{comment.pk}/address/", {"why": " "}), "canary@")
    opened = client.post(f"{ALL}{comment.pk}/address/", {"why": "She asked us to write"})
    assertContains(opened, "canary@example.org")
    assert "no-store" in opened.headers["Cache-Control"]
    history = client.get(f"{ALL}{comment.pk}/change/")
    assertContains(history, "She asked us to write")
    assertNotContains(history, "canary@")
    log = client.get("/admin/comments/reveal/")
    assertContains(log, "She asked us to write")
    assertNotContains(log, "canary@")


def test_privacy_officer_reads_but_does_not_decide(client, officer):
    comment = make_comment()
    client.force_login(officer)
    assert client.post(ALL, {"action": "approve", "_selected_action": [comment.pk]}).status_code == 403


def test_privacy_officer_erases_with_a_reason(client, officer):
    comment = make_comment(body="Typed words")
    client.force_login(officer)
    page = client.post(f"{ALL}{comment.pk}/erase/", {"why": "Asked by letter"}, follow=True)
    assertContains(page, "Asked by letter")
    assertNotContains(page, "Typed words")


def search(desk, query):
    return list(desk.get(ALL, {"q": query}).context["cl"].result_list)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hat", {"Hal"}),
        ("HÁT", {"Hal"}),
        ("chat", {"Chad"}),
        ("my hat", {"Hal"}),
        ("hat chat", set()),
        ("hal hat", {"Hal"}),
        ("(hat)?", set()),
        ("h.t", set()),
        ("😀", {"Chad"}),
        ("", {"Hal", "Chad"}),
        ("   ", {"Hal", "Chad"}),
        ("hat " * 2500, {"Hal"}),
        ("x" * 10_000, set()),
    ],
)
def test_search_finds_whole_words_that_are_all_there(desk, query, found):
    article = make_published()
    make_comment(article=article, name="Hal", body="I always wear my hat.")
    make_comment(article=article, name="Chad", body="That was a nice chat 😀")
    assert {comment.name for comment in search(desk, query)} == found


def test_search_finds_a_person_by_tag(desk):
    article = make_published()
    first = make_comment(article=article, name="Ana", email="ana@example.org", body="My hat is blue.")
    second = make_comment(article=article, name="Ana", email="ana@example.org", body="My scarf is red.")
    other = make_comment(article=article, name="Tom", body="My hat is green.")
    tag = first.contact.tag
    assert search(desk, tag) == search(desk, f" {tag.lower()} ") == [second, first]
    assert search(desk, f"{tag} hat") == search(desk, f"hat {tag}") == [first]
    assert search(desk, f"{tag} {other.contact.tag}") == []
    assert search(desk, tag[:-1]) == []


def test_what_looks_like_a_tag_is_a_word_while_nobody_has_it(desk):
    word = f"TYPE-{check_digit('TYPE')}"
    comment = make_comment(body=f"I have {word} something.")
    make_comment(article=comment.article)
    assert search(desk, word) == [comment]


def test_a_search_for_a_tag_reads_no_address(desk):
    tag = make_comment(email="canary@example.org").contact.tag
    with CaptureQueriesContext(connection) as queries:
        assertNotContains(desk.get(ALL, {"q": tag}), "canary@")
    assert not [query["sql"] for query in queries if '"comments_contact"."address"' in query["sql"]]


@time_machine.travel("2026-03-10T12:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("", {"now", "yesterday", "february", "last-march", "old"}),
        ("today", {"now"}),
        ("week", {"now", "yesterday"}),
        ("2026-03", {"now", "yesterday"}),
        ("2026-02", {"february"}),
        ("2025-04", {"last-march"}),
        ("earlier", {"old"}),
        ("2020-01", {"now", "yesterday", "february", "last-march", "old"}),
    ],
)
def test_the_list_is_narrowed_by_when_a_comment_was_sent(desk, chosen, found):
    article = make_published()
    sent = {
        "now": "2026-03-10T00:00:00",
        "yesterday": "2026-03-09T23:59:59",
        "february": "2026-02-01T00:00:00",
        "last-march": "2025-04-01T00:00:00",
        "old": "2025-03-31T23:59:59",
    }
    for name, at in sent.items():
        comment = make_comment(article=article, name=name)
        Comment.objects.filter(pk=comment.pk).update(submitted_at=f"{at}+00:00")
    page = desk.get(ALL, {"sent": chosen})
    assert {comment.name for comment in page.context["cl"].result_list} == found
    assertContains(page, 'href="?sent=2025-04"')
    assertContains(page, "April 2025")


def test_the_list_loads_no_text_of_an_article(desk):
    make_comment(article=make_published(body="<p>A long text.</p>"))
    with CaptureQueriesContext(connection) as queries:
        assertContains(desk.get(ALL), "article__id__exact")
    assert not [query["sql"] for query in queries if '"articles_article"."body"' in query["sql"]]
