"""The address is encrypted, found by a keyed hash, opened by a person with a reason."""

import re

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, PermissionDenied
from django.db import connection

from comments.flows.addresses import reveal
from comments.models.contact import TAG_ALPHABET, Contact, check_digit, new_tag
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db


def test_address_does_not_lie_in_the_database_in_clear():
    make_comment(email="canary@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tag, address FROM comments_contact")
        tag, token = cursor.fetchone()
    assert b"canary" not in bytes(token)
    assert re.fullmatch(rf"[{TAG_ALPHABET}]{{4}}-[{TAG_ALPHABET}]", tag)


def test_same_address_is_the_same_person():
    first, second = make_comment(email="Ana@Example.org"), make_comment(email="ana@example.org ")
    assert first.contact_id == second.contact_id


def test_without_address_there_is_no_contact():
    assert make_comment(email="").contact_id is None


def test_address_cannot_be_looked_up():
    with pytest.raises(FieldError, match="cannot be looked up"):
        Contact.objects.filter(address="ana@example.org").exists()


def test_old_keys_still_open_and_the_newest_encrypts(settings, officer):
    comment = make_comment(email="ana@example.org")
    old = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = [Fernet.generate_key().decode(), *old]
    assert reveal(comment, by=officer, reason="A question about a lost page") == "ana@example.org"
    newer = make_comment(email="bo@example.org")
    settings.CONTACT_KEYS = settings.CONTACT_KEYS[:1]
    assert reveal(newer, by=officer, reason="The same") == "bo@example.org"


def test_reveal_is_logged_with_reason_and_person(officer):
    comment = make_comment()
    reveal(comment, by=officer, reason="She asked us to call back")
    event = comment.events.last()
    assert (event.kind, event.actor, event.note) == ("revealed", officer, "She asked us to call back")


def test_reveal_needs_the_permission_and_a_reason(officer):
    comment = make_comment()
    with pytest.raises(PermissionDenied):
        reveal(comment, by=make_user("Moderators"), reason="curious")
    with pytest.raises(ValueError, match="reason"):
        reveal(comment, by=officer, reason=" ")
    assert not comment.events.filter(kind="revealed").exists()


def test_tag_notices_every_wrong_sign_and_every_swap():
    tag = new_tag()
    signs, last = tag.split("-")
    assert last == check_digit(signs)
    for place, right in enumerate(signs):
        for wrong in set(TAG_ALPHABET) - {right}:
            assert check_digit(f"{signs[:place]}{wrong}{signs[place + 1 :]}") != last
    assert check_digit("4F7K") != check_digit("F47K")
