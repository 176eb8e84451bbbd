"""What is not well is red, on the command line, for machines that watch, and on the pages of the staff; what is well is not."""

import contextlib
import datetime
import io
import json
import socket
import ssl
import subprocess
import threading
import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from comments.models import HelpLine
from lupussite.backups import making
from lupussite.doctor import examination, machine, outside, running
from lupussite.models import Appearance
from lupussite.run import worker
from mail import outbox, server
from mail.models import Outbox
from tests.factories import make_user
from tests.mail_server import mail_server


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def public(settings, data_dir):
    """A public site on which everything is well but what a test changes; nobody asks its certificate."""
    settings.HTTPS, settings.SITE_OWNER, settings.CONTACT_EMAIL = True, "The owner", "contact@example.org"
    running.worker_is_alive()
    return settings


def use(settings, port):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.server.MailServer", "127.0.0.1", port


def note_backup(folder, **changes):
    path = folder / "lupus-2026-11-30-030000.tar.gz"
    last = {"made_at": timezone.now().isoformat(), "path": str(path), "size": path.stat().st_size if path.exists() else 0}
    (folder / making.LAST).write_text(json.dumps(last | changes))


# --- The command


@pytest.mark.django_db
def test_the_command_prints_a_line_each_and_fails_while_one_is_red(data_dir):
    said = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=said)
    lines = said.getvalue().splitlines()
    assert {line.split("  ")[0].strip() for line in lines} == {"ok", "RED"}
    assert lines == sorted(lines, key=lambda line: line.startswith("RED"))
    assert any(line.startswith("ok   Database") for line in lines)
    assert any(line.startswith("RED  Help lines") for line in lines)
    assert any(line.startswith("RED  Backup") for line in lines)


@pytest.mark.django_db
def test_a_look_that_fails_is_red_and_keeps_no_other_from_being_taken(data_dir, monkeypatch):
    monkeypatch.setattr(machine, "_version", lambda: 1 / 0)
    found = {one.name: one for one in examination.examine()}
    assert found["Database"].words == "could not be looked at (ZeroDivisionError)"
    assert found["Disk"]


# --- What is looked at


@pytest.mark.django_db
def test_help_lines_and_a_clinician_are_needed():
    assert not outside.help_lines().well
    make_user("Moderators")
    make_user(is_superuser=True)
    make_user("Clinicians", is_active=False)
    assert not outside.clinician().well
    HelpLine.objects.create(country="Everywhere", name="A line", how="112")
    make_user("Clinicians")
    assert outside.help_lines().well
    assert outside.clinician().well


def test_what_others_on_the_machine_can_open_is_red(data_dir):
    (data_dir / "keys").mkdir(0o700)
    key = data_dir / "keys" / "secret-key"
    key.touch(0o600)
    assert machine.folders().well
    key.chmod(0o640)
    assert str(key) in machine.folders().words
    key.chmod(0o600)
    data_dir.chmod(0o755)
    assert f"open {data_dir}:" in machine.folders().words


@pytest.mark.django_db
def test_little_room_is_red_before_the_disk_is_full(data_dir, monkeypatch):
    monkeypatch.setattr(machine, "room", lambda: 200 * 1024**2)
    assert not machine.disk().well
    assert not machine.is_full()
    monkeypatch.setattr(machine, "room", lambda: 1024**2)
    assert machine.is_full()


@pytest.mark.django_db
def test_a_clock_that_went_back_is_red():
    assert machine.clock().well
    Outbox.objects.create(kind="x", due_at=timezone.now(), created_at=timezone.now() + datetime.timedelta(hours=1))
    assert "it went back" in machine.clock().words


def test_a_worker_that_is_silent_is_red(monkeypatch):
    assert not running.worker().well
    running.worker_is_alive()
    assert running.worker().well
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + running.SILENT + 1)
    assert not running.worker().well


def test_a_site_that_an_update_left_closed_is_red(data_dir):
    running.worker_is_alive()
    (data_dir / "readers-only").write_text("database\n")
    assert "script/update" in running.worker().words


@pytest.mark.django_db
def test_what_waits_too_long_is_red_and_what_is_planned_is_not():
    hours = datetime.timedelta(hours=1)
    now = timezone.now()
    Outbox.objects.create(kind="planned", due_at=now + 30 * hours, created_at=now - 30 * hours)
    Outbox.objects.create(kind="was_planned", due_at=now, created_at=now - 30 * hours)
    assert running.tasks().well
    Outbox.objects.create(kind="digest", due_at=now + hours / 2, failed_at=now, created_at=now - 3 * hours)
    assert running.tasks().words == "“digest” has been waiting for 3 hours"
    outbox.sleep()
    assert "wake" in running.tasks().words


