"""Moderators find a comment by its words among any number, and what is erased is out of the index at once."""

import itertools
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.asserts import assertContains, assertNotContains

from comments import searching
from comments.admin import comment as comment_admin
from comments.admin import filters
from comments.flows import erasing
from comments.flows.submission import change_words
from comments.models import Comment
from lupussite.run import preparation
from tests.comments.test_admin import ALL
from tests.factories import make_comment, make_published, make_user
from tests.web.test_folding import TEXTS, WHOLE
from web.admin import HasWholeWords
from web.folding import fold

pytestmark = pytest.mark.django_db
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="reads plans and files of SQLite")


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


@pytest.mark.parametrize("text", [*TEXTS, *(text for _word, text, _found in WHOLE)])
def test_the_index_misses_no_whole_word(text):
    comment = make_comment(name=f"Ana {text[:40]}"[:80], body=text)
    words = [*fold(text).split(), fold(text), *(word for word, _text, _found in WHOLE), "ana"]
    has = [word for word in words if Comment.objects.filter(HasWholeWords("body", word)).exists()]
    for word in has:
        assert searching.newest_with([word]) in ([comment.pk], None), word
    assert searching.newest_with(["elsewhere"]) == []
    assert searching.newest_with(["ana", "elsewhere"]) == []


def test_the_index_follows_every_change_whoever_makes_it(officer):
    comment = make_comment(body="I wear a bonnet.")
    assert searching.newest_with(["bonnet"]) == [comment.pk]
    change_words(comment, "I wear a beret.", version=1, network="192.0.2.1")
    assert searching.newest_with(["bonnet"]) == []
    assert searching.newest_with(["beret"]) == [comment.pk]
    Comment.objects.filter(pk=comment.pk).update(body="I wear a turban.", name="Ñandú")
    assert searching.newest_with(["beret"]) == []
    assert searching.newest_with(["turban", "nandu"]) == [comment.pk]
    Comment.objects.bulk_create([Comment(article=comment.article, name="Ida", body="A turban too.")])
    assert searching.newest_with(["turban"]) == [Comment.objects.get(name="Ida").pk, comment.pk]
    comment.refresh_from_db()
    erasing.erase(comment, by=officer, reason="Asked by letter")
    assert searching.newest_with(["nandu"]) == []


def test_an_index_that_is_made_anew_is_the_same(settings):
    kept, gone = make_comment(body="I wear a turban."), make_comment(body="I wear a beret.")
    searching.drop(connection)
    assert "comments_words_0" in searching.check(None, ["default"])[0].msg
    Comment.objects.filter(pk=gone.pk).update(body="I wear a turban.")
    searching.put_back(sender=None, using="default")  # As every migrate does.
    assert searching.check(None, ["default"]) == []
    assert searching.newest_with(["turban"]) == [gone.pk, kept.pk]
    assert searching.newest_with(["beret"]) == []


@pytest.fixture
def turn_key(settings):
    """Change the key from which that of the index follows."""
    before = settings.SECRET_KEY

    def turn_key(key="another key"):
        settings.SECRET_KEY = key
        searching._key.cache_clear()
        searching._number.cache_clear()

    yield turn_key
    turn_key(before)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL vacuums, and takes no key")
def test_another_key_makes_another_index_when_the_site_is_started(turn_key):
    comment, said = make_comment(body="I wear a turban."), []
    preparation.prepare(lambda line: None)
    turn_key()
    assert searching.check(None, ["default"]) != []
    preparation.prepare(said.append)
    assert said == ["Making the search in comments anew: 1 left."]
    assert searching.check(None, ["default"]) == []
    assert searching.newest_with(["turban"]) == [comment.pk]


