"""Posts comments without pause while the site is killed with -9 and started again; what was acknowledged must have been kept.

python .ci/faults.py [KILLS]
"""

import contextlib
import http.client
import itertools
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

from tests.running import form_fields, running_site, within

WRITERS = 8
KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS_BETWEEN = (1.0, 2.5)


def write(site, path, fields, number, acknowledged, ending):
    """Post until the end; errors of the connection are what is provoked here."""
    for count in itertools.count():
        if ending.is_set():
            return
        body = f"Writer {number}, text {count}."
        try:
            status, _, page = site.post(
                f"{path}comments/", fields | {"name": "Marta", "email": "marta@example.org", "body": body}
            )
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        if status == 303:
            acknowledged.append(body)
        elif status not in (502, 503):
            raise SystemExit(f"a well-formed comment was answered with {status}: {page[:500]}")


def kill_web(site):
    """Kill only the processes that answer requests; the others have to notice."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(process.name)) == site.process.pid and b"granian" in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def main():
    """Kill the whole site and its web processes in turn; fail when an acknowledged comment is not there."""
    acknowledged, ending = [], threading.Event()
    with running_site(COMMENT_LIMITS="0") as site:
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        writers = [
            threading.Thread(target=write, args=(site, path, fields, n, acknowledged, ending), daemon=True)
            for n in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        counts = []
        for kill in range(KILLS):
            time.sleep(random.uniform(*SECONDS_BETWEEN))
            wait_for_comments(acknowledged, counts[-1] if counts else 0)
            counts.append(len(acknowledged))
            if kill % 2:
                kill_web(site)
                wait_until_healthy(site)
            else:
                site.kill()
                site.start()
        time.sleep(1)
        ending.set()
        for writer in writers:
            writer.join(30)
        site.kill()
        with contextlib.closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database:
            kept = [body for (body,) in database.execute("SELECT body FROM comments_comment WHERE body LIKE 'Writer %'")]
            sound = database.execute("PRAGMA integrity_check").fetchone()[0]
    lost, twice = set(acknowledged) - set(kept), len(kept) - len(set(kept))
    print(f"{KILLS} kills, after {counts} comments; {len(acknowledged)} acknowledged, {len(lost)} lost, {twice} stored twice")
    if lost or twice or sound != "ok" or len(set(counts)) < KILLS:
        raise SystemExit(f"lost: {sorted(lost)[:5]}; the database is {sound}; every kill must come after new comments")


def wait_for_comments(acknowledged, before):
    """Wait until more comments are acknowledged than before: a kill of a site that is still starting proves nothing."""
    deadline = time.monotonic() + 20
    while len(acknowledged) <= before and time.monotonic() < deadline:
        time.sleep(0.1)


def wait_until_healthy(site):
    """Wait until the site answers again."""
    if not within(20, lambda: site.get("/healthz")[0] == 200):
        raise SystemExit("the web server did not come back")


main()
