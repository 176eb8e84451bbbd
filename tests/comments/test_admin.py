"""The moderators' desk: what they see, what they decide, what they may not."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from comments.models import Comment, State
from comments.moderation import decide
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


def test_queue_shows_all_of_what_waits_oldest_first(desk):
    first = make_comment(name="Ana", body="Line one\nand ana@example.org", email="canary@example.org")
    make_comment(name="Bo", article=first.article)
    make_comment(name="Public", article=first.article, state=State.APPROVED)
    page = desk.get(QUEUE)
    text = page.content.decode()
    assertContains(page, "Line one\nand <mark>ana@example.org</mark>")
    assertContains(page, "e-mail address in the text")
    assertContains(page, f"Person {first.contact.tag}")
    assertContains(page, first.article.title)
    assertContains(page, "waits")
    assert text.index("Ana</a>") < text.index("Bo</a>")
    assertNotContains(page, "Public</a>")
    assertNotContains(page, "canary@")


def test_queue_costs_the_same_for_one_and_for_twenty(desk, django_assert_num_queries):
    article = make_published()
    make_comment(article=article)
    with django_assert_num_queries(6):
        desk.get(QUEUE)
    for _ in range(19):
        make_comment(article=article)
    with django_assert_num_queries(6):
        desk.get(QUEUE)


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
    assertContains(act(desk, ALL, action, comment), "1 comment: ")
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
    assertContains(page, f"Already “approved” by {other.username}")
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


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
    comments = [make_comment(article=article, state=state) for state in (State.PENDING, State.SPAM)]
    page = act(desk, ALL, "approve", *comments)
    assertContains(page, "1 comment: approved.")
    assertContains(page, "cannot become")


def test_more_than_a_hundred_at_once_are_refused(desk, monkeypatch):
    monkeypatch.setattr("comments.admin.MOST_AT_ONCE", 1)
    article = make_published()
    comments = [make_comment(article=article) for _ in range(2)]
    assertContains(act(desk, ALL, "approve", *comments), "At most 1 comments at once")
    assert Comment.objects.filter(state=State.APPROVED).count() == 0


def test_page_of_a_comment_decides_and_tells_its_history(desk, moderator):
    comment = make_comment()
    address = f"{ALL}{comment.pk}/change/"
    page = desk.get(address)
    assertContains(page, comment.body)
    desk.post(f"{ALL}{comment.pk}/decide/", {"to": "approved", f"version-{comment.pk}": 1})
    page = desk.get(address)
    assertContains(page, "Decided: Approved")
    assertContains(page, moderator.username)
    assertNotContains(page, "mail address…")


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
        "/admin/comments/reveal/",
    ):
        assert client.get(address).status_code == 403, address
    for address in (f"{ALL}{comment.pk}/decide/", f"{ALL}{comment.pk}/address/", f"{ALL}{comment.pk}/erase/", ALL, QUEUE):
        assert client.post(address, {"action": "approve", "to": "approved", "why": "x"}).status_code == 403, address
    comment.refresh_from_db()
    assert comment.state == State.PENDING


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
