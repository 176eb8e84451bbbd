"""The steps from the working copy to the page and off it again, each a small view that calls one function of `articles.workflow`.

What a reviewer does stands in `articles.admin.reviewing`. What cannot be done is said and changes nothing; a missing permission
is 403, also by address.
"""

import functools
import json

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import canonical, notices, planned, workflow
from articles.admin import reviewing
from articles.admin.buttons import unchanged_since
from articles.admin.pages import ask, back, is_key, needs, page, take_step, url, version_of, with_reason
from articles.admin.step_forms import ScheduleForm, SubmitForm, WithdrawForm
from articles.diff import differences
from articles.models import Article, PublicationPlan, Revision
from web.admin import takes_a_form

SAVED_MEANWHILE = gettext_lazy(
    "Someone saved the draft while you had this page open. Below is what it says now. Nothing was sent."
)
NO_REVIEWER = gettext_lazy(
    "No one can sign it yet. The owner invites a medical reviewer under “Users”, and adds their name and credentials under "
    "“Reviewers”."
)


def left_out(removed: list[str]) -> str:
    """Return what the cleaner leaves out as one sentence, or nothing."""
    return _("Left out or changed: {parts}.").format(parts="; ".join(removed)) if removed else ""


def urls(view):
    """Return the addresses of the steps; `view` is the admin's own wrapper."""
    views = {
        "submit/": submit_view,
        "recall/": recall_view,
        "review/<int:number>/": reviewing.review_view,
        "publish/": publish_view,
        "schedule/<int:number>/": schedule_view,
        "publish-when-signed/": publish_when_signed_view,
        "unschedule/": unschedule_view,
        "urgent/<int:number>/": urgent_view,
        "revoke/<int:key>/": reviewing.revoke_view,
        "withdraw/": withdraw_view,
        "archive/": archive_view,
        "restore/": restore_view,
    }
    return [
        path(f"<int:pk>/{end}", view(function), name=f"articles_article_{end.split('/')[0]}") for end, function in views.items()
    ]


@needs("articles.submit_article")
def submit_view(request, pk):
    """Show what will be frozen beside what is online, take kind and note of the change, and freeze it."""
    article = get_object_or_404(Article, pk=pk)
    live = article.revision
    initial = {"version": article.version}
    form = SubmitForm(
        request.POST if request.method == "POST" else None,
        first=live is None,
        may_publish=request.user.has_perm("articles.publish_article"),
        initial=initial,
    )
    if form.is_bound and form.is_valid():
        try:
            revision = _submit(article, form.cleaned_data, by=request.user)
        except workflow.WorkflowError as error:
            article.refresh_from_db()
            form.data = form.data.copy()
            form.data["version"] = article.version
            form.add_error(None, str(error))
        else:
            if not notices.reviewers().exists():
                messages.warning(request, NO_REVIEWER)
            return back(request, pk, _("Version {number} is now waiting for a reviewer.").format(number=revision.number))
    content, removed = article.content()
    text = canonical.canonical_json(content)
    frozen = json.loads(text)
    context = {
        "article": article,
        "unchanged": unchanged_since(article, text),
        "form": form,
        "live": live,
        "parts": differences.between(live.data, frozen) if live else [],
        "left_out": left_out(removed),
        "whole": None if live else Revision(content=text),
    }
    return page(request, "submit", _("Send to the reviewer"), **context)


def _submit(article, said, *, by):
    """Submit the working copy if it still is the one that was on the screen."""
    with transaction.atomic():
        held = workflow.held(article)
        if held.version != said["version"]:
            raise workflow.WorkflowError(str(SAVED_MEANWHILE))
        revision = workflow.submit(held, by=by, change=said["change"], note=said["note"])
        if said.get("when_signed"):
            planned.plan(revision, at=None, by=by)
        return revision


