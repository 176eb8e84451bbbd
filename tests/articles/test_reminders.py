"""When a reminder goes out, to whom, what stops it, and that none goes out twice."""

import datetime
import io
import threading

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import reminders, review, saving, workflow
from articles.models import Article, MailChoice, Reminder, SignOff
from lupussite.run import worker
from mail import outbox
from mail.models import Outbox
from tests.factories import make_published, make_user

DUE = datetime.date(2027, 6, 1)


def day(days):
    """Return the day so many days after the due date; before it when negative."""
    return DUE + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-400, None),
        (-61, None),
        (-60, "60"),
        (-31, "60"),
        (-30, "30"),
        (-1, "30"),
        (0, "0"),
        (6, "0"),
        (7, "late-1"),
        (13, "late-1"),
        (14, "late-2"),
        (700, "late-100"),
    ],
)
def test_the_step_of_a_day(days, step):
    assert reminders.step(DUE, day(days), ()) == step
    assert reminders.step(DUE, day(days), {step}) is None


def test_a_year_of_daily_runs_sends_each_step_once():
    sent = []
    for days in range(-90, 30):
        if step := reminders.step(DUE, day(days), sent):
            sent.append(step)
    assert sent == ["60", "30", "0", "late-1", "late-2", "late-3", "late-4"]


def test_after_a_long_pause_one_reminder_is_sent_and_not_all():
    assert reminders.step(DUE, day(20), {"60"}) == "late-2"
    assert reminders.step(DUE, day(21), {"60", "late-2"}) == "late-3"


def signature(**fields):
    return review.Signature(sha256="x", scope="full", origin="signed", name="R", valid_until=DUE, **fields)


@pytest.mark.parametrize(
    ("status", "urgent", "due"),
    [
        (None, None, None),
        (review.Status(review.Kind.CURRENT, signature()), None, DUE),
        (review.Status(review.Kind.OVERDUE, signature()), None, DUE),
        (review.Status(review.Kind.WITHDRAWN), None, None),
        (review.Status(review.Kind.ARCHIVED, signature()), None, None),
        (review.Status(review.Kind.CHANGED, signature()), day(-9), day(-9)),
        (review.Status(review.Kind.CHANGED, signature()), day(9), DUE),
        (review.Status(review.Kind.CHANGED), day(9), day(9)),
        (review.Status(review.Kind.CURRENT, signature()), day(-9), DUE),
        (review.Status(review.Kind.REVOKED, signature(), since=day(-50)), None, day(-50)),
        (review.Status(review.Kind.STATED), None, None),
    ],
)
def test_by_when_somebody_has_to_read_the_page(status, urgent, due):
    assert reminders.due_on(status, urgent) == due


@pytest.fixture
def owner():
    return make_user("Editors", email="owner@example.org")


@pytest.fixture
def article(owner):
    """A page whose owner and reviewer have an address."""
    article = make_published(title="Hats", owner=owner)
    user = SignOff.objects.get().reviewer.user
    user.email = "reviewer@example.org"
    user.save()
    return article


def run(days):
    """Send what is due so many days after the due date, and return whom it went to."""
    mail.outbox.clear()
    result = reminders.send_due(timezone.localdate() + datetime.timedelta(days=365 + days))
    assert result.failed == 0
    return [message.to[0] for message in mail.outbox]


@pytest.mark.django_db
def test_the_owner_hears_first_and_the_reviewer_from_the_second_week(article):
    assert run(-61) == []
    assert run(-60) == ["owner@example.org"]
    assert run(-59) == []
    assert run(0) == ["owner@example.org"]
    assert run(7) == ["owner@example.org"]
    assert run(14) == ["owner@example.org", "reviewer@example.org"]
    assert run(21) == ["owner@example.org", "reviewer@example.org"]


@pytest.mark.django_db
def test_the_mail_says_title_date_and_link_and_nothing_else(article):
    run(-60)
    (message,) = mail.outbox
    due = timezone.localdate() + datetime.timedelta(days=365)
    words, link, choices = message.body.strip().split("\n\n")
    assert words == f"The review of “Hats” is due on {due:%B} {due.day}, {due.year}."
    assert link.endswith(f"/admin/articles/article/{article.pk}/change/")
    assert choices.endswith("/admin/articles/article/mail/")
    assert "owner" not in message.subject + message.body
    assert not message.cc + message.bcc


@pytest.mark.django_db
def test_all_that_is_due_of_a_persons_articles_is_one_mail_a_day(article, owner):
    for title in ("Caps", "Scarves"):
        make_published(title=title, owner=owner)
    make_published(title="Gloves")
    assert sorted(run(-30)) == ["moderators@example.org", "owner@example.org"]
    (message,) = [message for message in mail.outbox if message.to == ["owner@example.org"]]
    assert message.subject.endswith("3 articles to review")
    assert [message.body.count(title) for title in ("Caps", "Hats", "Scarves", "Gloves")] == [1, 1, 1, 0]
    assert message.body.count("/change/") == 3
    assert Reminder.objects.count() == 4
    assert run(-30) == []
    SignOff.objects.filter(article__title="Caps").update(revoked_at=timezone.now(), revocation_reason="R")
    assert run(-29) == ["owner@example.org"]
    assert "Caps" in mail.outbox[0].subject


