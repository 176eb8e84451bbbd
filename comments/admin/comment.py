"""Every comment in every state, and the page of one: its history, its decisions, answering for the site, address, erasing."""

import functools

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms.widgets import Script
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import second_factor
from comments import searching
from comments.admin import cards, letters, person, redaction
from comments.admin.deciding import ACTIONS, MOST_AT_ONCE, DecidingAdmin, seen_version
from comments.admin.decisions import card_after, next_page, typed_note, undo_tag, with_links
from comments.admin.filters import ArticleFilter, PreviousSiteFilter, SentFilter
from comments.flows import addresses, erasing, moderation
from comments.flows.replies import approve_and_reply, can_be_answered, reply_as_staff
from comments.models import Comment, Contact, HelpLine, State
from comments.models.contact import LostKey, is_tag
from comments.public.forms import MAX_BODY
from comments.screening import emails_and_phones
from web.admin import HasWholeWords, searched_words, takes_a_form
from web.folding import one_line
from web.forms import is_visible, one_line_break

# Of the list, however many there are.
MOST_LISTED = 10_000


class WhyForm(forms.Form):
    """Why an address is opened or a comment erased; kept in the comment's history."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=gettext_lazy("We keep it in the comment's history for 24 months. Don't repeat the author's name or words."),
    )


class ReplyForm(forms.Form):
    """A reply for the site."""

    body = forms.CharField(
        label=gettext_lazy("Your reply"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write a reply first.")},
        help_text=gettext_lazy(
            "Readers see your name and a badge. Email addresses and phone numbers in your reply stay hidden until you show them."
        ),
    )

    def clean_body(self):
        """Refuse an answer that is blank or too long; line breaks are counted as one."""
        body = one_line_break(self.cleaned_data["body"])
        if not is_visible(body):
            raise forms.ValidationError(_("Write a reply first."))
        if len(body) > MAX_BODY:
            over = len(body) - MAX_BODY
            words = ngettext("{over} character too long (at most {most}).", "{over} characters too long (at most {most}).", over)
            raise forms.ValidationError(words.format(over=f"{over:,}", most=f"{MAX_BODY:,}"))
        return body


class NewestPaginator(Paginator):
    """Pages of the newest rows, counted no further than MOST_LISTED: the older ones are found by a filter or a search."""

    @functools.cached_property
    def count(self):
        """The number of rows, at most MOST_LISTED."""
        return self.object_list.order_by().values("pk")[:MOST_LISTED].count()

    @property
    def cut_at(self):
        """That number in words, when there may be more rows."""
        return f"{MOST_LISTED:,}" if self.count == MOST_LISTED else ""


@admin.register(Comment)
class CommentAdmin(DecidingAdmin):
    """Every comment in every state, and the page of one."""

    actions = tuple(ACTIONS.values())
    show_full_result_count = False
    list_display = ("name_link", "words", "state", "lane", "person", "sent")
    list_display_links = None
    list_filter = ("state", "lane", SentFilter, PreviousSiteFilter, ArticleFilter)
    list_per_page = MOST_AT_ONCE
    paginator = NewestPaginator
    ordering = ("-submitted_at", "-pk")
    search_fields = ("name", "body")
    search_function = HasWholeWords
    search_help_text = gettext_lazy("Search names and comments for whole words, or find a person by their tag")
    change_list_template = "admin/comments/all.html"
    change_form_template = "admin/comments/comment.html"

    class Media:
        js = (Script("lupussite/queue.js", defer=True),)

    @admin.display(description=gettext_lazy("Name"), ordering="name")
    def name_link(self, comment):
        """The name as a link to the comment's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:comments_comment_change", args=[comment.pk]), comment.name or _("(erased)")
        )

    @admin.display(description=gettext_lazy("Comment"))
    def words(self, comment):
        """The whole text, as an action decides on all of it; a long one unfolds, an urgent one when pressed. And the article."""
        if comment.is_covered:
            text = _unfolding(_("Show the text. It may be upsetting."), comment.body)
        elif len(comment.body) > 300:
            text = _unfolding(f"{comment.body[:200]}…", comment.body)
        else:
            text = comment.body
        return format_html('<div dir="auto">{}</div><p class="hush">{}</p>', text, comment.article)

    @admin.display(description=gettext_lazy("Person"))
    def person(self, comment):
        """The person tag, a link to all that this person wrote."""
        return person.link(comment.person_tag) if comment.person_tag else "–"

    @admin.display(description=gettext_lazy("Sent"), ordering="submitted_at")
    def sent(self, comment):
        """When it came, and the version on the screen, which the actions send back."""
        return format_html(
            '{}<input type="hidden" name="version-{}" value="{}">',
            date_format(timezone.localtime(comment.submitted_at), "DATETIME_FORMAT"),
            comment.pk,
            comment.version,
        )

    def get_search_results(self, request, queryset, search_term):
        """Find the comments that have every word; the tag of a person stands for all that this person wrote."""
        words = one_line(search_term).split()
        tags = {word.upper() for word in words if is_tag(word.upper())}
        # Few words look like a tag, but TYPE-2 may; it is one when somebody has it.
        known = dict(Contact.objects.filter(tag__in=tags).values_list("tag", "pk")) if tags else {}
        for key in known.values():
            queryset = queryset.filter(contact=key)
        rest = " ".join(word for word in words if word.upper() not in known)
        found = searching.newest_with(searched_words(rest))
        if found is not None and not known:
            queryset = queryset.filter(pk__in=found)
            if len(found) == searching.MOST_FOUND:
                words = _("Many comments have these words. We looked at the newest {most}; add a word to find older ones.")
                messages.info(request, words.format(most=f"{searching.MOST_FOUND:,}"))
        return super().get_search_results(request, queryset, rest)

    def get_urls(self):
        """Add the addresses of what is done with one comment."""
        view = self.admin_site.admin_view
        on_page = takes_a_form(lambda pk: reverse("admin:comments_comment_change", args=[pk]))
        return [
            path("<int:pk>/reply/", view(on_page(self.reply_view)), name="comments_comment_reply"),
            path("<int:pk>/address/", view(self.address_view), name="comments_comment_address"),
            path("<int:pk>/erase/", view(self.erase_view), name="comments_comment_erase"),
            *letters.urls(view),
            *person.urls(view),
            *redaction.urls(view),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Refuse an action without the permission, also when it is posted by hand."""
        if request.method == "POST" and not self.has_moderate_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, {"title": _("All comments")} | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show one comment with its history; it cannot be edited."""
        comment = self.get_object(request, object_id)
        if request.method != "GET" or comment is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, comment):
            raise PermissionDenied
        return self._page(request, comment, ReplyForm())

    def reply_view(self, request, pk):
        """Publish an answer for the site, or show the page again with what is wrong."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        comment = get_object_or_404(self.get_queryset(request), pk=pk)
        # On a card in the queue it stands among others.
        form = ReplyForm({"body": request.POST.get("body", request.POST.get(f"reply-{pk}", ""))})
        if not form.is_valid():
            return self._page(request, comment, form)
        try:
            words, tag = self._reply(request, comment, form.cleaned_data["body"])
        except (moderation.Conflict, moderation.InvalidMove, PermissionDenied) as error:
            form.add_error(None, str(error))
            return self._page(request, self.get_queryset(request).get(pk=pk), form)
        self.message_user(request, with_links(request, words, comment, is_public=True), messages.SUCCESS, extra_tags=tag)
        page = reverse("admin:comments_comment_change", args=[pk])
        return HttpResponseRedirect(next_page(request, card=card_after(request, pk), otherwise=page))

    def with_reply(self, request, comment, body, words):
        """Return the page of a comment with a reply that was typed, and why it is not published."""
        form = ReplyForm({"body": body})
        form.add_error(None, words)
        return self._page(request, self.get_queryset(request).get(pk=comment.pk), form)

    def _reply(self, request, comment, body):
        """Publish it, the comment too when it still waits; return what to say and the tag to undo it by."""
        if comment.state == State.APPROVED:
            event = reply_as_staff(comment, by=request.user, body=body)[1]
            return _("Your reply is published."), undo_tag(event=event)
        version = seen_version(request, comment)
        note = typed_note(request, comment.pk)
        batch = approve_and_reply(comment, version=version, by=request.user, body=body, note=note)
        return _("The comment and your reply are published."), undo_tag(batch=batch)

    def _page(self, request, comment, reply_form):
        """Return the page of one comment."""
        events = list(comment.events.select_related("actor", "undone_by", "written"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Comment by {name}").format(name=comment.name or _("someone")),
            "opts": self.model._meta,
            "comment": comment,
            "card": cards.cards([comment], request.user)[0],
            "can_show_details": self.has_moderate_permission(request)
            and not comment.show_contact_details
            and comment.state in {State.PENDING, State.APPROVED, State.HIDDEN}
            and bool(emails_and_phones.emails(comment.body) or emails_and_phones.phones(comment.body, HelpLine.numbers())),
            "events": [(event, _can_undo(event, comment, request.user)) for event in events],
            # With words in it the form is always there, also where they cannot be published any more.
            "reply_form": reply_form if reply_form.is_bound or can_be_answered(comment, by=request.user) else None,
            "can_reveal": comment.contact_id and request.user.has_by_role("comments.reveal_contact"),
            "can_erase": comment.state != State.ERASED and request.user.has_perm("comments.erase_comment"),
        }
        return TemplateResponse(request, self.change_form_template, context)

    def address_view(self, request, pk):
        """Ask why, then show the address on the answer to that POST and nowhere else."""
        if not request.user.has_by_role("comments.reveal_contact"):
            raise PermissionDenied
        second_factor.ask_again(request)
        comment = get_object_or_404(Comment, pk=pk)
        form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
        address = ""
        if form.is_bound and form.is_valid():
            try:
                address = addresses.reveal(comment, by=request.user, reason=form.cleaned_data["why"])
            except (Contact.DoesNotExist, LostKey, ValueError) as error:
                form.add_error(None, str(error) or _("There's no email address for this comment."))
        return self._why_page(request, comment, form, _("View the email address"), _("View the address"), address=address)

    def erase_view(self, request, pk):
        """Ask why, then erase words, name and contact for good."""
        if not request.user.has_perm("comments.erase_comment"):
            raise PermissionDenied
        comment = get_object_or_404(Comment, pk=pk)
        form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
        if form.is_bound and form.is_valid():
            erasing.erase(comment, by=request.user, reason=form.cleaned_data["why"])
            self.message_user(request, _("Erased: the text, the name and the email address are gone."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))
        return self._why_page(request, comment, form, _("Erase this comment permanently"), _("Erase permanently"))

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


def _unfolding(summary, text):
    return format_html("<details><summary>{}</summary>{}</details>", summary, text)


def _can_undo(event, comment, user):
    return (
        event.kind in moderation.UNDOABLE
        and event.actor_id == user.pk
        and event.version + 1 == comment.version
        and not hasattr(event, "undone_by")
        and timezone.now() - event.created_at < moderation.UNDO_FOR
        and user.has_perm("comments.moderate_comment")
    )
