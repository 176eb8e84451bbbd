"""Pages of a small site and of a large one, side by side: python -m bench.size [FOLDER [ARTICLES COMMENTS]]

Measures SQLite or, with DATABASE_URL, PostgreSQL. Databases made by bench.make_load stay in FOLDER, and on PostgreSQL beside the
one of DATABASE_URL, and are used again; without FOLDER they are taken away in the end.
"""

import contextlib
import itertools
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from bench.moderation import Count

SMALL, LARGE = (200, 1_000), (10_000, 1_000_000)
ROUNDS = 9
# Of one page on one site: whatever takes longer is measured in fewer rounds.
SECONDS = 15
TARGET = 1.5


def main(folder: str = "", articles: str = str(LARGE[0]), comments: str = str(LARGE[1])):
    """Build what is missing, measure both sites in turns, and print the ratios."""
    sizes = [SMALL, (int(articles), int(comments))]
    engine = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    with contextlib.ExitStack() as stack:
        kept = Path(folder or stack.enter_context(tempfile.TemporaryDirectory()))
        sites = [stack.enter_context(site(kept, engine, *size, is_kept=bool(folder))) for size in sizes]
        print(f"{engine:32} {sizes[0][1]:9,} {sizes[1][1]:9,} comments: ms of processor time", flush=True)
        print("page                             small  queries    large  queries   ratio", flush=True)
        for name in told(sites[0], "names").split("\t"):
            print_line(name, *in_turns(sites, name))


