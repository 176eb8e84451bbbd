"""What the queue and the list of all comments share: who may what, rows with the version that was shown, decisions on several.

An action takes what Django's list gives it, (admin, request, comments), and the queue calls it alike.
"""

import dataclasses
import functools
import re
import uuid

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.admin.decisions import UNDO_WORDS, VERBS, of_whom, undo_tag
from comments.flows import moderation
from comments.models import Comment, CommentEvent, Reason
from web.admin import ReadOnlyAdmin

MOST_AT_ONCE = 100
NAMES_SHOWN = 5


class ReasonForm(forms.Form):
    """Why a comment is rejected."""

    reason = forms.ChoiceField(choices=Reason, widget=forms.RadioSelect)


@dataclasses.dataclass
class Outcome:
    """What came of a decision on several comments: events of what was done, names of what was not, by why."""

    done: list[CommentEvent] = dataclasses.field(default_factory=list)
    changed: list[str] = dataclasses.field(default_factory=list)
    impossible: list[str] = dataclasses.field(default_factory=list)
    one_by_one: list[str] = dataclasses.field(default_factory=list)
    not_allowed: list[str] = dataclasses.field(default_factory=list)

    def in_words(self) -> str:
        """Return "11 comments. 1 changed in the meantime: Marta." and the like."""
        done, changed, impossible, alone = map(len, (self.done, self.changed, self.impossible, self.one_by_one))
        parts = [
            ngettext("{number} comment.", "{number} comments.", done).format(number=done),
            _named(
                ngettext(
                    "{number} changed while you had this page open: {names}.",
                    "{number} changed while you had this page open: {names}.",
                    changed,
                ),
                self.changed,
            ),
            _named(
                ngettext("{number} can't be moved that way: {names}.", "{number} can't be moved that way: {names}.", impossible),
                self.impossible,
            ),
            _named(
                ngettext(
                    "{number} is urgent or for a clinician, so decide on it separately: {names}.",
                    "{number} are urgent or for a clinician, so decide on those one at a time: {names}.",
                    alone,
                ),
                self.one_by_one,
            ),
            _named(
                ngettext(
                    "{number} needs the clinician permission: {names}.",
                    "{number} need the clinician permission: {names}.",
                    len(self.not_allowed),
                ),
                self.not_allowed,
            ),
        ]
        return " ".join(part for part in parts if part)


def _named(words, names):
    shown = ", ".join(names[:NAMES_SHOWN]) + (", …" if len(names) > NAMES_SHOWN else "")
    return words.format(number=len(names), names=shown) if names else ""


@admin.action(description=gettext_lazy("Approve selected comments"), permissions=["moderate"])
def approve(model_admin, request, comments):
    """Make the selected comments public."""
    _decide_all(request, comments, "approve")


@admin.action(description=gettext_lazy("Reject selected comments…"), permissions=["moderate"])
def reject(model_admin, request, comments):
    """Ask for the reason on a page, then reject."""
    form = ReasonForm(request.POST if "reason" in request.POST or "apply" in request.POST else None)
    if form.is_valid():
        _decide_all(request, comments, "reject", reason=form.cleaned_data["reason"])
        return None
    rows = _at_most(request, comments)
    if not rows:
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Choose a reason for rejecting it"),
        "opts": model_admin.opts,
        "comments": [(comment, request.POST.get(f"version-{comment.pk}", "")) for comment in rows],
        "form": form,
        "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/comments/reject.html", context)


@admin.action(description=gettext_lazy("Mark selected comments as spam"), permissions=["moderate"])
def spam(model_admin, request, comments):
    """File the selected comments as spam."""
    _decide_all(request, comments, "spam")


@admin.action(description=gettext_lazy("Hide selected comments for a second look"), permissions=["moderate"])
def hide(model_admin, request, comments):
    """Take the selected comments down for a second look."""
    _decide_all(request, comments, "hide")


@admin.action(description=gettext_lazy("Return selected comments to the queue"), permissions=["moderate"])
def return_to_queue(model_admin, request, comments):
    """Let the selected comments wait again."""
    _decide_all(request, comments, "wait")


