"""A person's page in the admin: all their comments, found by the tag, with what was decided on each."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.admin.person import COMMENTS_A_PAGE
from comments.flows.erasing import erase
from comments.flows.moderation import decide, escalate, undo
from comments.models import Comment, Contact, State
from comments.models.contact import check_digit
from comments.screening import Lane
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
ALL = "/admin/comments/comment/"
ANA = "ana@example.org"


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


def page_of(comment, number=""):
    return f"{ALL}person/{comment.contact.tag}/" + (f"?page={number}" if number else "")


def shown(page):
    """Return the keys of the comments on the page, in its order."""
    return [int(key) for key in re.findall(r'<article [^>]*id="q([0-9]+)"', page.content.decode())]


def test_the_tag_in_the_list_leads_to_all_comments_of_that_person(desk):
    article = make_published()
    first = make_comment(article=article, email=ANA, name="Ana", body="I write my questions down.", state=State.APPROVED)
    second = make_comment(article=article, email=ANA, name="A.", body="And I bring the card.", state=State.SPAM)
    other = make_comment(article=article, name="Tom", body="Somebody else's words.")
    assertContains(desk.get(ALL), f'<a href="{page_of(first)}">{first.contact.tag}</a>', count=2)
    page = desk.get(page_of(first))
    assert shown(page) == [second.pk, first.pk]
    for comment in (first, second):
        assertContains(page, comment.body)
        assertContains(page, f'href="{ALL}{comment.pk}/change/"')
        assertContains(page, f'<span class="state">{comment.get_state_display()}</span>')
        assertContains(page, f'<span class="lane">{comment.get_lane_display()}</span>')
    assertContains(page, article.title)
    assertNotContains(page, other.body)
    assertNotContains(page, ANA)


def test_newest_first_is_by_when_it_was_sent(desk):
    article = make_published()
    late, early = (make_comment(article=article, email=ANA) for _ in range(2))
    Comment.objects.filter(pk=early.pk).update(submitted_at=timezone.now() - datetime.timedelta(days=400))
    assert shown(desk.get(page_of(late))) == [late.pk, early.pk]


def test_each_decision_says_who_what_why_and_that_it_was_undone(desk, moderator):
    comment = make_comment(email=ANA)
    undo(decide(comment, State.SPAM, version=1, by=moderator), by=moderator)
    escalate(comment, version=3, by=moderator, note="Is the dose <b>right</b>?")
    doctor = make_user("Clinicians", username="dora")
    decide(comment, State.REJECTED, version=4, by=doctor, reason="unkind", note="Both of them.")
    page = desk.get(page_of(comment))
    assertContains(page, f"Decided: Spam (undone) · {moderator.username} · ")
    assertContains(page, f"Sent to the doctor · {moderator.username} · ")
    assertContains(page, "“Is the dose &lt;b&gt;right&lt;/b&gt;?”")
    assert re.search(r"Decided: Rejected · dora · [^<]+ · Unkind[^<]* · <bdi>“Both of them.”</bdi>", page.content.decode())


def test_the_page_tells_the_standing_and_counts_by_state(desk):
    article = make_published()
    for state in (State.APPROVED, State.APPROVED, State.SPAM):
        comment = make_comment(article=article, email=ANA, state=state)
    Contact.objects.filter(pk=comment.contact_id).update(standing=Contact.Standing.HOLD)
    page = desk.get(page_of(comment))
    assertContains(page, "<dd>Always take a second look</dd>")
    assertContains(page, "<dt>Approved</dt><dd>2</dd>")
    assertContains(page, "<dt>Spam</dt><dd>1</dd>")
    assertNotContains(page, "<dt>Rejected</dt>")


@pytest.mark.parametrize(("state", "covered"), [(State.PENDING, True), (State.HIDDEN, True), (State.APPROVED, False)])
def test_urgent_words_stay_covered_until_somebody_decided(desk, state, covered):
    comment = make_comment(email=ANA, body="Words that may upset.", state=state)
    Comment.objects.filter(pk=comment.pk).update(lane=Lane.URGENT)
    page = desk.get(page_of(comment)).content.decode()
    assert bool(re.search(r"<details[^>]*><summary>[^<]+</summary><blockquote[^>]*>Words that may upset", page)) == covered
    assert page.count("Words that may upset.") == 1


def test_the_queries_are_the_same_for_one_comment_and_for_many(desk):
    article = make_published()
    address = page_of(make_comment(article=article, email=ANA))

    def queries(number=1):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"{address}?page={number}").status_code == 200
        return len(captured)

    one = queries()
    for _ in range(COMMENTS_A_PAGE + 2):
        more = make_comment(article=article, email=ANA)
        decide(more, State.SPAM, version=1, by=make_user("Moderators"))
    assert queries() == queries(2) == one


def test_many_comments_stand_on_several_pages(desk):
    article = make_published()
    keys = [make_comment(article=article, email=ANA).pk for _ in range(COMMENTS_A_PAGE + 2)]
    comment = Comment.objects.get(pk=keys[0])
    first = desk.get(page_of(comment))
    assert shown(first) == keys[:1:-1]
    assertContains(first, 'href="?page=2"')
    assert shown(desk.get(page_of(comment, "2"))) == [keys[1], keys[0]]
    for number in ("9" * 5000, "-1", "x", "%00"):
        assert desk.get(page_of(comment, number)).status_code == 200


@pytest.mark.parametrize(
    "tag", [f"4F7K-{check_digit('4F7K')}", "4F7K", "x", "9" * 500, "%00", "é", "4f7k 2", "marta@example.org"]
)
def test_a_tag_of_nobody_is_told_plainly(desk, tag):
    make_comment()
    assertContains(desk.get(f"{ALL}person/{tag}/"), "no one with this tag", status_code=404)


def test_a_tag_may_be_typed_in_small_letters(desk):
    comment = make_comment(email=ANA)
    assert shown(desk.get(page_of(comment).lower())) == [comment.pk]


def test_a_person_who_was_erased_has_no_page(desk, officer):
    comment = make_comment(email=ANA)
    address = page_of(comment)
    erase(comment, by=officer, reason="Asked by letter")
    assertContains(desk.get(address), "no one with this tag", status_code=404)


def test_only_who_may_see_comments_sees_the_page(client, officer):
    comment = make_comment(email=ANA)
    for group, status in (("Editors", 403), ("Medical reviewers", 403), ("Clinicians", 200), ("Privacy officers", 200)):
        client.force_login(make_user(group))
        assert client.get(page_of(comment)).status_code == status, group
    client.logout()
    assert client.get(page_of(comment)).status_code == 302