@pytest.mark.django_db
def test_a_mail_that_another_run_wrote_in_part_says_only_the_rest(article, owner):
    make_published(title="Caps", owner=owner)
    due = reminders.due(timezone.localdate() + datetime.timedelta(days=365))
    first = Reminder.objects.create(article_id=due[0].article, due_on=due[0].due_on, step="0:owner")
    sent = reminders._send(due, timezone.localdate(), mail.get_connection())
    assert [one.title for one in sent] == ["Hats"]
    assert "Caps" not in mail.outbox[0].subject + mail.outbox[0].body
    assert Reminder.objects.exclude(pk=first.pk).get().article == article


@pytest.mark.django_db
def test_who_wants_no_reminders_is_spoken_for(article, owner, settings):
    settings.MODERATORS_EMAIL = "team@example.org"
    MailChoice.objects.create(user=owner, reminders=False)
    assert run(14) == ["team@example.org", "reviewer@example.org"]
    assert ["/article/mail/" in message.body for message in mail.outbox] == [False, True]


@pytest.mark.django_db
def test_a_title_of_two_lines_is_one_line_in_the_subject(article):
    Article.objects.update(title="Hats\nBcc: everybody@example.org")
    run(0)
    assert mail.outbox[0].subject.endswith("Review due: Hats Bcc: everybody@example.org")


@pytest.mark.django_db
def test_people_without_an_address_or_an_account_are_spoken_for(article, owner, settings):
    settings.MODERATORS_EMAIL = "team@example.org"
    owner.is_active = False
    owner.save()
    SignOff.objects.get().reviewer.user.__class__.objects.filter(email="reviewer@example.org").update(email="")
    assert run(14) == ["team@example.org"]


@pytest.mark.django_db
def test_a_reviewer_who_has_ended_hears_nothing(article, settings):
    settings.MODERATORS_EMAIL = "team@example.org"
    reviewer = SignOff.objects.get().reviewer
    reviewer.ended_on = timezone.localdate()
    reviewer.save()
    assert run(14) == ["owner@example.org", "team@example.org"]


@pytest.mark.django_db
def test_an_edit_stops_nothing(article, owner):
    run(0)
    article.body = "<p>Edited.</p>"
    saving.save(article, by=owner)
    revision = workflow.submit(article, by=owner)
    assert run(7) == ["owner@example.org"]
    reviewer = SignOff.objects.get().reviewer.user
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer, scope="changes")
    workflow.publish(revision, by=owner)
    assert run(14) == ["owner@example.org", "reviewer@example.org"]


@pytest.mark.django_db
def test_a_full_signature_moves_the_date(article, time_machine):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=370))
    assert len(reminders.due(timezone.localdate())) == 1
    revision = article.revision
    workflow.sign(revision, shown_hash=revision.sha256, by=SignOff.objects.get().reviewer.user)
    assert reminders.due(timezone.localdate()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["withdraw", "archive"])
def test_a_page_off_duty_is_due_no_more(article, owner, step):
    getattr(workflow, step)(article, by=owner, **({"reason": "R"} if step == "withdraw" else {}))
    assert run(14) == []


@pytest.mark.django_db
def test_an_urgent_publication_reminds_until_it_is_signed(article, owner):
    today = timezone.localdate()
    article.body = "<p>Urgent.</p>"
    saving.save(article, by=owner)
    revision = workflow.submit(article, by=owner)
    workflow.publish_urgently(revision, by=make_user(is_superuser=True), reason="R")
    (due,) = reminders.due(today)
    assert due.due_on == today + workflow.URGENT_REVIEW
    late = reminders.due(today + datetime.timedelta(days=21))
    assert {one.step for one in late} == {"late-2"}
    assert [one.address for one in late] == ["owner@example.org", "reviewer@example.org"]
    workflow.sign(revision, shown_hash=revision.sha256, by=SignOff.objects.get().reviewer.user)
    assert reminders.due(today + datetime.timedelta(days=21)) == []


@pytest.mark.django_db
def test_a_page_whose_signature_was_taken_back_is_due_at_once(article, owner):
    workflow.revoke(SignOff.objects.get(), by=owner, reason="R")
    (due,) = reminders.due(timezone.localdate())
    assert (due.step, due.role, due.address) == ("0", "owner", "owner@example.org")


@pytest.mark.django_db
def test_the_queries_do_not_grow(article, django_assert_num_queries):
    late = timezone.localdate() + datetime.timedelta(days=400)
    with django_assert_num_queries(19):
        reminders.due(late)
    for _ in range(4):
        make_published()
    with django_assert_num_queries(19):
        assert len({one.article for one in reminders.due(late)}) == 5


