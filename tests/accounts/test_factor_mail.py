"""Whoever's second factors change is told by mail."""

import re

import pytest
from allauth.mfa.models import Authenticator

from lupussite import staff_mail
from mail import outbox
from tests.accounts.logging_in import code, log_in, log_in_fully
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = "/admin/account/totp/activate/"


def told(mailoutbox):
    """Return what the mails that wait now say."""
    mailoutbox.clear()
    outbox.run_due(staff_mail.HANDLERS)
    return [next(line for line in mail.body.splitlines() if line in map(str, staff_mail.CHANGES.values())) for mail in mailoutbox]


@pytest.fixture(autouse=True)
def _commits(client, monkeypatch, django_capture_on_commit_callbacks):
    """Do after every request what waits for the end of its transaction."""
    request = client.request

    def committed(**asked):
        with django_capture_on_commit_callbacks(execute=True):
            return request(**asked)

    monkeypatch.setattr(client, "request", committed)


def set_up(client, user):
    log_in(client, user)
    secret = re.search(r"<code[^>]*>\s*([A-Z2-7 ]{16,})", client.get(NEW).content.decode())
    secret = secret[1].replace(" ", "") if secret else client.session["mfa.totp.secret"]
    return client.post(NEW, {"code": code(secret)})


def test_an_app_that_is_added_and_removed_and_codes_that_are_made_and_used_are_told(client, mailoutbox):
    user = make_user("Editors", email="edith@example.org")
    assert set_up(client, user).status_code == 302
    assert told(mailoutbox) == ["An authenticator app was added."]
    assert mailoutbox[0].to == ["edith@example.org"]
    client.post("/admin/account/recovery-codes/generate/")
    assert told(mailoutbox) == ["New recovery codes were made. The old ones no longer work."]
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    client.post("/admin/logout/")
    log_in(client, user)
    client.post("/admin/account/authenticate/", {"code": codes[0]})
    assert told(mailoutbox) == ["A recovery code was used."]
    client.post("/admin/account/totp/deactivate/")
    assert told(mailoutbox) == []
    client.post("/admin/account/reauthenticate/", {"code": codes[1]})
    client.post("/admin/account/totp/deactivate/")
    assert told(mailoutbox) == ["A recovery code was used.", "The authenticator app was removed."]


def test_the_owner_who_removes_factors_tells_the_person(client, mailoutbox):
    user, owner = make_user("Editors", email="edith@example.org"), make_user(is_superuser=True)
    Authenticator.objects.create(user=user, type="totp", data={})
    client.force_login(owner)
    client.post("/admin/accounts/user/", {"action": "take_factors", "_selected_action": [user.pk]})
    assert told(mailoutbox) == ["The owner of the site removed all second factors. You set up a new one at your next login."]


def test_nobody_is_told_of_an_ordinary_login_and_without_an_address_nothing_goes_out(client, mailoutbox):
    user = make_user("Editors")
    set_up(client, user)
    client.post("/admin/logout/")
    log_in_fully(client, user)
    assert told(mailoutbox) == []
