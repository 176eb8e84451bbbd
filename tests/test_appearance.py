"""The owner's name and look of the site: on every page, in mails and feeds; from the environment until something is chosen."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from lupussite import appearance, remembered, staff_mail
from lupussite.models import Appearance, Page
from mail import outbox
from tests.factories import make_published, make_user

pytestmark = pytest.mark.django_db
PATH = "/admin/lupussite/appearance/1/change/"
BLANK = {
    **dict.fromkeys(("name", "motto", "home_title", "home_introduction", "emergency_number", "footer", "owner"), ""),
    **dict.fromkeys(("contact_email", "owner_address", "processors", "complaint_authority", "imprint"), ""),
    "colors": "damson",
}


def choose(client, **fields):
    """Send the owner's form and return the answer."""
    return client.post(PATH, BLANK | fields)


def test_readers_see_what_the_owner_chose(admin_client, client):
    make_published()
    chosen = {
        "name": "  Wolf &  Butterfly ",
        "motto": "Lupus, in plain words",
        "home_title": "Start here",
        "home_introduction": "We write <for> you.\r\n\r\nSince 1999.",
        "footer": "A charity.\r\n\r\nNo. 12345\r\n",
        "emergency_number": "112",
        "owner": "The Trust",
        "contact_email": "hello@example.org",
    }
    assert choose(admin_client, **chosen).status_code == 302
    home = client.get("/")
    assertContains(home, "<title>Start here - Wolf &amp; Butterfly</title>", html=True)
    assertContains(home, '<p class="motto">Lupus, in plain words</p>', html=True)
    assertContains(home, "<h1>Start here</h1>", html=True)
    assertContains(home, "<p>We write &lt;for&gt; you.</p>", html=True)
    assertContains(home, "<p>A charity.</p><p>No. 12345</p>", html=True)
    assertContains(home, "In an emergency, call 112.")
    assertContains(home, "mailto:hello@example.org")
    about = client.get("/about/")
    assertContains(about, "Wolf &amp; Butterfly is run by The Trust.")
    assertContains(client.get("/comment-rules/"), "call 112.")
    assertContains(client.get("/.well-known/security.txt"), "mailto:hello@example.org")


def test_the_form_says_what_a_blank_field_stands_for(admin_client, settings):
    settings.SITE_NAME, settings.SITE_OWNER = "Wolf & <Butterfly>", ""
    page = admin_client.get(PATH)
    assertContains(page, "While this is blank, it&#x27;s “Wolf &amp; &lt;Butterfly&gt;”, as the environment says.")
    assertContains(page, "While this is blank", count=1)


def test_the_name_is_in_cards_data_feeds_mails_errors_and_the_admin(admin_client, client, settings):
    article = make_published()
    choose(admin_client, name="Wolf & Butterfly", motto="In plain words", owner="")
    page = client.get(article.get_absolute_url())
    assertContains(page, '<meta property="og:site_name" content="Wolf &amp; Butterfly">', html=True)
    assertContains(page, '"name": "Wolf \\u0026 Butterfly"')
    feed = client.get("/feed/")
    assertContains(feed, "<title>Wolf &amp; Butterfly</title>")
    assertContains(feed, "<subtitle>In plain words</subtitle>")
    assertContains(client.get("/nothing/"), "Wolf &amp; Butterfly</title>", status_code=404)
    assertContains(admin_client.get("/admin/"), "Wolf &amp; Butterfly admin")
    staff_mail.invite(make_user(email="new@example.org"))
    outbox.run_due(staff_mail.HANDLERS)
    assert "Wolf & Butterfly" in mail.outbox[0].body
    assert mail.outbox[0].from_email == f"Wolf & Butterfly <{settings.EMAIL_FROM}>"


def test_what_is_blank_is_as_the_environment_says(admin_client, client, settings):
    settings.SITE_NAME, settings.SITE_OWNER, settings.CONTACT_EMAIL = "From outside", "Somebody", "out@example.org"
    choose(admin_client, motto="Only this")
    page = client.get("/about/")
    for words in ("From outside", "Somebody", "out@example.org", "Only this"):
        assertContains(page, words)
    assertContains(page, "call your local emergency number.")
    choose(admin_client, name="From inside", owner="The Trust")
    assertContains(client.get("/about/"), "From inside is run by The Trust.")


def test_a_page_costs_no_query_for_it(admin_client, client, django_assert_num_queries):
    choose(admin_client, name="Wolf")
    assertContains(client.get("/about/"), "Wolf")
    with django_assert_num_queries(0):
        assertContains(client.get("/about/"), "Wolf")


def test_a_page_that_says_that_the_database_is_away_asks_it_nothing(admin_client, client, django_assert_num_queries):
    choose(admin_client, name="Wolf")
    client.get("/about/")
    with django_assert_num_queries(0):
        assert appearance.known().name == "Wolf"


