"""Fill an empty database with articles and comments, the same for the same seed: python -m bench.make_load ARTICLES COMMENTS [SEED]

Reads the settings of the site, so DATA_DIR or DATABASE_URL say where. Comments are made of the sentences of bench/labelled.jsonl.xz,
spread over articles as clicks are (a few have most), over threads, states and four years. Only what is encrypted or secret differs
from run to run. Nothing of it is screened, and nobody gets mail.
"""

import bisect
import datetime
import itertools
import os
import random
import sys
import time
import uuid

# Rows of one statement's batch, and of one transaction.
BATCH = 2_000
YEARS = 4
THREADS_A_PAGE, COMMENTS_A_PAGE = 50, 200
# How many of a thousand comments are in which state; the rest are approved.
STATES = {"pending": 25, "spam": 50, "rejected": 40, "hidden": 2, "withdrawn": 10, "erased": 8}
ANSWERS = 0.4
# How many of a hundred articles are what.
DRAFTS, WITHDRAWN, ARCHIVED, OVERDUE = 5, 2, 2, 10
SHOWN = 5
NAMES = [
    "Ana",
    "Bea",
    "Cleo",
    "Dora",
    "Eli",
    "Fay",
    "Gia",
    "Hana",
    "Ines",
    "Jo",
    "Kay",
    "Lena",
    "Mara",
    "Nia",
    "Ola",
    "Pia",
    "Rosa",
    "Sue",
    "Tina",
    "Uma",
    "Vera",
    "Wanda",
    "Xenia",
    "Yara",
    "Zoe",
]
TOPICS = ["Skin", "Kidneys", "Sleep", "Medicines", "Pregnancy", "Work", "Food", "Sun", "Pain", "Family"]


def main(arguments):
    """Make what the command line asks for, and say how long it took."""
    if len(arguments) not in {2, 3} or not all(word.isdigit() for word in arguments):
        raise SystemExit("usage: python -m bench.make_load ARTICLES COMMENTS [SEED]")
    articles, comments, seed = map(int, [*arguments, "1"][:3])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    start = time.monotonic()
    make_articles(articles, seed)
    middle = time.monotonic()
    make_comments(comments, seed)
    end = time.monotonic()
    print(f"{articles} articles in {middle - start:.0f} s; {comments} comments in {end - middle:.0f} s", end="")
    print(f" ({comments / max(end - middle, 0.001):.0f} a second)")


def progress(done, whole, what):
    """Show a bar on a terminal, and nothing elsewhere."""
    if sys.stderr.isatty():
        filled = 40 * done // max(whole, 1)
        sys.stderr.write(f"\r{what} [{'#' * filled}{' ' * (40 - filled)}] {done}/{whole}" + ("\n" if done >= whole else ""))


def sentences() -> list[str]:
    """Return the sentences of the labeled comments, which people would write."""
    from bench import labelled

    texts = itertools.chain.from_iterable(row["text"].replace("\n", " ").split(". ") for row in labelled.read())
    return sorted({text.strip(" .") for text in texts if 20 < len(text) < 200})


