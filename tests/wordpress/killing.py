"""Imports an export while it is killed again and again: python -m tests.wordpress.killing EXPORT KILLS SEED MOST

Works on the site that DATA_DIR names, which has its tables. Each run is killed at a moment that the dice choose: while the file
is read, or when some more comments are there than before, at most MOST.
"""

import contextlib
import io
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

TABLE = """SELECT c.id, c.parent_id, c.depth, c.page, c.name, c.body, c.state, c.submitted_at, a.slug, r.sha256
    FROM comments_comment c JOIN articles_article a ON a.id = c.article_id
    JOIN articles_revision r ON r.article_id = a.id ORDER BY c.id"""


def main(export: str, kills: int, seed: int, most: int) -> None:
    """Kill so many runs, then let one come to its end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    import django

    django.setup()
    from django.core.management import call_command

    dice, folder = random.Random(seed), Path(os.environ["DATA_DIR"])
    for _ in range(kills):
        seen, until = count(folder), time.monotonic() + 60
        more = dice.choice([0, 1, dice.randrange(1, most), dice.randrange(1, most)])
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                call_command("import_wordpress", export, stdout=io.StringIO())
            os._exit(0)
        if more == 0:
            time.sleep(dice.uniform(0, 0.5))
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if count(folder) >= seen + more or time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.002)
    call_command("import_wordpress", export, stdout=io.StringIO())


def query(folder: Path, sql: str) -> list[tuple]:
    """Return rows of the site in a folder."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/db.sqlite3?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def count(folder: Path) -> int:
    """Return how many comments are there."""
    return query(folder, "SELECT COUNT(*) FROM comments_comment")[0][0]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
