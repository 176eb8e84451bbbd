"""Sessions: a copy of the database opens none, and they end when they should."""

import datetime

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import Session
from lupussite import settings as site
from tests.accounts.logging_in import log_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ages_of_the_site(settings, _quiet_limits):
    """Let sessions end as they do on the site."""
    settings.SESSION_COOKIE_AGE, settings.SESSION_IDLE_AGE = site.SESSION_COOKIE_AGE, site.SESSION_IDLE_AGE


def is_in(client):
    return client.get("/admin/").status_code == 200


def later(**time):
    return time_machine.travel(timezone.now() + datetime.timedelta(**time))


@pytest.fixture
def user():
    return make_user("Editors")


def test_what_the_database_holds_opens_no_session(client, user):
    log_in(client, user)
    assert is_in(client)
    key, row = client.cookies["sessionid"].value, Session.objects.get(ended_at=None)
    assert key not in f"{row.session_key} {row.session_data}"
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)
    assert row.user == user


def test_a_session_lives_through_a_change_of_the_secret_key_while_the_old_one_is_named(client, user, settings):
    log_in(client, user)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the site that is long enough to be one"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client)  # The request before has moved it to the new key.


def test_a_session_ends_with_its_secret_key(client, user, settings):
    log_in(client, user)
    settings.SECRET_KEY = "another key of the site that is long enough to be one"
    assert not is_in(client)


def test_a_session_ends_after_an_hour_without_a_request(client, user):
    log_in(client, user)
    for minutes in (50, 100):
        with later(minutes=minutes):
            assert is_in(client)
    with later(minutes=161):
        assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(client, user):
    log_in(client, user)
    for half_hours in range(1, 24):
        with later(minutes=30 * half_hours):
            session = client.session
            session["x"] = half_hours
            session.save()
            assert is_in(client)
    with later(hours=12, minutes=1):
        assert not is_in(client)


def test_a_request_is_noted_at_most_every_five_minutes(client, user, django_assert_num_queries):
    log_in(client, user)
    key = client.cookies["sessionid"].value
    with later(minutes=4), django_assert_num_queries(1):
        assert sessions.SessionStore(key).load()[SESSION_KEY]
    with later(minutes=6), django_assert_num_queries(2):
        assert sessions.SessionStore(key).load()[SESSION_KEY]


def test_a_new_password_ends_every_other_session(client, user):
    thief = Client()
    log_in(client, user)
    log_in(thief, user)
    words = {"old_password": "secret", "new_password1": "four words of mine", "new_password2": "four words of mine"}
    assert client.post("/admin/password_change/", words).status_code == 302
    assert is_in(client)
    assert not is_in(thief)
    assert Session.objects.filter(user=user, ended_at=None).count() == 1


def test_an_account_that_is_closed_has_no_session(client, user):
    log_in(client, user)
    user.is_active = False
    user.save()
    assert not is_in(client)
    assert not Session.objects.filter(user=user, ended_at=None).exists()


def test_a_request_under_way_does_not_bring_an_ended_session_back(client, user):
    log_in(client, user)
    under_way = client.session
    under_way["x"] = 1
    sessions.end(user.sessions)
    with pytest.raises(sessions.UpdateError):
        under_way.save()
    assert not is_in(client)
    assert set(Session.objects.filter(user=user).values_list("session_data", flat=True)) == {""}


def test_all_my_sessions_end_with_one_button(client, user):
    other = Client()
    log_in(other, user)
    log_in(client, user)
    assert client.get("/admin/account/end-sessions/").status_code == 302
    assert is_in(client)
    page = client.post("/admin/account/end-sessions/", follow=True)
    assert page.request["PATH_INFO"] == "/admin/login/"
    assert not is_in(client)
    assert not is_in(other)


def test_what_ended_is_forgotten_a_day_later(client, user):
    log_in(client, user)
    sessions.end(user.sessions)
    assert sessions.forget(timezone.now()) == 0
    assert sessions.forget(timezone.now() + datetime.timedelta(days=2)) >= 1
    assert not Session.objects.exists()
