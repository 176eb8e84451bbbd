"""The article page with many comments, against a bare view that returns the same bytes: python -m bench.article_page"""

import gzip
import io
import os
import statistics
import sys
import tempfile
import time

COUNTS = [0, 10, 100, 1_000, 10_000]
ROUNDS = 60
THREAD = 4  # a comment and three answers
ON_A_PAGE = 200
WORDS = (
    "I keep a small notebook for the weeks between two visits, and it helps me more than I thought.\n\n"
    "What do others write down? I stopped counting tablets and began to count good hours."
)


def main():
    """Measure every count in turn, and print one line for each."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL"):
            os.environ.pop(name, None)
        os.environ |= {"DATA_DIR": folder, "HOST": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "lupussite.settings"}
        prepare()
        print("comments  page ms  bare ms  ratio  queries  bytes    gzip")
        for count in COUNTS:
            print(measure(count))
            sys.stdout.flush()


def prepare():
    """Make an empty database, and put a bare view beside the site's own."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.MIDDLEWARE = []
    django.setup()
    call_command("migrate", verbosity=0)

    from django.http import HttpResponse
    from django.urls import path

    from lupussite import urls

    urls.urlpatterns.append(path("bare/<slug:slug>/", lambda request, slug: HttpResponse(PAGES[slug])))


# The bytes that the bare view returns, by slug.
PAGES: dict[str, bytes] = {}


def measure(count: int) -> str:
    """Return the line for an article with so many approved comments."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    handler = WSGIHandler()
    article = article_with(count)
    slug, path = article.slug, article.get_absolute_url()
    PAGES[slug] = get(handler, path)
    with CaptureQueriesContext(connection) as captured:
        get(handler, path)
    queries = len(captured)  # Now: the next request empties the list.
    times = {path: [], f"/bare/{slug}/": []}
    for _ in range(ROUNDS):
        for each, taken in times.items():
            start = time.perf_counter()
            get(handler, each)
            taken.append((time.perf_counter() - start) * 1000)
    page, bare = (statistics.median(taken) for taken in times.values())
    size, packed = len(PAGES[slug]), len(gzip.compress(PAGES[slug], 6))
    return f"{count:8d} {page:8.2f} {bare:8.3f} {page / bare:6.0f} {queries:8d} {size:6d} {packed:7d}"


def article_with(count: int):
    """Return a published article with so many approved comments, in threads of four and on full pages."""
    from django.utils import timezone

    from comments.models import Comment, State
    from tests.factories import make_published, make_user

    article, moderator, now = make_published(), make_user("Moderators"), timezone.now()

    def rows(parents):
        for number in range(count):
            first = number - number % THREAD
            if (number == first) == (parents is None):
                yield Comment(
                    article=article,
                    parent=None if parents is None else parents[first],
                    depth=0 if parents is None else 1,
                    name=f"Reader {number}",
                    body=f"{WORDS} ({number})",
                    state=State.APPROVED,
                    page=number // ON_A_PAGE + 1,
                    decided_by=moderator,
                    decided_at=now,
                )

    threads = Comment.objects.bulk_create(rows(None))
    Comment.objects.bulk_create(rows({index * THREAD: thread for index, thread in enumerate(threads)}))
    return article


def get(handler, path: str) -> bytes:
    """Return the body of the page, as a server would ask for it."""
    status = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    answer = handler(environ, lambda line, headers: status.append(line))
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    if status != ["200 OK"]:
        raise SystemExit(f"{path} was answered with {status}")
    return body


if __name__ == "__main__":
    main()
