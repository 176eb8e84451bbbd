"""How people come to an account, back into it, and away from it: links in mails, roles in sentences, leaving."""

import datetime
import io
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from articles.assignment import assign
from comments.flows import claims
from lupussite.run import worker
from mail import outbox
from mail.models import Outbox
from tests.accounts.logging_in import give_app, log_in
from tests.factories import make_article, make_comment, make_reviewer, make_user

pytestmark = pytest.mark.django_db
WORDS = {"new_password1": "four words of mine", "new_password2": "four words of mine"}


@pytest.fixture
def owner(client):
    """The owner, who is logged in."""
    owner = make_user(username="owner", is_superuser=True)
    client.force_login(owner)
    return owner


def links():
    """Do what waits, and return the links to choose a password that were mailed."""
    outbox.run_due(worker.all_handlers())
    return [re.search(r"http://\S+(/admin/welcome/\S+)", sent.body)[1] for sent in mail.outbox]


def group(name):
    return make_user(name).groups.get().pk


def test_the_owner_invites_somebody_who_chooses_a_password_and_is_in(client, owner):
    page = client.get("/admin/accounts/user/add/")
    assertContains(page, "Moderators: read every comment and decide which ones readers see.")
    assertNotContains(page, "is_staff")
    assertNotContains(page, "permission")
    form = {"email": "ida@example.org", "username": "ida", "first_name": "", "last_name": "", "groups": [group("Moderators")]}
    client.post("/admin/accounts/user/add/", form)
    ida = User.objects.get(username="ida")
    assert ida.is_staff
    assert not ida.is_superuser
    assert not ida.has_usable_password()
    [address] = links()
    assert mail.outbox[0].to == ["ida@example.org"]
    assert "- Moderators: read every comment" in mail.outbox[0].body
    browser = Client()
    page = browser.get(address, follow=True)
    assertContains(page, "Your username is ida")
    page = browser.post(page.request["PATH_INFO"], WORDS, follow=True)
    assertContains(page, "Your password is saved")
    assert log_in(browser, ida, password="four words of mine").request["PATH_INFO"] == "/admin/"


def test_an_invitation_needs_an_address(client, owner):
    page = client.post("/admin/accounts/user/add/", {"email": "", "username": "ida"})
    assert page.status_code == 200
    assert not User.objects.filter(username="ida").exists()


def test_only_the_owner_invites(client):
    client.force_login(make_user("Editors", "Moderators", "Clinicians", "Privacy officers", "Medical reviewers"))
    for address in ("add/", "", f"{make_user().pk}/change/", f"{make_user().pk}/leave/"):
        assert client.get(f"/admin/accounts/user/{address}").status_code == 403


def test_a_link_works_once_and_the_others_end_with_it(client):
    user = make_user(email="ida@example.org")
    addresses = []
    for minutes in (0, 11):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
            client.post("/admin/forgotten/", {"email": " IDA@Example.org "})
            addresses = links()
    assert len(set(addresses)) == 2
    page = client.get(addresses[0], follow=True)
    client.post(page.request["PATH_INFO"], WORDS)
    user.refresh_from_db()
    assert user.check_password("four words of mine")
    for address in addresses:
        assertContains(Client().get(address, follow=True), "This link doesn't work anymore")


class WhileItIsChecked:
    """A rule for passwords that lets somebody else do something while it looks at the first one."""

    waiting = []

    def validate(self, password, user=None):
        if self.waiting:
            self.waiting.pop()()

    def get_help_text(self):
        return ""


def test_of_two_who_press_at_once_only_the_first_chooses_the_password(settings):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.WhileItIsChecked"}]
    user = make_user(email="ida@example.org")
    Client().post("/admin/forgotten/", {"email": "ida@example.org"})
    [address] = links()
    first, second = Client(), Client()
    page = first.get(address, follow=True).request["PATH_INFO"]
    second.get(address, follow=True)
    WhileItIsChecked.waiting.append(lambda: first.post(page, WORDS))
    answer = second.post(page, {"new_password1": "other words of mine", "new_password2": "other words of mine"}, follow=True)
    user.refresh_from_db()
    assert user.check_password("four words of mine")
    assertContains(answer, "This link doesn't work anymore")


def test_a_link_ends_after_two_days(client):
    make_user(email="ida@example.org")
    client.post("/admin/forgotten/", {"email": "ida@example.org"})
    [address] = links()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=47)):
        assertContains(client.get(address, follow=True), "Choose a password")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49)):
        assertContains(Client().get(address, follow=True), "This link doesn't work anymore")


