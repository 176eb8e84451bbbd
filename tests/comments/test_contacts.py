"""The address is encrypted, found by a keyed hash, opened by a person with a reason."""

import re

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group
from django.core.exceptions import FieldError, PermissionDenied
from django.db import connection

from comments.flows.addresses import reveal
from comments.models import Comment
from comments.models.contact import TAG_ALPHABET, Contact, check_digit, is_tag, new_tag
from tests.factories import make_comment, make_published, make_user

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


@pytest.mark.parametrize("host", ["münchen.example", "MÜNCHEN.example", "xn--mnchen-3ya.example", "mu\u0308nchen.example"])
def test_the_same_host_in_another_spelling_is_the_same_person(host):
    assert make_comment(email=f"ana@{host}").contact_id == make_comment(email="ana@münchen.example").contact_id


@pytest.mark.parametrize("sign", list("\u200b\u200e\u200f\u00ad\u2060\ufeff\u202a\u202c\u2066\u2069"))
def test_what_nobody_sees_makes_no_new_person(client, sign):
    first = make_comment(email="ana@example.org")
    fields = {"name": "Ana", "email": f"{sign}an{sign}a@exam{sign}ple.org{sign}", "body": f"With a sign ({ord(sign)})"}
    assert client.post(f"{first.article.get_absolute_url()}comments/", fields).status_code == 303
    assert set(Comment.objects.values_list("contact", flat=True)) == {first.contact_id}
    assert Contact.objects.get().address == "ana@example.org"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "[127.0.0.1]",
        "[IPv6:::1]",
        "127.0.0.1",
        "example",
        "nowhere.invalid",
        "my.localhost",
        "printer.local",
        "x.onion",
    ],
)
def test_an_address_that_gets_no_mail_is_refused_and_says_why(client, host):
    article = make_published()
    page = client.post(f"{article.get_absolute_url()}comments/", {"name": "Ana", "email": f"ana@{host}", "body": "Hello there"})
    words = f"Email can&#x27;t reach “{re.escape(host)}”|Enter an email address like name@example.com"
    assert re.search(words, page.content.decode())
    assert not Comment.objects.exists()


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


def test_a_tag_is_told_from_what_only_looks_like_one():
    tag = f"4F7K-{check_digit('4F7K')}"
    assert is_tag(tag)
    assert is_tag(new_tag(6))
    parts = ["", "-", "-1", "4F7K", "4F7K-"]
    wrong = [tag.lower(), f"F4{tag[2:]}", f"{tag}-", f" {tag}", f"{tag}\0", f"1{tag}", "0OIL-U", "é" * 6]
    assert [text for text in parts + wrong if is_tag(text)] == []


def test_an_owner_sees_an_address_only_with_the_role_as_well():
    comment, owner = make_comment(), make_user(is_superuser=True)
    with pytest.raises(PermissionDenied):
        reveal(comment, by=owner, reason="I own this")
    owner.groups.add(Group.objects.get(name="Privacy officers"))
    assert reveal(comment, by=owner, reason="The author asked").startswith("marta-")
