"""Mail to those who moderate, and what is true of every mail: numbers, links, no word of a reader, nothing lost or sent twice."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from comments.flows import addresses, claims, notices
from comments.flows.erasing import withdraw
from comments.flows.moderation import InvalidMove, decide, escalate, raise_to_urgent, undo
from comments.models import Comment, CommentEvent, CommentSettings, Contact, State
from comments.screening import Lane
from lupussite.run import worker
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def at(hour, minute=0, day=DAY):
    return time_machine.travel(day + datetime.timedelta(hours=hour, minutes=minute), tick=False)


def make_urgent(**fields):
    comment = make_comment(**fields)
    Comment.objects.filter(pk=comment.pk).update(lane=Lane.URGENT)
    comment.refresh_from_db()
    notices.tell_urgent()
    return comment


def server_down(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1


def test_urgent_comment_is_told_at_once_without_a_word_of_it(settings):
    make_urgent(name="Canaria", email="canary@example.org", body="Canary words")
    outbox.run_due(all_handlers())
    (notice,) = mail.outbox
    assert notice.to == [settings.MODERATORS_EMAIL]
    assert "Urgent comment waiting" in notice.subject
    assert f"{settings.SITE_URL}/admin/" in notice.body
    assert "canar" not in str(notice.message()).lower()
    assert notice.message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("body", "told"),
    [("I do not want to be alive tomorrow.", 1), ("Quiero matarme esta noche.", 1), ("A hat helps me in June.", 0)],
)
def test_a_cry_for_help_in_the_form_is_told_at_once(client, body, told):
    article = make_published()
    entries = {"name": "Canaria", "email": "canary@example.org", "body": body}
    assert client.post(f"{article.get_absolute_url()}comments/", entries).status_code == 303
    outbox.run_due(all_handlers())
    assert [message.subject for message in mail.outbox] == ["Urgent comment waiting"] * told


def test_urgent_comment_is_not_told_when_it_is_gone_or_decided():
    withdraw(make_urgent())
    decided = make_urgent()
    Comment.objects.filter(pk=decided.pk).update(state=State.SPAM)
    outbox.run_due(all_handlers())
    assert mail.outbox == []


def test_other_comment_waits_for_the_digest():
    make_comment()
    assert outbox.run_due(all_handlers()) == 0
    assert mail.outbox == []


def name_on_rota(*addresses):
    """Name a person for each address, and two who cannot be reached."""
    left = [make_user(email=""), make_user(email="left@example.org", is_active=False)]
    people = [make_user(email=address) for address in addresses]
    CommentSettings.objects.get().rota.set(people + left)
    return people


@pytest.mark.parametrize("kind", ["urgent", "digest"])
def test_each_of_the_rota_gets_a_mail_of_their_own_and_nobody_who_left(kind):
    name_on_rota("ana@example.org", "bo@example.org")
    with at(7):
        make_urgent() if kind == "urgent" else make_comment()
        outbox.run_due(all_handlers()) if kind == "urgent" else worker.run_once(all_handlers())
    assert sorted(message.recipients() for message in mail.outbox) == [["ana@example.org"], ["bo@example.org"]]


def test_address_that_fails_holds_up_nobody_else_and_doubles_nothing():
    name_on_rota("broken\n@example.org", "bo@example.org")
    make_urgent()
    for minute in range(3):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minute)):
            outbox.run_due(all_handlers())
    assert [message.to for message in mail.outbox] == [["bo@example.org"]]


def test_notices_go_to_the_mail_box_of_the_site_while_nobody_can_be_reached(settings):
    name_on_rota()
    make_urgent()
    outbox.run_due(all_handlers())
    assert [message.to for message in mail.outbox] == [[settings.MODERATORS_EMAIL]]


def test_notice_for_somebody_who_left_meanwhile_goes_to_the_mail_box_of_the_site(settings):
    (ana,) = name_on_rota("ana@example.org")
    make_urgent()
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    outbox.run_due(all_handlers())
    assert [message.to for message in mail.outbox] == [[settings.MODERATORS_EMAIL]]


def test_notice_that_is_sent_again_has_the_same_number():
    make_urgent()
    for _ in range(2):
        outbox.run_due(all_handlers())
        Outbox.objects.update(done_at=None)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second


def test_digest_counts_the_lanes_and_says_nothing_a_reader_typed():
    with at(1):
        make_comment(name="Canaria", email="canary@example.org", body="Canary words")
        make_comment(state=State.APPROVED)
        make_comment(state=State.HIDDEN)
    with at(5):
        make_comment()
    with at(7):
        worker.run_once(all_handlers())
    (digest,) = mail.outbox
    assert "3 comments to read" in digest.subject
    assert "Standard: 2, oldest 6 hours" in digest.body
    assert "Hidden, waiting for a second look: 1" in digest.body
    assert "/admin/" in digest.body
    assert "canar" not in str(digest.message()).lower()


def test_digest_comes_morning_and_evening_once_whatever_the_number_of_workers():
    with at(1):
        make_comment()
    sent = []
    for hour in range(24):
        with at(hour, minute=30):
            for _ in range(2):
                worker.run_once(all_handlers())
        sent.append(len(mail.outbox))
    assert [hour for hour in range(24) if sent[hour] > ([0, *sent][hour])] == [7, 18]
    assert sent[-1] == 2


def test_no_digest_when_nothing_waits():
    with at(7):
        make_comment(state=State.APPROVED)
        worker.run_once(all_handlers())
    assert mail.outbox == []


def test_hours_are_those_of_the_settings_in_the_sites_time_zone(settings):
    settings.TIME_ZONE = "America/New_York"
    timezone.get_default_timezone.cache_clear()
    CommentSettings.objects.update(morning_hour=9, evening_hour=9)
    make_comment()
    try:
        for hour in (13, 14):
            with at(hour), timezone.override("America/New_York"):
                worker.run_once(all_handlers())
            assert len(mail.outbox) == (hour == 14)
    finally:
        timezone.get_default_timezone.cache_clear()


def test_worker_that_slept_over_the_morning_sends_one_digest():
    with at(1):
        make_comment()
    with at(19):
        worker.run_once(all_handlers())
    assert len(mail.outbox) == 1


def test_mail_server_down_for_a_day_loses_no_urgent_notice_and_doubles_no_digest(settings):
    server_down(settings)
    with at(1):
        make_urgent()
    for hour in range(1, 25):
        with at(hour, minute=59):
            worker.run_once(all_handlers())
    assert mail.outbox == []
    settings.EMAIL_BACKEND = LOCMEM
    for hour in range(25, 31):
        with at(hour, minute=59):
            worker.run_once(all_handlers())
    with at(31):
        worker.run_once(all_handlers())
    subjects = [message.subject for message in mail.outbox]
    # Of the reminders that were due while the server was down, only the last is still sent; then one every two hours.
    reminders = [subject for subject in subjects if "still waiting" in subject]
    assert 3 <= len(reminders) <= 4
    assert [subject for subject in subjects if subject not in reminders] == [
        "Urgent comment waiting",
        "URGENT: 1 comment to read",
    ]
    # Besides what empties the database's own log, which comes after each run of retention.
    assert not Outbox.objects.filter(done_at=None).exclude(kind="empty_log").exists()


def test_contact_is_written_to_and_the_caller_never_learns_where():
    contact = Contact.objects.of("canary@example.org")
    message = EmailMessage(subject="Hello", body="Words")
    addresses.send(contact.pk, message)
    assert [sent.to for sent in mail.outbox] == [["canary@example.org"]]
    assert message.to == []


def test_failure_says_its_kind_and_no_more(settings, caplog):
    server_down(settings)
    contact = Contact.objects.of("canary@example.org")
    with pytest.raises(addresses.NotSent, match=r"^ConnectionRefusedError$") as caught:
        addresses.send(contact.pk, EmailMessage(subject="Hello", body="Words"))
    assert caught.value.__suppress_context__
    assert "ConnectionRefusedError" in caplog.text
    assert "canary" not in caplog.text


def test_address_with_a_line_break_makes_no_header():
    contact = Contact.objects.of("canary@example.org\nBcc: other@example.org")
    with pytest.raises(addresses.NotSent, match="BadHeaderError"):
        addresses.send(contact.pk, EmailMessage(subject="Hello", body="Words"))
    assert mail.outbox == []


def reminded():
    """Do what is due, and return who got how many reminders."""
    before = len(mail.outbox)
    notices.add_urgent_reminders()
    outbox.run_due(all_handlers())
    return [(message.to[0].split("@")[0], message.subject) for message in mail.outbox[before:]]


def test_an_urgent_comment_that_waits_is_told_again_and_wider():
    rota = make_user("Moderators", username="rota", email="rota@example.org")
    doctor = make_user("Clinicians", email="doctor@example.org")
    CommentSettings.objects.get(pk=1).rota.add(rota)
    make_user("Moderators", email="other@example.org")
    with at(8):
        comment = make_urgent()
        assert [to for to, _ in reminded()] == ["rota"]
    with at(8, 29):
        assert reminded() == []
    with at(8, 30):
        assert reminded() == [("rota", "URGENT: 1 comment is still waiting")]
    with at(10):
        assert reminded() == [("rota", "URGENT: 1 comment is still waiting"), ("doctor", "URGENT: 1 comment is still waiting")]
    with at(12):
        assert len(reminded()) == 2
    decide(comment, State.REJECTED, version=comment.version, by=doctor, reason="other")
    with at(14):
        assert reminded() == []


def test_several_that_wait_are_one_reminder_with_their_number():
    with at(8):
        make_urgent()
    with at(8, 5):
        make_urgent()
        outbox.run_due(all_handlers())
    with at(8, 12):
        assert reminded() == [("moderators", "URGENT: 2 comments are waiting")]
    with at(8, 36):
        assert reminded() == [("moderators", "URGENT: 2 comments are still waiting")]
    with at(8, 38):
        assert reminded() == []


def test_five_hundred_urgent_comments_in_a_minute_are_two_mails():
    with at(8):
        for number in range(500):
            notices.tell_urgent() if number else make_urgent()
            if number % 100 == 0:
                outbox.run_due(all_handlers())
    Comment.objects.update(lane=Lane.URGENT)
    with at(8, 9):
        outbox.run_due(all_handlers())
        assert [message.subject for message in mail.outbox] == ["Urgent comment waiting"]
    with at(8, 10):
        make_urgent()
        outbox.run_due(all_handlers())
    assert [message.subject for message in mail.outbox[1:]] == ["URGENT: 2 comments are waiting"]


def test_a_notice_that_is_being_sent_is_followed_by_another_for_what_it_may_not_have_counted():
    with at(8):
        make_urgent()
        Outbox.objects.update(leased_until=timezone.now() + datetime.timedelta(minutes=5))
        notices.tell_urgent()
    assert Outbox.objects.filter(kind="urgent_notice").count() == 2


def test_who_says_i_have_this_is_left_in_peace_for_an_hour():
    moderator = make_user("Moderators")
    with at(8):
        comment = make_urgent()
        outbox.run_due(all_handlers())
    with at(8, 20):
        claims.claim(comment, by=moderator)
    with at(9, 19):
        assert reminded() == []
    with at(9, 21):
        assert reminded() == [("moderators", "URGENT: 1 comment is still waiting")]


def test_a_claim_of_somebody_who_left_pauses_nothing():
    moderator = make_user("Moderators")
    with at(8):
        comment = make_urgent()
        outbox.run_due(all_handlers())
        claims.claim(comment, by=moderator)
    type(moderator).objects.filter(pk=moderator.pk).update(is_active=False)
    with at(8, 30):
        assert reminded() == [("moderators", "URGENT: 1 comment is still waiting")]


def test_asking_the_doctor_mails_the_clinicians():
    moderator = make_user("Moderators", email="mo@example.org")
    make_user("Clinicians", email="doctor@example.org")
    comment = make_comment(name="Canaria", body="Canary words")
    event = escalate(comment, version=comment.version, by=moderator)
    outbox.run_due(all_handlers())
    (notice,) = mail.outbox
    assert notice.to == ["doctor@example.org"]
    assert "?lane=clinician" in notice.body
    assert "canar" not in str(notice.message()).lower()
    undo(event, by=moderator)
    comment.refresh_from_db()
    escalate(comment, version=comment.version, by=moderator)
    undo(CommentEvent.objects.latest(), by=moderator)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        outbox.run_due(all_handlers())
    assert len(mail.outbox) == 1


def test_a_moderator_raises_a_comment_and_the_rota_hears_at_once(settings):
    comment = make_comment()
    raise_to_urgent(comment, version=comment.version, by=make_user("Moderators"), note="She says goodbye")
    outbox.run_due(all_handlers())
    assert [message.to for message in mail.outbox] == [[settings.MODERATORS_EMAIL]]
    comment.refresh_from_db()
    assert comment.lane == Lane.URGENT
    with pytest.raises(InvalidMove):
        raise_to_urgent(comment, version=comment.version, by=make_user("Moderators"))


def test_a_comment_that_becomes_urgent_again_is_told_again():
    with at(8):
        comment = make_urgent()
        outbox.run_due(all_handlers())
    with at(8, 20):
        event = decide(comment, State.REJECTED, version=comment.version, by=(doctor := make_user("Clinicians")), reason="other")
    with at(8, 25):
        undo(event or CommentEvent.objects.latest("pk"), by=doctor)
    with at(8, 50):
        assert reminded() == []
    with at(8, 55):
        assert reminded() == [("moderators", "URGENT: 1 comment is still waiting")]


def test_the_rota_hears_who_changed_the_help_lines_and_only_clinicians_can(client):
    fields = {"country": "US", "name": "Lifeline", "how": "988", "position": "0"}
    client.force_login(make_user("Moderators"))
    assert client.post("/admin/comments/helpline/add/", fields).status_code == 403
    assert "There are no help lines" in client.get("/admin/comments/queued/").content.decode()
    assert "There are no help lines" in client.get("/admin/comments/queued/overview/").content.decode()
    client.force_login(make_user("Clinicians", username="ada"))
    client.post("/admin/comments/helpline/add/", fields)
    outbox.run_due(all_handlers())
    assert "ada changed the help lines" in mail.outbox[-1].body
    assert "There are no help lines" not in client.get("/admin/comments/queued/").content.decode()


def test_a_new_urgent_comment_does_not_wait_for_the_next_try_of_an_old_notice(settings):
    with at(8):
        make_urgent()
        server_down(settings)
        for _ in range(3):
            outbox.run_due(all_handlers())
            Outbox.objects.update(due_at=timezone.now())
        Outbox.objects.update(due_at=timezone.now() + datetime.timedelta(minutes=59))
    settings.EMAIL_BACKEND = LOCMEM
    with at(8, 5):
        make_urgent()
        outbox.run_due(all_handlers())
    assert [message.subject for message in mail.outbox] == ["URGENT: 2 comments are waiting"]


def test_a_notice_counts_only_what_nobody_has():
    with at(8):
        comment = make_urgent()
        outbox.run_due(all_handlers())
        claims.claim(comment, by=make_user("Moderators"))
        other = make_urgent()
        Comment.objects.filter(pk=other.pk).update(state=State.SPAM)
    with at(8, 11):
        outbox.run_due(all_handlers())
    assert len(mail.outbox) == 1
