"""The steps from the working copy to the page and off it again, each a small view that calls one function of `articles.workflow`.

What cannot be done is said and changes nothing; a missing permission is 403, also by address.
"""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from articles import canonical, desk, workflow, workflow_rules
from articles.admin.buttons import may_revoke, unchanged_since
from articles.admin.pages import back, needs, page, posted
from articles.admin.step_forms import ReasonForm, ReviewForm, SubmitForm
from articles.diff import differences
from articles.models import Article, SignOff
from articles.workflow_rules import Step

MOST_SHOWN = 12
SAVED_MEANWHILE = "The working copy was saved while you had this page open. This is what it says now; nothing was submitted."


def left_out(removed: list[str]) -> str:
    """Return what the cleaner leaves out as one sentence, shortened, or nothing."""
    more = f"; and {len(removed) - MOST_SHOWN} more" if len(removed) > MOST_SHOWN else ""
    return f"Readers will not get these parts of the body: {'; '.join(removed[:MOST_SHOWN])}{more}." if removed else ""


def urls(view):
    """Return the addresses of the steps; `view` is the admin's own wrapper."""
    views = {
        "submit/": submit_view,
        "recall/": recall_view,
        "review/<int:number>/": review_view,
        "publish/": publish_view,
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
    form = SubmitForm(request.POST if request.method == "POST" else None, first=live is None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            revision = _submit(article, form.cleaned_data, by=request.user)
        except workflow.WorkflowError as error:
            article.refresh_from_db()
            form.data = form.data.copy()
            form.data["version"] = article.version
            form.add_error(None, str(error))
        else:
            return back(request, pk, f"Version {revision.number} is frozen and waits for a reviewer.")
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
    }
    return page(request, "submit", "Submit for review", **context)


def _submit(article, said, *, by):
    """Submit the working copy if it still is the one that was on the screen."""
    with transaction.atomic():
        held = workflow.held(article)
        if held.version != said["version"]:
            raise workflow.WorkflowError(SAVED_MEANWHILE)
        return workflow.submit(held, by=by, change=said["change"], note=said["note"])


@posted
@needs("articles.submit_article")
def recall_view(request, pk):
    """Take a submitted version back."""
    revision = _version(pk, request.POST.get("number", ""))
    return _take(request, pk, workflow.recall, revision, done=f"Version {revision.number} is recalled.")


def review_view(request, pk, number):
    """Show a frozen text as readers will get it, or what changed in it; take a signature, or a note on what should change."""
    today = timezone.localdate()
    if not desk.signs(request.user, today):
        raise PermissionDenied
    revision = _version(pk, str(number))
    asks_for_changes = request.GET.get("view") == "changes"
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        step = request.POST.get("step", "")
        try:
            if asks_for_changes and step == SignOff.Scope.FULL:
                raise workflow.WorkflowError("This page shows the changes only. Who signs all of it reads all of it.")
            done = _review(step, revision, form.cleaned_data, by=request.user)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            return back(request, pk, done)
    stage = workflow_rules.stage(revision)
    base = workflow_rules.base_of(revision, today)
    # What a signature on the changes builds on is what they are shown against.
    last = base.revision if base else workflow_rules.last_signed(revision)
    shows_changes = asks_for_changes and last is not None
    form.shows(revision, base)
    moves = workflow_rules.MOVES[stage]
    context = {
        "article": revision.article,
        "form": form,
        "revision": revision,
        "reviewer": request.user.reviewer,
        "stage": stage,
        "may_sign": Step.SIGN in moves,
        "may_ask": Step.ASK_CHANGES in moves,
        "is_online": revision.published_at is not None,
        "base": base,
        "last": last,
        "shows_changes": shows_changes,
        "parts": differences.between(last.data, revision.data) if shows_changes else [],
    }
    return page(request, "review", f"Read version {revision.number}", **context)


def _review(step, revision, said, *, by):
    """Take one of the three steps of a reviewer, and return what was done in words."""
    if step == "ask":
        workflow.request_changes(revision, shown_hash=said["sha256"], by=by, note=said["note"])
        return f"You have asked for changes of version {revision.number}."
    if step not in SignOff.Scope.values:
        raise workflow.WorkflowError("Please choose what to do.")
    # No key says that the page showed none to build on; the workflow must not take that for "do not compare".
    shown_base = (said["base"] or 0) if step == SignOff.Scope.CHANGES else None
    workflow.sign(revision, shown_hash=said["sha256"], by=by, scope=step, shown_base=shown_base)
    return f"You have signed version {revision.number}."


@posted
@needs("articles.publish_article")
def publish_view(request, pk):
    """Make the signed version that was on the screen the live one."""
    revision = _version(pk, request.POST.get("number", ""))
    return _take(request, pk, workflow.publish, revision, done=f"Version {revision.number} is online.")


@needs("articles.publish_urgently")
def urgent_view(request, pk, number):
    """Ask why, then put an unsigned version of a live page online."""
    revision = _version(pk, str(number))
    return _with_reason(
        request,
        revision.article,
        lambda reason: workflow.publish_urgently(revision, by=request.user, reason=reason),
        title=f"Publish version {number} urgently, without a signature",
        words="The page will say that nobody has checked this change. It has to be read within seven days. "
        "The reason is kept in the history of the article.",
        button="Publish without a signature",
        done=f"Version {number} is online, unsigned.",
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
        lambda reason: workflow.revoke(sign_off, by=request.user, reason=reason),
        title=f"Take back the signature of {sign_off.name} on version {sign_off.revision.number}",
        words="Readers of the page see the reason, and that it is no longer reviewed. All that this person signed on "
        "this version is taken back.",
        button="Take the signature back",
        done="The signature is taken back.",
    )


@needs("articles.publish_article")
def withdraw_view(request, pk):
    """Ask why, then take the page back."""
    article = get_object_or_404(Article, pk=pk)
    return _with_reason(
        request,
        article,
        lambda reason: workflow.withdraw(article, by=request.user, reason=reason),
        title=f"Withdraw “{article}”",
        words="The text goes off the site. Its address stays, and gives readers the day and this reason.",
        button="Withdraw the page",
        done="The page is withdrawn.",
    )


@posted
@needs("articles.publish_article")
def archive_view(request, pk):
    """Keep the page online under a banner."""
    article = get_object_or_404(Article, pk=pk)
    return _take(request, pk, workflow.archive, article, done="The page is in the archive: readers see a banner.")


@posted
@needs("articles.publish_article")
def restore_view(request, pk):
    """Put a withdrawn or archived page back."""
    article = get_object_or_404(Article, pk=pk)
    return _take(request, pk, workflow.restore, article, done="The page is back as it was.")


def _version(pk, number):
    """Return a version of the article, or 404: also for what is no number."""
    article = get_object_or_404(Article, pk=pk)
    plain = number.isascii() and number.isdecimal() and len(number) < 9
    return get_object_or_404(article.revisions.select_related("article"), number=int(number) if plain else 0)


def _take(request, pk, function, row, *, done):
    try:
        function(row, by=request.user)
    except workflow.WorkflowError as error:
        return back(request, pk, str(error), messages.ERROR)
    return back(request, pk, done)


def _with_reason(request, article, function, *, title, done, **context):
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            function(form.cleaned_data["reason"])
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            return back(request, article.pk, done)
    return page(request, "reason", title, article=article, form=form, **context)
