"""The moderators' desk with few comments and with a million, side by side: python -m bench.moderation [LARGE [SMALL]]"""

import contextlib
import datetime
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from urllib.parse import urlsplit

SMALL, LARGE = 1_000, 1_000_000
# Of a thousand comments: so many wait, in these shares of the lanes; the others are decided.
WAITING, LANES = 100, {"urgent": 2, "clinician": 8, "standard": 60, "spam_likely": 30}
DECIDED = [("approved", 80), ("rejected", 10), ("spam", 10)]
BY_ONE_PERSON = 5
ON_AN_ARTICLE = {SMALL: 250, LARGE: 2_000}
ROUNDS = 30
ROUNDS_OF_BULK = 5
TARGET = 1.5
WORDS = "I keep a small notebook for the weeks between two visits, and it helps me more than I thought."


def main(large: int = LARGE, small: int = SMALL):
    """Build both sizes on SQLite, and where DATABASE_URL leads; measure them in turns, and print the ratios."""
    for url in ["", os.environ["DATABASE_URL"]] if os.environ.get("DATABASE_URL") else [""]:
        print(f"\n{'PostgreSQL' if url else 'SQLite'}, milliseconds (queries)")
        print(f"{'':24}{small:>16,}{large:>18,}   ratio", flush=True)
        with working_site(small, url) as one, working_site(large, url) as other:
            while line := next_result(one):
                (what, before, queries_before), (_, after, queries_after) = line, next_result(other)
                verdict = "" if after / before <= TARGET and queries_before == queries_after else "  over the target"
                pairs = f"{before:10.1f} ({queries_before:3d}){after:12.1f} ({queries_after:3d})"
                print(f"{what:24}{pairs}   {after / before:5.2f}{verdict}", flush=True)


