"""Starting and ending: what is prepared, what ends with one line, what comes back, what never stays behind."""

import concurrent.futures
import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.utils import timezone

from articles.models import Article
from lupussite.run import preparation, web_server, worker
from lupussite.run.processes import Child
from mail.models import Outbox
from tests.factories import make_published
from tests.running import ROOT, Site, form_fields, running_site, within


@pytest.mark.django_db
def test_empty_database_gets_articles_and_a_login_that_works():
    printed = []
    preparation.prepare(printed.append)
    login = next(line for line in printed if line.startswith("Login: "))
    name, password = login.removeprefix("Login: ").split("  ")[0].split(" / ")
    assert authenticate(username=name, password=password).is_superuser
    assert Article.objects.published().exists()


@pytest.mark.django_db
def test_prepared_database_is_left_alone():
    make_published()
    preparation.prepare(lambda line: None)
    printed = []
    preparation.prepare(printed.append)
    assert printed == []
    assert Article.objects.count() == 1
    assert get_user_model().objects.filter(is_superuser=True).count() == 1


@pytest.mark.django_db
def test_https_site_gets_no_demonstration_articles(settings):
    settings.HTTPS = True
    preparation.prepare(lambda line: None)
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_database_that_cannot_be_written_is_only_served(settings):
    settings.READ_ONLY_DATABASE = True
    printed = []
    preparation.prepare(printed.append)
    assert "serving readers only" in printed[0]
    assert not get_user_model().objects.exists()


def test_port_that_is_taken_ends_with_one_line(monkeypatch):
    monkeypatch.setattr(web_server, "PATIENCE", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"cannot listen on 127.0.0.1, port {port}: .*set PORT"):
            web_server.listen("127.0.0.1", port, 2)


def test_port_that_was_just_in_use_is_taken_by_as_many_as_serve():
    (listener,) = web_server.listen("127.0.0.1", 0, 1)
    with listener, socket.create_connection(listener.getsockname()):
        place = listener.getsockname()
    sockets = web_server.listen(*place, 2)
    assert [listener.getsockname() for listener in sockets] == [place, place]
    for listener in sockets:
        listener.close()


@pytest.mark.django_db
def test_retention_is_added_once_a_day():
    called = []
    hour = worker.run_once({"retention": called.append})
    worker.run_once({"retention": called.append}, seen=hour)
    worker.run_once({"retention": called.append})
    assert hour.date() == timezone.localdate()
    assert Outbox.objects.filter(kind="retention").count() == len(called) == 1


@pytest.fixture
def site(tmp_path):
    """A site in processes of its own that was not started yet."""
    site = Site(tmp_path)
    yield site
    if site.process is not None:
        site.kill()


