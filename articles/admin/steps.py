"""The steps from the working copy to the page and off it again, each a small view that calls one function of `articles.workflow`.

What cannot be done is said and changes nothing; a missing permission is 403, also by address.
"""

import functools
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import canonical, desk, planned, workflow, workflow_rules
from articles.admin.buttons import may_revoke, unchanged_since
from articles.admin.pages import back, needs, page, url
from articles.admin.preview import with_preview
from articles.admin.standing import asked_of
from articles.admin.step_forms import ReasonForm, ReviewForm, ScheduleForm, SubmitForm, WithdrawForm
from articles.diff import differences
from articles.models import Article, PublicationPlan, Revision, SignOff
from articles.workflow_rules import Step
from web.admin import takes_a_form

SAVED_MEANWHILE = gettext_lazy(
    "Someone saved the draft while you had this page open. Below is what it says now. Nothing was sent."
)


def left_out(removed: list[str]) -> str:
    """Return what the cleaner leaves out as one sentence, or nothing."""
    return _("Left out or changed: {parts}.").format(parts="; ".join(removed)) if removed else ""


def urls(view):
    """Return the addresses of the steps; `view` is the admin's own wrapper."""
    views = {
        "submit/": submit_view,
        "recall/": recall_view,
        "review/<int:number>/": review_view,
        "publish/": publish_view,
        "schedule/<int:number>/": schedule_view,
        "publish-when-signed/": publish_when_signed_view,
        "unschedule/": unschedule_view,
        "urgent/<int:number>/": urgent_view,
        "revoke/<int:key>/": revoke_view,
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
    revision = _version(pk, _number(request))
    number = revision.number
    if request.method == "POST":
        return _take(request, pk, workflow.recall, revision, done=_("Version {number} was recalled.").format(number=number))
    words = _("Reviewers can no longer sign version {number}. Your draft stays the way it is, and you can send it again.")
    title = _("Recall version {number}").format(number=number)
    return _ask(request, revision.article, title, words.format(number=number), number=number)


def review_view(request, pk, number):
    """Show the page as readers will get it, or what changed in its text; take a signature, or a note on what should change."""
    today = timezone.localdate()
    if not desk.signs(request.user, today):
        raise PermissionDenied
    revision = _version(pk, str(number))
    view = request.GET.get("view", "")
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        step = request.POST.get("step", "")
        try:
            if view == "changes" and step == SignOff.Scope.FULL:
                raise workflow.WorkflowError(_("This view shows only the changes. To sign the whole page, open “All of it”."))
            if view == "read" and step != "ask":
                words = _("This view shows only what changed since you last read the page. Open another one to sign.")
                raise workflow.WorkflowError(words)
            done = _review(step, revision, form.cleaned_data, by=request.user)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            return back(request, pk, done)
    stage = workflow_rules.stage(revision)
    base = workflow_rules.base_of(revision, today)
    # What a signature on the changes builds on is what they are shown against.
    last = base.revision if base else workflow_rules.last_signed(revision)
    read = workflow_rules.last_read(revision, request.user)
    if read and last and read.pk == last.pk:
        read = None
    against = {"changes": last, "read": read}.get(view)
    form.shows(revision, base)
    moves = workflow_rules.MOVES[stage]
    context = {
        "form": form,
        "revision": revision,
        "reviewer": request.user.reviewer,
        "stage": stage,
        "asked": asked_of(revision),
        "may_sign": Step.SIGN in moves,
        "may_ask": Step.ASK_CHANGES in moves,
        "is_online": revision.published_at is not None,
        "base": base,
        "last": last,
        "read": read,
        "view": view if against else "",
        "against": against,
        "parts": differences.between(against.data, revision.data) if against else [],
    }
    article = get_object_or_404(Article.objects.with_review(), pk=pk)
    context["article"] = with_preview(article, revision)
    return TemplateResponse(request, "admin/articles/review.html", context, headers={"X-Robots-Tag": "noindex"})


def _review(step, revision, said, *, by):
    """Take one of the three steps of a reviewer, and return what was done in words."""
    if step == "ask":
        workflow.request_changes(revision, shown_hash=said["sha256"], by=by, note=said["note"])
        return _("You asked for changes to version {number}.").format(number=revision.number)
    if step not in SignOff.Scope.values:
        raise workflow.WorkflowError(_("Please choose what to do."))
    # No key says that the page showed none to build on; the workflow must not take that for "do not compare".
    shown_base = (said["base"] or 0) if step == SignOff.Scope.CHANGES else None
    workflow.sign(revision, shown_hash=said["sha256"], by=by, scope=step, shown_base=shown_base)
    return _("You signed version {number}.").format(number=revision.number)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("articles.publish_article")
def publish_view(request, pk):
    """Ask once, then make the signed version that was on the screen the live one."""
    if not _names_a_version(request):
        return HttpResponseRedirect(url("article_change", pk))
    revision = _version(pk, _number(request))
    number, live = revision.number, revision.article.revision
    if request.method == "POST":
        return _take(request, pk, workflow.publish, revision, done=_("Version {number} is online.").format(number=number))
    words = _("Readers will see version {number} right away.")
    if live:
        words = _("Readers will see version {number} right away, in place of version {live}.")
    title = _("Publish version {number}").format(number=number)
    return _ask(request, revision.article, title, words.format(number=number, live=live and live.number), number=number)


@needs("articles.publish_article")
def schedule_view(request, pk, number):
    """Ask for a date and time, and plan that the signed version goes online then."""
    revision = _version(pk, str(number))
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
    revision = _version(pk, request.POST.get("number", ""))
    done = _("Version {number} goes online as soon as it's signed.").format(number=revision.number)
    return _take(request, pk, functools.partial(planned.plan, at=None), revision, done=done)


@takes_a_form(lambda pk: url("article_change", pk))
@needs("articles.publish_article")
def unschedule_view(request, pk):
    """Take the plan back that was on the screen."""
    number = request.POST.get("number", "")
    key = int(number) if _is_plain(number) else 0
    plan = get_object_or_404(PublicationPlan.objects.select_related("article", "revision"), pk=key, article=pk)
    return _take(request, pk, planned.cancel, plan, done=_("Canceled. Nothing goes online by itself now."))


@needs("articles.publish_urgently")
def urgent_view(request, pk, number):
    """Ask why, then put an unsigned version of a live page online."""
    revision = _version(pk, str(number))
    return _with_reason(
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


@needs(*workflow_rules.PERMISSIONS[Step.REVOKE])
def revoke_view(request, pk, key):
    """Ask why, then take a signature back: its own reviewer may, and who may publish."""
    sign_off = get_object_or_404(SignOff.objects.select_related("revision__article"), pk=key, article=pk)
    if not may_revoke(request.user, sign_off) and not sign_off.revoked_at:
        raise PermissionDenied
    return _with_reason(
        request,
        sign_off.revision.article,
        functools.partial(workflow.revoke, sign_off, by=request.user),
        title=_("Withdraw {name}'s signature on version {number}").format(name=sign_off.name, number=sign_off.revision.number),
        words=_(
            "Readers will see your reason and that this reviewer no longer vouches for this text. "
            "This withdraws every signature this reviewer gave on this version."
        ),
        button=_("Withdraw the signature"),
        done=_("The signature was withdrawn."),
    )


@needs("articles.publish_article")
def withdraw_view(request, pk):
    """Ask why, then take the page back."""
    article = get_object_or_404(Article, pk=pk)
    return _with_reason(
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
        return _ask(request, article, _("Archive the page"), words)
    return _take(request, pk, workflow.archive, article, done=_("The page is archived. Readers see a banner that says so."))


@takes_a_form(lambda pk: url("article_change", pk))
@needs("articles.publish_article")
def restore_view(request, pk):
    """Put a withdrawn or archived page back."""
    article = get_object_or_404(Article, pk=pk)
    return _take(request, pk, workflow.restore, article, done=_("The page is back the way it was."))


def _number(request):
    """Return the number of the version that a form sends, or that a link to its page names."""
    return (request.POST if request.method == "POST" else request.GET).get("number", "")


def _names_a_version(request):
    """Return whether there is a version to ask about; who comes back from a login has none, for example."""
    return request.method == "POST" or bool(request.GET.get("number"))


def _ask(request, article, title, words, *, number=None):
    """Say what a step does, with a button that takes it, named as the page is."""
    return page(request, "confirm", title, article=article, words=words, button=title, number=number)


def _version(pk, number):
    """Return a version of the article, or 404: also for what is no number."""
    article = get_object_or_404(Article, pk=pk)
    plain = _is_plain(number)
    return get_object_or_404(article.revisions.select_related("article"), number=int(number) if plain else 0)


def _is_plain(number):
    return number.isascii() and number.isdecimal() and len(number) < 9


def _take(request, pk, function, row, *, done):
    try:
        function(row, by=request.user)
    except workflow.WorkflowError as error:
        return back(request, pk, str(error), messages.ERROR)
    return back(request, pk, done)


def _with_reason(request, article, function, *, title, done, form_class=ReasonForm, **context):
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            function(**form.cleaned_data)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            return back(request, article.pk, done)
    return page(request, "reason", title, article=article, form=form, **context)
