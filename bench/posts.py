"""Comments per second through the whole site, against what SQLite alone commits, and what readers feel: python -m bench.posts"""

import contextlib
import http.client
import sqlite3
import statistics
import threading
import time

from tests.running import form_fields, running_site

WRITERS = 8
SECONDS = 15
SECONDS_ALONE = 3
# Readers come and posts arrive at these rates, whatever the site does; by turns with posts and without.
READS, POSTS = 200, 20
TURNS = 4
SECONDS_OF_A_TURN = 8
CONNECTIONS = 16


def main():
    """Print the rates of both, and the times of readers with and without posts."""
    with running_site(COMMENT_LIMITS="0") as site:
        readers(site)
        most(site)


def readers(site):
    """Offer reads at a fixed rate, with posts every other turn, and print the 95th percentiles and their ratio."""
    paths = site.open_articles()
    fields = form_fields(site.get(paths[0])[1])
    slow = {True: [], False: []}
    for turn in range(2 * TURNS):
        posts = turn % 2 == 1
        times, taken = Offered(READS, SECONDS_OF_A_TURN, lambda number: Reading(site, paths)), []
        if posts:
            taken = Offered(POSTS, SECONDS_OF_A_TURN, lambda number, turn=turn: Posting(site, paths[0], fields, turn))
        for thread in (*times.threads, *(taken.threads if posts else ())):
            thread.join()
        slow[posts].append(percentile(times.milliseconds))
        if times.others or (posts and taken.others):
            raise SystemExit(f"answered otherwise: {sorted(set(times.others) | set(taken.others if posts else ()))}")
    alone, among = (statistics.median(slow[posts]) for posts in (False, True))
    print(
        f"{READS} reads a second: 95 % in {alone:.1f} ms; with {POSTS} posts a second in {among:.1f} ms; ratio {among / alone:.1f}"
    )


def percentile(times) -> float:
    """Return what 95 % take at most."""
    return sorted(times)[int(len(times) * 0.95)]


class Offered:
    """Requests at a fixed rate on several connections; each is timed from when it was due, so that waiting counts."""

    def __init__(self, rate, seconds, make):
        self.milliseconds, self.others = [], []
        start = time.perf_counter() + 0.2
        self.threads = [
            threading.Thread(target=self._run, args=(make(place), start, place, rate, seconds)) for place in range(CONNECTIONS)
        ]
        for thread in self.threads:
            thread.start()

    def _run(self, ask, start, place, rate, seconds):
        for number in range(place, rate * seconds, CONNECTIONS):
            due = start + number / rate
            time.sleep(max(due - time.perf_counter(), 0))
            status = ask(number)
            if status in {200, 303}:
                self.milliseconds.append((time.perf_counter() - due) * 1000)
            else:
                self.others.append(status)


class Reading:
    """A connection that reads the pages in turn."""

    def __init__(self, site, paths):
        self.paths, self.connection = paths, http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)

    def __call__(self, number) -> int:
        self.connection.request("GET", self.paths[number % len(self.paths)], headers={"Accept-Encoding": "gzip"})
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


class Posting:
    """A connection that posts one comment after the other."""

    def __init__(self, site, path, fields, turn):
        self.site, self.path, self.fields, self.turn = site, path, fields, turn

    def __call__(self, number) -> int:
        entries = {"name": "Ines", "email": f"ines-{self.turn}-{number}@example.org", "body": f"I rest. ({self.turn}, {number})"}
        return self.site.post(f"{self.path}comments/", self.fields | entries)[0]


def most(site):
    """Post for a while with all writers, then commit rows without the site, and print both rates."""
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
