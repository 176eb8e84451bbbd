"""One mailbox, one spelling, one account; an account may have none."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from web.mail_addresses import normal_address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("josé@example.org", "josé@example.org"),  # two code points for the last letter
        ("\u200eana\u200b@exam\u00adple.org\ufeff", "ana@example.org"),
        ("no address", "no address"),
        ("ana@" + "x" * 70 + ".example", "ana@" + "x" * 70 + ".example"),  # no host has such a name
    ],
)
def test_address_is_kept_in_one_spelling(typed, kept):
    user = User.objects.create_user("ana", email=typed)
    user.refresh_from_db()
    assert user.email == kept == normal_address(typed)


def test_two_accounts_never_share_an_address():
    User.objects.create_user("ana", email="ana@bücher.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("bo", email="ANA@xn--bcher-kva.example")


def test_any_number_of_accounts_have_no_address():
    for name in ("ana", "bo"):
        User.objects.create_user(name)
    assert User.objects.filter(email="").count() == 2


def test_a_form_says_that_an_address_is_taken():
    User.objects.create_user("ana", email="ana@example.org")
    with pytest.raises(ValidationError, match="Another account has this email address"):
        User(username="bo", password="x", email="Ana@example.org").full_clean()


def test_the_admin_refuses_the_second_account_with_an_address(admin_client):
    User.objects.create_user("ana", email="ana@example.org")
    bo = User.objects.create_user("bo")
    form = {"username": "bo", "email": " ANA@example.org", "date_joined_0": "2026-11-30", "date_joined_1": "10:00:00"}
    page = admin_client.post(f"/admin/accounts/user/{bo.pk}/change/", form)
    assert page.status_code == 200
    assert "Another account has this email address" in page.content.decode()
    bo.refresh_from_db()
    assert bo.email == ""