@contextlib.contextmanager
def working_site(size: int, url: str):
    """Yield a process that built a database of this size, and does the next thing when it is asked to."""
    with tempfile.TemporaryDirectory() as folder, fresh_database(url) as own:
        others = {"CACHE_URL", "DATABASE_URL", "EMAIL_URL", "SITE_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in others}
        environment |= {"DATA_DIR": folder, "HOST": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "lupussite.settings"}
        environment |= {"COMMENT_LIMITS": "0", "DATABASE_URL": own}
        command = [sys.executable, "-W", "ignore", "-m", "bench.moderation", "--measure", str(size)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        with subprocess.Popen(command, env=environment, **pipes) as process:
            process.stdout.readline()  # It is built.
            yield process


def next_result(process) -> tuple[str, float, int] | None:
    """Let the process do the next thing; return what it was, its median in milliseconds and its queries, None at the end."""
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write("next\n")
    what, *numbers = process.stdout.readline().rstrip("\n").split("\t")
    return (what, float(numbers[0]), int(numbers[1])) if numbers else None


@contextlib.contextmanager
def fresh_database(url: str):
    """Yield the address of an empty database beside the one of `url`, and drop it in the end; "" stays "", which is SQLite."""
    if not url:
        yield ""
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(size: int):
    """Build a database, then work in it as a moderator and read as a reader; one line for each thing that was done."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    # The people of the bench get no real passwords, and the log is not what is measured.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    logging.disable(logging.CRITICAL)
    setup_test_environment()
    call_command("migrate", verbosity=0)
    build(size)
    print("built", flush=True)
    things = things_done()
    while sys.stdin.readline() and (thing := next(things, None)):
        what, times, queries = thing
        print(f"{what}\t{statistics.median(times)}\t{queries}", flush=True)


def build(size: int):
    """Fill the tables as years would: articles, people, comments, and the events of what was decided."""
    from django.db import connection
    from django.utils import timezone

    from comments.models import Comment, CommentEvent, Contact
    from tests.factories import make_published, make_user

    chance, now = random.Random(size), timezone.now()
    moderator = make_user("Moderators", username="earlier")
    per_article = ON_AN_ARTICLE.get(size, ON_AN_ARTICLE[LARGE])
    articles = [make_published() for _ in range(max(size // per_article, 1))]
    persons = size // BY_ONE_PERSON
    for begin in range(0, persons, 20_000):
        numbers = range(begin, min(begin + 20_000, persons))
        Contact.objects.bulk_create(
            [
                Contact(tag=f"B{number}", index=f"{number:064d}", mailbox=f"{number:064d}", address="b@example.org")
                for number in numbers
            ],
            batch_size=2_000,
        )
    contacts = list(Contact.objects.values_list("pk", flat=True))
    lanes, shares = zip(*LANES.items(), strict=True)
    states, weights = zip(*DECIDED, strict=True)
    placed = dict.fromkeys(range(len(articles)), 0)
    for begin in range(0, size, 10_000):
        rows = []
        for number in range(begin, min(begin + 10_000, size)):
            # The last tenth waits, as the newest do; the articles take turns.
            waits = number >= size - size * WAITING // 1_000
            state = "pending" if waits else chance.choices(states, weights)[0]
            place = number % len(articles)
            sent = now - datetime.timedelta(minutes=(size - number) * 500_000 / size)
            row = Comment(
                article=articles[place],
                contact_id=chance.choice(contacts),
                name=f"Reader {number}",
                body=f"{WORDS} ({number})",
                state=state,
                lane=chance.choices(lanes, shares)[0] if waits else "standard",
                submitted_at=sent,
                text_digest=f"{number:064d}",
            )
            if not waits:
                row.decided_at, row.decided_by, row.version = sent + datetime.timedelta(hours=chance.random() * 9), moderator, 2
            if state == "approved":
                placed[place] += 1
                row.page = (placed[place] - 1) // 50 + 1
            rows.append(row)
        Comment.objects.bulk_create(rows, batch_size=2_000)
        events = [
            CommentEvent(comment=row, kind="submitted", after="pending", version=1, created_at=row.submitted_at) for row in rows
        ]
        events += [
            CommentEvent(
                comment=row,
                kind="decided",
                actor=moderator,
                before="pending",
                after=row.state,
                reason="other" if row.state == "rejected" else "",
                version=1,
                created_at=row.decided_at,
            )
            for row in rows
            if row.decided_at
        ]
        CommentEvent.objects.bulk_create(events, batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def things_done():
    """Yield (what, times in milliseconds, queries) of each thing, all through the whole site in this process."""
    from django.test import Client

    from comments.models import Comment, CommentEvent
    from tests.factories import make_user

    desk, reader = Client(), Client()
    desk.force_login(make_user("Clinicians", username="now"))
    queue, every = "/admin/comments/queued/", "/admin/comments/comment/"
    waiting = Comment.objects.queued().filter(lane__in=["standard", "spam_likely"])
    article = Comment.objects.filter(state="approved", page=1).order_by("pk").first().article

    yield "queue page", *timed([lambda: desk.get(queue)] * ROUNDS, 200)
    yield "queue page, one lane", *timed([lambda: desk.get(f"{queue}?lane=standard&p=2")] * ROUNDS, 200)
    yield "article page", *timed([lambda: reader.get(article.get_absolute_url())] * ROUNDS, 200)

    def decide(pk, version):
        sent = {"decide": f"approve:{pk}:{version}", f"version-{pk}": version, "next": queue}
        return lambda: desk.post(f"{queue}decide/", sent)

    def undo(what):
        return lambda: desk.post(f"{queue}undo/", {"undo": what, "next": queue})

    def bulk(rows):
        sent = {"action": "spam", "_selected_action": [pk for pk, _ in rows], "index": "0"}
        return lambda: desk.post(every, sent | {f"version-{pk}": version for pk, version in rows})

    head = list(waiting.values_list("pk", "version")[:ROUNDS])
    yield "a decision", *timed([decide(pk, version) for pk, version in head], 302)
    yield "undo", *timed([undo(CommentEvent.objects.filter(comment=pk).latest().pk) for pk, _ in head], 302)
    # A thousand comments may have fewer than a hundred to take at once, so what counts is the time of a row.
    taken, undone = [], []
    for _ in range(ROUNDS_OF_BULK):
        rows = list(waiting.values_list("pk", "version")[:100])
        taken.append(timed([bulk(rows)], 302))
        undone.append(timed([undo(CommentEvent.objects.filter(kind="decided").latest().batch)], 302))
    for what, rounds in (("bulk of 100, a row", taken), ("undo of it, a row", undone)):
        yield what, [times[0] / len(rows) for times, _ in rounds], round(rounds[0][1] / len(rows))


def timed(acts: list, status: int) -> tuple[list[float], int]:
    """Return the times in milliseconds and the most queries of one; ends with an error when the site says otherwise."""
    from django.db import connection

    times, most = [], 0
    for act in acts:
        count = Count()
        with connection.execute_wrapper(count):
            start = time.perf_counter()
            answer = act()
            times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != status:
            raise SystemExit(f"answered with {answer.status_code}")
        most = max(most, count.queries)
    return times, most


class Count:
    """Counts queries as they pass."""

    queries = 0

    def __call__(self, execute, sql, params, many, context):
        """Let the query through."""
        self.queries += 1
        return execute(sql, params, many, context)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
