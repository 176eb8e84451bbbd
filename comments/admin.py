"""The moderators' desk in the Django admin: the queue, every comment, one comment, the log of opened addresses.

Actions and buttons call `comments.moderation`; nothing is edited or deleted here.
"""

import functools
import re

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from comments import contacts, moderation, rendering
from comments.models import Comment, CommentSettings, Contact, Event, Queued, Reason, Reveal, State
from comments.screening.types import in_words

MOST_AT_ONCE = 100


class ReasonForm(forms.Form):
    """Why a comment is rejected."""

    reason = forms.ChoiceField(choices=Reason, widget=forms.RadioSelect)


class WhyForm(forms.Form):
    """Why an address is opened or a comment erased; kept in the comment's history."""

    why = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), max_length=500, help_text="It is kept in the comment's history."
    )


class DecidingAdmin(admin.ModelAdmin):
    """What the queue and the list of all comments share: rows with the version that was shown, and the actions."""

    actions = ("approve", "reject", "spam", "hide", "return_to_queue", "show_details")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "body")
    search_help_text = "Words of name and text"

    def has_add_permission(self, request):
        """Comments come from readers."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes a person's words."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Comments are erased with a reason, never deleted."""
        return False

    def has_view_permission(self, request, obj=None):
        """Moderators, clinicians and privacy officers."""
        return request.user.has_perm("comments.view_comment")

    def has_moderate_permission(self, request):
        """Those who decide."""
        return request.user.has_perm("comments.moderate_comment")

    def get_queryset(self, request):
        """Load what a row shows in one query, the person tag without the row of the address."""
        return super().get_queryset(request).select_related("article", "parent").with_tags()

    def changelist_view(self, request, extra_context=None):
        """Refuse an action without the permission, also when it is posted by hand."""
        if request.method == "POST" and not self.has_moderate_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, {"title": self.list_title} | (extra_context or {}))

    @admin.display(description="Sent", ordering="submitted_at")
    def sent(self, comment):
        """When it came, and the version on the screen, which the actions send back."""
        return format_html(
            '{}<input type="hidden" name="version-{}" value="{}">',
            timezone.localtime(comment.submitted_at).strftime("%Y-%m-%d %H:%M"),
            comment.pk,
            comment.version,
        )

    @admin.action(description="Approve selected comments", permissions=["moderate"])
    def approve(self, request, queryset):
        """Make the selected comments public."""
        self._decide_all(request, queryset, State.APPROVED)

    @admin.action(description="Reject selected comments…", permissions=["moderate"])
    def reject(self, request, queryset):
        """Ask for the reason on a page, then reject."""
        form = ReasonForm(request.POST if "reason" in request.POST or "apply" in request.POST else None)
        if form.is_valid():
            self._decide_all(request, queryset, State.REJECTED, reason=form.cleaned_data["reason"])
            return None
        comments = list(queryset[: MOST_AT_ONCE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": "Why is this not published?",
            "opts": self.model._meta,
            "comments": [(comment, request.POST.get(f"version-{comment.pk}", "")) for comment in comments],
            "form": form,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/comments/reject.html", context)

    @admin.action(description="Mark selected comments as spam", permissions=["moderate"])
    def spam(self, request, queryset):
        """File the selected comments as spam."""
        self._decide_all(request, queryset, State.SPAM)

    @admin.action(description="Hide selected comments (take down for a second look)", permissions=["moderate"])
    def hide(self, request, queryset):
        """Take the selected comments down for a second look."""
        self._decide_all(request, queryset, State.HIDDEN)

    @admin.action(description="Return selected comments to the queue", permissions=["moderate"])
    def return_to_queue(self, request, queryset):
        """Let the selected comments wait again."""
        self._decide_all(request, queryset, State.PENDING)

    @admin.action(description="Show contact details in the text of selected comments", permissions=["moderate"])
    def show_details(self, request, queryset):
        """Let readers see addresses and numbers that stand in the comments' own words."""
        act = functools.partial(moderation.show_contact_details, by=request.user)
        self._each(request, queryset, "contact details are shown", act)

    def _decide_all(self, request, queryset, to, reason=""):
        act = functools.partial(moderation.decide, to=to, by=request.user, reason=reason)
        self._each(request, queryset, State(to).label.lower(), act)

    def _each(self, request, queryset, what, act):
        """Do it row by row on the version that was on the screen, and report what could not be done."""
        if queryset.count() > MOST_AT_ONCE:
            self.message_user(request, f"At most {MOST_AT_ONCE} comments at once, so that each is read.", messages.ERROR)
            return
        done = 0
        for comment in queryset:
            try:
                act(comment, version=_seen_version(request, comment))
                done += 1
            except (moderation.Conflict, moderation.InvalidMove, PermissionDenied) as error:
                self.message_user(request, f"The comment by {comment.name or 'someone'}: {error}", messages.ERROR)
        if done:
            self.message_user(request, f"{done} {'comment' if done == 1 else 'comments'}: {what}.", messages.SUCCESS)


def _seen_version(request, comment):
    """Return the version that was on the screen; raises Conflict when the page did not say."""
    version = request.POST.get(f"version-{comment.pk}", "")
    if not re.fullmatch(r"[0-9]{1,9}", version):
        raise moderation.Conflict("This page did not show it. Nothing was changed; please open it first.")
    return int(version)


@admin.register(Queued)
class QueuedAdmin(DecidingAdmin):
    """What waits to be read, oldest first: all of each comment on one page."""

    list_title = "Comments to read"
    list_display = ("card",)
    list_display_links = None
    list_filter = ("lane",)
    ordering = ("submitted_at", "pk")

    def has_module_permission(self, request):
        """Show the queue in the index to those who decide."""
        return self.has_view_permission(request)

    def get_queryset(self, request):
        """Return what waits."""
        return super().get_queryset(request).queued()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lead to the one page that a comment has."""
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[object_id]))

    @admin.display(description="Oldest first")
    def card(self, comment):
        """Everything a decision needs."""
        answering = format_html(", answering “{}”", comment.parent.body[:160]) if comment.parent else ""
        signals = [in_words(signal) for signal in comment.signals] or ["every comment is read"]
        return format_html(
            '<article class="queue-card lane-{}" aria-labelledby="q{}"><h2 id="q{}"><a href="{}">{}</a></h2>'
            '<p class="wait">{} · waits {}</p><p class="hush">{}. On <a href="{}">{}</a>{}.</p>'
            '<blockquote class="said">{}</blockquote><p class="hush">Held because: {}.</p>'
            '<input type="hidden" name="version-{}" value="{}"></article>',
            comment.lane,
            comment.pk,
            comment.pk,
            reverse("admin:comments_comment_change", args=[comment.pk]),
            comment.name,
            comment.get_lane_display(),
            timesince(comment.submitted_at).split(",")[0],
            f"Person {comment.person_tag}" if comment.person_tag else "No address given",
            comment.article.get_absolute_url(),
            comment.article.title,
            answering,
            rendering.marked_html(comment.body, _spans(comment)),
            "; ".join(signals),
            comment.pk,
            comment.version,
        )


@admin.register(Comment)
class CommentAdmin(DecidingAdmin):
    """Every comment in every state, and the page of one."""

    list_title = "All comments"
    list_display = ("name_link", "words", "article", "state", "lane", "person", "sent")
    list_display_links = None
    list_filter = ("state", "lane", "article")
    ordering = ("-pk",)
    change_form_template = "admin/comments/comment.html"

    @admin.display(description="Name", ordering="name")
    def name_link(self, comment):
        """The name as a link to the comment's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:comments_comment_change", args=[comment.pk]), comment.name or "(erased)"
        )

    @admin.display(description="Words")
    def words(self, comment):
        """The whole text, as an action decides on all of it; a long one unfolds."""
        if len(comment.body) <= 300:
            return comment.body
        return format_html("<details><summary>{}…</summary>{}</details>", comment.body[:200], comment.body)

    @admin.display(description="Person")
    def person(self, comment):
        """The person tag."""
        return comment.person_tag or "–"

    def get_urls(self):
        """Add the addresses of one comment's decisions."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", view(self.decide_view), name="comments_comment_decide"),
            path("<int:pk>/address/", view(self.address_view), name="comments_comment_address"),
            path("<int:pk>/erase/", view(self.erase_view), name="comments_comment_erase"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show one comment with its history; it cannot be edited."""
        comment = self.get_object(request, object_id)
        if request.method != "GET" or comment is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, comment):
            raise PermissionDenied
        moves = moderation.MOVES[comment.state] if self.has_moderate_permission(request) else set()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Comment by {comment.name or 'someone'}",
            "opts": self.model._meta,
            "comment": comment,
            "marked": rendering.marked_html(comment.body, _spans(comment)),
            "signals": [in_words(signal) for signal in comment.signals],
            "events": comment.events.select_related("actor"),
            "moves": [(state.value, label) for state, label in LABELS if state in moves],
            "reasons": Reason.choices if State.REJECTED in moves else [],
            "can_show_details": bool(moves) and not comment.show_contact_details,
            "can_reveal": comment.contact_id and request.user.has_perm("comments.reveal_contact"),
            "can_erase": comment.state != State.ERASED and request.user.has_perm("comments.erase_comment"),
        }
        return TemplateResponse(request, self.change_form_template, context)

    def decide_view(self, request, pk):
        """Take one decision from the comment's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        comment = get_object_or_404(Comment, pk=pk)
        to, reason = request.POST.get("to", ""), request.POST.get("reason", "")
        try:
            version = _seen_version(request, comment)
            if to == "show-details":
                moderation.show_contact_details(comment, version=version, by=request.user)
            elif to in State.values:
                moderation.decide(comment, to, version=version, by=request.user, reason=reason if to == State.REJECTED else "")
            else:
                raise moderation.InvalidMove("Please choose a decision.")
            self.message_user(request, "Done.", messages.SUCCESS)
        except (moderation.Conflict, moderation.InvalidMove) as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))

    def address_view(self, request, pk):
        """Ask why, then show the address on the answer to that POST and nowhere else."""
        if not request.user.has_perm("comments.reveal_contact"):
            raise PermissionDenied
        comment = get_object_or_404(Comment, pk=pk)
        form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
        address = ""
        if form.is_bound and form.is_valid():
            try:
                address = contacts.reveal(comment, by=request.user, reason=form.cleaned_data["why"])
            except (Contact.DoesNotExist, ValueError) as error:
                form.add_error(None, str(error) or "There is no address for this comment.")
        return self._why_page(request, comment, form, "Open the e-mail address", "Open the address", address=address)

    def erase_view(self, request, pk):
        """Ask why, then erase words, name and contact for good."""
        if not request.user.has_perm("comments.erase_comment"):
            raise PermissionDenied
        comment = get_object_or_404(Comment, pk=pk)
        form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
        if form.is_bound and form.is_valid():
            moderation.erase(comment, by=request.user, reason=form.cleaned_data["why"])
            self.message_user(request, "Erased: words, name and contact are gone.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))
        return self._why_page(request, comment, form, "Erase this comment for good", "Erase for good")

    def _why_page(self, request, comment, form, title, button, **extra):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "comment": comment,
            "form": form,
            "button": button,
            **extra,
        }
        return TemplateResponse(request, "admin/comments/why.html", context)


# The order of the buttons on a comment's page.
LABELS = [
    (State.APPROVED, "Approve"),
    (State.REJECTED, "Reject"),
    (State.SPAM, "Spam"),
    (State.HIDDEN, "Hide"),
    (State.PENDING, "Return to the queue"),
]


def _spans(comment):
    return [tuple(span) for signal in comment.signals for span in signal.get("spans", [])]


@admin.register(Reveal)
class RevealAdmin(admin.ModelAdmin):
    """Who opened which address, when and why."""

    list_display = ("created_at", "actor", "tag", "note")
    list_display_links = None
    list_select_related = ("actor",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Return the events of opened addresses with the tag, never the address."""
        return super().get_queryset(request).filter(kind=Event.Kind.REVEALED).annotate(person_tag=F("comment__contact__tag"))

    @admin.display(description="Person")
    def tag(self, event):
        """The person tag, while the contact exists."""
        return event.person_tag or "–"

    def has_add_permission(self, request):
        """Only opening an address writes here."""
        return False

    def has_change_permission(self, request, obj=None):
        """A log is not changed."""
        return False

    def has_delete_permission(self, request, obj=None):
        """A log is not deleted."""
        return False


@admin.register(CommentSettings)
class CommentSettingsAdmin(admin.ModelAdmin):
    """The site-wide switch."""

    def has_add_permission(self, request):
        """There is one row, made by migration."""
        return False

    def has_delete_permission(self, request, obj=None):
        """The row stays."""
        return False
