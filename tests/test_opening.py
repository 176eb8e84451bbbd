"""The list of what an owner does before opening: it says what is true, leads to where it is done, and goes when all is done."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from comments.models import HelpLine
from lupussite.models import Appearance, MailTried, Page
from tests.factories import make_user
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
POINTS = [
    *("Name", "Owner", "Imprint", "Contact", "Help lines", "Email tried", "Backup made", "Second factor"),
    *("One clinician", "Two moderators"),
]


@pytest.fixture
def owner(client, settings, tmp_path):
    """A new owner, of a site that has nothing yet."""
    settings.DATA_DIR, settings.SITE_IS_NAMED = tmp_path, False
    settings.SITE_OWNER = settings.CONTACT_EMAIL = ""
    HelpLine.objects.all().delete()
    owner = make_user(is_superuser=True, email="owner@example.org")
    client.force_login(owner)
    return owner


def states(client):
    """Return point -> what the list says of it; nothing when there is no list."""
    page = client.get("/admin/").content.decode()
    if "Before you open" not in page:
        return {}
    return dict(re.findall(r'<th scope="row">([^<]+)</th>\s*<td><strong class="\w+">([^<]+)<', page))


def imprint():
    return Page.objects.create(title="Imprint", slug="imprint", is_public=True)


def look(**fields):
    Appearance.objects.update_or_create(pk=1, defaults=fields)


def back_up(tmp_path):
    (tmp_path / "last-backup.json").write_text(json.dumps({"made_at": timezone.now().isoformat(), "path": None, "size": None}))


def done(tmp_path, owner):
    """Return what does each point."""
    return {
        "Name": lambda: look(name="Wolf"),
        "Owner": lambda: look(owner="The Trust"),
        "Imprint": lambda: look(imprint=imprint()),
        "Contact": lambda: look(contact_email="hello@example.org"),
        "Help lines": lambda: HelpLine.objects.create(country="Everywhere", name="A line", how="112"),
        "Email tried": MailTried.note,
        "Backup made": lambda: back_up(tmp_path),
        "Second factor": lambda: Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={}),
        "One clinician": lambda: make_user("Clinicians"),
        "Two moderators": lambda: [make_user("Moderators"), make_user("Moderators")],
    }


def test_a_new_site_has_everything_to_do_and_each_point_leads_to_a_page_that_opens(client, owner):
    assert states(client) == dict.fromkeys(POINTS, "To do")
    part = client.get("/admin/").content.decode().partition("Before you open")[2].partition("</table>")[0]
    links = re.findall(r'href="([^"#]+)', part)
    assert len(links) == len(POINTS) - 1  # Email has a button.
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


@pytest.mark.parametrize("point", POINTS)
def test_each_point_is_done_by_doing_it_and_by_nothing_else(client, owner, tmp_path, point):
    done(tmp_path, owner)[point]()
    expected = dict.fromkeys(POINTS, "To do") | {point: "Done"}
    assert states(client) == expected


def test_the_list_goes_away_when_all_is_done_and_comes_back_when_something_is_not(client, owner, tmp_path):
    for do in done(tmp_path, owner).values():
        do()
    assert states(client) == {}
    Page.objects.update(is_public=False)
    Appearance.objects.get().save()
    assert states(client)["Imprint"] == "To do"


def test_the_imprint_is_led_to_step_by_step(client, owner):
    def part():
        return client.get("/admin/").content.decode().partition("Imprint</th>")[2].partition("</tr>")[0]

    assert "/admin/lupussite/page/add/" in part()
    page = Page.objects.create(title="Imprint & more", slug="imprint")
    assert "/admin/lupussite/appearance/1/change/#id_imprint" in part()
    look(imprint=page)
    assert f"/admin/lupussite/page/{page.pk}/change/" in part()
    assert "Imprint &amp; more" in part()


def test_an_environment_that_says_it_counts_as_much(client, owner, settings):
    settings.SITE_IS_NAMED, settings.SITE_OWNER, settings.CONTACT_EMAIL = True, "The Trust", "hello@example.org"
    found = states(client)
    assert [found[name] for name in ("Name", "Owner", "Contact")] == ["Done"] * 3


def test_a_clinician_is_not_one_of_the_two_moderators(client, owner):
    make_user("Clinicians")
    make_user("Moderators")
    assert states(client)["Two moderators"] == "To do"
    assertContains(client.get("/admin/"), "Invite one more.")
    make_user("Moderators", is_active=False)
    assert states(client)["Two moderators"] == "To do"
    make_user("Moderators")
    assert states(client)["Two moderators"] == "Done"


def test_another_owner_without_a_second_factor_is_named(client, owner):
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    make_user(username="careless", is_superuser=True)
    assertContains(client.get("/admin/"), "Anyone with the password could log in as: careless.")


def test_only_owners_see_it(client, owner):
    client.force_login(make_user("Clinicians"))
    assertNotContains(client.get("/admin/"), "Before you open")


def test_the_button_sends_an_email_and_that_is_kept(client, owner):
    answer = client.post("/admin/doctor/mail/", follow=True)
    assertContains(answer, "sent to owner@example.org: see if it arrives")
    assert mail.outbox[0].to == ["owner@example.org"]
    assert states(client)["Email tried"] == "Done"
    assertRedirects(client.get("/admin/doctor/mail/"), "/admin/")
    assert len(mail.outbox) == 1


def test_mail_that_does_not_go_out_was_not_tried(client, owner, settings):
    with mail_server() as there:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.server.MailServer", "127.0.0.1", there.port
        there.refuses_all = True
        assertContains(client.post("/admin/doctor/mail/", follow=True), "the mail server takes nothing")
    assert states(client)["Email tried"] == "To do"
    settings.MAIL_LACKS = ["EMAIL_URL"]
    MailTried.note()
    assert states(client)["Email tried"] == "To do"
    assertContains(client.get("/admin/"), "Set EMAIL_URL in the environment.")
