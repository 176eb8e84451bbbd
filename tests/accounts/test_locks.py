"""Wrong passwords: counted by name and network, the same for names that nobody has, and never a lock for good."""

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts import backends, locks
from accounts.models import KnownNetwork, Session
from lupussite.run import worker
from tests.accounts.logging_in import log_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HOME, ELSEWHERE, STRANGER = "198.51.100.1", "203.0.113.2", "192.0.2.66"


def attempt(name, password, network=STRANGER):
    return Client(REMOTE_ADDR=network).post("/admin/login/", {"username": name, "password": password})


@pytest.fixture
def guessed():
    """A person whose name a stranger tried ten passwords for, and who had logged in at home before."""
    user = make_user("Editors", username="anna")
    log_in(Client(REMOTE_ADDR=HOME), user)
    answers = [attempt("anna", f"wrong {number}").status_code for number in range(10)]
    assert answers == [200] * 9 + [429]
    return user


def test_a_guessed_name_is_locked_and_its_password_not_even_tried(guessed, monkeypatch):
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *args: pytest.fail("a password was tried"))
    answer = attempt("anna", "secret")
    assertContains(answer, "Too many wrong passwords", status_code=429)
    assert answer.headers["Retry-After"] == "900"


def test_its_owner_gets_in_where_they_logged_in_before(guessed):
    assert attempt("anna", "secret", ELSEWHERE).status_code == 429
    assert attempt("anna", "secret", HOME).status_code == 302


def test_the_lock_ends_though_the_stranger_goes_on(guessed):
    for minutes in (5, 10):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
            assert attempt("anna", "wrong again").status_code == 429
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert attempt("anna", "secret", ELSEWHERE).status_code == 302


def test_other_names_are_not_locked_with_it(guessed):
    make_user(username="bert")
    assert attempt("bert", "secret").status_code == 302


def test_a_name_that_nobody_has_is_answered_alike(monkeypatch):
    make_user(username="bert")
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))
    answers, costs = [], []
    for name in ("bert", "nobody"):
        hashes.clear()
        page = attempt(name, "wrong").content.decode().replace(name, "NAME")
        answers.append([line for line in page.splitlines() if "csrfmiddlewaretoken" not in line])
        costs.append(len(hashes))
    assert answers[0] == answers[1]
    assert costs == [1, 1]
    for name in ("bert", "nobody"):
        assert [attempt(name, "wrong").status_code for _ in range(9)] == [200] * 8 + [429]


def test_while_two_passwords_are_tried_the_next_is_told_to_wait():
    user = make_user(username="bert")
    for _ in range(2):
        backends.PLACES.acquire()
    try:
        answer = attempt("bert", "secret")
    finally:
        for _ in range(2):
            backends.PLACES.release()
    assertContains(answer, "Others are logging in", status_code=503)
    assert answer.headers["Retry-After"] == "2"
    assert attempt("bert", "secret").status_code == 302
    assert user.sessions.exists()


def test_many_names_from_one_network_are_slowed_down_and_reading_the_page_is_not():
    answers = [attempt(f"name {number}", "wrong").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert Client(REMOTE_ADDR=STRANGER).get("/admin/login/").status_code == 200


def test_logins_with_a_passkey_that_are_only_begun_fill_no_table():
    """Each beginning is a row of its own, for whoever asks."""

    def begin():
        browser = Client(REMOTE_ADDR=STRANGER)
        return browser.get("/admin/account/webauthn/login/", headers={"accept": "application/json"}).status_code

    assert [begin() for _ in range(31)] == [200] * 30 + [429]
    assert Session.objects.count() == 30


def test_no_address_and_no_password_is_kept(guessed):
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = str(cursor.fetchall())
            assert not [word for word in (HOME, STRANGER, "wrong ") if word in rows], table
    assert AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def queries_of_a_login(user):
    with CaptureQueriesContext(connection) as captured:
        assert attempt(user.username, "wrong").status_code == 200
        assert attempt(user.username, "secret").status_code == 302
    return len(captured)


def test_ten_thousand_logins_make_the_next_one_no_dearer_and_are_forgotten(settings):
    settings.SESSION_IDLE_AGE = 60 * 60
    anna, bert, now = make_user(username="anna"), make_user(username="bert"), timezone.now()
    before = queries_of_a_login(anna)
    tags = [f"2001:db8::{number:x}" for number in range(1, 10_001)]
    AccessAttempt.objects.bulk_create(AccessAttempt(username=tag, ip_address=tag, failures_since_start=1) for tag in tags)
    KnownNetwork.objects.bulk_create(KnownNetwork(user=anna, tag=tag, used_on=now.date()) for tag in tags)
    Session.objects.bulk_create(Session(session_key=tag, user=anna, used_at=now, expire_date=now) for tag in tags)
    assert queries_of_a_login(bert) == before
    locks.forget(now + datetime.timedelta(days=92))
    assert not AccessAttempt.objects.exists()
    assert not KnownNetwork.objects.exists()
    assert not Session.objects.exists()


def test_the_daily_job_forgets_attempts_and_networks(guessed):
    assert "forget_logins" in worker.DAILY
    worker.all_handlers()["forget_logins"]({})
    assert AccessAttempt.objects.exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        worker.all_handlers()["forget_logins"]({})
    assert not AccessAttempt.objects.exists()
    assert KnownNetwork.objects.exists()
    locks.forget(timezone.now() + datetime.timedelta(days=92))
    assert not KnownNetwork.objects.exists()
