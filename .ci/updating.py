"""Updates of an installed site with real versions in git, while people read and write: .ci/installed calls this.

A version with new words, one with a migration, one whose migration fails; with --all also versions that do not answer.
"""

import itertools
import re
import sqlite3
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


def drill(pid, ask, expect, run, checkout, *, thorough):
    """Update the site that runs as this process, from the checkout; ends the program when something is lost."""
    Path("/usr/local/bin/systemctl").write_text(SYSTEMCTL.format(pid=pid))
    Path("/usr/local/bin/systemctl").chmod(0o755)
    sys.path.insert(0, str(checkout))
    from tests.running import form_fields

    run("lupus", "load_article", checkout / "lupussite/demo/botox-injections-and-lupus.txt")
    time.sleep(2)
    path = re.search(r'href="(/articles/[\w-]+/)"', ask().body)[1]
    fields = form_fields(ask(path).body)
    kept = []

    def commit(name, files):
        for file, change in files.items():
            place = checkout / file
            place.write_text(change(place.read_text() if place.exists() else ""))
        run("git", "-C", checkout, "add", "-A")
        run("git", "-C", checkout, "-c", "user.name=Drill", "-c", "user.email=drill@example.org", "commit", "-qm", name)
        return run("git", "-C", checkout, "rev-parse", "HEAD").strip()

    def update(name, *, works, posts_wait):
        before = Path("/srv/lupus/site").resolve().name
        with People(ask, path, fields) as people:
            time.sleep(1)
            begin = time.monotonic()
            ended = subprocess.run(["/srv/lupus/site/script/update"], capture_output=True, text=True, cwd="/")
            seconds = time.monotonic() - begin
            time.sleep(1)
        kept.extend(people.acknowledged)
        slowest = max(seconds for _, seconds in people.read)
        print(
            f"    {name}: {seconds:.0f} s; {len(people.read)} pages read, the slowest in {slowest:.2f} s; "
            f"{len(people.acknowledged)} comments taken, {len(people.put_off)} asked to come back"
        )
        expect((ended.returncode == 0) == works, f"{name}: {(ended.stdout + ended.stderr).strip().splitlines()[-1]}")
        if ended.returncode and works:
            print(ended.stdout, ended.stderr)
        expect(not people.refused and len(people.read) > 10, f"{name}: every reader was answered {people.refused[:3]}")
        expect(not people.lost, f"{name}: every form was kept or came back with its words {people.lost[:3]}")
        expect(
            bool(people.put_off) == posts_wait, f"{name}: forms {'waited' if posts_wait else 'did not wait'} {people.put_off[:2]}"
        )
        after = Path("/srv/lupus/site").resolve().name
        expect((after != before) == works, f"{name}: {'the new' if works else 'the old'} version runs")
        database = sqlite3.connect("/srv/lupus/data/db.sqlite3", timeout=20)
        there = {body for (body,) in database.execute("SELECT body FROM comments_comment")}
        expect(set(kept) <= there, f"{name}: {len(kept)} acknowledged comments are there, {len(set(kept) - there)} lost")
        expect(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"{name}: the database is whole")
        tables = {table for (table,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'drill_%'")}
        database.close()
        left = {file.name for file in Path("/srv/lupus/data").iterdir()} & {"readers-only", "updating", "before-update.sqlite3"}
        expect(not left, f"{name}: nothing is left behind {left}")
        return tables

    newest = sorted(file.stem for file in (checkout / "mail/migrations").glob("0*.py"))[-1]

    def migration(name, then="", before=newest):
        return lambda _: MIGRATION.format(name=name, then=then or "pass", before=before)

    commit("A", {"templates/pages/about.html": lambda text: text.replace("<h1>", "<h1>Version A. ", 1)})
    expect(update("without a migration", works=True, posts_wait=False) == set(), "no table is new")
    expect("Version A." in ask("/about/").body, "readers see the new words")
    good = commit("B", {"mail/migrations/9001_drill.py": migration("good")})
    expect(update("with a migration", works=True, posts_wait=True) == {"drill_good"}, "it is migrated")
    commit("C", {"mail/migrations/9002_drill.py": migration("bad", "raise RuntimeError('meant to fail')", "9001_drill")})
    expect(update("whose migration fails", works=False, posts_wait=True) == {"drill_good"}, "nothing of it is left")
    run("git", "-C", checkout, "reset", "-q", "--hard", good)
    if thorough:
        broken = {"lupussite/run/application.py": lambda text: text + "\nraise RuntimeError('meant to fail')\n"}
        commit("D", broken)
        update("that does not start", works=False, posts_wait=False)
        commit("E", {"mail/migrations/9002_drill.py": migration("late", before="9001_drill")})
        expect(
            update("that migrates and does not start", works=False, posts_wait=True) == {"drill_good"}, "nothing of it is left"
        )
        run("git", "-C", checkout, "reset", "-q", "--hard", good)
        # Whoever imports it finds the last of two functions with one name.
        fails = "\n\ndef article_detail(*arguments, **named):\n    return 1 / 0\n"
        wrong = {"articles/views.py": lambda text: text + fails}
        commit("F", wrong | {"mail/migrations/9002_drill.py": migration("late", before="9001_drill")})
        expect(update("whose pages fail", works=False, posts_wait=True) == {"drill_good"}, "nothing of it is left")
        run("git", "-C", checkout, "reset", "-q", "--hard", good)
