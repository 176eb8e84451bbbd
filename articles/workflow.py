"""From the working copy to the page and off it again: every step is one transaction that holds the article's row, checks the
table of `articles.workflow_rules` and the permission, and writes an event.
"""

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import addresses, canonical, planned
from articles.html import rendering
from articles.models import Article, ArticleEvent, Reviewer, Revision, SignOff
from articles.taking import held, log, need, take
from articles.workflow_rules import Stage, Step, WorkflowError, base_of, changed_by, current, stage

URGENT_REVIEW = datetime.timedelta(days=7)


class Unchanged(WorkflowError):
    """The working copy says exactly what the newest revision says."""


@transaction.atomic
def submit(article: Article, *, by, change: str = Revision.Change.NEW, note: str = "") -> Revision:
    """Freeze the working copy as a new revision and return it; `note` tells readers in a sentence what changed.

    Raises PermissionDenied, Unchanged when nothing changed since the newest one, WorkflowError when the page would have no words.
    """
    if by is not None:  # None is what loads an earlier site, which nobody calls from outside.
        need(by, "articles.submit_article")
    article = held(article)
    cleaned = rendering.clean(article.body)
    content = article.content(cleaned=cleaned)[0]
    if not rendering.words(content["body_html"]):
        raise WorkflowError(_("The article has no text yet."))
    if by is not None and (marks := article.marks_without_source(cleaned)):
        words = _("These citations have no source: {marks}. Add the source, or take the citation out of the text.")
        raise WorkflowError(words.format(marks=", ".join(marks)))
    text = canonical.canonical_json(content)
    digest = canonical.sha256(text)
    newest = article.revisions.order_by("-number").first()
    live = article.revisions.live().first()
    same = current(article)
    if live and live.sha256 == digest:
        raise Unchanged(_("This text is already online as version {number}.").format(number=live.number))
    if same and same.sha256 == digest and stage(same) != Stage.ASKED:
        raise Unchanged(_("Nothing has changed since version {number}.").format(number=same.number))
    revision = Revision.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        content=text,
        sha256=digest,
        format=canonical.format_of(content),
        base=live,
        change=change,
        public_note=note.strip(),
        search_text=rendering.search_text(content),
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    addresses.keep(article)
    log(article, ArticleEvent.Kind.SUBMITTED, by=by, revision=revision, note=note)
    planned.end_overtaken(article, by=by)
    return revision


@transaction.atomic
def recall(revision: Revision, *, by) -> None:
    """Take a submitted version back before it is published."""
    revision = take(Step.RECALL, revision, by=by)
    log(revision.article, ArticleEvent.Kind.RECALLED, by=by, revision=revision)
    planned.end_overtaken(revision.article, by=by)


@transaction.atomic
def request_changes(revision: Revision, *, shown_hash: str, by, note: str) -> None:
    """Send a version back to its editors with a note; raises WorkflowError without one."""
    revision = take(Step.ASK_CHANGES, revision, by=by, shown_hash=shown_hash)
    _own_reviewer(by)
    if not note.strip():
        raise WorkflowError(_("Please say what should change."))
    log(revision.article, ArticleEvent.Kind.CHANGES_ASKED, by=by, revision=revision, note=note)
    planned.end_overtaken(revision.article, by=by)


