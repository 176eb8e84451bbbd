"""The comments of one post: in the order in which they were sent, what is answered before its answers, in batches."""

import functools
import itertools
import re
from collections.abc import Iterator

from django.utils import timezone
from django.utils.html import strip_tags

from comments.flows import arrival
from comments.flows.arrival import Arriving
from comments.models import Comment
from lupussite.models import Moved
from lupussite.wordpress import outcome
from lupussite.wordpress.comment_words import words
from lupussite.wordpress.dates import moment
from lupussite.wordpress.outcome import Outcome
from lupussite.wordpress.patience import Together
from lupussite.wordpress.shelf import Shelf
from mail import outbox
from mail.models import Outbox
from web import many_rows

BATCH = 500
_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}")
_LEFT = {"spam": outcome.SPAM, "trash": outcome.TRASH, "post-trashed": outcome.TRASH}
MOST_NAME = Comment._meta.get_field("name").max_length


class Threads:
    """Takes the comments of a run, and counts each of them once."""

    def __init__(self, shelf: Shelf, site: str, told: Outcome, together: Together, *, dry_run: bool):
        self.shelf, self.site, self.told, self.together, self.dry_run = shelf, site, told, together, dry_run
        self.met: set[int] = set()

    def leave(self, item: int, why: str) -> None:
        """Count the comments of an item that are not taken."""
        for row in self._rows(item):
            self.told.comments[_why_left(row) or why] += 1

    def leave_the_rest(self) -> None:
        """Count the comments of items that could not be read."""
        query = "SELECT DISTINCT item FROM comment"
        for row in self.shelf.database.execute(query).fetchall():
            if row["item"] not in self.met:
                self.leave(row["item"], outcome.UNDER_NOTHING)

    def _rows(self, item):
        self.met.add(item)
        return self.shelf.comments(item)

    def take(self, item, planned, into, *, fallback) -> None:
        """Take those of an article that are not here; `into` gets its key as "article" when it is made, or has it."""
        here = {}
        if planned.is_here:
            known = Moved.objects.filter(site=self.site, kind=Moved.Kind.COMMENT, comment__article=into["article"])
            here = dict(known.values_list("source", "comment"))
        places = arrival.places_of(into["article"], here) if here else {}
        arriving = self._not_here(self._kept(item), here, fallback)
        while batch := list(itertools.islice(arriving, BATCH)):
            if not self.dry_run:
                self.together.add(functools.partial(self._write, into, batch, places), len(batch))

    def _kept(self, item):
        """Return the comments of an item that are for readers or moderators, by their IDs, and count the others."""
        kept = {}
        for row in self._rows(item["n"]):
            if why := _why_left(row) or (outcome.NOTE if row["id"] in kept else None):
                self.told.comments[why] += 1
            else:
                kept[row["id"]] = row
        return kept

    def _not_here(self, kept, here, fallback):
        for row in _parents_first(kept):
            if row["id"] in here:
                self.told.comments[outcome.COMMENT_HERE] += 1
                continue
            if row["parent"] and row["parent"] not in kept:
                self.told.said["replies to something that isn't here, which begin a thread"] += 1
            one = self._arriving(row, kept, fallback)
            if one is None:
                self.told.comments[outcome.EMPTY] += 1
                continue
            self.told.comments[outcome.APPROVED if one.is_approved else outcome.PENDING] += 1
            yield one

    def _arriving(self, row, kept, fallback):
        data = self.shelf.comment_data(row["n"])
        body = words(data["text"])
        if not body:
            return None
        name = " ".join(strip_tags(words(data["name"])).split()) or "Anonymous"
        if len(name) > MOST_NAME:
            self.told.said["names of commenters that were too long, and were cut"] += 1
            name = f"{name[: MOST_NAME - 1]}…"
        email = data["email"].strip()
        if email and not _ADDRESS.fullmatch(email):
            self.told.said["email addresses of commenters that aren't addresses, not taken"] += 1
            email = ""
        sent = moment(data["date_gmt"], data["date"])
        if sent is None:
            self.told.said["comments without a date, which got that of their post"] += 1
        one = Arriving(
            source=row["id"],
            parent=row["parent"] if row["parent"] in kept else "",
            name=name,
            email=email,
            body=body,
            is_approved=row["approved"] in {"1", "approve", "approved"},
            submitted_at=sent or fallback or timezone.now(),
        )
        if email:
            kept_too = arrival.keeps_address(one, timezone.now())
            self.told.said[
                "email addresses of commenters, kept encrypted"
                if kept_too
                else "email addresses of commenters that are older than we keep them, not taken"
            ] += 1
        return one

    def _write(self, into, arriving, places):
        keys = arrival.take(into["article"], arriving, places)
        kind = str(Moved.Kind.COMMENT)
        rows = [(self.site, kind, one.source, key, False) for one, key in zip(arriving, keys, strict=True)]
        many_rows.insert(Moved, ("site", "kind", "source", "comment_id", "is_screened"), rows)
        outbox.add("screen_arrived", key="screen_arrived", priority=Outbox.Priority.BATCH)


def _why_left(row):
    """Return why a comment is not taken wherever it stands, or None."""
    if row["type"] in {"pingback", "trackback"}:
        return outcome.PING
    if row["approved"] in _LEFT:
        return _LEFT[row["approved"]]
    return None if row["type"] in {"", "comment"} else outcome.NOTE


def _parents_first(kept) -> Iterator:
    """Yield the comments in their order, but what is answered before its answers; a circle is broken where it is met."""
    done = set()
    for row in kept.values():
        chain = []
        while row is not None and row["id"] not in done:
            chain.append(row)
            done.add(row["id"])
            row = kept.get(row["parent"])
        yield from reversed(chain)
