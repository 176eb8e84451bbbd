"""What its time has passed is erased, and nothing else."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import mistakes
from comments.flows import addresses, claims, erasing, jobs, retention
from comments.flows.erasing import erase, withdraw
from comments.flows.moderation import decide
from comments.flows.reports import file_report
from comments.flows.retention import apply_retention
from comments.models import Comment, EventNote, State
from comments.models.contact import Contact
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(("state", "days"), [(State.SPAM, 30), (State.REJECTED, 90)])
def test_words_go_on_their_day(state, days):
    comment = make_comment(state=state)
    apply_retention(timezone.now() + days * DAY - datetime.timedelta(minutes=5))
    assert states() == [state]
    apply_retention(timezone.now() + days * DAY + datetime.timedelta(minutes=5))
    comment.refresh_from_db()
    assert (comment.state, comment.name, comment.body, comment.contact) == (State.ERASED, "", "", None)
    assert comment.events.last().detail == "retention"


def test_many_go_in_one_batch_and_each_leaves_what_one_alone_leaves(moderator):
    article = make_published()
    alone, *many = (make_comment(article=article, state=State.REJECTED, email=f"m{number}@example.org") for number in range(4))
    kept = make_comment(article=article, email="m1@example.org")
    for comment in (alone, *many):
        claims.add_note(comment, by=moderator, note="canary words")
        outbox.add("outcome", {"comment": comment.pk})
        comment.refresh_from_db()
    erase(alone, reason="retention", only_if=State.REJECTED)
    apply_retention(timezone.now() + 91 * DAY)
    what = ("kind", "before", "after", "version", "detail", "actor", "was__state", "was__lane")
    for comment in many:
        assert list(comment.events.values_list(*what))[-2:] == list(alone.events.values_list(*what))[-2:]
        comment.refresh_from_db()
        assert (comment.state, comment.body, comment.contact, comment.version) == (State.ERASED, "", None, 3)
    assert set(Contact.objects.values_list("pk", flat=True)) == {kept.contact_id}
    assert not Outbox.objects.filter(kind="outcome", payload__has_key="comment", done_at=None).filter(
        payload__comment__in=[comment.pk for comment in (alone, *many)]
    )


def test_what_screening_found_goes_a_day_after_the_approval_and_not_before():
    body = "Call me at (555) 010-1234, see https://offers.example/"
    waits, public = make_comment(body=body), make_comment(body=f"{body}?2", state=State.APPROVED)
    apply_retention(timezone.now() + 23 * datetime.timedelta(hours=1))
    assert all(comment.signals for comment in Comment.objects.all())
    apply_retention(timezone.now() + 2 * DAY)
    waits.refresh_from_db()
    public.refresh_from_db()
    assert waits.signals
    assert (public.signals, public.topics, public.body) == ([], "", f"{body}?2")


def test_the_tag_of_a_network_goes_after_two_weeks_and_the_report_stays():
    comment = make_comment(state=State.APPROVED)
    for number in range(2):
        file_report(comment, "selling", f"ad {number}", network=f"192.0.2.{number}")
    apply_retention(timezone.now() + 13 * DAY)
    assert {len(report.network_tag) for report in comment.reports.all()} == {64}
    apply_retention(timezone.now() + 15 * DAY)
    assert [(report.note, len(report.network_tag) < 20, report.site_tag) for report in comment.reports.all()] == [
        ("ad 0", True, ""),
        ("ad 1", True, ""),
    ]
    assert dict(apply_retention(timezone.now() + 15 * DAY))["network tags cleared"] == 0


def test_every_line_with_a_number_has_what_applies_it():
    """What the page promises is done: by a rule of the table, or for mistakes by their own job."""
    assert [kept.what for kept in retention.TABLE if kept.number and not kept.rules] == ["A mistake you reported in an article"]
    assert retention.MISTAKE == mistakes.KEPT


def test_a_retention_that_was_broken_off_goes_on(monkeypatch):
    for _ in range(3):
        make_comment(state=State.SPAM)
    monkeypatch.setattr(retention, "BATCH", 1)
    later = timezone.now() + 31 * DAY
    assert next(retention.batches(later)) == ("spam erased", 1)
    assert states().count(State.ERASED) == 1
    assert dict(apply_retention(later))["spam erased"] == 2


@pytest.mark.parametrize(("longest", "sizes"), [(-1, [50, 25, 12, 10, 3]), (999, [50, 50])])
def test_after_a_batch_that_took_long_there_are_fewer_rows_in_the_next(monkeypatch, longest, sizes):
    monkeypatch.setattr(retention, "LONGEST", longest)
    then = timezone.now() - 31 * DAY
    Outbox.objects.bulk_create(Outbox(kind="digest", due_at=then, done_at=then) for _ in range(100))
    assert [number for _words, number in retention.batches(timezone.now())] == sizes


def test_comment_that_was_returned_to_the_queue_meanwhile_is_not_erased():
    comment = make_comment()
    erasing.erase_all([comment.pk], only_if=State.SPAM)
    erase(comment, reason="retention", only_if=State.SPAM)
    assert states() == [State.PENDING]


def test_pending_and_published_words_stay():
    make_comment()
    make_comment(state=State.APPROVED)
    apply_retention(timezone.now() + 4000 * DAY)
    assert states() == [State.PENDING, State.APPROVED]


def test_address_goes_twelve_months_after_the_last_comment_but_never_while_one_waits():
    decided, waiting = make_comment(state=State.APPROVED), make_comment()
    apply_retention(timezone.now() + 364 * DAY)
    assert Contact.objects.count() == 2
    apply_retention(timezone.now() + 366 * DAY)
    decided.refresh_from_db()
    assert decided.contact is None
    assert decided.body
    assert list(Contact.objects.values_list("pk", flat=True)) == [waiting.contact_id]


@pytest.mark.parametrize("how", ["retention", "withdraw"])
def test_comment_that_comes_in_while_the_address_goes_keeps_it(how):
    article = make_published()
    old = make_comment(article=article, state=State.APPROVED, email="marta@example.org")
    came = []

    def comes_in(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not came and sql.startswith("SELECT") and 'FROM "comments_contact"' in sql:
            came.append(True)
            came.append(make_comment(article=article, email="marta@example.org"))
        return result

    with connection.execute_wrapper(comes_in):
        if how == "retention":
            apply_retention(timezone.now() + 366 * DAY)
        else:
            withdraw(old)
    comment = came[1]
    comment.refresh_from_db()
    assert comment.contact is not None


def test_dry_run_only_counts_and_twice_is_once():
    make_comment(state=State.SPAM)
    later = timezone.now() + 31 * DAY
    assert dict(apply_retention(later, dry_run=True))["spam erased"] == 1
    assert states() == [State.SPAM]
    assert dict(apply_retention(later))["spam erased"] == 1
    assert dict(apply_retention(later))["spam erased"] == 0


def test_command_reports_one_line_for_each():
    output = StringIO()
    call_command("apply_retention", "--dry-run", stdout=output)
    assert "spam erased: 0" in output.getvalue()


def test_privacy_page_prints_the_table(client):
    page = client.get("/privacy/").content.decode()
    assert "30 days after the decision" in page
    assert "90 days after the decision" in page


def test_retention_goes_on_in_batches_and_an_urgent_notice_does_not_wait(monkeypatch):
    comments = [make_comment(state=State.SPAM) for _ in range(5)]
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    done = []
    handlers = {
        "retention": lambda payload: done.append("retention") or jobs.run_retention(payload),
        "urgent_notice": lambda payload: done.append("urgent"),
    }
    with time_machine.travel(timezone.now() + 31 * DAY, tick=False):
        outbox.add("retention", priority=Outbox.Priority.BATCH)
        outbox.run_due(handlers)
        assert states().count(State.ERASED) == 2
        outbox.add("urgent_notice", priority=Outbox.Priority.URGENT)
        for _ in range(20):
            outbox.run_due(handlers)
    assert done[:2] == ["retention", "urgent"]
    assert states() == [State.ERASED] * len(comments)
    assert Outbox.objects.get(kind="retention").done_at


def test_a_row_that_cannot_be_erased_holds_up_no_other(monkeypatch):
    stays, goes = make_comment(state=State.SPAM), make_comment(state=State.SPAM)
    monkeypatch.setattr(retention, "BATCH", 1)
    erase_all = retention.erasing.erase_all
    monkeypatch.setattr(retention.erasing, "erase_all", lambda keys, **how: 1 if keys == [stays.pk] else erase_all(keys, **how))
    apply_retention(timezone.now() + 31 * DAY)
    goes.refresh_from_db()
    assert goes.state == State.ERASED


def test_what_moderators_noted_goes_with_the_comment_and_that_they_did_stays(moderator, officer):
    gone = []
    for end in (withdraw, lambda comment: erase(comment, by=officer, reason="A letter came")):
        comment = make_comment()
        claims.add_note(comment, by=moderator, note="She says: canary words")
        decide(comment, State.REJECTED, version=comment.version, by=moderator, reason="other", note="Because of the canary words")
        comment.refresh_from_db()
        end(comment)
        notes = {event.kind: event.note for event in comment.events.select_related("written")}
        assert (notes["noted"], notes["decided"], comment.events.get(kind="noted").actor) == ("", "", moderator)
        gone.append(comment)
    assert [note.text for note in EventNote.objects.all()] == ["A letter came"]


def test_notes_about_spam_go_when_its_time_has_passed(moderator):
    comment = make_comment(body="These canary words are for sale", state=State.PENDING)
    claims.add_note(comment, by=moderator, note="Sold here before")
    decide(comment, State.SPAM, version=comment.version, by=moderator)
    apply_retention(timezone.now() + 31 * DAY)
    assert not EventNote.objects.exists()


@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        ("The author asked us to call", True),
        ("My new medicine was mentioned", True),
        ("She wrote: my NEW medicine – makes me, and so on", False),
        ("anabel wants a call", False),
    ],
)
@pytest.mark.parametrize("end", ["taken back", "erased", "retention"])
def test_a_reason_that_repeats_words_or_name_goes_with_them(moderator, officer, reason, stays, end):
    comment = make_comment(name="Anabel", body="I think my new medicine makes me tired")
    addresses.reveal(comment, by=officer, reason=reason)
    if end == "taken back":
        withdraw(comment)
    elif end == "erased":
        erase(comment, by=officer, reason=reason)
    else:
        decide(comment, State.SPAM, version=comment.version, by=moderator)
        apply_retention(timezone.now() + 31 * DAY)
    assert {note.text for note in EventNote.objects.all()} == ({reason} if stays else set())
    assert comment.events.get(kind="revealed").actor == officer


@pytest.mark.parametrize(("reason", "stays"), [("Thanks to all is no reason", False), ("A letter", True)])
def test_a_short_comment_is_repeated_as_a_whole(officer, reason, stays):
    comment = make_comment(name="…", body="Thanks to all!")
    erase(comment, by=officer, reason=reason)
    assert EventNote.objects.exists() is stays


def test_a_reason_for_viewing_an_address_goes_after_two_years(officer):
    comment = make_comment()
    with time_machine.travel("2026-01-01T12:00Z"):
        addresses.reveal(comment, by=officer, reason="The author asked")
    seen = comment.events.filter(kind="revealed")
    for day, note in (("2027-12-31", "The author asked"), ("2028-01-02", "")):
        apply_retention(datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        assert seen.get().note == note
    assert seen.get().actor == officer


@pytest.mark.parametrize(
    "change",
    [
        "comments_commentevent SET detail = 'Another reason'",
        "comments_commentevent SET actor_id = NULL",
        "comments_commentevent SET kind = 'noted'",
        "comments_eventnote SET text = 'Another reason'",
        "comments_eventnote SET text = ''",
    ],
)
def test_neither_an_event_nor_its_note_can_change_and_only_the_note_can_go(officer, change):
    comment = make_comment()
    addresses.reveal(comment, by=officer, reason="The author asked")
    with pytest.raises(IntegrityError, match="only takes new rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")
    EventNote.objects.all().delete()
    assert comment.events.get(kind="revealed").note == ""
