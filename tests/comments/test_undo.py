"""Undoing: by whoever decided, within ten minutes, whole, and never over what somebody did since."""

import collections
import datetime
import os
import random
import uuid

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django.asserts import assertContains

from comments.flows import redaction, reports, subscriptions
from comments.flows.erasing import erase, erase_all, withdraw
from comments.flows.jobs import HANDLERS
from comments.flows.moderation import (
    MOVES,
    Conflict,
    InvalidMove,
    decide,
    escalate,
    return_to_standard,
    show_contact_details,
    undo,
    undo_batch,
)
from comments.flows.submission import change_words
from comments.models import Comment, CommentEvent, Reason, State
from mail import outbox
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/queued/"
UNDO = f"{QUEUE}undo/"
# Ten thousand are tried with SIMULATED_MOVES=10000, which takes some minutes.
MOVES_TRIED = int(os.environ.get("SIMULATED_MOVES", "300"))


@pytest.fixture
def desk(client, moderator):
    """A browser in which a moderator is logged in."""
    client.force_login(moderator)
    return client


def fields(comment):
    """Return what undoing has to restore."""
    comment.refresh_from_db()
    names = ("state", "lane", "decided_at", "decided_by_id", "confirmed_at", "show_contact_details", "body", "name")
    return {name: getattr(comment, name) for name in names}


@pytest.mark.parametrize(("before", "after"), [(before, after) for before in MOVES for after in sorted(MOVES[before])])
def test_undo_puts_back_what_was_before(desk, moderator, before, after):
    comment = make_comment(state=before)
    was = fields(comment)
    event = decide(comment, after, version=comment.version, by=moderator, reason="other" if after == State.REJECTED else "")
    page = desk.post(UNDO, {"undo": event.pk, "next": QUEUE}, follow=True)
    assertContains(page, "Undone: the comment by Marta is back the way it was.")
    assert fields(comment) == was
    assert comment.events.last().undoes == event


def test_same_form_again_after_an_undo_is_still_the_first_one(moderator):
    article = make_published()
    fields = {"article": article, "email": "m@example.org", "body": "The same words"}
    comment = make_comment(**fields)
    undo(decide(comment, State.SPAM, version=1, by=moderator), by=moderator)
    assert make_comment(**fields) == comment


def test_undo_where_the_same_form_came_in_again_leaves_both_waiting(moderator):
    article = make_published()
    fields = {"article": article, "email": "m@example.org", "body": "The same words"}
    comment = make_comment(**fields)
    event = decide(comment, State.SPAM, version=1, by=moderator)
    again = make_comment(**fields)
    undo(event, by=moderator)
    assert set(Comment.objects.filter(state=State.PENDING)) == {comment, again}
    assert make_comment(**fields) == again


def test_undo_leads_to_the_card_that_came_back(desk, moderator):
    comment = make_comment()
    event = decide(comment, State.SPAM, version=1, by=moderator)
    assert desk.post(UNDO, {"undo": event.pk, "next": f"{QUEUE}?lane=standard"}).url == f"{QUEUE}?lane=standard#q{comment.pk}"


def test_undo_after_ten_minutes_is_too_late(desk, moderator):
    comment = make_comment()
    event = decide(comment, State.APPROVED, version=1, by=moderator)
    with time_machine.travel(event.created_at + datetime.timedelta(minutes=10), tick=False):
        assertContains(desk.post(UNDO, {"undo": event.pk}, follow=True), "Nothing was undone. More than ten minutes have passed.")
    with time_machine.travel(event.created_at + datetime.timedelta(minutes=9, seconds=59), tick=False):
        desk.post(UNDO, {"undo": event.pk})
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_undo_by_another_person_is_refused(desk):
    comment = make_comment()
    event = decide(comment, State.APPROVED, version=1, by=make_user("Moderators"))
    assertContains(desk.post(UNDO, {"undo": event.pk}, follow=True), "Only the person who made the decision can undo it.")
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_undo_of_a_decision_that_was_changed_since_is_refused(desk, moderator):
    comment, other = make_comment(), make_user("Moderators")
    event = decide(comment, State.APPROVED, version=1, by=moderator)
    comment.refresh_from_db()
    decide(comment, State.HIDDEN, version=2, by=other)
    page = desk.post(UNDO, {"undo": event.pk}, follow=True)
    assertContains(page, f"Nothing was undone. {other.username} got there first (hidden for a second look")
    comment.refresh_from_db()
    assert comment.state == State.HIDDEN


