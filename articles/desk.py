"""Where every article stands, in a fixed number of queries, and what of it waits for whom: the desk of editors and reviewers.

Lists never load a text: the status comes from the column `sha256`, which `verify_revisions` compares with the texts.
"""

import dataclasses
import datetime
from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import review
from articles.models import ArticleEvent, PublicationPlan, Reviewer, Revision, SignOff
from articles.workflow_rules import Stage

SOON = datetime.timedelta(days=60)
MOST_ROWS = 50
# What a page that is online says of itself when a reviewer has to read it.
UNREAD = {review.Kind.CHANGED, review.Kind.REVOKED, review.Kind.OVERDUE}


@dataclasses.dataclass(frozen=True)
class Pending:
    """The newest version of an article, which was never online."""

    number: int
    stage: Stage
    submitted_by: int | None
    submitted_on: datetime.date


@dataclasses.dataclass(frozen=True)
class Standing:
    """An article: what its page says (None when it is not online), and its newest version when that is not online.

    `urgent_due_on` is the day by which what went online without a signature has to be read: that of the first such version,
    which a second one does not put off.
    """

    article: int
    title: str
    owner: int | None
    status: review.Status | None
    pending: Pending | None
    urgent_due_on: datetime.date | None = None
    plan: PublicationPlan | None = None


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the desk."""

    article: int
    title: str
    words: str
    day: datetime.date


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the desk: the first rows, and how many there are."""

    title: str
    empty: str
    rows: tuple[Row, ...]
    count: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than these."""
        return self.count > len(self.rows)


def standings(today: datetime.date) -> list[Standing]:
    """Return every article that has a version, by title; six queries for any number."""
    columns = {
        "title": F("article__title"),
        "owner": F("article__owner"),
        "withdrawn_on": F("article__withdrawn_on"),
        "archived_on": F("article__archived_on"),
    }
    fields = ("pk", "article", "number", "sha256", "submitted_by", "submitted_at", "published_at")
    newer = Revision.objects.kept().filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    newest = Revision.objects.filter(~Exists(newer), published_at=None)
    # Of an article whose last versions were recalled, the one before them goes on; the last of these rows is taken.
    recalled = ArticleEvent.objects.filter(revision=OuterRef("pk"), kind=ArticleEvent.Kind.RECALLED)
    live = {row["article"]: row for row in Revision.objects.live().order_by().values(*fields, **columns)}
    in_order = newest.order_by(Exists(recalled).desc(), "number")
    pending = {row["article"]: row for row in in_order.values(*fields, **columns)}
    signatures = _signatures()
    ended = dict(
        ArticleEvent.objects.filter(
            kind__in=[ArticleEvent.Kind.RECALLED, ArticleEvent.Kind.CHANGES_ASKED], revision__in=newest.values("pk")
        )
        .order_by("pk")
        .values_list("revision", "kind")
    )
    urgent = defaultdict(list)
    published = ArticleEvent.objects.filter(kind=ArticleEvent.Kind.PUBLISHED_URGENTLY, article__in=_unsigned().values("article"))
    for article, revision, due_on in published.values_list("article", "revision", "due_on"):
        urgent[article].append((revision, due_on))
    plans = {plan.article_id: plan for plan in PublicationPlan.objects.filter(ended_at=None)}
    found = []
    for article, row in {**pending, **live}.items():
        theirs = signatures[article]
        version = pending.get(article)
        found.append(
            Standing(
                article=article,
                title=row["title"],
                owner=row["owner"],
                status=_status(row, theirs, today) if article in live else None,
                pending=_pending(version, theirs, ended) if version else None,
                urgent_due_on=_urgent_due_on(urgent[article], theirs),
                plan=plans.get(article),
            )
        )
    return sorted(found, key=lambda one: one.title.casefold())


def _unsigned():
    """Return the versions that are online without anybody's word on them."""
    return Revision.objects.live().filter(~Exists(SignOff.objects.filter(revision=OuterRef("pk"))))


