"""What moderators set for screening: watched words, blocked hosts, the standing of a person; and a word tried on the past.

Screening itself is pure. This loads what it needs, in a fixed number of queries.
"""

import dataclasses
import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.models import Article
from comments import models
from comments.models import BlockedHost, Comment, CommentEvent, HelpLine, State
from comments.models.contact import Contact
from comments.screening import History, Signal, Submission, Watch, WatchedWord, screen
from comments.screening.consequences import topics_of
from comments.screening.reading import Reading
from comments.screening.watched import watched_words
from web.prepared import Prepared
from web.site import site

RECENT = datetime.timedelta(days=30)
A_DAY = datetime.timedelta(days=1)
TRIED_ON = 500
# Some comments were decided more than once, or wait again, or are erased.
DECISIONS_LOOKED_AT = 2 * TRIED_ON
AROUND = 60


# Asked for each comment that comes in; no comment has the number 0.
_words = Prepared(lambda: models.WatchedWord.objects.values_list("word", "whole_word", "match_case"))
_hosts = Prepared(lambda: BlockedHost.objects.values_list("host"))
_same_text = Prepared(
    lambda digest, besides: (
        Comment.objects.filter(text_digest=digest)
        .exclude(text_digest="")  # The index is on those that have one, and SQLite takes it only when that is said.
        .exclude(pk=besides)
        .order_by()
        .values("text_digest")
        .annotate(count=Count("pk"))
        .values_list("count")
    ),
    str,
    int,
)
_theirs = Prepared(
    lambda contact, besides, refused_since, since: (
        Comment.objects.filter(contact=contact)
        .exclude(pk=besides)
        .order_by()
        .values("contact")
        .annotate(
            refused=Count("pk", filter=Q(state__in=[State.REJECTED, State.SPAM], decided_at__gte=refused_since)),
            within_a_day=Count("pk", filter=Q(submitted_at__gt=since)),
        )
        .values_list("refused", "within_a_day")
    ),
    int,
    int,
    datetime.datetime,
    datetime.datetime,
)


@dataclasses.dataclass(frozen=True)
class Known:
    """What is known before a text is read: how often it was sent, how many of this person's came and were refused, standing."""

    same_text: int = 0
    recent_rejections: int = 0
    within_a_day: int = 0
    standing: str = Contact.Standing.NORMAL


@dataclasses.dataclass(frozen=True)
class Held:
    """A decided comment that a word would have held; a false alarm when a person had approved it.

    The excerpt is "" for one that waits, urgent, for a second look: nobody should meet those words here.
    """

    pk: int
    state: str
    excerpt: str

    @property
    def false_alarm(self) -> bool:
        """Return whether a person found nothing wrong with it."""
        return self.state == State.APPROVED

    @property
    def state_words(self) -> str:
        """Return the state as moderators read it."""
        return State(self.state).label


def current() -> Watch:
    """Return what is watched now; two queries."""
    return Watch(words=tuple(WatchedWord(*row) for row in _words()), blocked_hosts=frozenset(host for (host,) in _hosts()))


def known_of(contact: Contact | None, digest: str, *, besides: int | None = None) -> Known:
    """Return what is known of a text and its author, without the comment `besides`; two queries, one without a contact."""
    same_text = sum(count for (count,) in _same_text(digest, besides or 0))
    if contact is None:
        return Known(same_text=same_text)
    now = timezone.now()
    theirs = _theirs(contact.pk, besides or 0, now - RECENT, now - A_DAY)
    refused, within_a_day = theirs[0] if theirs else (0, 0)
    return Known(same_text=same_text, recent_rejections=refused, within_a_day=within_a_day, standing=contact.standing)


def screened(submission: Submission, known: Known, watch: Watch) -> list[Signal]:
    """Return what screening finds in a text, given what is known and watched; three queries, for names and help lines."""
    history = History(
        same_text=known.same_text,
        recent_rejections=known.recent_rejections,
        within_a_day=known.within_a_day,
        blocked=known.standing == Contact.Standing.BLOCKED,
        always_hold=known.standing == Contact.Standing.HOLD,
    )
    return screen(submission, history, with_names(watch))


def with_names(watch: Watch) -> Watch:
    """Return what is watched with what is no personal detail here: names of our people, the site, help lines; three queries."""
    known_here = {"names": Article.names_of_people(), "site": site().name, "help_lines": HelpLine.numbers()}
    return dataclasses.replace(watch, **known_here)


def kept(signals: list[Signal]) -> dict:
    """Return the columns in which a comment keeps what screening found."""
    return {"signals": [signal.as_dict() for signal in signals], "topics": topics_of(signal.code for signal in signals)}


def find(word: WatchedWord, text: str) -> list[tuple[int, int]]:
    """Return where the word stands, as [start, end) code points: exactly what screening would mark."""
    reading = Reading(Submission(name="", email="", body=text), History(), Watch(words=(word,)))
    return [span for signal in watched_words(reading) for span in signal.spans]


def tried_on_past(word: str, whole_word: bool, match_case: bool) -> tuple[int, list[Held]]:
    """Return how many of the last 500 decided comments still have words, and those that the word would have held."""
    # By way of the log, which has an index on time; the table of comments has none on the decision.
    decisions = CommentEvent.objects.filter(kind=CommentEvent.Kind.DECIDED).order_by("-created_at")
    recent = dict.fromkeys(decisions.values_list("comment", flat=True)[:DECISIONS_LOOKED_AT])
    comments = Comment.objects.filter(pk__in=list(recent)).exclude(state=State.PENDING).exclude(body="")
    looked_for, held, tried = WatchedWord(word, whole_word, match_case), [], 0
    for comment in comments.order_by("-decided_at").only("state", "lane", "body")[:TRIED_ON]:
        tried += 1
        if spans := find(looked_for, comment.body):
            held.append(Held(comment.pk, comment.state, "" if comment.is_covered else _excerpt(comment.body, *spans[0])))
    return tried, held


@transaction.atomic
def set_standing(comment: Comment, standing: str, *, by) -> None:
    """Set how comments of this person are screened from now on, noted in the admin's log; it never refuses one.

    Raises PermissionDenied, ValueError for an unknown standing, Contact.DoesNotExist when there is no address (any more).
    """
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only a moderator can decide on comments."))
    standing = Contact.Standing(standing)
    contact = Contact.objects.defer("address").select_for_update(no_key=True).get(pk=comment.contact_id)
    if contact.standing == standing:
        return
    contact.standing = standing
    contact.save(update_fields=["standing"])
    words = gettext_noop("From now on: {standing} ({comment})").format(standing=standing.label.lower(), comment=comment.pk)
    LogEntry.objects.log_actions(by.pk, [contact], CHANGE, change_message=words, single_object=True)


def _excerpt(body, start, end):
    before, after = max(0, start - AROUND), min(len(body), end + AROUND)
    return f"{'…' if before else ''}{body[before:after]}{'…' if after < len(body) else ''}"