@pytest.mark.parametrize("end", ["taken back", "erased", "erased after its time"])
def test_undo_brings_nothing_back_that_was_erased(desk, moderator, officer, end):
    comment = make_comment(name="Canary", body="Canary words")
    event = decide(comment, State.SPAM, version=1, by=moderator)
    if end == "taken back":
        withdraw(comment)
    elif end == "erased":
        erase(comment, by=officer, reason="She asked")
    else:
        erase_all([comment.pk], only_if=State.SPAM)
    assertContains(desk.post(UNDO, {"undo": event.pk}, follow=True), "Nothing was undone.")
    comment.refresh_from_db()
    assert comment.state in {State.WITHDRAWN, State.ERASED}
    assert (comment.name, comment.body, comment.contact) == ("", "", None)


def test_undo_twice_is_once_and_undoing_cannot_be_undone(desk, moderator):
    comment = make_comment()
    event = decide(comment, State.APPROVED, version=1, by=moderator)
    desk.post(UNDO, {"undo": event.pk})
    assertContains(desk.post(UNDO, {"undo": event.pk}, follow=True), "Nothing was undone.")
    assertContains(desk.post(UNDO, {"undo": event.undone_by.pk}, follow=True), "You can&#x27;t undo this.")
    assert comment.events.filter(kind="undone").count() == 1


@pytest.mark.parametrize("sent", ["", "x", "00000000-0000-4000-8000-000000000000", "-1"])
def test_undo_of_nothing_changes_nothing(desk, sent):
    comment = make_comment(state=State.APPROVED)
    page = desk.post(UNDO, {"undo": sent}, follow=True)
    assert "Nothing was undone." in page.content.decode() or "nothing to undo." in page.content.decode()
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_a_whole_click_is_undone_but_for_what_changed_since(desk, moderator):
    article, other = make_published(), make_user("Moderators")
    comments = [make_comment(article=article) for _ in range(5)]
    versions = {f"version-{comment.pk}": 1 for comment in comments}
    data = {"action": "approve", "_selected_action": [comment.pk for comment in comments]} | versions
    page = desk.post("/admin/comments/comment/", data, follow=True)
    batch = CommentEvent.objects.filter(kind="decided").last().batch
    assertContains(page, f'name="undo" value="{batch}"')
    comments[0].refresh_from_db()
    decide(comments[0], State.HIDDEN, version=2, by=other)
    page = desk.post(UNDO, {"undo": batch}, follow=True)
    assertContains(page, "Undone: 4 comments are back the way they were. 1 has changed since then, so we left it as it is.")
    assert Comment.objects.filter(state=State.PENDING).count() == 4


def test_a_click_of_somebody_else_or_of_long_ago_is_not_undone(desk, moderator):
    theirs, mine = uuid.uuid4(), uuid.uuid4()
    decide(make_comment(), State.SPAM, version=1, by=make_user("Moderators"), batch=theirs)
    decide(make_comment(), State.SPAM, version=1, by=moderator, batch=mine)
    assertContains(desk.post(UNDO, {"undo": theirs}, follow=True), "Only the person who made the decision can undo it")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assertContains(desk.post(UNDO, {"undo": mine}, follow=True), "ten minutes have passed")
    assert Comment.objects.filter(state=State.SPAM).count() == 2


def test_what_was_done_in_the_last_ten_minutes_can_be_undone_from_the_queue(desk, moderator):
    article, batch = make_published(), uuid.uuid4()
    for name in ("Ana", "Bo"):
        decide(make_comment(article=article, name=name), State.SPAM, version=1, by=moderator, batch=batch)
    event = decide(make_comment(article=article, name="Cleo"), State.APPROVED, version=1, by=moderator)
    undone = decide(make_comment(article=article, name="Dora"), State.APPROVED, version=1, by=moderator)
    undo(undone, by=moderator)
    decide(make_comment(article=article, name="Eve"), State.APPROVED, version=1, by=make_user("Moderators"))
    page = desk.get(QUEUE)
    assertContains(page, "Undo (2)")
    assertContains(page, "Spam: 2 comments")
    assertContains(page, f'name="undo" value="{event.pk}"')
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10)):
        assert "Undo (" not in desk.get(QUEUE).content.decode()