@contextlib.contextmanager
def site(folder, engine, articles, comments, *, is_kept):
    """Yield a process that measures the pages of a site of that size, built first when it is not there."""
    data = folder / f"{articles}-{comments}"
    environment = {name: value for name, value in os.environ.items() if name not in {"CACHE_URL", "EMAIL_URL", "SITE_URL"}}
    environment |= {"DATA_DIR": str(data), "HOST": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "lupussite.settings"}
    environment |= {"DATABASE_URL": "", "READY_COPIES_MB": "0", "COMMENT_LIMITS": "0"}
    is_new, drop = not (data / "db.sqlite3").exists(), lambda: None
    if engine == "PostgreSQL":
        # In one process, so that what the database takes can be counted.
        environment["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
        environment["DATABASE_URL"], is_new, drop = postgresql(f"size_{articles}_{comments}")
    try:
        if is_new:
            build = [sys.executable, "-W", "ignore", "-m", "bench.make_load", str(articles), str(comments)]
            subprocess.run(build, env=environment, check=True)
        command = [sys.executable, "-W", "ignore", "-m", "bench.size", "--measure"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        with subprocess.Popen(command, env=environment, **pipes) as process:
            yield process
            process.stdin.close()
    finally:
        if not is_kept:
            drop()


def postgresql(name):
    """Return the address of the database of that name beside that of DATABASE_URL, whether it is new, and what drops it."""
    import psycopg

    url = os.environ["DATABASE_URL"]

    def run(statement):
        with psycopg.connect(url, autocommit=True) as server:
            return server.execute(statement)

    is_new = not run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").rowcount
    if is_new:
        run(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl(), is_new, lambda: run(f"DROP DATABASE {name} WITH (FORCE)")


def told(process, what) -> str:
    """Ask a process for something and return its answer."""
    process.stdin.write(f"{what}\n")
    answer = process.stdout.readline().rstrip("\n")
    if process.poll() is not None:
        raise SystemExit(f"{what}: the process that measures ended")
    return answer


def in_turns(sites, name):
    """Return, of each site, the times in milliseconds, the queries and the lengths of that page."""
    measured = [([], set(), set()) for _site in sites]
    for number in range(ROUNDS + 1):
        for process, (times, queries, lengths) in zip(sites, measured, strict=True):
            if sum(times) < SECONDS * 1000:
                taken, count, length = told(process, name).split("\t")
                # The first round makes what is made once, such as templates.
                if number:
                    times.append(float(taken))
                    queries.add(int(count))
                    lengths.add(int(length))
    return measured


def print_line(name, small, large):
    """Print one line of the table."""
    (less, few, short), (more, many, long) = [
        (statistics.median(times), max(queries), max(lengths)) for times, queries, lengths in (small, large)
    ]
    ratio, longer = more / less, long / short
    said = " queries grow" * (many > few) + f" above {TARGET}" * (ratio > TARGET)
    said += f" (a page {longer:.1f} times as long)" * (longer > 1.2)
    print(f"{name:28} {less:9.1f} {few:8d} {more:8.1f} {many:8d} {ratio:7.2f}{said}", flush=True)


def measure():
    """Answer with the time and the queries of one page for each line that comes in."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    logging.disable(logging.CRITICAL)
    setup_test_environment()
    call_command("migrate", verbosity=0)
    # As PostgreSQL does it by itself in a while, and SQLite never does.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    pages = addresses()
    for line in sys.stdin:
        name = line.rstrip("\n")
        if name == "names":
            print("\t".join(pages), flush=True)
            continue
        browser, address = pages[name]
        count, start = Count(), processor_time()
        with connection.execute_wrapper(count):
            answer = address() if callable(address) else browser.get(address)
            length = len(answer.content)
        taken = (processor_time() - start) * 1000
        if answer.status_code not in {200, 303}:
            raise SystemExit(f"{address} was answered with {answer.status_code}")
        print(f"{taken}\t{count.queries}\t{length}", flush=True)


def processor_time() -> float:
    """Return the seconds that this process and, on PostgreSQL, the one that serves it have worked."""
    from django.db import connection

    seconds = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            backend = cursor.connection.info.backend_pid
        seconds += int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
    return seconds


def addresses():
    """Return name -> (browser, address) of what is measured; instead of an address, a function that answers."""
    from django.conf import settings
    from django.db.models import Count as Number
    from django.test import Client

    from accounts.models import User
    from articles.models import Article, Reviewer
    from comments.models import Comment, Contact
    from tests.factories import make_reviewer

    settings.ALLOWED_HOSTS = ["*"]
    user, is_new = User.objects.get_or_create(username="measures", is_staff=True, is_superuser=True)
    if is_new:
        make_reviewer(user=user)
    reader, desk = Client(), Client()
    desk.force_login(user)
    last = min(10, (Article.objects.readable().count() + 49) // 50)
    busiest = Comment.objects.values("article").annotate(number=Number("pk")).order_by("-number")[0]["article"]
    slug = Article.objects.get(pk=busiest).slug
    person = Contact.objects.filter(pk=Comment.objects.filter(pk__gt=0).exclude(contact=None)[0].contact_id).values("tag")[0][
        "tag"
    ]
    common, rare = words()
    every, articles = "/admin/comments/comment/", "/admin/articles/article/"
    public = {
        "list": "/",
        "list, tenth page": f"/articles/?page={last}",
        "topics": "/topics/",
        "topic": "/topics/skin/",
        "reviewer": f"/reviewers/{Reviewer.objects.order_by('pk')[0].slug}/",
        "feed": "/feed/",
        "feed of comments": f"/articles/{slug}/feed/",
        "article": Article.objects.listed()[0].get_absolute_url(),
        "site map": "/sitemap.xml",
        "search, common": f"/search/?q={common}",
        "search, rare": f"/search/?q={rare}",
        "search, two words": f"/search/?q={common}+{rare}",
        "search, nothing": "/search/?q=zyzzyva",
    }
    staff = {
        "queue": "/admin/comments/queued/",
        "queue, one lane": "/admin/comments/queued/?lane=standard",
        "overview": "/admin/comments/queued/overview/",
        "person": f"{every}person/{person}/",
        "comments": every,
        "comments, second page": f"{every}?p=2",
        "comments, approved": f"{every}?state__exact=approved",
        "comments, rejected": f"{every}?state__exact=rejected",
        "comments, hidden": f"{every}?state__exact=hidden",
        "comments, clinician": f"{every}?lane__exact=clinician",
        "comments, today": f"{every}?sent=today",
        "comments, past 7 days": f"{every}?sent=week",
        "comments, earlier": f"{every}?sent=earlier",
        "comments of an article": f"{every}?article__id__exact={busiest}",
        "comments, common word": f"{every}?q={common}",
        "comments, rare word": f"{every}?q={rare}",
        "comments, no such word": f"{every}?q=zyzzyva",
        "comments, two words": f"{every}?q={common}+{rare}",
        "comments, by tag": f"{every}?q={person}",
        "desk": f"{articles}desk/",
        "desk, overdue": f"{articles}desk/?state=overdue",
        "articles": articles,
        "articles, by word": f"{articles}?q={common}",
    }
    numbers = itertools.count()

    def send():
        number = f"{time.time_ns()}-{next(numbers)}"
        entries = {"name": "Ines", "email": f"ines-{number}@example.org", "body": f"I rest at noon. ({number})"}
        return reader.post(f"/articles/{slug}/comments/", entries, headers={"sec-fetch-site": "same-origin"})

    public["comment sent"] = send
    return {name: (reader, address) for name, address in public.items()} | {
        name: (desk, address) for name, address in staff.items()
    }


def words():
    """Return a word that many of the sentences have that everything is made of, and one that a single sentence has."""
    import collections
    import re

    from bench.make_load import sentences

    counted = collections.Counter(word for text in sentences() for word in set(re.findall(r"[a-z]{5,}", text)))
    return counted.most_common(1)[0][0], min(word for word, number in counted.items() if number == 1 and len(word) > 8)


if __name__ == "__main__":
    if sys.argv[1:] == ["--measure"]:
        measure()
    else:
        main(*sys.argv[1:])