@pytest.mark.django_db
def test_a_backup_is_there_opens_is_private_and_is_not_old(data_dir):
    assert "none yet" in running.backup().words
    path = data_dir / "lupus-2026-11-30-030000.tar.gz"
    note_backup(data_dir)
    assert "No such file" in running.backup().words
    path.write_bytes(b"not one")
    note_backup(data_dir)
    assert "no backup of this site" in running.backup().words
    note_backup(data_dir, size=99)
    assert "no longer what was saved" in running.backup().words
    note_backup(data_dir, made_at=(timezone.now() - datetime.timedelta(days=3)).isoformat())
    assert running.backup().words == "the last one is 3 days old"
    (data_dir / making.LAST).write_text("{")
    assert not running.backup().well


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.django_db(transaction=True)
def test_a_backup_that_was_just_made_is_well(data_dir, monkeypatch):
    # The copy is checked by a process of its own, which looks for the site's keys in this folder. tests/backups/ has those.
    monkeypatch.setattr(making, "_verified", lambda path: contextlib.nullcontext())
    path, _ = making.backup(data_dir)
    assert running.backup().well, running.backup().words
    path.chmod(0o644)
    assert "other people" in running.backup().words


@pytest.mark.django_db
def test_the_mail_server_is_really_asked_and_sent_to(settings):
    with mail_server() as there:
        use(settings, there.port)
        assert running.mail_server().well
        assert there.mails == []
        assert running.mail_server("owner@example.org").well
        assert "email from" in there.mails[0]
        there.refused = ["owner@"]
        assert running.mail_server("owner@example.org").words == "the mail server takes nothing (SMTPRecipientsRefused)"
    assert "ConnectionRefusedError" in running.mail_server().words


@pytest.mark.django_db
def test_a_mail_server_that_hangs_is_given_up(settings, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.2)
    with mail_server() as there:
        there.hangs = 1
        use(settings, there.port)
        assert not running.mail_server().well


@pytest.mark.django_db
def test_mail_that_is_not_set_up_is_red_and_kept(settings):
    settings.EMAIL_BACKEND, settings.MAIL_LACKS = "mail.server.NoServer", ["EMAIL_URL", "EMAIL_FROM"]
    assert "EMAIL_URL, EMAIL_FROM" in running.mail_server().words
    from django.core.mail import send_mail

    with pytest.raises(server.NotSetUp, match="EMAIL_URL and EMAIL_FROM"):
        send_mail("Subject", "Body", None, ["reader@example.org"])


# --- Mail that is down


def send():
    from django.core.mail import send_mail

    send_mail("Subject", "Body", None, ["reader@example.org"])


def test_mail_is_down_when_nothing_has_gone_out_for_an_hour(settings, monkeypatch):
    with mail_server() as there:
        use(settings, there.port)
        there.refuses_all = True
        with pytest.raises(OSError, match="451"):
            send()
        first = server.fails_since()
        assert not running.mail_is_down()
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3700)
        with pytest.raises(OSError, match="451"):
            send()
        assert server.fails_since() == first
        assert running.mail_is_down()
        there.refuses_all = False
        send()
        assert not running.mail_is_down()


def test_an_address_that_is_refused_is_no_failure_of_the_server(settings):
    with mail_server() as there:
        use(settings, there.port)
        there.refused = ["reader@"]
        with pytest.raises(OSError, match="550"):
            send()
    assert server.fails_since() is None


# --- Without a cache


@pytest.fixture
def no_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/1"}}


@pytest.mark.django_db
def test_without_a_cache_mail_goes_out_once_and_the_worker_goes_on(no_cache, settings):
    with mail_server() as there:
        use(settings, there.port)
        outbox.add("urgent")
        handlers = {"urgent": lambda payload: send()}
        worker.run_once(handlers | dict.fromkeys([*worker.DAILY, "digest"], lambda payload: None))
        assert len(there.mails) == 1
        assert not Outbox.objects.filter(kind="urgent", done_at=None).exists()


def test_without_a_cache_the_staff_and_machines_are_told(no_cache, public, admin_client, client):
    assert client.get("/healthz").status_code == 200
    answer = client.get("/healthz?full")
    assert (answer.status_code, answer.json()["cache"]) == (503, "does not answer")
    examination.note_red_lines([])
    assertContains(admin_client.get("/admin/"), "Cache: it doesn&#x27;t answer")


