"""One decision, or undoing one: the POST behind every button on a card, and what it may be."""

import dataclasses
import re
import uuid
from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.admin import waiting
from comments.admin.leaving_out import left_out
from comments.flows import claims, moderation
from comments.models import WAITING, Comment, CommentEvent, Queued, Reason, State
from comments.screening import Lane
from web.admin import takes_a_form
from web.forms import one_line_break

UNDO_WORDS = gettext_lazy("You have ten minutes to undo this.")
DECISION = re.compile(r"([a-z-]{1,20}):([0-9]{1,18}):([0-9]{1,9})")


@dataclasses.dataclass(frozen=True)
class Verb:
    """What a button says, what the message says afterwards, the state it leads to ("" for none), and what it calls."""

    label: str
    done: str
    to: str
    act: Callable[..., CommentEvent]


def _to(label, done, state):
    def act(comment, *, version, by, reason, note):
        if state == State.REJECTED and not reason:
            raise moderation.InvalidMove(_("Nothing was changed. Please choose a reason first: the author will read it."))
        reason = reason if state == State.REJECTED else ""
        return moderation.decide(comment, state, version=version, by=by, reason=reason, note=note)

    return Verb(label, done, state, act)


def _flow(label, done, function):
    def act(comment, *, version, by, reason, note):
        return function(comment, version=version, by=by, note=note)

    return Verb(label, done, "", act)


def _show_details(comment, *, version, by, reason, note):
    return moderation.show_contact_details(comment, version=version, by=by)


# In the order of the buttons.
VERBS = {
    "approve": _to(gettext_lazy("Approve"), gettext_lazy("Approved"), State.APPROVED),
    "reject": _to(gettext_lazy("Reject"), gettext_lazy("Rejected"), State.REJECTED),
    "spam": _to(gettext_lazy("Spam"), gettext_lazy("Marked as spam"), State.SPAM),
    "hide": _to(gettext_lazy("Hide"), gettext_lazy("Hidden for a second look"), State.HIDDEN),
    "wait": _to(gettext_lazy("Return to the queue"), gettext_lazy("Returned to the queue"), State.PENDING),
    "escalate": _flow(gettext_lazy("Ask the doctor"), gettext_lazy("Sent to the doctor"), moderation.escalate),
    "raise": _flow(gettext_lazy("Raise to urgent"), gettext_lazy("Raised to urgent"), moderation.raise_to_urgent),
    "return": _flow(
        gettext_lazy("Move to the standard lane"), gettext_lazy("Moved to the standard lane"), moderation.return_to_standard
    ),
    "show-details": Verb(gettext_lazy("Show contact details"), gettext_lazy("Contact details shown"), "", _show_details),
}


def possible(comment: Comment, user) -> list[str]:
    """Return the verbs that this person may use on a comment as it is now."""
    if not user.has_perm("comments.moderate_comment"):
        return []
    sensitive = comment.lane in moderation.SENSITIVE
    clinician = user.has_perm("comments.approve_sensitive")
    moves = moderation.MOVES[comment.state] - (moderation.FINAL if sensitive and not clinician else set())
    verbs = [name for name, verb in VERBS.items() if verb.to in moves]
    if comment.state == State.PENDING and not sensitive:
        verbs.append("escalate")
    if comment.state in WAITING and comment.lane != Lane.URGENT:
        verbs.append("raise")
    if comment.state == State.PENDING and sensitive and clinician:
        verbs.append("return")
    return verbs


def undo_tag(*, event: CommentEvent | None = None, batch: uuid.UUID | None = None) -> str:
    """Return the tag by which templates/admin/base_site.html puts a button "Undo" into a message."""
    return f"undo:{event.pk if event else batch}"


def of_whom(comment: Comment) -> str:
    """Return how a message names a comment."""
    return _("the comment by {name}").format(name=comment.name or _("someone"))


@takes_a_form(lambda: reverse("admin:comments_queued_changelist"))
def decide_view(request):
    """Take the decision `decide=verb:key:version`, say what came of it, and lead to the next card."""
    _only_moderators(request)
    found = DECISION.fullmatch(request.POST.get("decide", ""))
    if not found or found[1] not in VERBS:
        messages.error(request, _("Please choose a decision."))
        return HttpResponseRedirect(next_page(request))
    verb, pk, version = VERBS[found[1]], int(found[2]), int(found[3])
    comment = get_object_or_404(Comment, pk=pk)
    reason = request.POST.get(f"reason-{pk}", "")
    note = typed_note(request, pk)
    words = _("Nothing was decided, because you typed a reply. Publish it, or clear the box and decide again.")
    if page := page_with_typed_reply(request, comment, words):
        return page
    try:
        event = verb.act(comment, version=version, by=request.user, reason=reason, note=note)
    except (moderation.Conflict, moderation.InvalidMove, PermissionDenied) as error:
        messages.error(request, f"{of_whom(comment)}: {error}")
        if note:
            claims.add_note(comment, by=request.user, note=note)
            messages.info(request, _("Your note is on the card."))
        comment.refresh_from_db()
        waits = comment.state in WAITING
        return HttpResponseRedirect(next_page(request, card=pk if waits else card_after(request, pk)))
    why = f" ({Reason(event.reason).label.lower()})" if event.reason else ""
    words = format_html("{}{}: {}.", verb.done, why, of_whom(comment))
    words = with_links(request, words, comment, is_public=event.after == State.APPROVED)
    messages.success(request, words, extra_tags=undo_tag(event=event))
    return HttpResponseRedirect(next_page(request, card=card_after(request, pk)))