class Watch:
    """Stands for the watch of the ready copies."""

    def __init__(self, is_exact):
        self.is_exact, self.now = is_exact, 0

    def token(self):
        """Return what it was set to."""
        return self.now


@pytest.mark.parametrize(
    ("is_exact", "seconds", "token", "expected"),
    [
        (True, 1000, 0, "old"),
        (True, 0, 1, "new"),
        (True, 0, None, "new"),
        (False, 0.05, 0, "old"),
        (False, 0.2, 0, "new"),
        (False, 0.05, 1, "new"),
    ],
)
def test_a_process_reads_again_once_something_was_written_anywhere(is_exact, seconds, token, expected):
    now = [0.0]
    memory = remembered.Remembered(clock=lambda: now[0])
    memory.watch = Watch(is_exact)
    assert memory.get(lambda: "old", "") == "old"
    now[0], memory.watch.now = seconds, token
    assert memory.get(lambda: "new", "") == expected


def test_a_process_without_a_watch_reads_again_within_a_second(monkeypatch):
    monkeypatch.undo()
    now = [0.0]
    memory = remembered.Remembered(clock=lambda: now[0])
    memory.get(lambda: "old", "")
    now[0] = 0.5
    assert memory.get(lambda: "new", "") == "old"
    now[0] = 1.0
    assert memory.get(lambda: "new", "") == "new"


def test_the_preview_shows_what_is_not_saved_yet_and_readers_do_not_see_it(admin_client, client):
    page = choose(admin_client, name="Not yet", home_title="Soon", _preview="1")
    assertContains(page, "Nothing is saved yet.")
    assertContains(page, 'value="Not yet"')
    frames = re.findall(r'<iframe src="([^"]*)"', page.content.decode())
    assert [frame.rpartition("=")[2] for frame in frames] == ["light", "dark"]
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    for frame in frames:
        shown = admin_client.get(frame)
        assertContains(shown, "<h1>Soon</h1>", html=True)
        assertContains(shown, f'data-scheme="{frame.rpartition("=")[2]}"')
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assertNotContains(client.get("/"), "Soon")
    assert not Appearance.objects.exists()


def test_every_other_page_still_cannot_be_framed(admin_client):
    assert "frame-ancestors 'none'" in admin_client.get(PATH).headers["Content-Security-Policy"]


def test_each_change_is_in_the_history_with_what_was_before(admin_client, admin_user):
    choose(admin_client, name="One")
    choose(admin_client, name="Two", emergency_number="911")
    entry = LogEntry.objects.latest("pk")
    assert entry.user == admin_user
    assert "“One” is now “Two”" in entry.change_message
    assert "“” is now “911”" in entry.change_message
    assertContains(admin_client.get("/admin/lupussite/appearance/1/history/"), "is now “Two”")
    choose(admin_client, name="Two", emergency_number="911")
    assert LogEntry.objects.latest("pk") == entry


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"emergency_number": "call us"}, "such as 911 or 112"),
        ({"footer": "line\n" * 9}, "up to 8 lines"),
        ({"contact_email": "nobody"}, "valid email"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"colors": "pink"}, "Select a valid choice"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_and_everything_stays_typed(admin_client, fields, words):
    page = choose(admin_client, motto="Kept words", **fields)
    assertContains(page, words)
    assertContains(page, 'value="Kept words"')
    assert not Appearance.objects.exists()


def test_there_is_one_row_and_only_checked_colors():
    Appearance.objects.create(pk=1)
    for wrong in (Appearance(pk=2), Appearance(pk=1, colors="pink")):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_pages_with_a_place_are_in_the_menu_while_they_are_online(client):
    help_us = Page.objects.create(title="How to help", slug="help", menu_place=2, is_public=True)
    Page.objects.create(title="Team", slug="team", menu_place=1, is_public=True)
    Page.objects.create(title="Hidden", slug="hidden", menu_place=3)
    Page.objects.create(title="Elsewhere", slug="elsewhere", is_public=True)
    menu = re.search(r'<nav aria-label="Main">.*?</nav>', client.get("/pages/help/").content.decode(), re.DOTALL)[0]
    assert re.findall(r">([^<>]+)</a>", menu) == ["Articles", "Search", "About", "Team", "How to help"]
    assert f'href="{help_us.get_absolute_url()}" aria-current="page"' in menu
    help_us.delete()
    assertNotContains(client.get("/about/"), "How to help")


def test_about_can_leave_the_menu_and_the_imprint_is_on_every_page(admin_client, client):
    imprint = Page.objects.create(title="Imprint", slug="imprint")
    choose(admin_client, imprint=imprint.pk, hides_about="on")
    page = client.get("/articles/").content.decode()
    assert ">About</a>" not in page
    assert ">About us</a>" in page
    assert "Imprint" not in page
    imprint.is_public = True
    imprint.save()
    assertContains(client.get("/privacy/"), '<a href="/pages/imprint/">Imprint</a>')