# --- For machines that watch


@pytest.mark.django_db
def test_health_is_only_about_pages_and_full_health_about_the_rest(client, data_dir, monkeypatch):
    assert client.get("/healthz").status_code == 200
    answer = client.get("/healthz?full")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "worker": "not heard from for five minutes", "disk": "ok", "mail": "ok"}
    running.worker_is_alive()
    assert client.get("/healthz?full").status_code == 200
    monkeypatch.setattr(machine, "room", lambda: 0)
    cache.set(server.KEY, time.time() - 3700)
    answer = client.get("/healthz?full")
    assert (answer.status_code, answer.json()["disk"], answer.json()["mail"]) == (
        503,
        "full or not writable",
        "nothing went out for an hour",
    )
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_both(client, monkeypatch):
    def fail(*args):
        raise OperationalError("no")

    monkeypatch.setattr(connection, "cursor", fail)
    assert client.get("/healthz").status_code == client.get("/healthz?full").status_code == 503


# --- For the staff


def test_red_lines_are_on_the_pages_of_the_staff_and_green_ones_are_not(public, admin_client, client, monkeypatch):
    monkeypatch.setattr(outside, "certificate", lambda: outside.Finding("Certificate", False, "browsers warn of it"))
    examination.note_red_lines()
    for address in ("/admin/comments/queued/", "/admin/articles/article/desk/", "/admin/"):
        page = admin_client.get(address)
        assertContains(page, "Certificate: browsers warn of it")
        assertContains(page, "Backup: there")
        assertNotContains(page, "Worker:")
    assertNotContains(client.get("/"), "browsers warn")
    # Whoever mends it and looks again is not told for another ten minutes.
    monkeypatch.setattr(outside, "certificate", lambda: outside.Finding("Certificate", True, "ends in 60 days"))
    admin_client.get("/admin/doctor/")
    assertNotContains(admin_client.get("/admin/"), "browsers warn")


def test_a_dead_worker_is_red_on_the_pages_although_it_cannot_say_so(public, moderator, client):
    cache.delete(running.KEY)
    client.force_login(moderator)
    assertContains(client.get("/admin/comments/queued/"), "Worker: not heard from for five minutes")


def test_the_page_of_the_doctor_is_the_owners(data_dir, admin_client, client, moderator):
    page = admin_client.get("/admin/doctor/")
    assertContains(page, "Needs work")
    assertContains(page, "Help lines")
    client.force_login(moderator)
    assert client.get("/admin/doctor/").status_code == 403


# --- The certificate


def certified(folder, name, days):
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/key.pem -out {folder}/cert.pem -days {days}"
    command += f" -subj /CN={name} -addext subjectAltName=DNS:{name}"
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("trusted", "days", "well", "words"),
    [(True, 60, True, "ends in 59 days"), (True, 3, False, "ends in"), (False, 60, False, "browsers warn")],
)
def test_the_certificate_is_seen_as_a_browser_sees_it(settings, tmp_path, monkeypatch, trusted, days, well, words):
    context = certified(tmp_path, "localhost", days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            try:
                accepted, _ = listening.accept()
                with accepted, context.wrap_socket(accepted, server_side=True) as talk:
                    talk.recv(1)
            except OSError:
                pass  # Who does not trust it hangs up.

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        settings.SITE_URL = f"https://localhost:{listening.getsockname()[1]}"
        found = outside.certificate()
        thread.join(5)
    assert (found.well, words in found.words) == (well, True), found


def test_a_site_that_nobody_reaches_is_red(settings):
    settings.SITE_URL = "https://127.0.0.1:1"
    assert not outside.certificate().well


def test_what_the_staff_just_mended_is_red_no_longer(public, admin_client, monkeypatch):
    monkeypatch.setattr(outside, "certificate", lambda: outside.Finding("Certificate", False, "browsers warn of it"))
    public.SITE_OWNER = ""
    HelpLine.objects.all().delete()
    examination.note_red_lines()
    page = admin_client.get("/admin/")
    assertContains(page, "Help lines: there are none")
    assertContains(page, "“Who runs the site” under “Name and look” is blank")
    HelpLine.objects.create(country="Everywhere", name="A line", how="112")
    Appearance(pk=1, owner="The Trust").save()
    page = admin_client.get("/admin/")
    assertNotContains(page, "Help lines: there are none")
    assertNotContains(page, "“Who runs the site”")
    assertContains(page, "Certificate: browsers warn of it")
