"""One table of moves, on the version that was seen, with an event for each."""

import itertools

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.flows.erasing import erase, withdraw
from comments.flows.moderation import MOVES, Conflict, InvalidMove, decide, show_contact_details, undo
from comments.flows.reports import file_report
from comments.models import Comment, CommentEvent, State
from comments.models.contact import Contact
from tests.factories import cases, make_comment, make_user

pytestmark = pytest.mark.django_db


def test_approved_comment_says_who_and_when(moderator):
    comment = make_comment()
    decide(comment, State.APPROVED, version=1, by=moderator)
    comment.refresh_from_db()
    assert (comment.state, comment.decided_by, comment.version, comment.page) == (State.APPROVED, moderator, 2, 1)
    event = comment.events.last()
    assert (event.kind, event.before, event.after, event.actor, event.version) == ("decided", "pending", "approved", moderator, 1)


@pytest.mark.parametrize("before", [state for state in State if state not in {State.WITHDRAWN, State.ERASED}])
@pytest.mark.parametrize("after", list(State))
def test_only_the_moves_of_the_table(before, after, moderator):
    comment = make_comment(state=before)
    reason = "unkind" if after == State.REJECTED else ""
    if after in MOVES[before]:
        decide(comment, after, version=comment.version, by=moderator, reason=reason)
        comment.refresh_from_db()
        assert comment.state == after
    else:
        with pytest.raises(InvalidMove):
            decide(comment, after, version=comment.version, by=moderator, reason=reason)


def test_second_moderator_is_told_what_came_first(moderator):
    comment = make_comment()
    decide(comment, State.APPROVED, version=1, by=moderator)
    with pytest.raises(Conflict, match=rf"{moderator.username} got there first \(approved, just now\)"):
        decide(comment, State.SPAM, version=1, by=make_user("Moderators"))


def test_rejection_needs_a_reason_and_only_a_rejection(moderator):
    comment = make_comment()
    with pytest.raises(InvalidMove, match="reason"):
        decide(comment, State.REJECTED, version=1, by=moderator)
    with pytest.raises(InvalidMove, match="reason"):
        decide(comment, State.SPAM, version=1, by=moderator, reason="unkind")


def test_deciding_needs_the_permission():
    comment = make_comment()
    with pytest.raises(PermissionDenied):
        decide(comment, State.APPROVED, version=1, by=make_user("Editors"))


@pytest.mark.parametrize("lane", ["urgent", "clinician"])
def test_sensitive_lanes_need_their_own_permission(lane, moderator):
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(lane=lane)
    with pytest.raises(PermissionDenied):
        decide(comment, State.APPROVED, version=1, by=moderator)
    moderator.user_permissions.add(Permission.objects.get(codename="approve_sensitive"))
    moderator = type(moderator).objects.get(pk=moderator.pk)
    assert decide(comment, State.APPROVED, version=1, by=moderator).after == State.APPROVED


def test_contact_details_in_a_sensitive_lane_are_shown_by_a_clinician(moderator):
    comment = make_comment(body="write to ana@example.org", state=State.APPROVED)
    Comment.objects.filter(pk=comment.pk).update(lane="clinician")
    with pytest.raises(PermissionDenied):
        show_contact_details(comment, version=comment.version, by=moderator)


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN])
def test_taking_back_erases_words_name_and_contact(state):
    comment = make_comment(state=state)
    withdraw(comment)
    comment.refresh_from_db()
    assert (comment.state, comment.name, comment.body, comment.contact, comment.signals) == (State.WITHDRAWN, "", "", None, [])
    assert Contact.objects.count() == 0
    withdraw(comment)
    assert comment.events.filter(kind="withdrawn").count() == 1


def test_taking_back_keeps_the_contact_of_another_comment():
    comment = make_comment(email="ana@example.org")
    other = make_comment(email="ana@example.org")
    withdraw(comment)
    other.refresh_from_db()
    assert other.contact is not None


def test_only_a_privacy_officer_erases(officer, moderator):
    comment = make_comment(state=State.APPROVED)
    with pytest.raises(PermissionDenied):
        erase(comment, by=moderator, reason="asked")
    with pytest.raises(ValueError, match="reason"):
        erase(comment, by=officer, reason="")
    erase(comment, by=officer, reason="Asked by letter")
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.ERASED, "")


def test_contact_details_are_shown_by_a_decision_with_an_event(moderator):
    comment = make_comment(body="write to ana@example.org", state=State.APPROVED)
    assert "ana@" not in comment.words_html
    show_contact_details(comment, version=comment.version, by=moderator)
    comment.refresh_from_db()
    assert "ana@" in comment.words_html
    assert comment.events.last().kind == "details-shown"


def test_database_refuses_an_approval_without_a_person():
    comment = make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(state=State.APPROVED)


def move(comment, to, by):
    comment.refresh_from_db()
    return decide(comment, to, version=comment.version, by=by, reason="other" if to == State.REJECTED else "")


def taken_down(*, by):
    """Return a comment that this person approved and a report of harm took down."""
    comment = make_comment(state=State.APPROVED, by=by)
    file_report(comment, "harm", "", network="192.0.2.1")
    return comment


def test_undone_approval_makes_the_first_moderator_nobody_else():
    first, second = make_user("Clinicians"), make_user("Clinicians")
    comment = taken_down(by=first)
    undo(move(comment, State.APPROVED, second), by=second)
    move(comment, State.APPROVED, first)
    comment.refresh_from_db()
    assert comment.confirmed_at is None


@pytest.mark.parametrize(("others", "confirmed"), [([], True), (["Moderators"], True), (["Moderators", "Clinicians"], False)])
def test_second_look_is_by_somebody_else_who_may_decide_there(others, confirmed):
    doctor = make_user("Clinicians")
    comment = taken_down(by=doctor)
    for group in others:
        make_user(group)
    make_user("Clinicians", is_staff=False)
    move(comment, State.APPROVED, doctor)
    comment.refresh_from_db()
    assert (comment.confirmed_at is not None) == confirmed


@pytest.mark.parametrize("sql", ["UPDATE comments_commentevent SET detail = 'x'", "DELETE FROM comments_commentevent"])
def test_database_refuses_to_change_the_log(sql):
    make_comment()
    with pytest.raises(IntegrityError, match="only takes new rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@settings(max_examples=cases(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*State, "withdraw", "erase", "stale"]), max_size=12))
def test_whatever_is_clicked_only_a_person_makes_public_and_the_log_tells_all(moderator, officer, steps):
    comment = make_comment()
    for step in steps:
        comment.refresh_from_db()
        try:
            if step == "withdraw":
                withdraw(comment)
            elif step == "erase":
                erase(comment, by=officer, reason="asked")
            else:
                to, version = (State.APPROVED, comment.version - 1) if step == "stale" else (step, comment.version)
                decide(comment, to, version=version, by=moderator, reason="other" if to == State.REJECTED else "")
        except (Conflict, InvalidMove):
            continue
    comment.refresh_from_db()
    events = list(comment.events.all())
    assert comment.version == len(events)
    assert comment.state == events[-1].after
    assert all(after.before == before.after for before, after in itertools.pairwise(events))
    if comment.state == State.APPROVED:
        assert (events[-1].kind, events[-1].actor) == (CommentEvent.Kind.DECIDED, moderator)
