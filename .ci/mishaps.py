"""What happens to a site in a bad night, one thing after another: nothing acknowledged is lost, and nothing is sent twice.

python .ci/mishaps.py [--all] [PART …]      short: a hundred moments, what is quick; --all: a thousand, and what takes minutes

Needs DATABASE_URL of a PostgreSQL server on which databases may be made, and redis-server, for the last parts.
"""

import contextlib
import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.mail_server import mail_server
from tests.running import Site, form_fields, running_site, within

ALL = "--all" in sys.argv
MOMENTS = 1000 if ALL else 100
URGENT = "I want to end my life tonight, number {}."


def expect(condition, words):
    """End with the words unless the condition holds."""
    print(f"{'ok ' if condition else 'NOT'} {words}", flush=True)
    if not condition:
        raise SystemExit(1)


class Writers:
    """People who post until they are stopped, and what they were told."""

    def __init__(self, *sites, number=4):
        path = sites[0].open_articles()[0]
        self.path, self.fields = f"{path}comments/", form_fields(sites[0].get(path)[1])
        self.acknowledged, self.put_off, self.wrong, self.ending, self.numbers = [], [], [], threading.Event(), itertools.count()
        self.threads = [threading.Thread(target=self._write, args=(sites[n % len(sites)],), daemon=True) for n in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ending.set()
        for thread in self.threads:
            thread.join(60)

    def post(self, site, words):
        """Post once, and return the status; errors of the connection are what is provoked here."""
        try:
            status, _, page = site.post(self.path, self.fields | {"name": "Ines", "email": "ines@example.org", "body": words})
        except (OSError, http.client.HTTPException):
            return 0
        if status == 303:
            self.acknowledged.append(words)
        elif status == 503 and words in page:
            self.put_off.append(words)
        else:
            self.wrong.append((status, page[:200]))
        return status

    def _write(self, site):
        while not self.ending.is_set():
            self.post(site, f"Writer, text {next(self.numbers)}.")
            time.sleep(0.01)

    def check(self, kept, what):
        """See that all acknowledged is kept, once, and that nobody got anything but a receipt or their words."""
        lost, twice = set(self.acknowledged) - set(kept), len(kept) - len(set(kept))
        expect(not lost and not twice, f"{what}: {len(self.acknowledged)} acknowledged, {len(lost)} lost, {twice} twice")
        expect(
            not self.wrong, f"{what}: {len(self.put_off)} got their words back, {len(self.wrong)} anything else {self.wrong[:2]}"
        )


def bodies(path):
    """Return the words of all comments in a database file that is whole."""
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as database:
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            raise SystemExit(f"the database is {sound}")
        return [body for (body,) in database.execute("SELECT body FROM comments_comment WHERE body LIKE 'Writer%'")]


def moments():
    """The power fails at any moment: what lies on the disk then opens, and holds what was acknowledged before."""
    with running_site(COMMENT_LIMITS="0") as site, Writers(site) as writers, tempfile.TemporaryDirectory() as folder:
        within(20, lambda: len(writers.acknowledged) > 5)
        missing = 0
        for _ in range(MOMENTS):
            time.sleep(0.02)
            os.killpg(site.process.pid, signal.SIGSTOP)
            before = list(writers.acknowledged)
            for end in ("", "-wal"):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copy(site.data_dir / f"db.sqlite3{end}", Path(folder) / f"db.sqlite3{end}")
            os.killpg(site.process.pid, signal.SIGCONT)
            missing += len(set(before) - set(bodies(Path(folder) / "db.sqlite3")))
            for file in Path(folder).iterdir():
                file.unlink()
        expect(not missing, f"{MOMENTS} moments with up to {len(writers.acknowledged)} comments: each opens, {missing} missing")


def full_disk():
    """The disk is full, and has room again."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
        try:
            site = Site(folder, COMMENT_LIMITS="0", DEMO_PASSWORD="correct horse battery", WEB_PROCESSES="1")
            site.manage("migrate", "--verbosity", "0")
            site.manage("load_demo", "--with-accounts")
            site.start()
            writers = Writers(site, number=3)
            with writers:
                within(20, lambda: len(writers.acknowledged) > 5)
                filler = Path(folder) / "filler"
                with contextlib.suppress(OSError), filler.open("wb") as file:
                    while True:
                        file.write(b"x" * 4096)
                        file.flush()
                full = within(60, lambda: len(writers.put_off) > 5)
                expect(
                    full and site.get("/")[0] == 200, "the disk is full: readers read, and what is sent comes back with its words"
                )
                expect("full" in site.get("/healthz?full")[1], "and /healthz?full says so")
                filler.unlink()
                before = len(writers.acknowledged)
                expect(within(60, lambda: len(writers.acknowledged) > before + 5), "room again: comments are taken")
            site.stop()
            writers.check(bodies(Path(folder) / "db.sqlite3"), "full disk")
        finally:
            with contextlib.suppress(UnboundLocalError):
                site.kill()
            subprocess.run(["umount", "-l", folder], check=True)


def mail():
    """The mail server is away, hangs, and comes back: the notice of an urgent comment arrives once."""
    with mail_server() as first:
        port = first.port
    variables = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "MODERATORS_EMAIL": "m@example.org", "COMMENT_LIMITS": "0"}
    with running_site(**variables) as site:
        writers = Writers(site, number=0)
        expect(writers.post(site, URGENT.format(1)) == 303, "a comment is taken while the mail server is away")
        expect(within(20, lambda: "failed, attempt 1" in site.printed()), "its notice fails")
        with mail_server(port) as there:
            there.hangs = 30
            expect(within(60, lambda: "failed, attempt 2" in site.printed()), "and fails again while the server hangs")
            expect(site.get("/")[0] == 200, "readers do not notice")
        with mail_server(port) as there:
            expect(within(150, lambda: any("rgent" in text for text in there.mails)), "the server is back: the notice arrives")
            time.sleep(5)
            names = [re.search(r"Message-ID: (\S+)", text)[1] for text in there.mails]
            expect(len(names) == len(set(names)), f"{len(names)} mails, none twice")


def worker_dies_in_a_mail():
    """The worker is killed after the server took the mail and before it said so: the mail comes again, under the same name."""
    with mail_server() as there:
        there.slow = 20
        variables = {"EMAIL_URL": f"smtp://127.0.0.1:{there.port}", "MODERATORS_EMAIL": "m@example.org", "COMMENT_LIMITS": "0"}
        with running_site(**variables) as site:
            writers = Writers(site, number=0)
            writers.post(site, URGENT.format(1))
            expect(within(30, lambda: there.mails), "the server took the mail")
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    words = (process / "cmdline").read_bytes()
                    if os.getpgid(int(process.name)) == site.process.pid and b"lupussite.run.worker" in words:
                        os.kill(int(process.name), signal.SIGKILL)
            there.slow = 0
            expect(within(400, lambda: len(there.mails) == 2), "after its lease the next worker sends it again")
            names = {re.search(r"Message-ID: (\S+)", text)[1] for text in there.mails}
            expect(len(names) == 1, "under the same Message-ID, which many mail programs show once")


@contextlib.contextmanager
def database():
    """Yield the address of an empty database on the server of DATABASE_URL."""
    server, name = os.environ["DATABASE_URL"], f"mishaps_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Gate:
    """Passes connections on to a port, until it is closed: what stands behind it is then gone for whoever comes through it."""

    def __init__(self, host, port):
        self.behind, self.open, self.talks = (host, port), True, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            talk, _ = self.listening.accept()
            if not self.open:
                talk.close()
                continue
            other = socket.create_connection(self.behind)
            self.talks += [talk, other]
            for one, two in ((talk, other), (other, talk)):
                threading.Thread(target=self._pass, args=(one, two), daemon=True).start()

    @staticmethod
    def _pass(one, two):
        with contextlib.suppress(OSError):
            while piece := one.recv(65536):
                two.sendall(piece)
        for talk in (one, two):
            with contextlib.suppress(OSError):
                talk.shutdown(socket.SHUT_RDWR)

    def close(self):
        """Cut every connection, and take no other."""
        self.open = False
        for talk in self.talks:
            with contextlib.suppress(OSError):
                talk.shutdown(socket.SHUT_RDWR)
        self.talks.clear()


@contextlib.contextmanager
def redis():
    """Yield a Redis of our own as (process, port)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield process, port
        finally:
            process.kill()
            process.wait()


def kept_in(url):
    """Return the words of all comments in a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        return [body for (body,) in connection.execute("SELECT body FROM comments_comment WHERE body LIKE 'Writer%'")]


def database_and_redis_gone():
    """PostgreSQL is away for a while, then Redis for good."""
    with database() as url, redis() as (process, port):
        parts = urlsplit(url)
        gate = Gate(parts.hostname, parts.port or 5432)
        through = parts._replace(netloc=f"{parts.username}@127.0.0.1:{gate.port}").geturl()
        variables = {"DATABASE_URL": through, "CACHE_URL": f"redis://127.0.0.1:{port}/1", "COMMENT_LIMITS": "1000/m"}
        with running_site(**variables) as site:
            with Writers(site) as writers:
                within(20, lambda: len(writers.acknowledged) > 5)
                site.get("/")
                gate.close()
                time.sleep(60 if ALL else 10)
                begin = time.monotonic()
                # The writers may hold every thread for ten seconds, and then it waits as long for the database itself.
                status, page = site.get("/", timeout=40)
                print(f"    without the database, a page answers {status} after {time.monotonic() - begin:.1f} s")
                expect(
                    status == 200 or "The site can" in page,
                    "without the database, readers get a copy, or words in the site's look",
                )
                expect(site.get("/healthz", timeout=40)[0] == 503, "and /healthz says so")
                gate.open = True
                before = len(writers.acknowledged)
                expect(within(90, lambda: len(writers.acknowledged) > before + 5), "the database is back: comments are taken")
                process.kill()
                process.wait()
                before = len(writers.acknowledged)
                time.sleep(5)
                expect(site.get("/")[0] == 200, "without Redis, readers read")
                within(5, lambda: len(writers.acknowledged) > before)
                taken, told = len(writers.acknowledged) - before, len(writers.put_off)
                print(f"    without Redis: {taken} comments taken, {told} asked to come back so far")
            writers.check(kept_in(url), "database and Redis gone")


def two_machines():
    """Two instances share PostgreSQL and Redis, and one is killed."""
    with database() as url, redis() as (_, port), mail_server() as there:
        variables = {"DATABASE_URL": url, "CACHE_URL": f"redis://127.0.0.1:{port}/1", "COMMENT_LIMITS": "0"}
        variables |= {"EMAIL_URL": f"smtp://127.0.0.1:{there.port}", "MODERATORS_EMAIL": "m@example.org", "WEB_PROCESSES": "1"}
        with running_site(**variables) as one, tempfile.TemporaryDirectory() as folder:
            shutil.copytree(one.data_dir / "keys", Path(folder) / "keys")
            two = Site(folder, **variables)
            two.start()
            try:
                with Writers(one, two) as writers:
                    within(20, lambda: len(writers.acknowledged) > 10)
                    for number in range(3):
                        writers.post(two, URGENT.format(number))
                    one.kill()
                    before = len(writers.acknowledged)
                    expect(within(30, lambda: len(writers.acknowledged) > before + 10), "one of two is killed, the other goes on")
                    time.sleep(5)
                kept = kept_in(url)
                writers.acknowledged = [words for words in writers.acknowledged if words.startswith("Writer")]
                writers.check(kept, "two instances")
                names = [re.search(r"Message-ID: (\S+)", text)[1] for text in there.mails]
                expect(names and len(names) == len(set(names)), f"{len(names)} mails, none twice")
            finally:
                two.kill()


def main():
    """One after the other."""
    parts = [moments, full_disk, mail, database_and_redis_gone, two_machines] + ([worker_dies_in_a_mail] if ALL else [])
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    for part in parts:
        if wanted and part.__name__ not in wanted:
            continue
        begin = time.monotonic()
        print(f"--- {part.__doc__.splitlines()[0]}", flush=True)
        part()
        print(f"    {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
