"""The desk with few and with many articles and versions, and a long submission: python -m bench.desk

The first request to a page counts its queries and is not timed: it computes where the articles stand.
"""

import datetime
import os
import statistics
import sys
import tempfile
import time

FEW, ARTICLES = 20, 2_000
VERSIONS = 200
WORDS = 5_000
ROUNDS = 7


def main():
    """Build both sizes in a database of its own, and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL"):
            os.environ.pop(name, None)
        os.environ |= {"DATA_DIR": folder, "HOST": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "lupussite.settings"}
        prepare()
        print("what                                                          queries  median ms")
        sizes = [
            (f"{FEW} articles", FEW, 1),
            (f"{FEW} articles, one with {VERSIONS} versions", FEW, VERSIONS),
            (f"{ARTICLES} articles", ARTICLES, VERSIONS),
        ]
        for name, articles, versions in sizes:
            fill(articles, versions)
            for address in ("desk/", "desk/?state=overdue", "", "1/change/", "1/history/"):
                print(measured(f"{name}: {address or 'list'}", f"/admin/articles/article/{address}"))
                sys.stdout.flush()
        print(submission())


def prepare():
    """Make an empty database and sign somebody in who may do everything."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.test import Client

    from tests.factories import make_reviewer, make_user

    settings.ALLOWED_HOSTS = ["*"]
    user = make_user(is_superuser=True)
    make_reviewer(user=user)
    CLIENT.append(Client())
    CLIENT[0].force_login(user)


# The browser that is signed in.
CLIENT: list = []


def fill(articles: int, versions: int):
    """Add published articles up to that number; the first gets that many versions, and signatures on all of them."""
    from django.utils import timezone

    from articles.models import Article, Revision, SignOff
    from tests.factories import make_published

    if not Article.objects.exists():
        make_published(body="<p>Plain words of an article.</p>\n" * 300)
    first = Revision.objects.order_by("pk").first()
    signature = SignOff.objects.order_by("pk").first()
    now, today = timezone.now(), timezone.localdate()

    def copy(row, **fields):
        return type(row)(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | {"id": None} | fields
        )

    numbers = range(Revision.objects.filter(article=first.article_id).count() + 1, versions + 1)
    old = Revision.objects.bulk_create([copy(first, number=number, retired_at=now) for number in numbers], batch_size=50)
    SignOff.objects.bulk_create([copy(signature, revision_id=one.pk, created_at=now) for one in old])
    there = Article.objects.count()
    made = Article.objects.bulk_create(
        [Article(title=f"Article {n}", slug=f"bench-{n}", summary="S.", body=first.article.body) for n in range(there, articles)]
    )
    live = Revision.objects.bulk_create([copy(first, article_id=one.pk) for one in made], batch_size=50)
    days = [today + datetime.timedelta(days=(one.pk % 400) - 30) for one in live]
    SignOff.objects.bulk_create(
        [
            copy(signature, article_id=one.article_id, revision_id=one.pk, valid_until=day, created_at=now)
            for one, day in zip(live, days, strict=True)
        ]
    )


def measured(name: str, address: str) -> str:
    """Return the line of a page: its queries, and the median time of several requests."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = CLIENT[0].get(address)
    queries = len(captured)  # Now: the next request empties the list.
    if answer.status_code != 200:
        raise SystemExit(f"{address} was answered with {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        CLIENT[0].get(address)
        times.append((time.perf_counter() - start) * 1000)
    return f"{name:62}{queries:7d}  {statistics.median(times):9.0f}"


def submission() -> str:
    """Return the line of submitting a long article through its page."""
    from articles.models import Revision
    from tests.factories import make_article

    sentence = "Plain words that stand in a paragraph of an article about lupus and name a source [1]. "
    paragraph = f"<p>{sentence * 8}</p>\n"
    article = make_article(body=paragraph * (WORDS // len(paragraph.split()) + 1))
    article.sources.create(position=1, title="A source")
    start = time.perf_counter()
    answer = CLIENT[0].post(f"/admin/articles/article/{article.pk}/submit/", {"version": 1, "change": "new", "note": ""})
    taken = (time.perf_counter() - start) * 1000
    if answer.status_code != 302 or not Revision.objects.filter(article=article).exists():
        raise SystemExit("the submission was refused")
    return f"{f'submit {WORDS} words':62}      –  {taken:9.0f}"


if __name__ == "__main__":
    main()