class DownBackend(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages):
        """Refuse it."""
        if any("owner@example.org" in message.to for message in messages):
            raise ConnectionRefusedError
        return super().send_messages(messages)


class OddBackend(EmailBackend):
    """One that cannot make anything of one address, which is no error of the network."""

    def send_messages(self, messages):
        """Stumble over it."""
        if any("reviewer@example.org" in message.to for message in messages):
            raise ValueError("reviewer@example.org")
        return super().send_messages(messages)


class WatchingBackend(EmailBackend):
    """One that writes down what another connection could see while a mail leaves: whether one is held, and the notes."""

    seen = []

    def send_messages(self, messages):
        """Look."""
        notes = list(Reminder.objects.values_list("step", flat=True))
        self.seen.append((connection.in_atomic_block, notes))
        return super().send_messages(messages)


class NowhereBackend(EmailBackend):
    """A mail server that is not there."""

    def open(self):
        """Fail."""
        raise ConnectionRefusedError


@pytest.mark.django_db
def test_what_could_not_be_sent_is_sent_at_the_next_run_and_stops_nobody_else(article, settings, caplog):
    make_published(title="Caps")
    late = timezone.localdate() + datetime.timedelta(days=365)
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    result = reminders.send_due(late)
    assert ([one.title for one in result.sent], result.failed) == (["Caps"], 1)
    settings.EMAIL_BACKEND = f"{__name__}.NowhereBackend"
    assert reminders.send_due(late).failed == 1
    assert "owner@example.org" not in caplog.text
    settings.EMAIL_BACKEND = locmem
    assert [one.title for one in reminders.send_due(late).sent] == ["Hats"]
    assert Reminder.objects.count() == 2


@pytest.mark.django_db
def test_an_address_that_fails_stops_nobody_else_and_nobody_hears_twice(article, settings, caplog):
    make_published(title="Never")
    late = timezone.localdate() + datetime.timedelta(days=365 + 14)
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.OddBackend"
    for sent in (["owner@example.org", settings.MODERATORS_EMAIL], []):
        mail.outbox.clear()
        assert reminders.send_due(late).failed == 1
        assert [message.to[0] for message in mail.outbox] == sent
    assert "ValueError" in caplog.text
    assert "reviewer@example.org" not in caplog.text
    settings.EMAIL_BACKEND = locmem
    assert [one.address for one in reminders.send_due(late).sent] == ["reviewer@example.org"]
    assert reminders.send_due(late) == reminders.Result(())


@pytest.mark.django_db(transaction=True)
def test_a_reminder_is_noted_before_it_leaves_and_no_row_is_held_meanwhile(article, settings):
    settings.EMAIL_BACKEND = f"{__name__}.WatchingBackend"
    WatchingBackend.seen.clear()
    reminders.send_due(timezone.localdate() + datetime.timedelta(days=365 + 14))
    assert WatchingBackend.seen == [(False, ["late-2:owner"]), (False, ["late-2:owner", "late-2:reviewer"])]


@pytest.mark.django_db
def test_one_person_in_two_roles_gets_one_mail(article):
    article.owner = SignOff.objects.get().reviewer.user
    article.save()
    assert run(14) == ["reviewer@example.org"]
    assert run(14) == []


@pytest.mark.django_db
def test_a_note_of_an_earlier_release_counts_for_everybody(article):
    due_on = timezone.localdate() + datetime.timedelta(days=365)
    Reminder.objects.create(article=article, due_on=due_on, step="late-2")
    assert run(14) == []
    assert run(21) == ["owner@example.org", "reviewer@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_moment_send_one_reminder(article):
    late = timezone.localdate() + datetime.timedelta(days=365)
    start, results = threading.Barrier(2), []

    def send():
        start.wait()
        results.append(reminders.send_due(late))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(result.sent) for result in results) == [0, 1]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_the_command_sends_once_and_shows_before(article, time_machine):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=365))
    for args, count, words in ((["--dry-run"], 0, "1 to send"), ([], 1, "1 sent"), ([], 1, "0 sent")):
        out = io.StringIO()
        call_command("send_review_reminders", *args, stdout=out)
        assert words in out.getvalue()
        assert "@" not in out.getvalue()
        assert len(mail.outbox) == count


@pytest.mark.django_db
def test_the_command_fails_when_a_mail_was_not_sent(article, time_machine, settings):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=365))
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_review_reminders", stdout=io.StringIO())


@pytest.mark.django_db
def test_the_worker_sends_them_once_a_day_and_tries_again_when_it_fails(article, time_machine, settings):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=365))
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    handlers = {"review_reminders": worker.send_reminders, "retention": lambda payload: None}
    worker.run_once(handlers)
    assert Outbox.objects.get(kind="review_reminders").failed_at
    settings.EMAIL_BACKEND = locmem
    time_machine.shift(60)
    outbox.run_due(handlers)
    worker.run_once(handlers)
    assert len(mail.outbox) == 1
    assert Outbox.objects.get(kind="review_reminders").done_at
