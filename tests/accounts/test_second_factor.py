"""The second factor: asked for in every login where one is required, asked for again before what matters."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from articles import workflow
from tests.accounts.logging_in import SECRET, code, give_app, log_in, log_in_fully
from tests.factories import make_article, make_comment, make_reviewer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def test_a_password_is_enough_where_no_factor_is_required_and_none_was_set_up(client):
    assert log_in(client, make_user("Editors")).request["PATH_INFO"] == "/admin/"


def test_who_set_one_up_is_asked_for_it_also_where_none_is_required(client):
    user = give_app(make_user("Editors"))
    assert log_in(client, user).request["PATH_INFO"] == "/admin/account/authenticate/"
    assert client.get("/admin/").status_code == 302
    assert client.post("/admin/account/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    page = client.post("/admin/account/authenticate/", {"code": code()}, follow=True)
    assert page.request["PATH_INFO"] == "/admin/"


def test_a_code_works_once(client):
    user = give_app(make_user())
    log_in(client, user)
    used = code()
    assert client.post("/admin/account/authenticate/", {"code": used}).status_code == 302
    other = Client()
    log_in(other, user)
    assert other.post("/admin/account/authenticate/", {"code": used}).status_code == 200


def test_guesses_of_a_code_are_limited(client):
    user = give_app(make_user())
    log_in(client, user)
    for _ in range(5):
        client.post("/admin/account/authenticate/", {"code": "000000"})
    assertContains(client.post("/admin/account/authenticate/", {"code": code()}), "Too many wrong codes")


def test_having_a_factor_is_not_enough(client, required):
    """A session that never showed it, such as one from before it was required, is led to it."""
    user = give_app(make_user("Editors"))
    client.force_login(user)
    page = client.get("/admin/articles/article/", follow=True)
    assert page.request["PATH_INFO"] == "/admin/account/reauthenticate/"
    page = client.post(page.request["PATH_INFO"] + "?next=/admin/articles/article/", {"code": code()}, follow=True)
    assert page.request["PATH_INFO"] == "/admin/articles/article/"


def test_a_signed_in_person_cannot_post_the_password_of_another(client, required):
    mine, theirs = give_app(make_user()), give_app(make_user(is_superuser=True))
    log_in_fully(client, mine)
    client.post("/admin/login/?next=/admin/", {"username": theirs.username, "password": "secret"})
    assertContains(client.get("/admin/account/"), f"logged in as {mine.username}")


@pytest.mark.django_db(transaction=True)
def test_the_first_login_leads_to_a_factor_and_on(client, required):
    user = make_user("Editors")
    page = log_in(client, user)
    assert page.request["PATH_INFO"] == "/admin/account/"
    assertContains(page, "One more step")
    assert client.get("/admin/articles/article/")["Location"] == "/admin/login/?next=/admin/articles/article/"
    page = client.get("/admin/account/totp/activate/")
    assert client.get("/admin/account/totp/picture/").headers["Content-Type"] == "image/svg+xml"
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    page = client.post("/admin/account/totp/activate/", {"code": code(secret=secret)}, follow=True)
    assertContains(page, "Recovery codes")
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_stands_in_for_a_lost_phone_once(client, required):
    user = give_app(make_user())
    log_in_fully(client, user)
    client.post("/admin/account/reauthenticate/", {"code": code()})
    client.post("/admin/account/recovery-codes/generate/")
    codes = client.get("/admin/account/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for status in (302, 200):
        other = Client()
        log_in(other, user)
        assert other.post("/admin/account/authenticate/", {"code": codes[0]}).status_code == status


def test_no_secret_lies_in_the_database_in_clear(client):
    user = give_app(make_user())
    assert SECRET not in str(Authenticator.objects.values_list("data", flat=True))
    assert Authenticator.objects.get(user=user).wrap().validate_code(code())


def test_a_changed_secret_key_keeps_the_factors_while_the_old_one_is_named(client, settings):
    user = give_app(make_user())
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the site that is long enough to be one"
    assert not Authenticator.objects.get(user=user).wrap().validate_code(code())
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Authenticator.objects.get(user=user).wrap().validate_code(code())


def test_the_only_factor_stays_where_one_is_required(client, required):
    user = give_app(make_user())
    log_in_fully(client, user)
    client.post("/admin/account/reauthenticate/", {"code": code()})
    assertContains(client.get("/admin/account/totp/deactivate/"), "only second factor")
    client.post("/admin/account/totp/deactivate/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_changing_factors_asks_for_the_factor_again_and_not_for_the_password(client, required):
    user = give_app(make_user())
    log_in_fully(client, user)
    for address in ("webauthn/add/", "totp/deactivate/", "recovery-codes/generate/"):
        page = client.get(f"/admin/account/{address}")
        assertRedirects(page, f"/admin/account/reauthenticate/?next=/admin/account/{address}", fetch_redirect_response=False)
    assert client.get("/admin/account/password-again/")["Location"].startswith("/admin/account/reauthenticate/")
    assert client.get("/admin/password_change/")["Location"].startswith("/admin/account/reauthenticate/")


def test_what_was_sent_when_the_factor_was_asked_again_goes_on_after_it(client, required):
    user = give_app(make_user())
    log_in_fully(client, user)
    page = client.post("/admin/account/recovery-codes/generate/?x=1", {"field": "kept", "password": "hush"})
    state = str(client.session["account_reauthentication_state"])
    assert "kept" in state
    assert "hush" not in state
    assert client.cookies["sessionid"].value not in state
    assert not Authenticator.objects.filter(user=user, type="recovery_codes").exists()
    page = client.post(page["Location"], {"code": code()})
    assert page.status_code == 302
    assert Authenticator.objects.filter(user=user, type="recovery_codes").exists()


def test_nobody_signs_up(client):
    for address in ("signup/", "account/signup/", "account/email/", "account/webauthn/signup/", "account/password/reset/"):
        assert client.get(f"/admin/{address}", follow=True).request["PATH_INFO"] in {"/admin/login/", f"/admin/{address}"}
    assert not User.objects.exists()


def test_the_page_of_the_login_is_locked_like_any_other(client):
    page = client.get("/admin/login/?next=/admin/articles/")
    assertContains(page, "Staff login")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_demo_accounts_get_the_second_factor_that_is_named(client, settings):
    settings.DEMO_PASSWORD, settings.DEMO_TOTP_SECRET = "a demo password 8", SECRET
    call_command("load_demo", with_accounts=True, verbosity=0)
    page = log_in_fully(client, User.objects.get(username="demo-editor"), password="a demo password 8")
    assert page.request["PATH_INFO"] == "/admin/"


def test_an_address_is_shown_only_after_the_factor_was_shown_again(client, required):
    user, comment = give_app(make_user("Privacy officers", "Moderators")), make_comment(email="canary@example.org")
    log_in_fully(client, user)
    address = f"/admin/comments/comment/{comment.pk}/address/"
    asked = client.post(address, {"why": "The author asked."})
    assert asked["Location"] == f"/admin/account/reauthenticate/?next={address}"
    assert not comment.events.filter(kind="revealed").exists()
    page = client.post(asked["Location"], {"code": code()})
    assertContains(page, "canary@example.org")
    assert comment.events.get(kind="revealed").note == "The author asked."


def test_a_signature_waits_for_the_factor_and_is_given_after_it(client, required):
    reviewer = make_reviewer(user=give_app(make_user("Medical reviewers")))
    revision = workflow.submit(make_article(), by=make_user("Editors"))
    log_in_fully(client, reviewer.user)
    address = f"/admin/articles/article/{revision.article_id}/review/1/"
    assert client.get(address).status_code == 200
    asked = client.post(address, {"step": "full", "sha256": revision.sha256, "base": "", "note": ""})
    assert not revision.sign_offs.exists()
    client.post(asked["Location"], {"code": "000000"})
    assert not revision.sign_offs.exists()
    client.post(asked["Location"], {"code": code()})
    assert revision.sign_offs.get().reviewer == reviewer


def test_who_may_do_what_is_changed_only_after_the_factor_was_shown_again(client, required):
    owner, other = give_app(make_user(is_superuser=True)), make_user()
    log_in_fully(client, owner)
    for address in (f"user/{other.pk}/change/", f"user/{other.pk}/password/", "user/add/"):
        assert client.get(f"/admin/accounts/{address}")["Location"].startswith("/admin/account/reauthenticate/"), address
    assert client.get("/admin/auth/group/1/change/")["Location"].startswith("/admin/account/reauthenticate/")


def test_the_factor_is_asked_for_again_after_ten_minutes(client, required):
    owner = give_app(make_user(is_superuser=True))
    log_in_fully(client, owner)
    client.post("/admin/account/reauthenticate/", {"code": code()})
    assert client.get("/admin/accounts/user/add/").status_code == 200
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=11)):
        assert client.get("/admin/accounts/user/add/").status_code == 302
