"""Comments per second through the whole site, against what SQLite alone commits: python -m bench.posts"""

import contextlib
import sqlite3
import statistics
import threading
import time

from tests.running import form_fields, running_site

WRITERS = 8
SECONDS = 15
SECONDS_ALONE = 3


def main():
    """Post for a while with all writers, then commit rows without the site, and print both rates."""
    with running_site(COMMENT_LIMITS="0") as site:
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        alone = [commits_alone(site.data_dir)]
        times, others = [], []
        ending = time.monotonic() + SECONDS
        writers = [threading.Thread(target=write, args=(site, path, fields, n, ending, times, others)) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        alone.append(commits_alone(site.data_dir))
    if others or not times:
        raise SystemExit(f"{len(others)} posts were not taken: {sorted(set(others))}")
    rate, least = len(times) / SECONDS, statistics.mean(alone)
    slow = sorted(times)[int(len(times) * 0.95)]
    print(f"{WRITERS} writers: {rate:.0f} comments a second; half in {statistics.median(times):.0f} ms, 95 % in {slow:.0f} ms")
    print(f"SQLite alone: {least:.0f} commits a second; ratio {least / rate:.1f}")


def write(site, path, fields, number, ending, times, others):
    """Post one comment after the other until the time is over."""
    count = 0
    while time.monotonic() < ending:
        count += 1
        entries = {"name": f"Writer {number}", "email": f"writer-{number}@example.org", "body": f"Text {count} of {number}."}
        start = time.perf_counter()
        status = site.post(f"{path}comments/", fields | entries)[0]
        (times if status == 303 else others).append((time.perf_counter() - start) * 1000 if status == 303 else status)


def commits_alone(folder) -> float:
    """Return how many rows a second one connection commits, one by one and as durably as the site."""
    with contextlib.closing(sqlite3.connect(folder / "alone.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE IF NOT EXISTS row (text TEXT)")
        count, start = 0, time.monotonic()
        while time.monotonic() - start < SECONDS_ALONE:
            database.execute("INSERT INTO row VALUES (?)", ["A text as long as a short comment."])
            count += 1
        return count / (time.monotonic() - start)


if __name__ == "__main__":
    main()