def test_an_address_that_nobody_has_is_answered_alike(client, django_assert_num_queries):
    make_user(email="ida@example.org")
    make_user(email="gone@example.org", is_active=False)
    pages = []
    for address in ("ida@example.org", "nobody@example.org", "gone@example.org"):
        with django_assert_num_queries(2):
            pages.append(client.post("/admin/forgotten/", {"email": address}).content)
    assert pages[0] == pages[1] == pages[2]
    assert "example.org" not in str(Outbox.objects.values_list("payload", "key"))
    assert len(links()) == 1


def test_nobody_is_bombed_with_mail(client):
    make_user(email="ida@example.org")
    answers = [client.post("/admin/forgotten/", {"email": "ida@example.org"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert len(links()) == 1


def test_a_link_lets_in_who_was_locked_out(client):
    user = make_user(username="ida", email="ida@example.org")
    for number in range(10):
        Client(REMOTE_ADDR="192.0.2.66").post("/admin/login/", {"username": "ida", "password": f"wrong {number}"})
    assert log_in(client, user).status_code == 429
    client.post("/admin/forgotten/", {"email": "ida@example.org"})
    page = client.get(links()[0], follow=True)
    client.post(page.request["PATH_INFO"], WORDS)
    assert log_in(client, user, password="four words of mine").request["PATH_INFO"] == "/admin/"


def test_the_machine_gives_a_link_when_mail_is_broken(client):
    user = give_app(make_user(username="ida"))
    out = io.StringIO()
    call_command("login_link", "ida", "--forget-factors", stdout=out)
    address = out.getvalue().strip().removeprefix("http://127.0.0.1:8000")
    assertContains(client.get(address, follow=True), "Choose a password")
    assert not Authenticator.objects.filter(user=user).exists()
    with pytest.raises(CommandError, match="Nobody with an open account is called nobody"):
        call_command("login_link", "nobody")


def test_who_leaves_is_logged_out_and_what_waits_for_them_is_given_on(client, owner):
    reviewer = make_reviewer(user=make_user("Medical reviewers", "Moderators", "Editors", username="ida"))
    heir, comment = make_user("Editors"), make_comment()
    owned, to_read = make_article(owner=reviewer.user), make_article()
    assign([to_read.pk], by=owner, reviewer=reviewer)
    claims.claim(comment, by=reviewer.user)
    browser = Client()
    log_in(browser, reviewer.user)
    address = f"/admin/accounts/user/{reviewer.user.pk}/leave/"
    assertContains(client.get(address), "Give their articles to")
    page = client.post(address, {"heir": heir.pk}, follow=True)
    assertContains(page, "Given on: 2 articles, 1 comment.")
    assert browser.get("/admin/").status_code == 302
    for row in (owned, to_read, comment):
        row.refresh_from_db()
    assert (owned.owner, to_read.assigned_to, comment.claimed_by) == (heir, None, None)
    assert comment.events.latest().actor == owner
    assertContains(log_in(Client(), reviewer.user), "isn&#x27;t right")
    client.post(f"/admin/accounts/user/{reviewer.user.pk}/return/")
    assert log_in(Client(), reviewer.user).request["PATH_INFO"] == "/admin/"


def test_nobody_closes_their_own_account(client, owner):
    assert client.post(f"/admin/accounts/user/{owner.pk}/leave/", {"heir": ""}).status_code == 403
    assert client.post(f"/admin/accounts/user/{owner.pk}/return/").status_code == 403
    client.post(f"/admin/accounts/user/{owner.pk}/change/", {"username": "owner", "is_superuser": "on"})
    owner.refresh_from_db()
    assert owner.is_active


def test_roles_are_check_boxes_with_sentences(client, owner):
    other = make_user("Editors")
    page = client.get(f"/admin/accounts/user/{other.pk}/change/")
    assertContains(page, "Editors: write articles, send them to a reviewer and publish what is signed.")
    for gone in ("is_staff", "user_permissions", "Can add"):
        assertNotContains(page, gone)
    client.post(
        f"/admin/accounts/user/{other.pk}/change/", {"username": other.username, "groups": [group("Moderators")]}, follow=True
    )
    assert [role.name for role in other.groups.all()] == ["Moderators"]
    other.refresh_from_db()
    assert other.is_staff


def test_a_lost_phone_and_a_lost_passkey_are_taken_off_the_account(client, owner):
    other = give_app(make_user())
    Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Passkey 1"})
    client.post("/admin/accounts/user/", {"action": "take_factors", "_selected_action": [other.pk]})
    assert not Authenticator.objects.filter(user=other).exists()
