"""Where every article stands, in a fixed number of queries, computed again only when something was written since.

Nothing here loads a text, but those of live pages with a source that is known to be retracted: the status comes from the column
`sha256`, which `verify_revisions` compares with the texts.
"""

import dataclasses
import datetime
import functools
import json
from collections import defaultdict

from django.db.models import Exists, F, Max, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import record, review
from articles.models import Article, ArticleEvent, PublicationPlan, Retraction, Revision, SignOff
from articles.workflow_rules import Stage

SOON = datetime.timedelta(days=60)


class State(TextChoices):
    """What is to be said of an article; several may hold at once."""

    DRAFT = "draft", _("Draft, not sent yet")
    UNSENT = "unsent", _("Online, with changes not sent yet")
    WAITING = "waiting", _("Waiting for a reviewer")
    ASKED = "asked", _("Changes requested")
    SIGNED = "signed", _("Signed, ready to publish")
    PLANNED = "planned", _("Scheduled to go online")
    OVERDUE = "overdue", _("Review overdue")
    SOON = "soon", _("Review due within 60 days")
    CHANGED = "changed", _("Online, not yet reviewed")
    REVOKED = "revoked", _("Signature withdrawn")
    RETRACTED = "retracted", _("Cites a retracted source")
    NOT_REVIEWED = "not-reviewed", _("Online, from the previous site, not reviewed")
    CURRENT = "current", _("Reviewed, up to date")
    EARLIER = "earlier", _("Reviewed on our previous site")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


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

    `live` is the number of the version that is online. `urgent_due_on` is the day by which what went online without a signature
    has to be read: that of the first such version, which a second one does not put off.
    """

    article: int
    title: str
    owner: int | None
    reviewer: int | None
    saved_on: datetime.date
    status: review.Status | None
    live: int | None
    pending: Pending | None
    urgent_due_on: datetime.date | None = None
    plan: PublicationPlan | None = None
    states: frozenset[State] = frozenset()

    @property
    def due_on(self) -> datetime.date | None:
        """The day by which somebody has to read the page again, or had to."""
        if self.status is None:
            return None
        if self.status.kind in {review.Kind.CURRENT, review.Kind.OVERDUE}:
            return self.status.signature.valid_until
        if self.status.kind == review.Kind.CHANGED:
            return self.urgent_due_on or self.status.since
        return self.status.since if self.status.kind in {review.Kind.REVOKED, review.Kind.NOT_REVIEWED} else None


class Standings(tuple[Standing, ...]):
    """Every article, by title; and by what is to be said of it, so that thousands of others are not looked through again."""

    @functools.cached_property
    def of_state(self) -> dict[State, list[Standing]]:
        """Those in each state, by title."""
        found = {state: [] for state in State}
        for one in self:
            for state in one.states:
                found[state].append(one)
        return found


def standings(today: datetime.date) -> Standings:
    """Return every article, by title."""
    return compute(today, _written())


def _written():
    """Return what is another value after anything was written that a standing tells.

    Every step and every save leaves an event. Counts are taken as well, since the last key alone misses one that was given
    before it and is seen after it.
    """
    last = ArticleEvent.objects.order_by("-pk").values_list("pk", "created_at").first()
    return last, *(model.objects.count() for model in (ArticleEvent, Article, Revision, SignOff, Retraction))


@functools.lru_cache(maxsize=2)
def compute(today: datetime.date, written) -> Standings:
    """Return every article, by title, as it stands after what was `written`; the same number of queries for any number."""
    fields = ("pk", "article", "number", "sha256", "submitted_by", "submitted_at", "published_at")
    newer = Revision.objects.kept().filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    newest = Revision.objects.filter(~Exists(newer), published_at=None)
    # Of an article whose last versions were recalled, the one before them goes on; the last of these rows is taken.
    recalled = ArticleEvent.objects.filter(revision=OuterRef("pk"), kind=ArticleEvent.Kind.RECALLED)
    live = {row["article"]: row for row in Revision.objects.live().order_by().values(*fields)}
    in_order = newest.order_by(Exists(recalled).desc(), "number")
    pending = {row["article"]: row for row in in_order.values(*fields)}
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
    retracted, edited = _with_retracted_source(), _edited_since_sent()
    found = []
    columns = ("pk", "title", "owner", "assigned_to", "withdrawn_on", "archived_on", "updated_at")
    for row in Article.objects.order_by().values(*columns):
        key = row["pk"]
        theirs = signatures[key]
        version = pending.get(key)
        one = Standing(
            article=key,
            title=row["title"],
            owner=row["owner"],
            reviewer=row["assigned_to"],
            saved_on=timezone.localdate(row["updated_at"]),
            status=_status(live[key] | row, theirs, today, revision=live[key]["pk"]) if key in live else None,
            live=live[key]["number"] if key in live else None,
            pending=_pending(version, theirs, ended) if version else None,
            urgent_due_on=_urgent_due_on(urgent[key], theirs),
            plan=plans.get(key) if version else None,
        )
        states = _states(one, today, is_edited=key in edited, is_retracted=key in retracted)
        found.append(dataclasses.replace(one, states=states))
    return Standings(sorted(found, key=lambda one: (one.title.casefold(), one.article)))


def _states(one, today, *, is_edited, is_retracted) -> frozenset[State]:
    found = set()
    stage = one.pending.stage if one.pending else None
    if stage in {Stage.WAITING, Stage.ASKED, Stage.SIGNED}:
        found.add(State(stage))
    elif one.status is None:
        found.add(State.DRAFT)
    if one.plan:
        found.add(State.PLANNED)
    if one.status:
        found.add(State(one.status.kind))
        if is_edited and one.status.kind != review.Kind.WITHDRAWN:
            found.add(State.UNSENT)
        if one.status.kind == review.Kind.CURRENT and one.status.signature.valid_until <= today + SOON:
            found.add(State.SOON)
        if is_retracted and one.status.kind != review.Kind.WITHDRAWN:
            found.add(State.RETRACTED)
    return frozenset(found)


def _edited_since_sent() -> set[int]:
    """Return the articles whose words were saved, or their newest version recalled, after they were last sent.

    By their events, which name what changed: to compare the words, each text would have to be cleaned. Words that were changed
    and changed back count as edited here; the page of the article says that they are the same.
    """
    kind = ArticleEvent.Kind
    unsent = [kind.SAVED, kind.RECALLED]
    last = (
        ArticleEvent.objects.filter(kind__in=[*unsent, kind.SUBMITTED])
        .order_by()
        .values("article")
        .annotate(edited=Max("pk", filter=Q(kind__in=unsent)), sent=Max("pk", filter=Q(kind=kind.SUBMITTED)))
        .filter(edited__gt=F("sent"))
    )
    return set(last.values_list("article", flat=True))


def _with_retracted_source() -> set[int]:
    """Return the articles whose page cites a source that is known to be retracted."""
    known = defaultdict(list)
    for one in Retraction.objects.all():
        known[one.article_id].append(one)
    if not known:
        return set()
    texts = Revision.objects.live().filter(article__in=known).values_list("article", "content")
    return {article for article, text in texts if record.retractions(json.loads(text)["sources"], known[article])}


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


def _status(row, signatures, today, *, revision) -> review.Status:
    return review.status(
        row["sha256"],
        signatures,
        today,
        revision=revision,
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
