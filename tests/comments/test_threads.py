"""Pages hold at most 50 threads and 200 comments, and keep their addresses."""

import pytest

from comments.flows import thread_pages
from comments.flows.erasing import withdraw
from comments.flows.moderation import decide
from comments.models import Comment, State
from comments.public import threads
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    """Small pages, so that a test needs few comments."""
    monkeypatch.setattr(thread_pages, "THREADS_A_PAGE", 3)
    monkeypatch.setattr(thread_pages, "COMMENTS_A_PAGE", 5)


def shape(article, page):
    """Return the threads of a page as nested (name or tombstone, [answers])."""
    rows = list(Comment.objects.for_page(article, page))

    def told(node):
        return (node.comment.name if node.comment else "†", [told(reply) for reply in node.replies])

    return [told(node) for node in threads.build(rows, page, article_slug=article.slug, can_answer=True)]


def approved(name, article, by, parent=None):
    return make_comment(name=name, article=article, parent=parent, state=State.APPROVED, by=by)


def test_threads_are_oldest_first_with_their_answers_below(moderator):
    article = make_published()
    one = approved("1", article, moderator)
    approved("2", article, moderator)
    answer = approved("1.1", article, moderator, parent=one)
    approved("1.1.1", article, moderator, parent=answer)
    assert shape(article, 1) == [("1", [("1.1", [("1.1.1", [])])]), ("2", [])]


def test_fourth_thread_begins_a_page(few, moderator):
    article = make_published()
    for name in "1234":
        approved(name, article, moderator)
    assert [shape(article, 1), shape(article, 2)] == [[("1", []), ("2", []), ("3", [])], [("4", [])]]


def test_answer_goes_to_its_thread_while_there_is_room_and_to_the_last_page_after(few, moderator):
    article = make_published()
    one = approved("1", article, moderator)
    for name in "234":
        approved(name, article, moderator)
    for name in ("1.1", "1.2", "1.3"):
        approved(name, article, moderator, parent=one)
    assert shape(article, 1)[0] == ("1", [("1.1", []), ("1.2", [])])
    assert shape(article, 2) == [("4", []), ("1.3", [])]


def test_answer_on_another_page_says_what_it_answers(few, moderator, client):
    article = make_published()
    one = approved("Ana", article, moderator)
    for name in "abcd":
        approved(name, article, moderator, parent=one)
    late = approved("Late", article, moderator, parent=one)
    page = client.get(f"{article.get_absolute_url()}?page=2").content.decode()
    assert f"/articles/{article.slug}/comments/{one.pk}/" in page
    assert late.page == 2


def test_page_of_a_comment_never_changes(few, moderator):
    article = make_published()
    comments = [approved(name, article, moderator) for name in "1234"]
    decide(comments[0], State.HIDDEN, version=comments[0].version, by=moderator)
    withdraw(comments[1])
    approved("5", article, moderator)
    assert shape(article, 1) == [("3", [])]
    assert shape(article, 2) == [("4", []), ("5", [])]
    hidden = Comment.objects.get(pk=comments[0].pk)
    decide(hidden, State.APPROVED, version=hidden.version, by=moderator)
    assert shape(article, 1) == [("1", []), ("3", [])]


def test_two_tombstones_carry_the_answer_below_them(moderator):
    article = make_published()
    one = approved("1", article, moderator)
    two = approved("1.1", article, moderator, parent=one)
    approved("1.1.1", article, moderator, parent=two)
    withdraw(two)
    withdraw(one)
    assert shape(article, 1) == [("†", [("†", [("1.1.1", [])])])]


def test_tombstone_without_answers_is_not_there(moderator):
    article = make_published()
    one = approved("1", article, moderator)
    two = approved("1.1", article, moderator, parent=one)
    withdraw(two)
    assert shape(article, 1) == [("1", [])]
    withdraw(one)
    assert shape(article, 1) == []


def test_no_page_is_over_its_limits():
    article, moderator = make_published(), make_user("Moderators")
    one = approved("1", article, moderator)
    many = [Comment(article=article, parent=one, depth=1, name="x", body="x", page=1, nonce=f"{n}") for n in range(198)]
    Comment.objects.bulk_create(many)
    assert approved("last", article, moderator, parent=one).page == 1
    assert approved("over", article, moderator, parent=one).page == 2
