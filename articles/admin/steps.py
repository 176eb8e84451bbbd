"""The steps from the working copy to the page and off it again, each a small view that calls one function of `articles.workflow`.

What cannot be done is said and changes nothing; a missing permission is 403, also by address.
"""

import functools
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from articles import canonical, desk, stages, workflow
from articles.admin.buttons import may_revoke, unchanged_since, url
from articles.diff import differences
from articles.forms import ReasonForm, ReviewForm, SubmitForm
from articles.models import Article, SignOff
from articles.stages import Step

MOST_SHOWN = 12
SAVED_MEANWHILE = "The working copy was saved while you had this page open. This is what it says now; nothing was submitted."


def left_out(removed: list[str]) -> str:
    """Return what the cleaner leaves out as one sentence, shortened, or nothing."""
    more = f"; and {len(removed) - MOST_SHOWN} more" if len(removed) > MOST_SHOWN else ""
    return f"Readers will not get these parts of the body: {'; '.join(removed[:MOST_SHOWN])}{more}." if removed else ""


def needs(permission):
    """Refuse a view with 403 to whoever lacks the permission, before anything is looked up."""

    def decorate(view):
        @functools.wraps(view)
        def wrapped(self, request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(self, request, *args, **kwargs)

        return wrapped

    return decorate


def posted(view):
    """Answer 405 to anything but a POST."""

    @functools.wraps(view)
    def wrapped(self, request, *args, **kwargs):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(self, request, *args, **kwargs)

    return wrapped


class Steps:
    """The views of the steps, for the admin of articles."""

    def step_urls(self):
        """Return their addresses."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/submit/", view(self.submit_view), name="articles_article_submit"),
            path("<int:pk>/recall/", view(self.recall_view), name="articles_article_recall"),
            path("<int:pk>/review/<int:number>/", view(self.review_view), name="articles_article_review"),
            path("<int:pk>/publish/", view(self.publish_view), name="articles_article_publish"),
            path("<int:pk>/urgent/<int:number>/", view(self.urgent_view), name="articles_article_urgent"),
            path("<int:pk>/revoke/<int:key>/", view(self.revoke_view), name="articles_article_revoke"),
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="articles_article_withdraw"),
            path("<int:pk>/archive/", view(self.archive_view), name="articles_article_archive"),
            path("<int:pk>/restore/", view(self.restore_view), name="articles_article_restore"),
        ]

    @needs("articles.submit_article")
    def submit_view(self, request, pk):
        """Show what will be frozen beside what is online, take kind and note of the change, and freeze it."""
        article = get_object_or_404(Article, pk=pk)
        live = article.revision
        initial = {"version": article.version}
        form = SubmitForm(request.POST if request.method == "POST" else None, first=live is None, initial=initial)
        if form.is_bound and form.is_valid():
            try:
                revision = self._submit(article, form.cleaned_data, by=request.user)
            except workflow.WorkflowError as error:
                article.refresh_from_db()
                form.data = form.data.copy()
                form.data["version"] = article.version
                form.add_error(None, str(error))
            else:
                return self._back(request, pk, f"Version {revision.number} is frozen and waits for a reviewer.")
        content, removed = article.content()
        text = canonical.canonical_json(content)
        frozen = json.loads(text)
        context = {
            "unchanged": unchanged_since(article, text),
            "form": form,
            "live": live,
            "parts": differences.between(live.data, frozen) if live else [],
            "left_out": left_out(removed),
        }
        return self._page(request, article, "submit", "Submit for review", **context)

    @staticmethod
    def _submit(article, said, *, by):
        """Submit the working copy if it still is the one that was on the screen."""
        with transaction.atomic():
            held = Article.objects.select_for_update().get(pk=article.pk)
            if held.version != said["version"]:
                raise workflow.WorkflowError(SAVED_MEANWHILE)
            return workflow.submit(held, by=by, change=said["change"], note=said["note"])

    @posted
    @needs("articles.submit_article")
    def recall_view(self, request, pk):
        """Take a submitted version back."""
        revision = self._version(pk, request.POST.get("number", ""))
        return self._take(request, pk, workflow.recall, revision, done=f"Version {revision.number} is recalled.")

    def review_view(self, request, pk, number):
        """Show a frozen text as readers will get it, or what changed in it; take a signature, or a note on what should change."""
        today = timezone.localdate()
        if not desk.signs(request.user, today):
            raise PermissionDenied
        revision = self._version(pk, str(number))
        asks_for_changes = request.GET.get("view") == "changes"
        form = ReviewForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            step = request.POST.get("step", "")
            try:
                if asks_for_changes and step == SignOff.Scope.FULL:
                    raise workflow.WorkflowError("This page shows the changes only. Who signs all of it reads all of it.")
                done = self._review(step, revision, form.cleaned_data, by=request.user)
            except workflow.WorkflowError as error:
                form.add_error(None, str(error))
            else:
                return self._back(request, pk, done)
        stage = stages.stage(revision)
        base = stages.base_of(revision, today)
        # What a signature on the changes builds on is what they are shown against.
        last = base.revision if base else stages.last_signed(revision)
        shows_changes = asks_for_changes and last is not None
        form.shows(revision, base)
        moves = stages.MOVES[stage]
        context = {
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
        return self._page(request, revision.article, "review", f"Read version {revision.number}", **context)

    @staticmethod
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
    def publish_view(self, request, pk):
        """Make the signed version that was on the screen the live one."""
        revision = self._version(pk, request.POST.get("number", ""))
        return self._take(request, pk, workflow.publish, revision, done=f"Version {revision.number} is online.")

    @needs("articles.publish_urgently")
    def urgent_view(self, request, pk, number):
        """Ask why, then put an unsigned version of a live page online."""
        revision = self._version(pk, str(number))
        return self._with_reason(
            request,
            revision.article,
            lambda reason: workflow.publish_urgently(revision, by=request.user, reason=reason),
            title=f"Publish version {number} urgently, without a signature",
            words="The page will say that nobody has checked this change. It has to be read within seven days. "
            "The reason is kept in the history of the article.",
            button="Publish without a signature",
            done=f"Version {number} is online, unsigned.",
        )

    def revoke_view(self, request, pk, key):
        """Ask why, then take a signature back: its own reviewer may, and who may publish."""
        if not any(map(request.user.has_perm, stages.PERMISSIONS[Step.REVOKE])):
            raise PermissionDenied
        sign_off = get_object_or_404(SignOff.objects.select_related("revision__article"), pk=key, article=pk)
        if not may_revoke(request.user, sign_off) and not sign_off.revoked_at:
            raise PermissionDenied
        return self._with_reason(
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
    def withdraw_view(self, request, pk):
        """Ask why, then take the page back."""
        article = get_object_or_404(Article, pk=pk)
        return self._with_reason(
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
    def archive_view(self, request, pk):
        """Keep the page online under a banner."""
        article = get_object_or_404(Article, pk=pk)
        return self._take(request, pk, workflow.archive, article, done="The page is in the archive: readers see a banner.")

    @posted
    @needs("articles.publish_article")
    def restore_view(self, request, pk):
        """Put a withdrawn or archived page back."""
        article = get_object_or_404(Article, pk=pk)
        return self._take(request, pk, workflow.restore, article, done="The page is back as it was.")

    def _version(self, pk, number):
        """Return a version of the article, or 404: also for what is no number."""
        article = get_object_or_404(Article, pk=pk)
        plain = number.isascii() and number.isdecimal() and len(number) < 9
        return get_object_or_404(article.revisions.select_related("article"), number=int(number) if plain else 0)

    def _take(self, request, pk, function, row, *, done):
        try:
            function(row, by=request.user)
        except workflow.WorkflowError as error:
            return self._back(request, pk, str(error), messages.ERROR)
        return self._back(request, pk, done)

    def _with_reason(self, request, article, function, *, done, **context):
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                function(form.cleaned_data["reason"])
            except workflow.WorkflowError as error:
                form.add_error(None, str(error))
            else:
                return self._back(request, article.pk, done)
        return self._page(request, article, "reason", context.pop("title"), form=form, **context)

    def _page(self, request, article, template, title, **context):
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta, "article": article}
        return TemplateResponse(request, f"admin/articles/{template}.html", shared | context)

    def _back(self, request, pk, words, level=messages.SUCCESS):
        self.message_user(request, words, level)
        return HttpResponseRedirect(url("article_change", pk))
