"""Comments that come from an earlier site, many at once: stored as they stood there, screened afterward, and nobody gets mail.

Only here a comment is made that no person here approved: it says so for ever (`Comment.decided_elsewhere`).
"""

import dataclasses
import datetime
import secrets
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article
from comments import screening
from comments.flows import watch_list
from comments.flows.retention import ADDRESS
from comments.flows.thread_pages import DEEPEST, Places
from comments.models import Comment, CommentEvent, State, digest_of
from comments.models.contact import Contact
from comments.screening import History, Lane, Submission, is_read_first, lane_of, screen
from web import many_rows


@dataclasses.dataclass(frozen=True)
class Arriving:
    """A comment of an earlier site; `source` is its ID there, `parent` that of what it answers."""

    source: str
    parent: str
    name: str
    email: str
    body: str
    is_approved: bool
    submitted_at: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a comment stands that can be answered."""

    pk: int
    depth: int
    page: int | None


def keeps_address(comment: Arriving, now: datetime.datetime) -> bool:
    """Return whether the address is taken along: not when its time has passed by the rule for every comment."""
    return bool(comment.email) and (not comment.is_approved or comment.submitted_at >= now - ADDRESS)


@transaction.atomic
def take(article: int, arriving: Sequence[Arriving], places: dict[str, Place]) -> list[int]:
    """Store comments of an article, in this order, and return their keys.

    `places` has, and gets, the place of each by its source ID. What a comment answers comes before it, or is in `places`; else it
    begins a thread.
    """
    now = timezone.now()
    Article.objects.select_for_update(no_key=True).only("pk").get(pk=article)
    pages = Places(article)
    contacts = Contact.objects.keys_of_many({one.email for one in arriving if keeps_address(one, now)})
    rows = []
    for pk, one in zip(_keys(len(arriving)), arriving, strict=True):
        above = places.get(one.parent)
        depth = min(above.depth + 1, DEEPEST) if above else 0
        page = pages.give(above and above.page) if one.is_approved else None
        places[one.source] = Place(pk, depth, page)
        row = {
            "id": pk,
            "uuid": uuid.uuid4(),
            "article_id": article,
            "parent_id": above and above.pk,
            "depth": depth,
            "contact_id": contacts[one.email] if keeps_address(one, now) else None,
            "name": one.name,
            "body": one.body,
            "state": str(State.APPROVED if one.is_approved else State.PENDING),
            "page": page,
            "submitted_at": one.submitted_at,
            "decided_at": one.submitted_at if one.is_approved else None,
            "decided_elsewhere": one.is_approved,
            "nonce": secrets.token_hex(),
            "text_digest": digest_of(one.body),
        }
        rows.append(row)
    if rows:
        many_rows.insert(Comment, tuple(rows[0]), (tuple(row.values()) for row in rows))
        many_rows.insert(CommentEvent, ("comment_id", "kind", "before", "after", "version"), map(_event, rows))
    return [row["id"] for row in rows]


def _event(row):
    approved = row["state"] == State.APPROVED
    kind = CommentEvent.Kind.APPROVED_ELSEWHERE if approved else CommentEvent.Kind.IMPORTED
    return row["id"], str(kind), row["state"], row["state"], 1


def _keys(number):
    """Return so many keys that no other row has or gets: what is answered in the same batch must have one before it is stored."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # This transaction is the only one that writes, and SQLite remembers the highest key that was ever given.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [Comment._meta.db_table])
            last = (cursor.fetchone() or [0])[0]
            return list(range(last + 1, last + 1 + number))
        query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(query, [Comment._meta.db_table, number])
        return [key for (key,) in cursor.fetchall()]


def places_of(article: int, sources: dict[str, int]) -> dict[str, Place]:
    """Return the places of comments that are here, by their source IDs; `sources` gives their keys."""
    rows = {
        pk: Place(pk, depth, page)
        for pk, depth, page in Comment.objects.filter(article=article).values_list("pk", "depth", "page")
    }
    return {source: rows[pk] for source, pk in sources.items() if pk in rows}


def screen_arrived(keys: Sequence[int]) -> None:
    """Note what screening finds in these comments, for moderators to look at; it decides nothing and wakes nobody.

    What waits and would be urgent goes to the clinicians, first in their lane: it is years old, and the rota is not to be woken.
    """
    screening.prepare()
    watch = watch_list.with_names(watch_list.current())
    comments = list(Comment.objects.filter(pk__in=keys).exclude(body="").only("name", "body", "state"))
    for comment in comments:
        signals = screen(Submission(name=comment.name, email="", body=comment.body), History(), watch)
        lane = lane_of(signals)
        is_capped = lane == Lane.URGENT and comment.state == State.PENDING
        comment.lane = Lane.CLINICIAN if is_capped else lane
        comment.read_first = is_capped or is_read_first(signals)
        found = watch_list.kept(signals)
        comment.signals, comment.topics = found["signals"], found["topics"]
    Comment.objects.bulk_update(comments, ["lane", "read_first", "signals", "topics"], batch_size=100)
