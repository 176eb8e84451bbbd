"""A site moves from SQLite to PostgreSQL whole, and the old database takes nothing any more."""

import json
import subprocess
import sys

import psycopg

from tests.backups.test_drill import COUNTS
from tests.running import ROOT, Site, fill, form_fields, running_site


def manage(site, *words):
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)


def test_everything_arrives_and_the_old_database_is_closed_for_writers(empty):
    with running_site(COMMENT_LIMITS="0") as site:
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        words = {"name": "Ines", "email": "ines@example.org", "body": "C3 was <70 — “low”, 😀\r\n\\N\tend"}
        assert site.post(f"{path}comments/", fields | words)[0] == 303
        site.at_rest()
        before = json.loads(site.manage("shell", "--verbosity", "0", "--command", COUNTS))
        ended = manage(site, "move_database", empty)
        assert ended.returncode == 0, ended.stderr
        assert "rows moved and compared" in ended.stdout
        assert "comments_comment: " in ended.stdout

        # Readers read on; what is sent comes back with its words, because nobody would ever see it here.
        assert site.get(path)[0] == 200
        status, _, page = site.post(f"{path}comments/", fields | {"name": "Bo", "email": "bo@example.org", "body": "Too late?"})
        assert status == 503
        assert "Too late?" in page
        assert "isn't empty" in manage(site, "move_database", empty).stderr

        there = Site(site.data_dir, DATABASE_URL=empty)
        assert json.loads(there.manage("shell", "--verbosity", "0", "--command", COUNTS)) == before
        assert "all hold" in there.manage("verify_revisions")
        there.start()
        try:
            assert there.get(path)[0] == 200
            said = json.loads(there.manage("shell", "--verbosity", "0", "--command", LAST))
            assert said == ["C3 was <70 — “low”, 😀\n\\N\tend", "ines@example.org"]
            # New rows get new numbers.
            assert there.post(f"{path}comments/", fields | words | {"body": "After the move."})[0] == 303
            assert there.get("/search/?q=lupus")[1].count("/articles/") > 2
        finally:
            there.stop()

        assert "takes writes again" in site.manage("move_database", "--stay")
        assert site.post(f"{path}comments/", fields | words | {"body": "We stay."})[0] == 303


LAST = """
import json
from comments.models import Comment
last = Comment.objects.order_by("-pk").first()
print(json.dumps([last.body, last.contact.address]))
"""


def test_what_cannot_be_moved_is_named_and_nothing_changes(empty, tmp_path):
    site = Site(tmp_path)
    fill(site, demo=False)
    assert "PostgreSQL doesn't answer" in manage(site, "move_database", "postgres://nobody@127.0.0.1:1/none").stderr
    assert "Say where to" in manage(site, "move_database", "mysql://x").stderr
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE TABLE other (number integer)")
    assert "isn't empty" in manage(site, "move_database", empty).stderr
    with psycopg.connect(empty) as connection:
        connection.execute("DROP TABLE other")
    # A row that PostgreSQL does not take: NUL in a text.
    code = "from comments.models import HelpLine; HelpLine.objects.create(country='A\\0', name='A line', how='112')"
    site.manage("shell", "--verbosity", "0", "--command", code)
    ended = manage(site, "move_database", empty)
    assert ended.returncode == 1
    assert "Nothing was moved" in ended.stderr
    assert "Traceback" not in ended.stderr
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone() == (0,)
    site.manage("shell", "--verbosity", "0", "--command", code.replace("112", "911"))