@transaction.atomic
def sign(revision: Revision, *, shown_hash: str, by, scope: str = SignOff.Scope.FULL, shown_base: int | None = None) -> SignOff:
    """Sign a revision as the reviewer that the user is; `shown_hash` is the hash of the text that was on the screen.

    `shown_base` is the key of the signature against whose text the changes were shown.
    A full signature says that all was read and moves the dates; one on changes keeps those of the signature it builds on.
    Signing the live text again in full reaffirms it. What was to go online as soon as it is signed does so here. Raises
    PermissionDenied when the user has no active reviewer profile or not the permission, superusers included; WorkflowError when
    another text was shown or the step is not to be taken.
    """
    today = timezone.localdate()
    revision = take(Step.SIGN, revision, by=by, shown_hash=shown_hash)
    reviewer = _own_reviewer(by)
    edited = by.pk in changed_by(revision)
    if edited and not settings.REVIEWERS_MAY_EDIT:
        raise WorkflowError(_("You edited this version yourself, so another reviewer has to sign it."))
    same = {"revision": revision, "reviewer": reviewer, "scope": scope, "signed_on": today, "revoked_at": None}
    if SignOff.objects.filter(origin=SignOff.Origin.SIGNED, **same).exists():
        raise WorkflowError(_("You already signed this today."))
    base = None
    if scope == SignOff.Scope.CHANGES:
        base = base_of(revision, today)
        if base is None:
            raise WorkflowError(_("There is no valid earlier signature to build on. Please read the whole page."))
        if shown_base not in {None, base.pk}:
            raise WorkflowError(_("The comparison has changed since you opened this page. Please read the changes again."))
    sign_off = _sign_off(
        revision,
        reviewer,
        origin=SignOff.Origin.SIGNED,
        scope=scope,
        edited=edited,
        signed_on=today,
        base=base,
        read_on=base.read_on if base else today,
        valid_until=base.valid_until if base else today + settings.REVIEW_INTERVAL,
    )
    again = revision.published_at and scope == SignOff.Scope.FULL and revision.sign_offs.exclude(pk=sign_off.pk).exists()
    log(
        revision.article,
        ArticleEvent.Kind.REAFFIRMED if again else ArticleEvent.Kind.SIGNED,
        by=by,
        revision=revision,
        sign_off=sign_off,
    )
    planned.publish_signed(revision, publish)
    return sign_off


@transaction.atomic
def revoke(sign_off: SignOff, *, by, reason: str) -> None:
    """Take a signature back with a reason that readers see: its own reviewer may, and who may publish.

    All that this reviewer signed on that version falls with it: who reaffirmed a page and takes that back vouches no more.
    Raises PermissionDenied, WorkflowError without a reason or when it was taken back before.
    """
    revision = take(Step.REVOKE, sign_off.revision, by=by)
    if not by.has_perm("articles.publish_article") and not Reviewer.objects.filter(user=by, pk=sign_off.reviewer_id).exists():
        raise PermissionDenied(_("Only the reviewer who signed, or an editor who can publish, can withdraw this signature."))
    if not reason.strip():
        raise WorkflowError(_("Please give a reason. Readers see why a signature was withdrawn."))
    if not SignOff.objects.filter(pk=sign_off.pk, revoked_at=None, origin=SignOff.Origin.SIGNED).exists():
        raise WorkflowError(_("This signature is no longer valid."))
    theirs = SignOff.objects.filter(
        revision=revision, reviewer=sign_off.reviewer_id, revoked_at=None, origin=SignOff.Origin.SIGNED
    )
    if not theirs.update(revoked_at=timezone.now(), revoked_by=by, revocation_reason=reason.strip()):
        raise WorkflowError(_("This signature is no longer valid."))
    log(revision.article, ArticleEvent.Kind.REVOKED, by=by, revision=revision, sign_off=sign_off, note=reason)


@transaction.atomic
def publish(revision: Revision, *, by) -> Revision:
    """Make exactly this revision the live one.

    Raises PermissionDenied without the permission, WorkflowError when no signature on its hash holds; a page's first
    publication needs a full one, which every chain of signatures ends in.
    """
    revision = take(Step.PUBLISH, revision, by=by)
    return _make_live(revision, by=by, kind=ArticleEvent.Kind.PUBLISHED)


@transaction.atomic
def publish_urgently(revision: Revision, *, by, reason: str) -> Revision:
    """Put an unsigned version of a live page online at once; its page says that nobody checked it, and a review is due.

    Raises PermissionDenied without `publish_urgently`, WorkflowError without a reason or when the page is not online.
    """
    revision = take(Step.PUBLISH_URGENTLY, revision, by=by)
    if not reason.strip():
        raise WorkflowError(_("Please give a reason for the urgent change. It stays in the history."))
    if revision.article.withdrawn_on or not revision.article.revisions.live().exists():
        raise WorkflowError(_("You can make an urgent change only to a page that is online. A new page needs a signature first."))
    due_on = timezone.localdate() + URGENT_REVIEW
    return _make_live(revision, by=by, kind=ArticleEvent.Kind.PUBLISHED_URGENTLY, note=reason, due_on=due_on)


