"""What moderators wrote into the log of an earlier version is in its own table after the upgrade, and nowhere else."""

import contextlib
import json
import os
import sqlite3

import psycopg

from tests.upgrades import data_sets

WRITE = """
INSERT INTO comments_commentevent (comment_id, kind, before, after, version, reason, note, actor_id, created_at)
SELECT min(id), '{kind}', state, state, 1, '', '{note}', {actor}, CURRENT_TIMESTAMP FROM comments_comment
WHERE state = '{state}' GROUP BY state
"""
READ = """
import json
from comments.models import CommentEvent
events = CommentEvent.objects.select_related("written").order_by("-pk")[:7][::-1]
print(json.dumps([[event.kind, event.detail, event.written.text if hasattr(event, "written") else None] for event in events]))
"""
WRITTEN = [
    ("noted", "approved", "canary: ask Ana"),
    ("revealed", "approved", "She asked to be called"),
    ("redacted", "approved", "name"),
    ("reported", "approved", "reported"),
    ("decided", "withdrawn", "canary: she quoted it"),
    ("erased", "erased", "A letter came"),
    ("erased", "erased", "retention"),
]
MOVED = [
    ["noted", "", "canary: ask Ana"],
    ["revealed", "", "She asked to be called"],
    ["redacted", "name", None],
    ["reported", "reported", None],
    ["decided", "", None],
    ["erased", "", "A letter came"],
    ["erased", "retention", None],
]


def test_what_moderators_wrote_moves_out_of_the_log_except_about_comments_that_are_gone(tmp_path):
    with data_sets.opened("2026-11-30", tmp_path, os.environ.get("DATABASE_URL", "")) as environment:
        url = environment["DATABASE_URL"]
        with contextlib.closing(psycopg.connect(url) if url else sqlite3.connect(tmp_path / "db.sqlite3")) as database:
            for kind, state, note in WRITTEN:
                actor = "NULL" if note == "retention" else "(SELECT min(id) FROM accounts_user)"
                database.execute(WRITE.format(kind=kind, state=state, note=note, actor=actor))
            database.commit()
        data_sets.manage(environment, "migrate", "-v0")
        assert json.loads(data_sets.manage(environment, "shell", "--no-imports", "-c", READ)) == MOVED
        assert "no issues" in data_sets.manage(environment, "check", "--database", "default", "--fail-level", "WARNING")
        data_sets.manage(environment, "migrate", "comments", "0013", "-v0")
        data_sets.manage(environment, "migrate", "-v0")
        assert json.loads(data_sets.manage(environment, "shell", "--no-imports", "-c", READ)) == MOVED