def _urgent_due_on(urgent, signatures) -> datetime.date | None:
    """Return the earliest day that an urgent version set after the last version on which somebody's word holds.

    Keys of versions go up with their numbers: each is made while its article is held.
    """
    if not urgent:
        return None
    last = max((one.revision for one in signatures if review.broken(one, signatures) is None), default=0)
    return min((due_on for revision, due_on in urgent if revision > last), default=None)


def _signatures() -> dict[int, list[review.Signature]]:
    """Return the signatures that decide what is said of texts that are online or may still go there, oldest first.

    Those on texts that were online once matter where somebody signed changes only, which builds on them, and where nobody
    signed the live text: its page names the one before.
    """
    current = Revision.objects.filter(retired_at=None)
    building = SignOff.objects.filter(revision__in=current.values("pk"), scope=SignOff.Scope.CHANGES)
    deciding = SignOff.objects.filter(
        Q(revision__in=current.values("pk"))
        | Q(article__in=building.values("article"))
        | Q(article__in=_unsigned().values("article"))
    )
    found = defaultdict(list)
    for sign_off in deciding.order_by("pk"):
        found[sign_off.article_id].append(sign_off.as_signature())
    return found


def _status(row, signatures, today) -> review.Status:
    return review.status(
        row["sha256"],
        signatures,
        today,
        revision=row["pk"],
        published_on=timezone.localdate(row["published_at"]),
        withdrawn_on=row["withdrawn_on"],
        archived_on=row["archived_on"],
    )


def status_of(article, live: Revision, today: datetime.date) -> review.Status:
    """Return what the page of an article with `all_sign_offs` says of its live version, by the hash in its column."""
    return review.status(
        live.sha256,
        [sign_off.as_signature() for sign_off in article.all_sign_offs],
        today,
        revision=live.pk,
        published_on=timezone.localdate(live.published_at),
        withdrawn_on=article.withdrawn_on,
        archived_on=article.archived_on,
    )


def _pending(row, signatures, ended) -> Pending:
    """Return the version with its stage, by the same rule as `workflow.stage`."""
    on_it = [one for one in signatures if one.revision == row["pk"] and one.sha256 == row["sha256"] and one.origin == "signed"]
    holds = any(review.broken(one, signatures) is None for one in on_it)
    stage = Stage.SIGNED if holds else Stage.WAITING
    if row["pk"] in ended:
        stage = Stage.RECALLED if ended[row["pk"]] == ArticleEvent.Kind.RECALLED else Stage.ASKED
    return Pending(row["number"], stage, row["submitted_by"], timezone.localdate(row["submitted_at"]))


def sections(user, today: datetime.date, *, most: int | None = MOST_ROWS) -> list[Section]:
    """Return the desk as this person sees it, what waits for them first; at most so many rows of each section, or all."""
    everything = standings(today)
    mine = waiting_for(user, everything, today)
    in_review = [one for one in everything if one.pending and one.pending.stage in {Stage.WAITING, Stage.SIGNED}]
    online = [one for one in everything if one.status]
    plans = [one for one in everything if one.plan]
    overdue = [one for one in online if one.status.kind == review.Kind.OVERDUE]
    soon = [one for one in online if one.status.kind == review.Kind.CURRENT and one.status.signature.valid_until <= today + SOON]
    changed = [one for one in online if one.status.kind == review.Kind.CHANGED]
    revoked = [one for one in online if one.status.kind == review.Kind.REVOKED]
    none = _("None")
    return [
        _section(_("Your tasks"), _("You have nothing to do right now."), mine, most),
        _section(_("In review"), none, map(_pending_row, in_review), most),
        _section(_("Scheduled"), none, map(_plan_row, plans), most),
        _section(_("Overdue"), none, map(_overdue_row, overdue), most),
        _section(_("Due within 60 days"), none, map(_due_row, soon), most),
        _section(_("Online, not yet reviewed"), none, map(_changed_row, changed), most),
        _section(_("Signature withdrawn"), none, map(_revoked_row, revoked), most),
    ]


