"""What script/install asks of manage.py: the first owner's link, and the pages that the server in front shows alone."""

import datetime
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from lupussite.models import Appearance
from lupussite.run import worker
from tests.running import ROOT


def invited(address):
    said = io.StringIO()
    call_command("invite_owner", address, stdout=said)
    return said.getvalue().strip()


@pytest.mark.django_db
def test_the_first_owner_chooses_a_password_at_a_link_and_another_link_is_printed_until_then(client, settings):
    assert invited("owner@example.org")
    link = invited("Owner@Example.org")
    (owner,) = User.objects.all()
    assert (owner.is_superuser, owner.is_staff, owner.has_usable_password()) == (True, True, False)
    form = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    words = {"new_password1": "a long enough password", "new_password2": "a long enough password"}
    client.post(form.redirect_chain[-1][0], words)
    owner.refresh_from_db()
    assert owner.check_password("a long enough password")
    with pytest.raises(CommandError, match="script/manage login_link owner"):
        invited("other@example.org")


@pytest.mark.django_db
def test_who_starts_anew_with_another_address_is_another_owner():
    invited("owner@exmaple.org")
    invited("owner@example.org")
    assert sorted(User.objects.values_list("username", "email")) == [
        ("owner", "owner@exmaple.org"),
        ("owner-2", "owner@example.org"),
    ]
    with pytest.raises(CommandError, match="is no email address"):
        invited("owner")


def test_the_pages_of_the_server_in_front_need_nothing_of_the_site(tmp_path, settings):
    settings.SITE_NAME = "The <Library>"
    call_command("error_files", str(tmp_path / "down"))
    assert {path.name for path in (tmp_path / "down").iterdir()} == {"down.html", "413.html", "site.css"}
    for page in ("down.html", "413.html"):
        text = (tmp_path / "down" / page).read_text()
        assert "The &lt;Library&gt;" in text
        assert re.findall(r'(?:href|src)="([^"]*)"', text) == ["/.down/site.css", "/"]
    assert (tmp_path / "down/site.css").read_bytes() == (ROOT / "lupussite/static/lupussite/site.css").read_bytes()


@pytest.mark.django_db
def test_the_worker_keeps_them_as_the_owner_has_it_in_the_admin(tmp_path, settings):
    settings.DOWN_PAGES = str(tmp_path / "down")
    worker.run_once({})
    down = tmp_path / "down" / "down.html"
    assert "Lupus Library" in down.read_text()
    Appearance(pk=1, name="Wolf & Moon", colors="teal").save()
    minute_ago = timezone.localtime() - datetime.timedelta(minutes=1)
    worker.run_once({}, seen=minute_ago)
    assert "Wolf &amp; Moon" in down.read_text()
    assert "/.down/colors.css" in down.read_text()
    teal = ROOT / "lupussite/static/lupussite/colors/teal.css"
    assert (tmp_path / "down" / "colors.css").read_bytes() == teal.read_bytes()
    assert {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "down").iterdir()} == {"0o644"}


@pytest.mark.django_db
def test_the_worker_goes_on_when_it_cannot_write_them(tmp_path, settings):
    (tmp_path / "file").touch()
    settings.DOWN_PAGES = str(tmp_path / "file" / "down")
    assert worker.run_once({})


def test_nginx_names_what_error_files_writes():
    config = (ROOT / "deploy/nginx.conf").read_text()
    assert set(re.findall(r"/\.down/([\w.]+);", config)) == {"down.html", "413.html"}
    assert "alias /srv/lupus/down/;" in config
