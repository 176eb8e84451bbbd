"""Publications at a time, or as soon as a version is signed: planned by somebody who may publish, done under the same rules.

A plan is a row of its own and not one of the outbox: it shows on the article's page and on the desk, and outlives whatever the
outbox forgets. Every minute the worker asks for those whose time has come. A plan is carried out once, in the name of who made
it, by the very function that they would have pressed a button for; where that refuses, nothing goes online and they hear why.
"""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import notices
from articles.models import Article, ArticleEvent, PublicationPlan, Revision
from articles.taking import held, log, need, take
from articles.workflow_rules import Stage, Step, WorkflowError, stage
from mail import outbox

# `articles.workflow.publish`, which stands above this module.
Publish = Callable[..., Revision]


def open_plan(article: Article) -> PublicationPlan | None:
    """Return what is planned for an article now, or None."""
    return PublicationPlan.objects.filter(article=article, ended_at=None).select_related("by", "revision").first()


def words(plan: PublicationPlan) -> str:
    """Return when a version is to go online, as a phrase."""
    if plan.at is None:
        return _("as soon as it's signed")
    return _("on {when}").format(when=date_format(timezone.localtime(plan.at), "DATETIME_FORMAT"))


@transaction.atomic
def plan(revision: Revision, *, at: datetime.datetime | None, by) -> PublicationPlan:
    """Plan that a signed version goes online at a time, or with None that one which waits does as soon as it is signed.

    A plan that is open for the article is replaced. Raises PermissionDenied without the permission to publish, WorkflowError
    when there is nothing to wait for.
    """
    revision = take(Step.PLAN, revision, by=by)
    is_signed = stage(revision) == Stage.SIGNED
    if revision.article.withdrawn_on:
        raise WorkflowError(_("This page was withdrawn. Put it back online first."))
    if at is None and is_signed:
        raise WorkflowError(_("This version is already signed. Publish it now, or choose a date and time."))
    if at is not None and not is_signed:
        raise WorkflowError(_("You can choose a date and time once this version is signed."))
    if at is not None and at <= timezone.now():
        raise WorkflowError(_("That time has already passed. Please choose a later one."))
    end(revision.article)
    made = PublicationPlan.objects.create(article=revision.article, revision=revision, at=at, by=by)
    log(revision.article, ArticleEvent.Kind.PLANNED, by=by, revision=revision, note=words(made))
    return made


@transaction.atomic
def cancel(made: PublicationPlan, *, by) -> None:
    """Take a plan back; raises PermissionDenied, WorkflowError when it is over."""
    need(by, "articles.publish_article")
    article = held(made.article)
    if not end(article, pk=made.pk):
        raise WorkflowError(_("This publication is no longer scheduled."))
    log(article, ArticleEvent.Kind.PLAN_CANCELED, by=by, revision=made.revision)


def end(article: Article, **which) -> bool:
    """End the open plan of an article, and return whether there was one; the caller says in an event why."""
    return bool(PublicationPlan.objects.filter(article=article, ended_at=None, **which).update(ended_at=timezone.now()))


def end_overtaken(article: Article, *, by) -> None:
    """End a plan whose version can no longer go online, since `by` recalled it, sent it back or submitted another."""
    made = open_plan(article)
    if made and (now := stage(made.revision)) not in {Stage.WAITING, Stage.SIGNED}:
        _give_up(made, _("Version {number}: {stage}.").format(number=made.revision.number, stage=now.label), by=by)


def publish_signed(revision: Revision, publish: Publish) -> None:
    """Carry out the plan that waited for a signature on this version; in the transaction of that signature."""
    made = open_plan(revision.article)
    if made and made.at is None and made.revision_id == revision.pk:
        _carry_out(made, publish)


def ask_for_due() -> None:
    """Ask the worker for every plan whose time has come; once for each, however often and by however many this is called."""
    due = PublicationPlan.objects.filter(ended_at=None, at__lte=timezone.now())
    for pk in due.values_list("pk", flat=True):
        outbox.add("publish_planned", {"plan": pk, "keep_key": True}, key=f"publish-planned:{pk}")


@transaction.atomic
def publish_due(payload: dict, publish: Publish) -> None:
    """Carry out a plan whose time had come when it was asked for, if it is still open."""
    article = held(Article.objects.get(plans=payload["plan"]))
    made = open_plan(article)
    if made and made.pk == payload["plan"]:
        _carry_out(made, publish)


def _carry_out(made, publish):
    article = held(made.article)
    if article.withdrawn_on:
        _give_up(made, _("This page was withdrawn."))
    elif not (made.by.is_staff and made.by.has_perm("articles.publish_article")):
        _give_up(made, _("The person who scheduled it can't publish articles anymore."))
    else:
        try:
            with transaction.atomic():
                publish(made.revision, by=made.by)
        except WorkflowError as error:
            _give_up(made, str(error))
        else:
            notices.tell_planner(article.events.filter(kind=ArticleEvent.Kind.PUBLISHED).last())


def _give_up(made, reason, *, by=None):
    end(made.article, pk=made.pk)
    log(made.article, ArticleEvent.Kind.NOT_PUBLISHED, by=by, revision=made.revision, note=reason)
