"""Updates of an installed site with real versions in git, while people read and write: .ci/installed --all calls this.

A version with new words, one with a migration, one whose migration fails, versions that do not answer.
"""

import contextlib
import itertools
import json
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

READERS, WRITERS = 2, 2
# What `systemctl kill` does, on a machine without systemd.
SYSTEMCTL = "#!/bin/sh\nkill -USR1 {pid}\n"
MIGRATION = """
import time

from django.db import migrations


def slowly(apps, schema_editor):
    time.sleep(3)
    {then}


class Migration(migrations.Migration):
    dependencies = [("mail", "{before}")]
    operations = [migrations.RunSQL("CREATE TABLE drill_{name} (number integer)"), migrations.RunPython(slowly)]
"""


class People:
    """Readers and writers who go on until they are asked to stop."""

    def __init__(self, ask, path, fields):
        self.ask, self.path, self.fields = ask, path, fields
        self.ending, self.read, self.refused, self.acknowledged, self.put_off, self.lost = threading.Event(), [], [], [], [], []
        self.numbers = itertools.count()
        self.threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        self.threads += [threading.Thread(target=self._write) for _ in range(WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ending.set()
        for thread in self.threads:
            thread.join(60)

    def _read(self):
        while not self.ending.is_set():
            begin = time.monotonic()
            try:
                status = self.ask(self.path).status
            except OSError as error:
                status = repr(error)
            (self.read if status == 200 else self.refused).append((status, time.monotonic() - begin))
            time.sleep(0.05)

    def _write(self):
        while not self.ending.is_set():
            words = f"A comment with the number {next(self.numbers)}."
            form = urllib.parse.urlencode(self.fields | {"name": "Ines", "email": "ines@example.org", "body": words}).encode()
            headers = [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(form)}",
                "Sec-Fetch-Site: same-origin",
            ]
            try:
                answer = self.ask(f"{self.path}comments/", "POST", headers, form)
            except OSError as error:
                self.lost.append(repr(error))
                continue
            if answer.status == 303:
                self.acknowledged.append(words)
            elif answer.status == 503 and words in answer.body:
                self.put_off.append(words)
            else:
                self.lost.append(f"{answer.status} {answer.body[:200]}")
            time.sleep(0.05)


@contextlib.contextmanager
def postgresql(run):
    """Yield the address of an empty database on a PostgreSQL server of our own."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    folder = Path("/tmp/postgresql")
    run("install", "-d", "-o", "postgres", folder)
    as_user = ("runuser", "-u", "postgres", "--")
    more = ("-U", "lupus", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    run(*as_user, programs / "initdb", "-D", folder / "data", *more, cwd="/")
    options = f"-p 5433 -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    # Its output goes to the log: a pipe would stay open for as long as it runs.
    command = [
        *as_user,
        str(programs / "pg_ctl"),
        "-D",
        str(folder / "data"),
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        options,
        "start",
    ]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)
    try:
        run(programs / "createdb", "-h", "127.0.0.1", "-p", "5433", "-U", "lupus", "lupus")
        yield "postgres://lupus@127.0.0.1:5433/lupus"
    finally:
        run(*as_user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", cwd="/")


BODIES = (
    "import json; from comments.models import Comment; print(json.dumps(list(Comment.objects.values_list('body', flat=True))))"
)
TABLES = "import json; from django.db import connection; print(json.dumps(connection.introspection.table_names()))"


class Drill:
    """Updates of the site that runs as a process, from a checkout; ends the program when something is lost."""

    def __init__(self, pid, ask, expect, run, checkout):
        self.ask, self.expect, self.run, self.checkout = ask, expect, run, checkout
        self.serves(pid)
        sys.path.insert(0, str(checkout))
        from tests.running import form_fields

        run("lupus", "load_article", checkout / "lupussite/demo/botox-injections-and-lupus.txt")
        time.sleep(2)
        self.path = re.search(r'href="(/articles/[\w-]+/)"', ask().body)[1]
        self.fields = form_fields(ask(self.path).body)
        self.kept, self.bridged = [], {200}
        self.newest = sorted(file.stem for file in (checkout / "mail/migrations").glob("0*.py"))[-1]

    def serves(self, pid):
        """Let systemctl reach the site."""
        Path("/usr/local/bin/systemctl").write_text(SYSTEMCTL.format(pid=pid))
        Path("/usr/local/bin/systemctl").chmod(0o755)

    def usual(self):
        """New words, a migration, and one that fails."""
        self.commit("A", {"templates/pages/about.html": lambda text: text.replace("<h1>", "<h1>Version A. ", 1)})
        self.expect(self.update("without a migration", works=True, posts_wait=False) == set(), "no table is new")
        self.expect("Version A." in self.ask("/about/").body, "readers see the new words")
        good = self.commit("B", self.migration(9001, "good", self.newest))
        self.expect(self.update("with a migration", works=True, posts_wait=True) == {"drill_good"}, "it is migrated")
        self.commit("C", self.migration(9002, "bad", "9001_drill", "raise RuntimeError('meant to fail')"))
        self.fails("whose migration fails", good)

    def thorough(self):
        """Versions that do not answer."""
        good = self.run("git", "-C", self.checkout, "rev-parse", "HEAD").strip()
        self.commit("D", {"lupussite/run/application.py": lambda text: text + "\nraise RuntimeError('meant to fail')\n"})
        self.update("that does not start", works=False, posts_wait=False)
        self.commit("E", self.migration(9002, "late", "9001_drill"))
        self.fails("that migrates and does not start", good)
        # Whoever imports it finds the last of two functions with one name.
        wrong = {"articles/views.py": lambda text: text + "\n\ndef article_detail(*arguments, **named):\n    return 1 / 0\n"}
        self.commit("F", wrong | self.migration(9002, "late", "9001_drill"))
        self.fails("whose pages fail", good)

    def on_postgresql(self, pid):
        """The same there, where a page may fail for a moment: readers read the very database that is migrated."""
        self.serves(pid)
        self.bridged = {200, 503}
        self.commit("G", {"templates/pages/about.html": lambda text: text.replace("<h1>", "<h1>Version G. ", 1)})
        self.update("on PostgreSQL, without a migration", works=True, posts_wait=False)
        good = self.commit("H", self.migration(9002, "there", "9001_drill"))
        tables = self.update("on PostgreSQL, with a migration", works=True, posts_wait=True)
        self.expect(tables == {"drill_good", "drill_there"}, "it is migrated")
        two = self.migration(9003, "first", "9002_drill") | self.migration(
            9004, "bad", "9003_drill", "raise RuntimeError('meant')"
        )
        self.commit("I", two)
        self.fails("on PostgreSQL, whose second migration fails", good, {"drill_good", "drill_there"})

    def fails(self, name, good, tables=frozenset({"drill_good"})):
        """Update to a version that cannot work, and take it out of the checkout again."""
        self.expect(self.update(name, works=False, posts_wait=True) == tables, "nothing of it is left")
        self.run("git", "-C", self.checkout, "reset", "-q", "--hard", good)

    def commit(self, name, files):
        """Commit changes of files, each a function of its text, and return the commit."""
        for file, change in files.items():
            place = self.checkout / file
            place.write_text(change(place.read_text() if place.exists() else ""))
        git = ("git", "-C", self.checkout)
        self.run(*git, "add", "-A")
        self.run(*git, "-c", "user.name=Drill", "-c", "user.email=drill@example.org", "commit", "-qm", name)
        return self.run(*git, "rev-parse", "HEAD").strip()

    def migration(self, number, name, before, then="pass"):
        """Return the change that adds a migration which makes a table, takes its time, and then does something."""
        text = MIGRATION.format(name=name, then=then, before=before)
        return {f"mail/migrations/{number}_drill.py": lambda _: text}

    def update(self, name, *, works, posts_wait):
        """Update while people read and write, see that nothing is lost, and return the tables of the drill that there are."""
        expect = self.expect
        before = Path("/srv/lupus/site").resolve().name
        with People(self.ask, self.path, self.fields) as people:
            time.sleep(1)
            begin = time.monotonic()
            ended = subprocess.run(["/srv/lupus/site/script/update"], capture_output=True, text=True, cwd="/")
            seconds = time.monotonic() - begin
            time.sleep(1)
        self.kept.extend(people.acknowledged)
        slowest = max(seconds for _, seconds in people.read)
        print(
            f"    {name}: {seconds:.0f} s; {len(people.read)} pages read, the slowest in {slowest:.2f} s; "
            f"{len(people.acknowledged)} comments taken, {len(people.put_off)} asked to come back"
        )
        if (ended.returncode == 0) != works:
            print(ended.stdout, ended.stderr)
        expect((ended.returncode == 0) == works, f"{name}: {(ended.stdout + ended.stderr).strip().splitlines()[-1]}")
        refused = [status for status, _ in people.refused if status not in self.bridged]
        expect(not refused and len(people.read) > 10, f"{name}: every reader was answered {refused[:3]}")
        if people.refused:
            print(f"    {len(people.refused)} readers were asked to come back")
        expect(not people.lost, f"{name}: every form was kept or came back with its words {people.lost[:3]}")
        expect(bool(people.put_off) == posts_wait, f"{name}: forms {'waited' if posts_wait else 'did not wait'}")
        after = Path("/srv/lupus/site").resolve().name
        expect((after != before) == works, f"{name}: {'the new' if works else 'the old'} version runs")
        there = set(self.asked(BODIES))
        lost = len(set(self.kept) - there)
        expect(not lost, f"{name}: {len(self.kept)} acknowledged comments are there, {lost} lost")
        left = {file.name for file in Path("/srv/lupus/data").iterdir()} & {"readers-only", "updating", "before-update.sqlite3"}
        expect(not left, f"{name}: nothing is left behind {left}")
        return {table for table in self.asked(TABLES) if table.startswith("drill_")}

    def asked(self, code):
        """Return what the site's own database answers."""
        return json.loads(self.run("lupus", "shell", "--verbosity", "0", "--command", code, cwd="/").splitlines()[-1])
