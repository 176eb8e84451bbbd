"""From the working copy to the page: submit, sign, publish, withdraw. Each is one function and one transaction."""

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from articles import canonical, rendering
from articles.models import Article, Reviewer, Revision, SignOff


class WorkflowError(Exception):
    """A step that cannot be taken now; the text says why, for the person who tried."""


class Unchanged(WorkflowError):
    """The working copy says exactly what the newest revision says."""


@transaction.atomic
def submit(article: Article, *, by) -> Revision:
    """Freeze the working copy as a new revision and return it.

    Raises Unchanged when nothing changed since the newest revision, WorkflowError when the page would have no words.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    content, _ = article.content()
    if not rendering.words(content["body_html"]):
        raise WorkflowError("The article has no text yet.")
    text = canonical.canonical_json(content)
    digest = canonical.sha256(text)
    newest = article.revisions.order_by("-number").first()
    if newest and newest.sha256 == digest:
        raise Unchanged(f"Nothing has changed since version {newest.number}.")
    return Revision.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        content=text,
        sha256=digest,
        format=canonical.FORMAT,
        base=article.revisions.live().first(),
        search_text=rendering.search_text(content),
        submitted_by=by,
    )


@transaction.atomic
def sign(revision: Revision, *, shown_hash: str, by, scope: str = SignOff.Scope.FULL, edited: bool = False) -> SignOff:
    """Sign a revision as the reviewer that the user is; `shown_hash` is the hash of the text that was on the screen.

    Raises PermissionDenied when the user has no active reviewer profile or not the permission, superusers included, and
    WorkflowError when another text was shown or a newer one waits.
    """
    today = timezone.localdate()
    reviewer = Reviewer.objects.filter(user=by).first()
    if reviewer is None or not reviewer.is_active(today) or not by.has_perm("articles.add_signoff"):
        raise PermissionDenied("Only an active reviewer signs, and only as themselves.")
    Article.objects.select_for_update().get(pk=revision.article_id)
    if shown_hash != revision.sha256:
        raise WorkflowError("The text has changed since you opened this page. Please read it again.")
    if revision.article.revisions.filter(number__gt=revision.number).exists():
        raise WorkflowError("A newer version was submitted. Please read that one.")
    return _sign_off(
        revision,
        reviewer,
        origin=SignOff.Origin.SIGNED,
        scope=scope,
        edited=edited,
        signed_on=today,
        valid_until=today + settings.REVIEW_INTERVAL,
    )


@transaction.atomic
def publish(revision: Revision, *, by) -> Revision:
    """Make exactly this revision the live one.

    Raises PermissionDenied without the permission, WorkflowError when no valid signature is on its hash.
    """
    if not by.has_perm("articles.publish_article"):
        raise PermissionDenied("Publishing needs a permission of its own.")
    Article.objects.select_for_update().get(pk=revision.article_id)
    if revision.article.revisions.filter(number__gt=revision.number).exists():
        raise WorkflowError("A newer version was submitted. Only that one can be published.")
    if not SignOff.objects.filter(
        sha256=revision.sha256, revision=revision, origin=SignOff.Origin.SIGNED, revoked_at=None
    ).exists():
        raise WorkflowError("Nobody has signed this version, so it cannot be published.")
    return _make_live(revision, by=by)


@transaction.atomic
def publish_stated(revision: Revision, reviewer: Reviewer, *, edited: bool, signed_on: datetime.date | None = None) -> Revision:
    """Publish a text with what an earlier site stated of its review; for `load_article` alone."""
    _sign_off(
        revision,
        reviewer,
        origin=SignOff.Origin.STATED,
        scope=SignOff.Scope.FULL,
        edited=edited,
        signed_on=signed_on,
        valid_until=None,
    )
    return _make_live(revision, by=None)


@transaction.atomic
def withdraw(article: Article, *, reason: str, by) -> None:
    """Take a page back: its address stays and gives the reason and the day.

    Raises PermissionDenied without the permission, WorkflowError without a reason or when it is not online.
    """
    if not by.has_perm("articles.publish_article"):
        raise PermissionDenied("Withdrawing needs the permission to publish.")
    if not reason.strip():
        raise WorkflowError("Readers are told why a page was withdrawn. Please give a reason.")
    online = Article.objects.filter(pk__in=Revision.objects.live().values("article"), pk=article.pk, withdrawn_on=None)
    if not online.update(withdrawn_on=timezone.localdate(), withdrawal_reason=reason.strip()):
        raise WorkflowError("This page is not online.")


def _sign_off(revision, reviewer, **fields):
    return SignOff.objects.create(
        article=revision.article,
        revision=revision,
        sha256=revision.sha256,
        reviewer=reviewer,
        name=reviewer.name,
        credentials=reviewer.credentials,
        specialty=reviewer.specialty,
        ties=reviewer.ties,
        **fields,
    )


def _make_live(revision, *, by):
    now = timezone.now()
    revision.article.revisions.live().exclude(pk=revision.pk).update(retired_at=now)
    if not Revision.objects.filter(pk=revision.pk, published_at=None).update(published_at=now, published_by=by):
        raise WorkflowError("This version was published before.")
    revision.refresh_from_db()
    return revision
