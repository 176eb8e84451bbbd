"""A public site says who runs it and how to reach them; until it does, its staff see that in red."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from lupussite.doctor.outside import missing_for_readers
from lupussite.run import preparation


@pytest.fixture
def public(settings):
    settings.HTTPS, settings.SITE_OWNER, settings.CONTACT_EMAIL = True, "", ""
    settings.OWNER_ADDRESS = settings.PROCESSORS = settings.COMPLAINT_AUTHORITY = "Said"
    return settings


def test_a_site_on_this_machine_misses_nothing(settings):
    settings.HTTPS, settings.SITE_OWNER, settings.CONTACT_EMAIL = False, "", ""
    assert missing_for_readers() == []


def test_each_thing_that_is_set_is_no_longer_missed(public):
    assert len(missing_for_readers()) == 2
    public.SITE_OWNER = "The owner"
    assert missing_for_readers() == ["“Contact email” under “Name and look” is blank: readers can't reach you."]
    public.CONTACT_EMAIL = "contact@example.org"
    assert missing_for_readers() == []


def test_staff_see_it_on_every_page_of_the_admin_and_readers_do_not(public, admin_client, client):
    assertContains(admin_client.get("/admin/"), "readers can&#x27;t see who runs this site")
    assertContains(admin_client.get("/admin/comments/queued/"), 'class="errornote"')
    assertNotContains(client.get("/"), "SITE_OWNER")


@pytest.mark.parametrize(
    ("name", "label"),
    [("OWNER_ADDRESS", "Postal address"), ("PROCESSORS", "Who works for you"), ("COMPLAINT_AUTHORITY", "Where to complain")],
)
def test_what_the_privacy_page_has_to_say_is_missed_until_it_is_set_and_then_said(public, admin_client, client, name, label):
    assertContains(client.get("/privacy/"), "Said")
    public.SITE_OWNER, public.CONTACT_EMAIL = "The owner", "contact@example.org"
    setattr(public, name, "")
    (sentence,) = missing_for_readers()
    assert sentence.startswith(f"“{label}” under “Name and look” is blank: ")
    assertContains(admin_client.get("/admin/"), sentence.partition(": ")[0])
    assertContains(admin_client.get("/admin/lupussite/appearance/1/change/"), f"{label}:")


@pytest.mark.django_db
def test_the_site_says_it_when_it_starts(public):
    said = []
    preparation.prepare(said.append)
    assert "“Who runs the site” under “Name and look” is blank: readers can't see who runs this site." in said