def test_an_index_whose_making_was_broken_off_goes_on_and_misses_nothing(monkeypatch):
    article = make_published()
    first, changed, last = (make_comment(article=article, body=f"I wear a turban. {number}") for number in range(3))
    searching.drop(connection)
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    monkeypatch.setattr(searching, "TOLD_EVERY", 1)
    left = []

    def stop(line):
        left.append(line)
        if len(left) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searching.put_back(sender=None, using="default", say=stop)
    assert searching.newest_with(["turban"]) == [first.pk]
    # Meanwhile the site is served: one that is in already, one that is still to come, and a new one.
    Comment.objects.filter(pk=first.pk).update(body="I wear a bonnet.")
    Comment.objects.filter(pk=changed.pk).update(body="I wear a beret.")
    new = make_comment(article=article, body="I wear a turban too.")
    left.clear()
    searching.put_back(sender=None, using="default", say=left.append)
    assert left[0] == "Making the search in comments anew: 2 left."
    assert searching.newest_with(["turban"]) == [new.pk, last.pk]
    assert searching.newest_with(["beret"]) == [changed.pk]
    assert searching.newest_with(["bonnet"]) == [first.pk]
    for comment in (first, changed, last, new):
        Comment.objects.filter(pk=comment.pk).update(name="", body="")
    assert searching.newest_with(["wear"]) == []


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_database_tells_the_words_of_an_erased_comment():
    officer = make_user("Privacy officers")
    others = [make_comment(body=f"I wear a turban, says number {number}.") for number in range(3)]
    comment = make_comment(name="Xylophonia", body="My zebrafinch sings quetzalcoatl.")
    words = [b"xylophonia", b"zebrafinch", b"quetzalcoatl"]

    def written():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT group_concat(hex(block), '') FROM comments_words_data")
            index = bytes.fromhex(cursor.fetchone()[0]).lower()
        return index, Path(connection.settings_dict["NAME"]).read_bytes().lower()

    index, file = written()
    assert searching.newest_with(["zebrafinch"]) == [comment.pk]
    assert all(word in file for word in words)
    assert not any(word in index for word in [*words, b"turban"])
    erasing.erase(comment, by=officer, reason="Asked by letter")
    index, file = written()
    assert searching.newest_with(["zebrafinch"]) == []
    assert searching.newest_with(["turban"]) == [other.pk for other in reversed(others)]
    assert not any(word in file for word in words)


def test_a_search_for_what_many_say_finds_the_newest_and_says_so(desk, monkeypatch):
    article = make_published()
    comments = [make_comment(article=article, body=f"I wear a turban. ({number})") for number in range(3)]
    page = desk.get(ALL, {"q": "turban"})
    assertNotContains(page, "We looked at the newest")
    monkeypatch.setattr(searching, "MOST_FOUND", 2)
    page = desk.get(ALL, {"q": "turban"})
    assert list(page.context["cl"].result_list) == comments[:0:-1]
    assertContains(page, "We looked at the newest 2; add a word to find older ones.")


def test_a_long_list_shows_the_newest_and_says_so(desk, monkeypatch):
    article = make_published()
    comments = [make_comment(article=article, body=f"I wear a turban. ({number})") for number in range(3)]
    assertNotContains(desk.get(ALL), "Only the newest")
    monkeypatch.setattr(comment_admin, "MOST_LISTED", 2)
    page = desk.get(ALL)
    assertContains(page, "Only the newest 2 comments are listed here.")
    assert page.context["cl"].result_count == 2
    assert list(page.context["cl"].result_list)[:2] == comments[:0:-1]


def test_the_articles_with_the_newest_comments_are_offered(desk, monkeypatch):
    monkeypatch.setattr(filters, "LOOKED_AT", 2)
    make_published(title="Without comments")
    old, other, new = (make_comment(article=make_published(title=title)).article for title in ("Old one", "Other one", "New one"))
    page = desk.get(ALL)
    assertContains(page, f"?article__id__exact={other.pk}")
    assertContains(page, f"?article__id__exact={new.pk}")
    assertNotContains(page, f"?article__id__exact={old.pk}")
    page = desk.get(ALL, {"article__id__exact": old.pk})
    assert [comment.article for comment in page.context["cl"].result_list] == [old]
    assertContains(page, f"?article__id__exact={old.pk}")


@sqlite_only
@pytest.mark.parametrize("asked", ["", "state__exact=spam", "lane__exact=urgent", "sent=today", "sent=earlier", "article"])
def test_an_index_gives_the_order_of_the_list(desk, asked):
    article = make_published()
    Comment.objects.bulk_create(
        Comment(article=article, name="N", body="B", state=state, lane=lane)
        for state, lane in itertools.product(["pending", "spam", "rejected"], ["urgent", "standard"])
    )
    asked = f"article__id__exact={article.pk}" if asked == "article" else asked
    rows = desk.get(f"{ALL}?{asked}").context["cl"].queryset
    with connection.cursor() as cursor:
        sql, params = rows[:100].query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [row[-1] for row in cursor.fetchall()]
    assert not [line for line in plan if "TEMP B-TREE" in line], plan
    assert any("comments_newest" in line for line in plan), plan
