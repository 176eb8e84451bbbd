"""New keys: every address is written anew while the site is served, old links live on, a lost key has a name."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from comments.flows import addresses, keys, no_mail, questions, secret_links, subscriptions
from comments.flows.jobs import HANDLERS
from comments.models import Contact, NoMail, Subscription
from comments.models.contact import LostKey, current_keys, name_of_key
from mail import outbox
from mail.models import Outbox
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db


def new_keys(settings):
    """Put a new key in front of each list, and return the old (contact key, index key)."""
    old = settings.CONTACT_KEYS[0], settings.CONTACT_INDEX_KEYS[0]
    settings.CONTACT_KEYS = [Fernet.generate_key().decode(), *settings.CONTACT_KEYS]
    settings.CONTACT_INDEX_KEYS = [f"a new index key {len(settings.CONTACT_INDEX_KEYS)}" * 3, *settings.CONTACT_INDEX_KEYS]
    return old


def only_newest(settings):
    settings.CONTACT_KEYS, settings.CONTACT_INDEX_KEYS = settings.CONTACT_KEYS[:1], settings.CONTACT_INDEX_KEYS[:1]


def opened():
    return sorted(Contact.objects.values_list("address", flat=True))


def rotated():
    said = StringIO()
    call_command("rotate_contact_keys", stdout=said)
    return said.getvalue()


def subscribed(**fields):
    comment = make_comment(**fields)
    subscriptions.start(comment)
    return Subscription.objects.get(comment=comment)


def test_after_a_rotation_the_newest_keys_are_enough(settings):
    people = [make_comment(email=f"marta-{number}@example.org").contact_id for number in range(3)]
    new_keys(settings)
    assert "3 addresses were written" in rotated()
    only_newest(settings)
    assert opened() == [f"marta-{number}@example.org" for number in range(3)]
    assert make_comment(email="Marta-1@example.org").contact_id == people[1]
    assert set(Contact.objects.values_list("keys", flat=True)) == {current_keys()}


def test_before_the_rotation_the_same_person_is_found_under_the_former_key(settings):
    person = make_comment(email="marta@example.org").contact_id
    new_keys(settings)
    assert make_comment(email="marta@example.org").contact_id == person


def test_a_rotation_that_was_broken_off_goes_on(settings, monkeypatch):
    monkeypatch.setattr(keys, "BATCH", 2)
    for number in range(5):
        make_comment(email=f"marta-{number}@example.org")
    new_keys(settings)
    progress = next(keys.rotate())
    assert (progress.done, progress.due, keys.due().count()) == (2, 5, 3)
    make_comment(email="new@example.org")
    assert keys.due().count() == 3
    assert "3 addresses were written under the newest keys, 0 are left" in rotated()
    assert "0 addresses were written" in rotated()


def test_dry_run_only_counts(settings):
    make_comment()
    new_keys(settings)
    said = StringIO()
    call_command("rotate_contact_keys", "--dry-run", stdout=said)
    assert "0 addresses were written under the newest keys, 1 are left" in said.getvalue()


def test_a_lost_key_is_named_and_holds_up_no_other(settings, officer):
    lost = make_comment(email="lost@example.org")
    lost_key, _ = new_keys(settings)
    make_comment(email="there@example.org")
    settings.CONTACT_KEYS = settings.CONTACT_KEYS[:1]
    new_keys(settings)
    words = f"1 address was stored under the key {name_of_key(lost_key)}, which isn't in CONTACT_KEYS"
    with pytest.raises(CommandError, match=words):
        rotated()
    assert keys.due().values_list("pk", flat=True).get() == lost.contact_id
    assert [warning.id for warning in keys.check(None, ["default"]) if words in warning.msg] == ["comments.W002"]
    with pytest.raises(LostKey, match="None of the CONTACT_KEYS opens this address"):
        addresses.reveal(lost, by=officer, reason="The author asked")
    assert not lost.events.filter(kind="revealed").exists()


def test_rows_from_before_keys_had_names_are_written_anew_too():
    make_comment(email="old@example.org")
    Contact.objects.update(keys="")
    assert keys.lost() == []
    assert "1 addresses were written" in rotated()


def test_the_page_with_the_address_says_that_its_key_is_lost(client, settings, officer):
    comment = make_comment()
    settings.CONTACT_KEYS = [Fernet.generate_key().decode()]
    client.force_login(officer)
    page = client.post(f"/admin/comments/comment/{comment.pk}/address/", {"why": "The author asked"})
    assert "None of the CONTACT_KEYS opens this address" in page.content.decode()


def test_a_mailbox_that_never_wants_mail_gets_none_after_two_new_keys(settings, mailoutbox):
    theirs = subscribed(email="marta@example.org")
    no_mail.refuse(theirs.contact.mailbox)
    Contact.objects.all().delete()
    for _ in range(2):
        new_keys(settings)
        rotated()
    subscription = subscribed(email="Marta+again@example.org")
    assert subscription.asked_at is None
    assert not addresses.send(subscription.contact_id, None)
    assert "1 mailbox never wants email and is known by an index alone" in rotated()


def test_a_refusal_moves_with_the_address_while_that_is_there(settings):
    theirs = subscribed(email="marta@example.org")
    no_mail.refuse(theirs.contact.mailbox)
    new_keys(settings)
    rotated()
    only_newest(settings)
    assert no_mail.is_unwanted(addresses.mailboxes(theirs.contact_id))


def test_a_mailbox_is_asked_one_question_at_a_time_in_the_midst_of_a_rotation(settings, monkeypatch):
    monkeypatch.setattr(keys, "BATCH", 1)
    first, second = subscribed(email="marta+1@example.org"), subscribed(email="marta+2@example.org")
    assert (first.asked_at is None, second.asked_at is None) == (False, True)
    new_keys(settings)
    next(keys.rotate())
    questions.ask(second)
    second.refresh_from_db()
    assert second.asked_at is None
    assert Contact.objects.values("mailbox").distinct().count() == 1


def test_one_person_who_came_in_by_a_process_with_the_former_key_becomes_one_again(settings):
    older = make_comment(email="marta@example.org")
    former = settings.CONTACT_KEYS, settings.CONTACT_INDEX_KEYS
    new_keys(settings)
    settings.CONTACT_INDEX_KEYS = settings.CONTACT_INDEX_KEYS[:1]
    newer = make_comment(email="marta@example.org")
    Contact.objects.filter(pk=newer.contact_id).update(standing="blocked")
    settings.CONTACT_INDEX_KEYS = [*settings.CONTACT_INDEX_KEYS, *former[1]]
    assert older.contact_id != newer.contact_id
    rotated()
    newer.refresh_from_db()
    assert newer.contact_id == older.contact_id
    assert Contact.objects.get().standing == "blocked"


def test_links_in_old_mails_live_on_under_new_keys(client, settings):
    theirs = subscribed(email="marta@example.org")
    comment = theirs.comment
    end = f"/comments/mail/{theirs.pk}/{no_mail.token_of(theirs.contact_id)}/end/"
    never = f"/comments/mail/never/{no_mail.token_of(theirs.contact_id)}/"
    confirm = secret_links.secret_link(theirs, "confirm").removeprefix(settings.SITE_URL)
    own = comment.author_url
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another secret key " * 4, [settings.SECRET_KEY]
    new_keys(settings)
    rotated()
    assert client.get(own).status_code == 200
    client.post(confirm)
    theirs.refresh_from_db()
    assert theirs.confirmed_at
    client.post(end)
    theirs.refresh_from_db()
    assert theirs.ended_at
    client.post(never)
    assert no_mail.is_unwanted(addresses.mailboxes(theirs.contact_id))
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(own).status_code == 404
    client.post(never, {"allow": "1"})
    assert NoMail.objects.exists()


def test_erasing_in_the_midst_of_a_rotation_brings_nobody_back(settings, monkeypatch):
    article = make_published()
    comments = [make_comment(article=article, email=f"marta-{number}@example.org") for number in range(3)]
    new_keys(settings)
    write = keys._write

    def erased_first(rows):
        Contact.objects.filter(pk=comments[1].contact_id).delete()
        write(rows)

    monkeypatch.setattr(keys, "_write", erased_first)
    list(keys.rotate())
    assert opened() == ["marta-0@example.org", "marta-2@example.org"]
    assert Outbox.objects.filter(kind="empty_log").exists()


def never_link_of(subscription):
    return f"/comments/mail/never/{no_mail.token_of(subscription.contact_id)}/"


@pytest.mark.parametrize("then", [1, 2])
def test_an_old_link_ends_what_is_wanted_and_takes_it_back_under_new_index_keys(client, settings, then):
    theirs, others = subscribed(email="marta@example.org"), subscribed(email="ana@example.org")
    for subscription in (theirs, others):
        subscriptions.confirm(subscription)
    never = never_link_of(theirs)
    for _ in range(then):
        new_keys(settings)
        rotated()
    client.post(never)
    outbox.run_due(HANDLERS)
    theirs.refresh_from_db()
    others.refresh_from_db()
    assert (theirs.ended_at is None, others.ended_at is None) == (False, True)
    assert "We’ll never email this address again" in client.get(never).content.decode()
    assert no_mail.is_unwanted([theirs.contact.mailbox])
    client.post(never, {"allow": "1"})
    assert not NoMail.objects.exists()


def test_an_old_link_takes_back_a_refusal_that_moved_to_a_new_key(client, settings):
    theirs = subscribed(email="marta@example.org")
    never = never_link_of(theirs)
    client.post(never)
    refused = client.get(never).content
    new_keys(settings)
    rotated()
    assert client.get(never).content == refused
    client.post(never, {"allow": "1"})
    assert not no_mail.is_unwanted(addresses.mailboxes(theirs.contact_id))


def test_an_old_link_works_although_the_key_of_another_address_is_lost(client, settings):
    with_lost = subscribed(email="ana@example.org")
    client.post(never_link_of(with_lost))
    settings.CONTACT_KEYS = [Fernet.generate_key().decode()]
    theirs = subscribed(email="marta@example.org")
    never = never_link_of(theirs)
    client.post(never)
    new_keys(settings)
    with pytest.raises(CommandError):
        rotated()
    client.post(never, {"allow": "1"})
    assert not no_mail.is_unwanted(addresses.mailboxes(theirs.contact_id))
