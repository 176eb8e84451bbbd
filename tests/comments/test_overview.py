"""The overview: waits and decisions in numbers, drawn without a style, and nobody ranked."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.admin import overview
from comments.admin.overview import Decision, charted, hours_in_words, percentile, reasons, weeks
from comments.flows.moderation import decide, undo
from comments.flows.replies import reply_as_staff
from comments.models import Comment, CommentEvent, State
from tests.factories import make_comment, make_published

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
OVERVIEW = "/admin/comments/queued/overview/"


def decision(*, days=0.0, hours=1.0, after=State.APPROVED, reason=""):
    return Decision(NOW - datetime.timedelta(days=days), datetime.timedelta(hours=hours), after, reason)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([], 0.5, None), ([7], 0.9, 7), ([3, 1, 2], 0.5, 2), (list(range(1, 11)), 0.9, 9), ([1, 2], 0.5, 1), ([5, 5, 9], 0.9, 9)],
)
def test_percentile_is_the_nearest_rank(values, share, found):
    assert percentile(values, share) == found


def test_weeks_end_now_and_stand_oldest_first():
    by_week = weeks([decision(days=0.1, hours=2), decision(days=6.9, hours=4), decision(days=7.1, hours=30)], NOW)
    assert len(by_week) == 12
    assert [(week.decided, week.median, week.slow) for week in by_week[-3:]] == [(0, None, None), (1, 30, 30), (2, 2, 4)]
    assert by_week[-1].begin == NOW - datetime.timedelta(days=7)


def test_reasons_are_counted_with_their_share():
    found = reasons([decision(), decision(), decision(after=State.REJECTED, reason="unkind"), decision(after=State.SPAM)])
    assert ("Approved", 2, 50) in found
    assert ("Rejected: unkind", 1, 25) in found
    assert ("Spam", 1, 25) in found
    assert len(found) == 11
    assert all(share == 0 for _, _, share in reasons([]))


@pytest.mark.parametrize(
    ("hours", "words"),
    [(None, "–"), (0, "0 minutes"), (1 / 60, "1 minute"), (1, "1 hour"), (47, "47 hours"), (48, "2 days"), (700, "29 days")],
)
def test_waits_in_words(hours, words):
    assert hours_in_words(hours) == words


def test_the_picture_holds_every_dot_and_breaks_its_lines_where_nothing_was_decided():
    by_week = weeks([decision(days=week * 7 + 1, hours=week * 100) for week in (0, 1, 2, 5, 6)], NOW)
    chart = charted(by_week)
    assert len(chart.slow.dots) == 5
    assert [piece.count(",") for piece in chart.slow.pieces] == [2, 3]
    assert all(chart.left <= x <= chart.right and 0 <= y <= chart.foot for x, y in chart.slow.dots)
    assert charted(weeks([], NOW)).median.pieces == []


@pytest.mark.django_db
def test_the_first_decision_ends_the_wait_and_an_undone_one_is_none(moderator):
    article = make_published()
    again, undone = make_comment(article=article), make_comment(article=article)
    for to in (State.SPAM, State.PENDING, State.APPROVED):
        again.refresh_from_db()
        decide(again, to, version=again.version, by=moderator)
    undo(decide(undone, State.APPROVED, version=1, by=moderator), by=moderator)
    found = overview.decisions(timezone.now())
    assert [(each.after, each.reason) for each in found] == [(State.SPAM, "")]


@pytest.mark.django_db
def test_an_answer_for_the_site_is_no_decision(moderator):
    question = make_comment(state=State.APPROVED)
    reply_as_staff(question, by=moderator, body="With a meal, please.")
    assert len(overview.decisions(timezone.now())) == 1


@pytest.mark.django_db
def test_the_page_tells_it_in_words_and_ranks_nobody(client, moderator, django_assert_max_num_queries):
    client.force_login(moderator)
    article = make_published()
    for _ in range(3):
        decide(make_comment(article=article), State.REJECTED, version=1, by=moderator, reason="selling")
    make_comment(article=article)
    with django_assert_max_num_queries(12):
        page = client.get(OVERVIEW)
    assertContains(page, "<b>1</b> <strong>Standard</strong>")
    assertContains(page, "Rejected: selling</th><td>3</td>")
    assertContains(page, '<svg class="chart"')
    assertContains(page, 'aria-labelledby="chart-title chart-words"')
    text = page.content.decode()
    assert not re.search(r"\sstyle=|<style", text)
    assert text.count(moderator.username) == 1  # In the header, as on every page.
    assertContains(client.get("/admin/comments/queued/"), f'href="{OVERVIEW}"')


@pytest.mark.django_db
def test_only_figures_of_many_decisions_are_kept_for_ten_minutes(moderator, monkeypatch):
    article, now = make_published(), timezone.now()

    def counted(minutes=0):
        return overview.figures(now + datetime.timedelta(minutes=1 + minutes))[2]

    decide(make_comment(article=article), State.SPAM, version=1, by=moderator)
    assert counted() == 1
    decide(make_comment(article=article), State.SPAM, version=1, by=moderator)
    assert counted() == 2
    monkeypatch.setattr(overview, "KEPT_FROM", 2)
    assert counted() == 2
    decide(make_comment(article=article), State.SPAM, version=1, by=moderator)
    assert counted() == 2
    with time_machine.travel(now + datetime.timedelta(minutes=12)):
        assert counted() == 3


@pytest.mark.django_db
def test_only_the_last_decisions_are_read_and_the_page_says_so(client, moderator, monkeypatch):
    monkeypatch.setattr(overview, "DECISIONS_LOOKED_AT", 2)
    monkeypatch.setattr("comments.admin.overview.DECISIONS_LOOKED_AT", 2)
    client.force_login(moderator)
    comment = make_comment()
    assertNotContains(client.get(OVERVIEW), "Only the last")
    rows = Comment.objects.bulk_create([Comment(article=comment.article, submitted_at=timezone.now()) for _ in range(3)])
    CommentEvent.objects.bulk_create(
        [CommentEvent(comment=row, kind="decided", before="pending", after="spam", version=1, actor=moderator) for row in rows]
    )
    page = client.get(OVERVIEW)
    assertContains(page, "Only the last 2 decisions are counted.")
    assertContains(page, "Spam</th><td>2</td>")