@takes_a_form(lambda: reverse("admin:comments_queued_changelist"))
def undo_view(request):
    """Undo one decision, `undo=<key of the event>`, or all of one click, `undo=<batch>`."""
    _only_moderators(request)
    what = request.POST.get("undo", "")
    if re.fullmatch(r"[0-9]{1,18}", what):
        return _undo_one(request, get_object_or_404(CommentEvent, pk=int(what)))
    try:
        return _undo_batch(request, uuid.UUID(what))
    except ValueError:
        messages.error(request, _("There's nothing to undo."))
        return HttpResponseRedirect(next_page(request))


def _undo_one(request, event):
    try:
        moderation.undo(event, by=request.user)
    except (moderation.Conflict, moderation.InvalidMove, PermissionDenied) as error:
        words = _("Nothing was undone.")
        messages.error(request, f"{words} {error}")
        return HttpResponseRedirect(next_page(request))
    comment = Comment.objects.get(pk=event.comment_id)
    messages.success(request, _("Undone: {comment} is back the way it was.").format(comment=of_whom(comment)))
    return HttpResponseRedirect(next_page(request, card=comment.pk))


def _undo_batch(request, batch):
    first = CommentEvent.objects.filter(batch=batch).order_by("pk").first()
    if first is None or first.actor_id != request.user.pk:
        messages.error(request, _("Nothing was undone. Only the person who made the decision can undo it."))
    elif timezone.now() - first.created_at >= moderation.UNDO_FOR:
        messages.error(request, _("Nothing was undone. More than ten minutes have passed. Please make a new decision instead."))
    else:
        undone, changed = moderation.undo_batch(batch, by=request.user)
        level = messages.SUCCESS if undone else messages.ERROR
        words = ngettext(
            "Undone: {number} comment is back the way it was.", "Undone: {number} comments are back the way they were.", undone
        )
        since = ngettext(
            "{number} has changed since then, so we left it as it is.",
            "{number} have changed since then, so we left them as they are.",
            changed,
        )
        said = [
            words.format(number=undone) if undone else _("Nothing was undone."),
            since.format(number=changed) if changed else "",
        ]
        messages.add_message(request, level, " ".join(filter(None, said)))
    return HttpResponseRedirect(next_page(request))


def with_links(request, words, comment: Comment, *, is_public: bool) -> SafeString:
    """Return what was done as words with the way to undo it, to the page that readers see, and to the next comment to read."""
    links = [(comment.get_absolute_url(), _("See it on the site"))] if is_public else []
    if not request.POST.get("next", "").startswith(reverse("admin:comments_queued_changelist")):
        following = waiting.first(Queued.objects.all(), left_out(request))
        if following:
            links.append((reverse("admin:comments_comment_change", args=[following.pk]), _("Next comment to read")))
    return format_html("{} {}{}", words, UNDO_WORDS, format_html_join("", ' <a href="{}">{}</a>', links))


def typed_note(request, pk) -> str:
    """Return the note that was typed on a card; the browser counts a line break once."""
    return one_line_break(request.POST.get(f"note-{pk}", "")).replace("\0", "").strip()[: claims.LONGEST_NOTE]


def page_with_typed_reply(request, comment: Comment, words: str):
    """Return the comment's page with the reply that was typed on its card, and why another button did nothing; else None."""
    reply = request.POST.get(f"reply-{comment.pk}", "")
    return admin.site.get_model_admin(Comment).with_reply(request, comment, reply, words) if reply.strip() else None


def _only_moderators(request):
    """Ask again at every request: a permission may end while the page is open."""
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied


def next_page(request, card=None, otherwise="") -> str:
    """Return the page the button stood on, at a card, or `otherwise`; only ever a page of this site's admin."""
    queue = reverse("admin:comments_queued_changelist")
    page = request.POST.get("next", "")
    if not (url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith(reverse("admin:index"))):
        page = otherwise or queue
    if not page.startswith(queue):
        return page
    return f"{page}#{f'q{card}' if card else 'cards'}"


def card_after(request, pk):
    """Return the key of the next card below that still waits, in the order of the page, or None after the last one."""
    cards = [int(name.removeprefix("version-")) for name in request.POST if re.fullmatch(r"version-[0-9]{1,18}", name)]
    below = cards[cards.index(pk) + 1 :] if pk in cards else []
    waiting = Comment.objects.filter(pk__in=below, state__in=WAITING).values_list("pk", flat=True)
    return min(waiting, key=below.index, default=None)