@admin.action(description=gettext_lazy("Show contact details in selected comments to readers"), permissions=["moderate"])
def show_details(model_admin, request, comments):
    """Let readers see addresses and numbers that stand in the comments' own words."""
    _each(request, comments, VERBS["show-details"].done, moderation.show_contact_details)


@admin.action(description=gettext_lazy("Put back selected comments that reports hid"), permissions=["moderate"])
def put_back(model_admin, request, comments):
    """Make the selected comments public again that reports took down; also many at once, as one stranger may report many."""
    _each(request, comments, gettext_lazy("Put back"), moderation.put_back, in_batch=True)


ACTIONS = {act.__name__: act for act in (approve, reject, spam, hide, put_back, return_to_queue, show_details)}


def _decide_all(request, comments, name, reason=""):
    verb = VERBS[name]
    act = functools.partial(moderation.decide, to=verb.to, reason=reason)
    _each(request, comments, verb.done, act, to=verb.to, in_batch=True)


def _each(request, comments, what, act, *, to="", in_batch=False):
    """Do it row by row, each in a transaction of its own, on the version that was on the screen; say what came of it."""
    rows = _at_most(request, comments)
    if len(rows) == 1:
        _one(request, rows[0], what, act)
    elif rows:
        _several(request, rows, what, act, to, in_batch)


def _at_most(request, comments) -> list[Comment]:
    """Return the selected rows, or none and say why when they are more than somebody has read."""
    rows = list(comments[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        messages.error(
            request,
            _("Select at most {most} at a time, so that someone reads each one.").format(most=MOST_AT_ONCE),
        )
        return []
    return rows


def _one(request, comment, what, act):
    """Count one selected row as a single decision."""
    try:
        event = act(comment, version=seen_version(request, comment), by=request.user)
    except (moderation.Conflict, moderation.InvalidMove, PermissionDenied) as error:
        messages.error(request, f"{of_whom(comment)}: {error}")
        return
    messages.success(request, f"{what}: {of_whom(comment)}. {UNDO_WORDS}", extra_tags=undo_tag(event=event))


def _several(request, rows, what, act, to, in_batch):
    outcome, batch = Outcome(), uuid.uuid4()
    if in_batch:
        act = functools.partial(act, batch=batch)
    # Oldest first: their places on the page follow from the order of approval.
    for comment in sorted(rows, key=lambda comment: comment.pk):
        name = comment.name or _("someone")
        if to in moderation.FINAL and comment.lane in moderation.SENSITIVE:
            outcome.one_by_one.append(name)
            continue
        try:
            outcome.done.append(act(comment, version=seen_version(request, comment), by=request.user))
        except moderation.Conflict:
            outcome.changed.append(name)
        except moderation.InvalidMove:
            outcome.impossible.append(name)
        except PermissionDenied:
            outcome.not_allowed.append(name)
    undoable = in_batch and outcome.done
    messages.add_message(
        request,
        messages.SUCCESS if len(outcome.done) == len(rows) else messages.WARNING if outcome.done else messages.ERROR,
        f"{what}: {outcome.in_words()}" + (f" {UNDO_WORDS}" if undoable else ""),
        extra_tags=undo_tag(batch=batch) if undoable else "",
    )


def seen_version(request, comment: Comment) -> int:
    """Return the version that was on the screen; raises Conflict when the page did not say."""
    version = request.POST.get(f"version-{comment.pk}", "")
    if not re.fullmatch(r"[0-9]{1,9}", version):
        raise moderation.Conflict(_("Nothing was changed, because this page didn't show the comment. Please open it first."))
    return int(version)


class DecidingAdmin(ReadOnlyAdmin):
    """Who may see comments and who may decide; what a row shows. Comments are erased with a reason, never deleted."""

    def has_view_permission(self, request, obj=None):
        """Moderators, clinicians and privacy officers."""
        return request.user.has_perm("comments.view_comment")

    def has_moderate_permission(self, request):
        """Those who decide."""
        return request.user.has_perm("comments.moderate_comment")

    def get_queryset(self, request):
        """Load what a row shows in one query: the article without its text, the person tag without the row of the address."""
        rows = super().get_queryset(request).select_related("article", "parent", "claimed_by").with_tags()
        return rows.defer("article__body", "article__summary", "article__need_to_know")