@transaction.atomic
def publish_stated(revision: Revision, *reviewers: Reviewer, edited: bool, signed_on: datetime.date | None = None) -> Revision:
    """Publish a text with what an earlier site stated of its review by each of these people; for its import alone."""
    held(revision.article)
    for reviewer in reviewers:
        _sign_off(
            revision,
            reviewer,
            origin=SignOff.Origin.STATED,
            scope=SignOff.Scope.FULL,
            edited=edited,
            signed_on=signed_on,
            read_on=signed_on,
            valid_until=None,
        )
    return _make_live(revision, by=None, kind=ArticleEvent.Kind.PUBLISHED)


@transaction.atomic
def publish_imported(revision: Revision, *, note: str = "") -> Revision:
    """Publish a text that was online on an earlier site without a word on its review; for an import alone.

    Its page says that it is not reviewed until somebody signs it. `note` goes into the history.
    """
    held(revision.article)
    return _make_live(revision, by=None, kind=ArticleEvent.Kind.IMPORTED, note=note)


@transaction.atomic
def withdraw(article: Article, *, reason: str, by, instead: Article | None = None) -> None:
    """Take a page back: its address stays and gives the reason and the day, and leads to the article to read instead.

    Raises PermissionDenied without the permission, WorkflowError without a reason, when it is not online, or when what to read
    instead is not.
    """
    need(by, "articles.publish_article")
    if not reason.strip():
        raise WorkflowError(_("Please give a reason. Readers see why a page was withdrawn."))
    article = _online(article)
    if instead and not Article.objects.to_read_instead_of(article).filter(pk=instead.pk).exists():
        raise WorkflowError(_("Readers can't read that article instead: it isn't online."))
    article.withdrawn_on, article.withdrawal_reason, article.read_instead = timezone.localdate(), reason.strip(), instead
    article.save(update_fields=["withdrawn_on", "withdrawal_reason", "read_instead"])
    more = _("Read this instead: {title} ({address})").format(title=instead, address=instead.slug) if instead else ""
    log(article, ArticleEvent.Kind.WITHDRAWN, by=by, note=f"{reason.strip()}\n{more}")


@transaction.atomic
def archive(article: Article, *, by) -> None:
    """Keep a page online under a banner that says that nobody keeps it up to date."""
    need(by, "articles.publish_article")
    article = _online(article)
    if article.archived_on:
        raise WorkflowError(_("This page is already archived."))
    article.archived_on = timezone.localdate()
    article.save(update_fields=["archived_on"])
    log(article, ArticleEvent.Kind.ARCHIVED, by=by)


@transaction.atomic
def restore(article: Article, *, by) -> None:
    """Put a withdrawn or archived page back as it was; raises WorkflowError when it is neither."""
    need(by, "articles.publish_article")
    article = held(article)
    if not (article.withdrawn_on or article.archived_on):
        raise WorkflowError(_("This page is neither withdrawn nor archived."))
    if article.withdrawn_on:  # A page that was in the archive before goes back there.
        article.withdrawn_on, article.withdrawal_reason, article.read_instead = None, "", None
    else:
        article.archived_on = None
    article.save(update_fields=["withdrawn_on", "withdrawal_reason", "read_instead", "archived_on"])
    log(article, ArticleEvent.Kind.RESTORED, by=by)


def _own_reviewer(user):
    reviewer = Reviewer.objects.filter(user=user).first()
    if reviewer is None or not reviewer.is_active(timezone.localdate()):
        raise PermissionDenied(_("Only active reviewers can do this, and only in their own name."))
    return reviewer


def _online(article):
    article = held(article)
    if article.withdrawn_on or not article.revisions.live().exists():
        raise WorkflowError(_("This page isn't online."))
    return article


def _sign_off(revision, reviewer, **fields):
    return SignOff.objects.create(
        article=revision.article,
        revision=revision,
        sha256=canonical.sha256(revision.content),
        reviewer=reviewer,
        name=reviewer.name,
        credentials=reviewer.credentials,
        specialty=reviewer.specialty,
        ties=reviewer.ties,
        **fields,
    )


def _make_live(revision, *, by, kind, note="", due_on=None):
    now = timezone.now()
    revision.article.revisions.live().exclude(pk=revision.pk).update(retired_at=now)
    if not Revision.objects.filter(pk=revision.pk, published_at=None).update(published_at=now, published_by=by):
        raise WorkflowError(_("This version has already been published."))
    planned.end(revision.article)
    log(revision.article, kind, by=by, revision=revision, note=note, due_on=due_on)
    revision.refresh_from_db()
    return revision