def _processes(group: int, word: str = "") -> list[int]:
    """Return the living processes of a group whose command holds the word."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()  # Empty for one that is dead.
            if command and os.getpgid(int(process.name)) == group and word.encode() in command:
                found.append(int(process.name))
    return found


def test_life_of_a_site(site):
    """One test for what belongs together: starting takes seconds."""
    site.start()
    assert "Login: admin / " in site.printed()
    assert site.get("/")[0] == 200

    group = site.process.pid
    assert all(word in site.printed() for word in ("Preparing the database", f"Serving {site.url} (Ctrl-C ends it)"))
    for word in ("granian", "lupussite.run.worker"):
        first = _processes(group, word)
        os.kill(first[0], signal.SIGKILL)
        assert within(15, lambda word=word, first=first: set(_processes(group, word)) - set(first))
    assert within(15, lambda: site.get("/healthz")[0] == 200)

    assert site.stop() == 0
    assert _processes(group) == []

    begin = len(site.printed().encode())
    site.start()
    assert "Login" not in site.printed(begin)
    group = site.process.pid
    os.kill(group, signal.SIGKILL)
    assert within(10, lambda: not _processes(group))


def test_an_exchange_of_the_processes_turns_no_reader_away(tmp_path):
    with running_site(WEB_PROCESSES="2") as site:
        group = site.process.pid
        before = set(_processes(group, "granian")) | set(_processes(group, "lupussite.run.worker"))
        refused, answered, ending = [], [], threading.Event()

        def read():
            while not ending.is_set():
                try:
                    (answered if site.get("/")[0] == 200 else refused).append(1)
                except OSError as error:
                    refused.append(error)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        site.process.send_signal(signal.SIGUSR1)
        exchanged = within(60, lambda: "were exchanged" in site.printed())
        ending.set()
        for reader in readers:
            reader.join(30)
        assert exchanged
        assert answered
        assert refused == []
        assert not before & (set(_processes(group, "granian")) | set(_processes(group, "lupussite.run.worker")))


@pytest.mark.parametrize("lives", [True, False])
def test_a_process_that_says_it_is_ready_and_dies_is_not_ready(lives):
    code = "import time; from lupussite.run.processes import say_ready; say_ready()"
    child = Child("test", ["-c", code + ("; time.sleep(60)" if lives else "")])
    try:
        if lives:
            assert within(20, lambda: child.has_ready(1))
        else:
            child.process.wait(20)
        assert child.has_ready(1) is lives
    finally:
        child.process.kill()
        child.process.wait()
        child.close()


def test_a_site_that_is_closed_serves_readers_from_a_copy_and_keeps_what_is_sent(tmp_path):
    with running_site(COMMENT_LIMITS="0", WEB_PROCESSES="1") as site:
        path = site.open_articles()[0]
        form = form_fields(site.get(path)[1]) | {"name": "Ines", "email": "ines@example.org", "body": "Words to keep."}

        def exchanged(how):
            (site.data_dir / "serving").unlink()
            site.process.send_signal(signal.SIGUSR1)
            return within(60, lambda: (site.data_dir / "serving").read_text() == f"{how} {ROOT}\n")

        copy = tmp_path / "copy.sqlite3"
        source, target = sqlite3.connect(site.data_dir / "db.sqlite3"), sqlite3.connect(copy)
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)
        (site.data_dir / "readers-only").write_text(f"{copy}\n")
        assert exchanged("readers")
        assert not _processes(site.process.pid, "lupussite.run.worker")
        assert site.get(path)[0] == 200
        status, _, page = site.post(f"{path}comments/", form)
        assert status == 503
        assert "Words to keep." in page
        # Nobody has the database itself open, so it may be put away and another one in its place.
        opened = {os.readlink(file) for pid in _processes(site.process.pid) for file in Path(f"/proc/{pid}/fd").iterdir()}
        assert str(copy) in opened
        assert str(site.data_dir / "db.sqlite3") not in opened

        # A machine that stops now starts closed again, until the update is brought to its end.
        site.kill()
        site.start()
        assert site.post(f"{path}comments/", form)[0] == 503
        (site.data_dir / "readers-only").unlink()
        assert exchanged("open")
        assert site.post(f"{path}comments/", form)[0] == 303
        assert _processes(site.process.pid, "lupussite.run.worker")


def test_a_web_process_that_is_killed_comes_back_and_the_others_serve_on(tmp_path):
    with running_site(WEB_PROCESSES="2") as site:
        group = site.process.pid
        first, *workers = sorted(_processes(group, "granian"))
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        # What waited for the one that is gone may be lost; the next is answered.
        assert within(5, lambda: site.get("/")[0] == 200)
        assert within(15, lambda: len(_processes(group, "granian")) == 3 and workers[0] not in _processes(group, "granian"))
        assert first in _processes(group, "granian")


def test_a_limit_is_one_limit_however_many_processes_serve(tmp_path):
    with running_site(WEB_PROCESSES="3", COMMENT_LIMITS="5/10m") as site:
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        entries = [fields | {"name": "Ines", "email": "ines@example.org", "body": f"Number {n}."} for n in range(20)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda entry: site.post(f"{path}comments/", entry)[0], entries))
        assert sorted(answers) == [303] * 5 + [429] * 15


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_the_whole_group_ends_all_within_ten_seconds(site, signum):
    site.start()
    os.killpg(site.process.pid, signum)
    assert site.process.wait(10) == 0
    assert _processes(site.process.pid) == []


@pytest.mark.parametrize("database", ["", "postgres://nobody:secret@127.0.0.1:1/none"])
def test_no_database_ends_with_one_line(tmp_path, database):
    site = Site(tmp_path, DATABASE_URL=database)
    if not database:
        (tmp_path / "db.sqlite3").mkdir()
    command = [sys.executable, "manage.py", "serve"]
    ended = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "secret" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("lupussite: ")
    assert ended.stderr.count("\n") == 1