@require_http_methods(["GET", "HEAD", "POST"])
@needs("articles.submit_article")
def recall_view(request, pk):
    """Ask once, then take a submitted version back."""
    if not _names_a_version(request):
        return HttpResponseRedirect(url("article_change", pk))
    revision = version_of(pk, _number(request))
    number = revision.number
    if request.method == "POST":
        return take_step(request, pk, workflow.recall, revision, done=_("Version {number} was recalled.").format(number=number))
    words = _("Reviewers can no longer sign version {number}. Your draft stays the way it is, and you can send it again.")
    title = _("Recall version {number}").format(number=number)
    return ask(request, revision.article, title, words.format(number=number), number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("articles.publish_article")
def publish_view(request, pk):
    """Ask once, then make the signed version that was on the screen the live one."""
    if not _names_a_version(request):
        return HttpResponseRedirect(url("article_change", pk))
    revision = version_of(pk, _number(request))
    number, live = revision.number, revision.article.revision
    if request.method == "POST":
        return take_step(request, pk, workflow.publish, revision, done=_("Version {number} is online.").format(number=number))
    words = _("Readers will see version {number} right away.")
    if live:
        words = _("Readers will see version {number} right away, in place of version {live}.")
    title = _("Publish version {number}").format(number=number)
    return ask(request, revision.article, title, words.format(number=number, live=live and live.number), number=number)


@needs("articles.publish_article")
def schedule_view(request, pk, number):
    """Ask for a date and time, and plan that the signed version goes online then."""
    revision = version_of(pk, str(number))
    form = ScheduleForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            plan = planned.plan(revision, at=form.cleaned_data["at"], by=request.user)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            done = _("Version {number} goes online {when}.").format(number=number, when=planned.words(plan))
            return back(request, pk, done)
    title = _("Publish version {number} later").format(number=number)
    return page(request, "schedule", title, article=revision.article, form=form)


@takes_a_form(lambda pk: url("article_change", pk))
@needs("articles.publish_article")
def publish_when_signed_view(request, pk):
    """Plan that the version which waits goes online as soon as somebody signs it."""
    revision = version_of(pk, request.POST.get("number", ""))
    done = _("Version {number} goes online as soon as it's signed.").format(number=revision.number)
    return take_step(request, pk, functools.partial(planned.plan, at=None), revision, done=done)


@takes_a_form(lambda pk: url("article_change", pk))
@needs("articles.publish_article")
def unschedule_view(request, pk):
    """Take the plan back that was on the screen."""
    number = request.POST.get("number", "")
    key = int(number) if is_key(number) else 0
    plan = get_object_or_404(PublicationPlan.objects.select_related("article", "revision"), pk=key, article=pk)
    return take_step(request, pk, planned.cancel, plan, done=_("Canceled. Nothing goes online by itself now."))


@needs("articles.publish_urgently")
def urgent_view(request, pk, number):
    """Ask why, then put an unsigned version of a live page online."""
    revision = version_of(pk, str(number))
    return with_reason(
        request,
        revision.article,
        functools.partial(workflow.publish_urgently, revision, by=request.user),
        title=_("Publish version {number} urgently, without a signature").format(number=number),
        words=_(
            "The page will say that this change hasn't been reviewed yet. A review is due within seven days. "
            "Your reason stays in the article's history."
        ),
        button=_("Publish without a signature"),
        done=_("Version {number} is online without a signature.").format(number=number),
    )


@needs("articles.publish_article")
def withdraw_view(request, pk):
    """Ask why, then take the page back."""
    article = get_object_or_404(Article, pk=pk)
    return with_reason(
        request,
        article,
        functools.partial(workflow.withdraw, article, by=request.user),
        form_class=functools.partial(WithdrawForm, article=article),
        title=_("Withdraw “{title}”").format(title=article),
        words=_(
            "This takes the text off the site. We keep the page so that old links still work; it shows the date and your reason."
        ),
        button=_("Withdraw the page"),
        done=_("The page was withdrawn."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("articles.publish_article")
def archive_view(request, pk):
    """Ask once, then keep the page online under a banner."""
    article = get_object_or_404(Article, pk=pk)
    if request.method != "POST":
        words = _("The page stays online, under a banner that says we no longer update it. You can undo this at any time.")
        return ask(request, article, _("Archive the page"), words)
    return take_step(request, pk, workflow.archive, article, done=_("The page is archived. Readers see a banner that says so."))


@takes_a_form(lambda pk: url("article_change", pk))
@needs("articles.publish_article")
def restore_view(request, pk):
    """Put a withdrawn or archived page back."""
    article = get_object_or_404(Article, pk=pk)
    return take_step(request, pk, workflow.restore, article, done=_("The page is back the way it was."))


def _number(request):
    """Return the number of the version that a form sends, or that a link to its page names."""
    return (request.POST if request.method == "POST" else request.GET).get("number", "")


def _names_a_version(request):
    """Return whether there is a version to ask about; who comes back from a login has none, for example."""
    return request.method == "POST" or bool(request.GET.get("number"))
