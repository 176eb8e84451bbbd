"""What moderators do on a comment's page about its words and its person: cover a part, put it back, set a standing.

Each address takes one POST and leads back to the comment's page.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from comments.flows import redaction, watch_list
from comments.flows.moderation import Conflict, InvalidMove
from comments.models import Comment, Redaction
from comments.models.contact import Contact
from web.admin import takes_a_form
from web.forms import one_line_break

AROUND = 40


def urls(view):
    """Return the addresses below a comment's page; `view` is the admin's own wrapper."""
    views = {"redact": redact_view, "restore": restore_view, "standing": standing_view}
    on_page = takes_a_form(lambda pk: reverse("admin:comments_comment_change", args=[pk]))
    return [
        path(f"<int:pk>/{name}/", view(on_page(function)), name=f"comments_comment_{name}") for name, function in views.items()
    ]


def redact_view(request, pk):
    """Cover a part: from `start` to `end`, or the exact `words`; words that stand there more than once ask which."""

    def cover(comment):
        kind = request.POST.get("kind", "")
        words = one_line_break(request.POST.get("words", "")).strip()
        one = (_number(request.POST.get("start")), _number(request.POST.get("end")))
        places = redaction.occurrences(comment.body, words) if words else [one]
        if not places:
            raise InvalidMove(_("Those words aren't in the comment. Please copy them exactly."))
        if len(places) > 1:
            return _which_page(request, comment, kind, places)
        start, end = places[0]
        version = _seen_version(request, pk)
        event = redaction.redact(comment, start=start, end=end, kind=kind, version=version, by=request.user)
        return _("Covered: {kind}.").format(kind=_(event.detail))

    return _done(request, pk, cover)


def restore_view(request, pk):
    """Put the original words back in the place of one cover."""

    def put_back(comment):
        cover = get_object_or_404(Redaction, pk=_number(request.POST.get("redaction")), comment=comment)
        redaction.restore(cover, version=_seen_version(request, pk), by=request.user)
        return _("The original words are back.")

    return _done(request, pk, put_back)


def standing_view(request, pk):
    """Set how comments of this person are screened from now on."""

    def set_standing(comment):
        try:
            watch_list.set_standing(comment, request.POST.get("standing", ""), by=request.user)
        except Contact.DoesNotExist:
            raise InvalidMove(_("We have no email address for this person, so we can't recognize them next time.")) from None
        except ValueError:
            raise InvalidMove(_("Please choose how to treat this person's comments.")) from None
        return _("Saved. This applies to new comments from this person.")

    return _done(request, pk, set_standing)


def _done(request, pk, act):
    """Do it and tell the result; an answer of `act` that is a page is shown."""
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied
    try:
        result = act(get_object_or_404(Comment, pk=pk))
        if not isinstance(result, str):
            return result
        messages.success(request, result)
    except (Conflict, InvalidMove, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))


def _which_page(request, comment, kind, places):
    context = {
        **admin.site.each_context(request),
        "title": _("Which one?"),
        "opts": Comment._meta,
        "comment": comment,
        "kind": kind,
        "version": _seen_version(request, comment.pk),
        "places": [
            {
                "start": start,
                "end": end,
                "before": comment.body[max(0, start - AROUND) : start],
                "words": comment.body[start:end],
                "after": comment.body[end : end + AROUND],
            }
            for start, end in places
        ],
    }
    return TemplateResponse(request, "admin/comments/which.html", context)


def _number(text):
    """Return a whole number of at most 18 digits, or -1, which is no place and no key."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else -1


def _seen_version(request, pk):
    """Return the version that was on the screen; without one it is none, and `redact` and `restore` refuse."""
    return _number(request.POST.get(f"version-{pk}"))
