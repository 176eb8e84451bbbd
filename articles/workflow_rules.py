"""Where a revision stands, and what can be done with it there: one table of moves."""

import datetime
import enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from articles import canonical, review
from articles.models import Article, ArticleEvent, Revision, SignOff


class WorkflowError(Exception):
    """A step that cannot be taken now; the text says why, for the person who tried."""


class Stage(TextChoices):
    """Where a revision stands, derived from stamps, events and signatures; `label` says it to people."""

    WAITING = "waiting", _("waiting for a reviewer")
    ASKED = "asked", _("changes requested")
    RECALLED = "recalled", _("recalled")
    SUPERSEDED = "superseded", _("replaced by a newer version")
    SIGNED = "signed", _("signed")
    LIVE = "live", _("online")
    RETIRED = "retired", _("previously online")


class Step(enum.StrEnum):
    """What a person can do with a revision."""

    RECALL = "recall"
    ASK_CHANGES = "ask-changes"
    SIGN = "sign"
    REVOKE = "revoke"
    PLAN = "plan"
    PUBLISH = "publish"
    PUBLISH_URGENTLY = "publish-urgently"


MOVES = {
    Stage.WAITING: {Step.RECALL, Step.ASK_CHANGES, Step.SIGN, Step.PLAN, Step.PUBLISH_URGENTLY},
    Stage.ASKED: {Step.REVOKE},
    Stage.RECALLED: {Step.REVOKE},
    Stage.SUPERSEDED: {Step.REVOKE},
    Stage.SIGNED: {Step.RECALL, Step.ASK_CHANGES, Step.SIGN, Step.REVOKE, Step.PLAN, Step.PUBLISH},
    Stage.LIVE: {Step.SIGN, Step.REVOKE},
    Stage.RETIRED: {Step.REVOKE},
}
TOO_EARLY = {
    (Stage.WAITING, Step.PUBLISH): _("This version can't be published: no one has signed it."),
    (Stage.WAITING, Step.REVOKE): _("No one has signed this version."),
    (Stage.LIVE, Step.PUBLISH): _("This version has already been published."),
    (Stage.SUPERSEDED, Step.SIGN): _("There's a newer version. Please read that one."),
}
# Any one of these allows the step; who signs or asks for changes needs an active reviewer profile as well.
PERMISSIONS = {
    Step.RECALL: ["articles.submit_article"],
    Step.ASK_CHANGES: ["articles.add_signoff"],
    Step.SIGN: ["articles.add_signoff"],
    Step.REVOKE: ["articles.add_signoff", "articles.publish_article"],
    Step.PLAN: ["articles.publish_article"],
    Step.PUBLISH: ["articles.publish_article"],
    Step.PUBLISH_URGENTLY: ["articles.publish_urgently"],
}


def stage(revision: Revision) -> Stage:
    """Return where a revision stands."""
    if revision.retired_at:
        return Stage.RETIRED
    if revision.published_at:
        return Stage.LIVE
    if Revision.objects.kept().filter(article=revision.article_id, number__gt=revision.number).exists():
        return Stage.SUPERSEDED
    ended = revision.events.filter(kind__in=[ArticleEvent.Kind.RECALLED, ArticleEvent.Kind.CHANGES_ASKED]).last()
    if ended:
        return Stage.RECALLED if ended.kind == ArticleEvent.Kind.RECALLED else Stage.ASKED
    return Stage.SIGNED if valid_sign_off(revision) else Stage.WAITING


def current(article: Article) -> Revision | None:
    """Return the newest version that nobody recalled, which is online or may go there; None when there is none."""
    return article.revisions.kept().order_by("-number").first()


def valid_sign_off(revision: Revision) -> SignOff | None:
    """Return the newest signature given here on this revision that holds, with all that it rests on."""
    holding = _holding(revision.article_id, lambda sign_off: sign_off.revision_id == revision.pk)
    return next((sign_off for sign_off in holding if sign_off.origin == SignOff.Origin.SIGNED), None)


def base_of(revision: Revision, today: datetime.date) -> SignOff | None:
    """Return the signature that a signature on changes only would build on.

    It is the newest one on an earlier version that holds and is not overdue; None means that all must be read.
    """
    holding = _holding(revision.article_id, lambda sign_off: sign_off.revision.number < revision.number)
    base = next(holding, None)
    usable = base and base.origin == SignOff.Origin.SIGNED and today < base.valid_until
    return base if usable else None


def last_signed(revision: Revision) -> Revision | None:
    """Return the version that the difference is shown against: the newest earlier one that somebody's word still holds on."""
    holding = _holding(revision.article_id, lambda sign_off: sign_off.revision.number < revision.number)
    newest = next(holding, None)
    return newest and Revision.objects.get(pk=newest.revision_id)


def last_read(revision: Revision, user) -> Revision | None:
    """Return the newest earlier version that this person signed, or sent back with a note."""
    read = [ArticleEvent.Kind.SIGNED, ArticleEvent.Kind.REAFFIRMED, ArticleEvent.Kind.CHANGES_ASKED]
    theirs = ArticleEvent.objects.filter(article=revision.article_id, kind__in=read, actor=user).values("revision")
    earlier = Revision.objects.filter(article=revision.article_id, number__lt=revision.number)
    return earlier.filter(pk__in=theirs).order_by("-number").first()


def _holding(article_id, wanted):
    """Yield the signatures and statements that hold, with all that they rest on, of the newest version first.

    Two queries and one text for each that is yielded, whatever the number of versions.
    """
    sign_offs = list(
        SignOff.objects.filter(article=article_id)
        .select_related("revision")
        .defer("revision__content", "revision__search_text")
        .order_by("pk")
    )
    signatures = {sign_off.pk: sign_off.as_signature() for sign_off in sign_offs}
    for sign_off in sorted(sign_offs, key=lambda one: (one.revision.number, one.pk), reverse=True):
        if not wanted(sign_off) or review.broken(signatures[sign_off.pk], list(signatures.values())) is not None:
            continue
        # Computed, not read: a text that was changed behind the column's back was not signed.
        content = Revision.objects.values_list("content", flat=True).get(pk=sign_off.revision_id)
        if sign_off.sha256 == canonical.sha256(content):
            yield sign_off


def changed_by(revision: Revision) -> set[int]:
    """Return the keys of the users who changed the words since the version that the difference is shown against."""
    before = last_signed(revision)
    saved = ArticleEvent.objects.filter(
        article=revision.article_id, kind=ArticleEvent.Kind.SAVED, created_at__lte=revision.submitted_at
    )
    if before:
        saved = saved.filter(created_at__gt=before.submitted_at)
    return set(saved.exclude(actor=None).values_list("actor", flat=True))
