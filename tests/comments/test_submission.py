"""From the form to the queue: stored once and screened. What the moderators are told is in test_mail."""

import contextlib
import datetime
import re
import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from comments import screening
from comments.flows.moderation import decide, undo
from comments.flows.redaction import redact
from comments.flows.submission import change_words, submit_comment
from comments.models import Comment, CommentEvent, State
from comments.screening import Lane, Submission
from comments.screening.watched import MANY
from tests.factories import make_comment, make_published
from web import limits

MARTA = Submission(name="Marta", email="marta@example.org", body="I write my questions on a card.")


@pytest.mark.django_db
def test_comment_waits_with_an_event():
    comment = make_comment()
    assert comment.state == State.PENDING
    assert [event.kind for event in comment.events.all()] == [CommentEvent.Kind.SUBMITTED]


@pytest.mark.django_db
def test_same_form_again_is_the_same_comment():
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    assert submit_comment(article, MARTA, network="192.0.2.1") == first
    assert Comment.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"name": "Ana"}, {"email": "ana@example.org"}, {"body": "Other words."}])
def test_anything_else_is_another_comment(change):
    article = make_published()
    submit_comment(article, MARTA, network="192.0.2.1")
    submit_comment(article, Submission(**(MARTA.__dict__ | change)), network="192.0.2.1")
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_taking_a_comment_reads_no_comment_but_by_an_index():
    article = make_published()
    plans = []

    def explained(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            with contextlib.closing(connection.connection.cursor()) as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET enable_seqscan = off")
                    cursor.execute(f"EXPLAIN {sql}", params)
                else:
                    cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%s", "?"), params)
                plans.extend(str(row[-1]) for row in cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        submit_comment(article, MARTA, network="192.0.2.1")
    assert any("comments_same_text" in line for line in plans), plans
    assert not [line for line in plans if re.search(r"(SCAN|Seq Scan on) comments_(comment|contact)\b", line)], plans


@pytest.mark.django_db
def test_another_network_does_not_open_the_authors_page():
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    assert submit_comment(article, MARTA, network="192.0.2.2") != first


@pytest.mark.django_db
def test_repeat_after_the_decision_is_a_new_comment_with_a_signal():
    first = make_comment(state=State.APPROVED, name="Marta", email="m@example.org", body="Words")
    again = make_comment(article=first.article, name="Marta", email="m@example.org", body="Words")
    assert again != first
    assert [signal["code"] for signal in again.signals] == ["same_text"]


@pytest.mark.django_db
def test_repeat_across_midnight_is_the_same_comment():
    article = make_published()
    with time_machine.travel(datetime.datetime(2026, 11, 22, 23, 59, tzinfo=datetime.UTC)):
        first = submit_comment(article, MARTA, network="192.0.2.1")
    with time_machine.travel(datetime.datetime(2026, 11, 23, 0, 1, tzinfo=datetime.UTC)):
        assert submit_comment(article, MARTA, network="192.0.2.1") == first


@pytest.mark.django_db
def test_two_days_later_it_is_a_new_comment():
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert submit_comment(article, MARTA, network="192.0.2.1") != first


@pytest.mark.django_db
def test_words_that_the_author_changed_meanwhile_are_taken_when_they_are_sent_again():
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    change_words(first, "Other words.", version=1, network="192.0.2.1")
    again = submit_comment(article, MARTA, network="192.0.2.1")
    assert again != first
    assert set(Comment.objects.values_list("body", flat=True)) == {MARTA.body, "Other words."}
    assert submit_comment(article, MARTA, network="192.0.2.1") == again


@pytest.mark.django_db
def test_words_that_a_moderator_covered_in_meanwhile_are_taken_when_they_are_sent_again(moderator):
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    redact(first, start=0, end=1, kind="name", version=1, by=moderator)
    again = submit_comment(article, MARTA, network="192.0.2.1")
    assert (again != first, again.body) == (True, MARTA.body)


@pytest.mark.django_db
def test_undo_gives_no_key_back_to_words_that_are_gone(moderator):
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    change_words(first, "Other words.", version=1, network="192.0.2.1")
    undo(decide(first, State.SPAM, version=2, by=moderator), by=moderator)
    again = submit_comment(article, MARTA, network="192.0.2.1")
    assert (again != first, again.body) == (True, MARTA.body)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_the_same_moment_are_one():
    article = make_published()
    start, found = threading.Barrier(20), []

    def post():
        start.wait(timeout=20)
        try:
            found.append(submit_comment(article, MARTA, network="192.0.2.1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 20
    assert len(set(found)) == 1
    assert Comment.objects.count() == 1


@pytest.mark.django_db
def test_limit_of_a_network_stores_nothing(settings):
    settings.COMMENT_LIMITS = [(2, 600)]
    article = make_published()
    for number in range(2):
        submit_comment(article, Submission(name="A", email="", body=f"Words {number}"), network="192.0.2.1")
    with pytest.raises(limits.TooMany) as caught:
        submit_comment(article, Submission(name="A", email="", body="Words 3"), network="192.0.2.1")
    assert 0 < caught.value.wait <= 600
    assert Comment.objects.count() == 2
    assert submit_comment(article, Submission(name="A", email="", body="Words 4"), network="192.0.2.2").pk


@pytest.mark.django_db
def test_what_somebody_sent_with_an_address_does_not_lock_its_owner_out(client, settings):
    settings.COMMENT_LIMITS = [(1, 600)]
    article = make_published()
    for number in range(6):
        submit_comment(article, Submission("Stranger", MARTA.email, f"Words {number}"), network=f"192.0.2.{number}")
    answers = [
        client.post(f"/articles/{article.slug}/comments/", {"name": "M", "email": email, "body": "Hers"}, REMOTE_ADDR=network)
        for email, network in [("MARTA@example.org", "198.51.100.1"), ("nobody@example.org", "198.51.100.2")]
    ]
    assert [answer.status_code for answer in answers] == [303, 303]


@pytest.mark.django_db
def test_many_comments_of_a_person_within_a_day_are_a_signal_for_the_moderators():
    article = make_published()
    comments = [
        submit_comment(article, Submission("M", MARTA.email, f"Words {number}"), network=f"192.0.2.{number}")
        for number in range(MANY + 1)
    ]
    assert [signal["code"] for comment in comments[:-1] for signal in comment.signals] == []
    assert [(signal["code"], signal["detail"]) for signal in comments[-1].signals] == [("many_today", str(MANY))]
    assert comments[-1].lane == Lane.STANDARD
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        assert submit_comment(article, MARTA, network="192.0.2.1").signals == []


@pytest.mark.django_db
def test_same_form_twenty_times_counts_once(settings):
    settings.COMMENT_LIMITS = [(1, 600)]
    article = make_published()
    first = submit_comment(article, MARTA, network="192.0.2.1")
    assert all(submit_comment(article, MARTA, network="192.0.2.1") == first for _ in range(20))


@pytest.mark.django_db
def test_a_cache_that_fails_lets_the_comment_through(settings):
    settings.COMMENT_LIMITS = [(1, 600)]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert make_comment().pk


@pytest.mark.django_db(transaction=True)
def test_language_data_is_read_before_anything_is_locked(monkeypatch):
    """The first comment after a start reads for a second; in a transaction, everybody else would wait for that."""
    seen = []
    article, read = make_published(), screening.rows

    def reading():
        seen.append(connection.in_atomic_block)
        return read()

    monkeypatch.setattr(screening, "rows", reading)
    comment = submit_comment(article, Submission("Marta", "marta@example.org", "Words"), network="192.0.2.1")
    assert seen[0] is False
    seen.clear()
    change_words(comment, "Other words", version=1, network="192.0.2.1")
    assert seen[0] is False