def make_articles(number: int, seed: int) -> None:
    """Make articles with a live, signed version each, and some that are drafts, withdrawn, archived or overdue."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from articles import canonical
    from articles.html import rendering
    from articles.models import Address, Article, ArticleEvent, Reviewer, Revision, SignOff, Source, Topic

    dice, words = random.Random(seed), sentences()
    now = timezone.now()
    user = User.objects.create(username=f"load-{seed}", is_staff=True)
    reviewer = Reviewer.objects.create(name="Lena Loader", credentials="MD", slug=f"lena-loader-{seed}", user=user)
    topics = [Topic.objects.get_or_create(slug=name.lower(), defaults={"name": name})[0] for name in TOPICS]
    for first in range(0, number, 200):
        with transaction.atomic():
            several = range(first, min(first + 200, number))
            drafts = [_article(dice, words, index, seed, user) for index in several]
            articles = Article.objects.bulk_create(drafts)
            Address.objects.bulk_create(Address(slug=article.slug, article=article) for article in articles)
            links = [(article, topic) for article in articles for topic in dice.sample(topics, dice.randint(1, 3))]
            through = Article.topics.through
            through.objects.bulk_create(through(article=article, topic=topic) for article, topic in links)
            sources = {article.pk: [_source(dice, words, article, place) for place in (1, 2, 3)] for article in articles}
            Source.objects.bulk_create(itertools.chain.from_iterable(sources.values()))
            revisions = []
            for article in articles:
                if dice.randrange(100) >= DRAFTS:
                    content = article.content(sources[article.pk])[0]
                    text = canonical.canonical_json(content)
                    online = now - datetime.timedelta(days=dice.randint(1, 365 * YEARS))
                    revisions.append(
                        Revision(
                            article=article,
                            number=1,
                            content=text,
                            sha256=canonical.sha256(text),
                            format=canonical.format_of(content),
                            search_text=rendering.search_text(content),
                            submitted_by=user,
                            submitted_at=online,
                            published_by=user,
                            published_at=online,
                        )
                    )
            revisions = Revision.objects.bulk_create(revisions)
            signed = SignOff.objects.bulk_create(_sign_off(dice, revision, reviewer, now.date()) for revision in revisions)
            ArticleEvent.objects.bulk_create(itertools.chain.from_iterable(map(_article_events, revisions, signed)))
        progress(several.stop, number, "articles")


def _article(dice, words, index, seed, user):
    from articles.models import Article

    title = dice.choice(words)[:80].rstrip(" ,;:")
    parts = []
    for _ in range(5):
        parts.append(f"<h2>{_escaped(dice.choice(words)[:60])}</h2>")
        parts += [f"<p>{_escaped('. '.join(dice.choices(words, k=6)))}. [{dice.randint(1, 3)}]</p>" for _ in range(2)]
    parts.append("<ul>" + "".join(f"<li>{_escaped(dice.choice(words))}</li>" for _ in range(4)) + "</ul>")
    kind = dice.randrange(100)
    day = datetime.date(2026, 1, 1)
    return Article(
        uuid=uuid.UUID(int=dice.getrandbits(128), version=4),
        title=f"{title} ({index})",
        slug=f"load-{seed}-{index}",
        summary=". ".join(dice.choices(words, k=2)) + ".",
        need_to_know="\n".join(f"- {word}." for word in dice.choices(words, k=3)),
        body="".join(parts),
        owner=user,
        withdrawn_on=day if kind < WITHDRAWN else None,
        withdrawal_reason="It is out of date." if kind < WITHDRAWN else "",
        archived_on=day if WITHDRAWN <= kind < WITHDRAWN + ARCHIVED else None,
    )


def _escaped(text):
    from html import escape

    return escape(text, quote=False)


def _source(dice, words, article, place):
    from articles.models import Source

    return Source(
        article=article,
        position=place,
        authors=f"{dice.choice(NAMES)} A, {dice.choice(NAMES)} B.",
        title=dice.choice(words),
        container="Journal of Examples",
        year=dice.randint(2000, 2026),
        url=f"https://example.org/{dice.randrange(10**6)}",
    )


def _sign_off(dice, revision, reviewer, today):
    from articles.models import SignOff

    overdue = dice.randrange(100) < OVERDUE
    signed = revision.published_at.date()
    until = today + datetime.timedelta(days=-dice.randint(1, 200) if overdue else dice.randint(1, 365))
    return SignOff(
        article_id=revision.article_id,
        revision=revision,
        sha256=revision.sha256,
        scope="full",
        origin="signed",
        reviewer=reviewer,
        name=reviewer.name,
        credentials=reviewer.credentials,
        signed_on=signed,
        read_on=signed,
        valid_until=max(until, signed + datetime.timedelta(days=1)),
    )


def _article_events(revision, sign_off):
    from articles.models import ArticleEvent

    for kind in ("submitted", "signed", "published"):
        yield ArticleEvent(
            article_id=revision.article_id,
            revision=revision,
            sign_off=sign_off if kind == "signed" else None,
            kind=kind,
            actor_id=revision.published_by_id,
            created_at=revision.published_at,
        )


class Places:
    """Where the next comment of each article goes: as comments/flows/thread_pages.py would say, with few numbers an article."""

    def __init__(self):
        self.pages, self.open = {}, {}

    def thread(self, article):
        """Return the page of a new thread."""
        page, threads, comments = self.pages.get(article, (1, 0, 0))
        if threads >= THREADS_A_PAGE or comments >= COMMENTS_A_PAGE:
            page, threads, comments = page + 1, 0, 0
        self.pages[article] = page, threads + 1, comments + 1
        return page

    def answer(self, article, page):
        """Return the page of an answer to a comment on that page."""
        last, threads, comments = self.pages[article]
        if page == last and comments < COMMENTS_A_PAGE:
            self.pages[article] = last, threads, comments + 1
            return page
        return self.thread(article)


def make_comments(number: int, seed: int) -> None:
    """Make comments in every state under the articles that are online, each with its events and most with a contact."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from articles.models import Article
    from comments.models import Comment, CommentEvent

    dice, words = random.Random(seed + 1), sentences()
    now = timezone.now().replace(microsecond=0)
    user = User.objects.get(username=f"load-{seed}")
    articles = list(Article.objects.readable().order_by("pk").values_list("pk", flat=True))
    dice.shuffle(articles)
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(articles))))
    contacts = _contacts(min(max(number // 5, 1), 50_000), seed)
    places = Places()
    for first in range(0, number, BATCH):
        size = min(BATCH, number - first)
        with transaction.atomic():
            rows = []
            for index in range(first, first + size):
                article = articles[bisect.bisect(weights, dice.random() * weights[-1])]
                sent = now - datetime.timedelta(days=365 * YEARS) * (1 - (index + 1) / number)
                rows.append(_comment(dice, words, article, sent, user, contacts, places))
            rows = Comment.objects.bulk_create(rows, batch_size=BATCH)
            for row in rows:
                if row.state == "approved" and row.depth < 2:
                    # Only the newest few are answered, so this stays small.
                    places.open[row.article_id] = [*places.open.get(row.article_id, [])[-SHOWN:], (row.pk, row.depth, row.page)]
            CommentEvent.objects.bulk_create(itertools.chain.from_iterable(map(_events, rows)), batch_size=BATCH)
        progress(first + size, number, "comments")


def _contacts(number, seed):
    from comments.models import Contact
    from comments.models.contact import blind_indexes, check_digit, mailbox_indexes

    dice = random.Random(seed + 2)
    signs = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
    tags = set()
    while len(tags) < number:
        tags.add("".join(dice.choices(signs, k=6)))
    keys = []
    for several in _batches(sorted(tags)):
        rows = []
        for tag in several:
            address = f"load-{seed}-{tag.lower()}@example.org"
            rows.append(
                Contact(
                    tag=f"{tag}-{check_digit(tag)}",
                    index=blind_indexes(address)[0],
                    mailbox=mailbox_indexes(address)[0],
                    address=address,
                )
            )
        keys += [contact.pk for contact in Contact.objects.bulk_create(rows)]
    return keys


def _batches(items):
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]


def _comment(dice, words, article, sent, user, contacts, places):
    from comments.models import Comment
    from comments.models.comment import digest_of

    state = _state(dice)
    is_gone = state in {"withdrawn", "erased"}
    body = "" if is_gone else _body(dice, words)
    parent = dice.choice(places.open[article]) if article in places.open and dice.random() < ANSWERS else None
    page = None
    if state in {"approved", "hidden"}:
        page = places.answer(article, parent[2]) if parent else places.thread(article)
    decided = state not in {"pending", "withdrawn", "erased"}
    lane = dice.choices(["standard", "clinician", "urgent", "spam_likely"], [90, 6, 1, 3])[0]
    return Comment(
        uuid=uuid.UUID(int=dice.getrandbits(128), version=4),
        article_id=article,
        parent_id=parent[0] if parent else None,
        depth=parent[1] + 1 if parent else 0,
        contact_id=None if is_gone else dice.choice(contacts),
        name="" if is_gone else dice.choice(NAMES),
        body=body,
        state=state,
        lane="spam_likely" if state == "spam" else lane,
        page=page,
        submitted_at=sent,
        decided_at=sent + datetime.timedelta(minutes=dice.randint(5, 3000)) if decided else None,
        decided_by=user if decided else None,
        nonce=f"{dice.getrandbits(256):064x}",
        text_digest="" if is_gone else digest_of(body),
    )


def _state(dice):
    place = dice.randrange(1000)
    for state, share in STATES.items():
        if place < share:
            return state
        place -= share
    return "approved"


def _body(dice, words):
    paragraphs = [
        ". ".join(dice.choices(words, k=dice.randint(1, 5))) + "." for _ in range(dice.choices([1, 2, 3], [70, 22, 8])[0])
    ]
    return "\n\n".join(paragraphs)[:5000]


def _events(row):
    from comments.models import CommentEvent

    yield CommentEvent(comment=row, kind="submitted", after="pending", version=1, created_at=row.submitted_at)
    if row.decided_at:
        yield CommentEvent(
            comment=row,
            kind="decided",
            actor_id=row.decided_by_id,
            before="pending",
            after=row.state,
            version=1,
            reason="other" if row.state == "rejected" else "",
            created_at=row.decided_at,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