class Desk:
    """Three moderators, a privacy officer, authors and readers, who do what comes into a random generator's mind."""

    def __init__(self, seed, clock):
        self.random, self.clock = random.Random(seed), clock
        self.people = [make_user("Moderators"), make_user("Moderators"), make_user("Clinicians")]
        self.officer = make_user("Privacy officers")
        self.article = make_published()
        self.approved = collections.defaultdict(set)
        self.mailed, self.done = [], collections.Counter()
        self.handlers = HANDLERS | {kind: self.noted(kind) for kind in ("outcome", "answer")}

    def noted(self, kind):
        def handle(payload):
            before = len(mail.outbox)
            HANDLERS[kind](payload)
            if len(mail.outbox) > before:
                self.mailed.append((kind, payload["event"]))

        return handle

    def send(self):
        public = [None, *Comment.objects.filter(state=State.APPROVED, depth__lt=2).order_by("-pk")[:3]]
        parent = self.random.choice(public)
        comment = make_comment(article=self.article, parent=parent, body=f"Words {self.random.random()}")
        subscriptions.start(comment)
        subscriptions.confirm(comment.subscription)

    def decide(self, comment, by):
        to = self.random.choice([State.APPROVED, *State])
        seen = comment.version - (self.random.random() < 0.1)
        reason = self.random.choice(Reason.values) if to == State.REJECTED else ""
        batch = self.batch if self.random.random() < 0.3 else None
        decide(comment, to, version=seen, by=by, reason=reason, batch=batch)
        if to == State.APPROVED:
            self.approved[comment.pk].add(comment.body)

    def undo(self, comment, by):
        event = CommentEvent.objects.filter(kind__in=["decided", "escalated", "returned", "details-shown"]).order_by("-pk")[:6]
        undo(self.random.choice(event), by=by)

    def undo_batch(self, comment, by):
        undo_batch(self.batch, by=by)
        self.batch = uuid.uuid4()

    def redact(self, comment, by):
        was_public = comment.body in self.approved[comment.pk]
        start = self.random.randrange(max(len(comment.body), 1))
        redaction.redact(comment, start=start, end=start + 5, kind="other", version=comment.version, by=by)
        if was_public:
            # A moderator chose to show the rest.
            self.approved[comment.pk].add(Comment.objects.get(pk=comment.pk).body)

    batch = uuid.uuid4()
    MOVES = [
        (40, decide),
        (20, undo),
        (3, undo_batch),
        (4, redact),
        (5, lambda self, comment, by: escalate(comment, version=comment.version, by=by)),
        (5, lambda self, comment, by: return_to_standard(comment, version=comment.version, by=by)),
        (4, lambda self, comment, by: show_contact_details(comment, version=comment.version, by=by)),
        (5, lambda self, comment, by: change_words(comment, f"New {self.random.random()}", version=comment.version, network="x")),
        (4, lambda self, comment, by: reports.file_report(comment, "harm", "", network=str(self.random.random()))),
        (2, lambda self, comment, by: withdraw(comment)),
        (1, lambda self, comment, by: erase(comment, by=self.officer, reason="asked")),
    ]

    def move(self):
        """Make one move, which may be refused; let time pass, and the worker work."""
        if self.random.random() < 0.15 or not Comment.objects.exists():
            self.send()
        comment = self.random.choice(Comment.objects.order_by("-pk")[:12])
        ((_, act),) = self.random.choices(self.MOVES, weights=[weight for weight, _ in self.MOVES])
        try:
            act(self, comment, self.random.choice(self.people))
            self.done[act.__name__] += 1
        except (Conflict, InvalidMove, PermissionDenied, reports.NotPublic, IndexError):
            self.done["refused"] += 1
        self.clock.shift(self.random.choice([1, 1, 30, 120, 400]))
        outbox.run_due(self.handlers)


def test_random_moves_publish_nothing_unread_and_mail_nothing_undone():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk = Desk(2026, clock)
        for _ in range(MOVES_TRIED):
            desk.move()
            for pk, body in Comment.objects.filter(state=State.APPROVED).values_list("pk", "body"):
                assert body in desk.approved[pk]
        clock.shift(3600)
        outbox.run_due(desk.handlers, limit=10_000)
    assert not CommentEvent.objects.filter(pk__in=[pk for _, pk in desk.mailed], undone_by__isnull=False).exists()
    assert len(desk.mailed) == len(set(desk.mailed))
    # All of it really happened.
    assert desk.mailed
    assert CommentEvent.objects.filter(kind="undone").exists()
    assert min(desk.done[name] for name in ("decide", "undo", "undo_batch", "refused", "<lambda>")) > 0