def waiting_for(user, everything: list[Standing], today: datetime.date) -> list[Row]:
    """Return what this person can do next, a line for each article: read what waits for a signature, mend, publish."""
    reads = signs(user, today)
    edits = user.has_perm("articles.submit_article")
    publishes = user.has_perm("articles.publish_article")
    rows = []
    for one in everything:
        todo = [_unread_row(one)] if reads and one.status and one.status.kind in UNREAD else []
        if one.pending:
            answers = one.owner in {None, user.pk} or one.pending.submitted_by == user.pk
            if one.pending.stage == Stage.WAITING and reads:
                todo.append(_pending_row(one))
            elif one.pending.stage == Stage.ASKED and edits and answers:
                words = _("a reviewer asked for changes to version {number}").format(number=one.pending.number)
                todo.append(_row(one, words, one.pending.submitted_on))
            elif one.pending.stage == Stage.SIGNED and publishes and answers and not one.plan:
                words = _("version {number} is signed and ready to publish").format(number=one.pending.number)
                todo.append(_row(one, words, one.pending.submitted_on))
        if todo:
            rows.append(_row(one, "; ".join(row.words for row in todo), min(row.day for row in todo)))
    return rows


def signs(user, today: datetime.date) -> bool:
    """Return whether the user is an active reviewer who may sign; being a superuser does not make one."""
    reviewer = Reviewer.objects.filter(user=user).first()
    return bool(reviewer and reviewer.is_active(today) and user.has_perm("articles.add_signoff"))


def _section(title, empty, rows, most) -> Section:
    rows = sorted(rows, key=lambda row: (row.day, row.title))
    return Section(title, empty, tuple(rows[:most]), len(rows))


def _row(one, words, day) -> Row:
    return Row(one.article, one.title, words, day)


def _pending_row(one) -> Row:
    if one.pending.stage == Stage.SIGNED and one.plan:
        words = _("version {number} is signed and scheduled (sent on {day})")
    elif one.pending.stage == Stage.SIGNED:
        words = _("version {number} is signed and ready to publish (sent on {day})")
    else:
        words = _("version {number} is waiting for a reviewer (sent on {day})")
    words = words.format(number=one.pending.number, day=date_format(one.pending.submitted_on))
    return _row(one, words, one.pending.submitted_on)


def _plan_row(one) -> Row:
    if one.plan.at is None:
        words = _("version {number} goes online as soon as it's signed").format(number=one.pending.number)
        return _row(one, words, one.pending.submitted_on)
    when = timezone.localtime(one.plan.at)
    words = _("version {number} goes online on {when}")
    words = words.format(number=one.pending.number, when=date_format(when, "DATETIME_FORMAT"))
    if one.pending.stage != Stage.SIGNED:
        words = _("{words}, but only if someone signs it again before then").format(words=words)
    return _row(one, words, when.date())


def _due_row(one) -> Row:
    return _signed_row(one, _("review due on {day}; last signed by {person}"))


def _overdue_row(one) -> Row:
    return _signed_row(one, _("review was due on {day}; last signed by {person}"))


def _signed_row(one, words) -> Row:
    signature = one.status.signature
    words = words.format(day=date_format(signature.valid_until), person=signature.person)
    return _row(one, words, signature.valid_until)


def _changed_row(one) -> Row:
    words = _("changed on {day}; review due on {due}") if one.urgent_due_on else _("changed on {day}")
    words = words.format(day=date_format(one.status.since), due=one.urgent_due_on and date_format(one.urgent_due_on))
    return _row(one, words, one.urgent_due_on or one.status.since)


def _revoked_row(one) -> Row:
    words = _("withdrawn on {day}; readers see the reason").format(day=date_format(one.status.since))
    return _row(one, words, one.status.since)


def _unread_row(one) -> Row:
    """Return why a page that is online waits for a reviewer."""
    if one.status.kind == review.Kind.OVERDUE:
        return _overdue_row(one)
    if one.status.kind == review.Kind.CHANGED:
        row = _changed_row(one)
        return _row(one, _("online, not yet reviewed: {words}").format(words=row.words), row.day)
    words = _("online, but the signature was withdrawn on {day}").format(day=date_format(one.status.since))
    return _row(one, words, one.status.since)
