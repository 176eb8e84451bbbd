"""Buttons on a card that decide nothing: "I have this", giving it back, and a note for the others. Each takes one POST."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _

from comments.admin.decisions import next_page, page_with_typed_reply, typed_note
from comments.flows import claims
from comments.flows.moderation import Conflict, InvalidMove
from comments.models import Comment
from web.admin import takes_a_form


def urls(view):
    """Return the addresses below the queue; `view` is the admin's own wrapper."""
    views = {"claim": claim_view, "let-go": let_go_view, "note": note_view}
    on_queue = takes_a_form(lambda pk: reverse("admin:comments_queued_changelist"))
    return [
        path(f"{name}/<int:pk>/", view(on_queue(function)), name=f"comments_queued_{name.replace('-', '_')}")
        for name, function in views.items()
    ]


def claim_view(request, pk):
    """Say to the others that this person takes care of it."""

    def take(comment):
        claims.claim(comment, by=request.user)
        return _("You have this one for an hour. The others can see it, and reminders pause.")

    return _done(request, pk, "comments.moderate_comment", take, keeps_note=True)


def let_go_view(request, pk):
    """Take that back."""

    def give_back(comment):
        claims.let_go(comment, by=request.user)
        return _("You've given it back.")

    return _done(request, pk, "comments.moderate_comment", give_back, keeps_note=True)


def note_view(request, pk):
    """Leave a note on the card, for everybody who may see it."""

    def leave(comment):
        claims.add_note(comment, by=request.user, note=typed_note(request, pk))
        return _("Your note is on the card.")

    return _done(request, pk, "comments.view_comment", leave)


def _done(request, pk, permission, act, *, keeps_note=False):
    """Do it, tell the result, keep a note that was typed beside it, and lead back to the card."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    comment = get_object_or_404(Comment, pk=pk)
    words = _("Nothing was changed, because you typed a reply. Publish it, or clear the box and try again.")
    if page := page_with_typed_reply(request, comment, words):
        return page
    if keeps_note and (note := typed_note(request, pk)):
        claims.add_note(comment, by=request.user, note=note)
    try:
        messages.success(request, act(comment))
    except (Conflict, InvalidMove) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(next_page(request, card=pk))
