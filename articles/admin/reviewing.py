"""What reviewers do with a version: read it as readers will, sign it or ask for changes, and take a signature back."""

import functools

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from articles import desk, workflow, workflow_rules
from articles.admin.buttons import may_revoke
from articles.admin.pages import back, needs, version_of, with_reason
from articles.admin.preview import with_preview
from articles.admin.standing import asked_of
from articles.admin.step_forms import ReviewForm
from articles.diff import differences
from articles.models import Article, SignOff
from articles.workflow_rules import Step


def review_view(request, pk, number):
    """Show the page as readers will get it, or what changed in its text; take a signature, or a note on what should change."""
    today = timezone.localdate()
    if not desk.signs(request.user, today):
        raise PermissionDenied
    revision = version_of(pk, str(number))
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
            if step in SignOff.Scope.values:
                second_factor.ask_again(request)
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


@needs(*workflow_rules.PERMISSIONS[Step.REVOKE])
def revoke_view(request, pk, key):
    """Ask why, then take a signature back: its own reviewer may, and who may publish."""
    sign_off = get_object_or_404(SignOff.objects.select_related("revision__article"), pk=key, article=pk)
    if not may_revoke(request.user, sign_off) and not sign_off.revoked_at:
        raise PermissionDenied
    return with_reason(
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
