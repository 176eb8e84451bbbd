"""What moderators set in the admin: watched words, tried on the past before saving; blocked hosts; help lines. And reports."""

import json
import re

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.flows import notices, watch_list
from comments.models import BlockedHost, HelpLine, Report, WatchedWord
from web.admin import BaseAdmin, ReadOnlyAdmin
from web.forms import is_visible

HOST = re.compile(r"(?!-)[\w-]{1,63}(?:\.(?!-)[\w-]{1,63})+")
# What decides what a word finds; a new note alone needs no trying.
DECIDING = ("word", "whole_word", "match_case")


class WatchedWordForm(forms.ModelForm):
    """A word that can be seen; spaces at its ends are no part of it."""

    class Meta:
        model = WatchedWord
        fields = ["word", "whole_word", "match_case", "note"]

    def clean_word(self):
        """Refuse a word that would be found everywhere, or nowhere."""
        word = self.cleaned_data["word"]
        if not is_visible(word) or not any(character.isalnum() for character in word):
            raise forms.ValidationError(_("Enter a word or phrase with at least one letter or digit."))
        return word


@admin.register(WatchedWord)
class WatchedWordAdmin(BaseAdmin):
    """Words to be told of. Saving first shows what the word would have held; only "Save it" on that page saves."""

    form = WatchedWordForm
    list_display = ("word", "whole_word", "match_case", "note")
    search_fields = ("word", "note")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Try the word on the past before it is saved."""
        word = self.get_object(request, unquote(object_id)) if object_id else None
        may_save = self.has_change_permission(request, word) if object_id else self.has_add_permission(request)
        if request.method != "POST" or not may_save or (object_id and word is None):
            return super().changeform_view(request, object_id, form_url, extra_context)
        form = self.get_form(request, word, change=word is not None)(request.POST, instance=word)
        if form.is_valid() and (word is None or set(DECIDING) & set(form.changed_data)):
            tried = json.dumps([form.cleaned_data[name] for name in DECIDING])
            if request.POST.get("tried") != tried:
                return self._result_page(request, form, tried)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _result_page(self, request, form, tried):
        looked_at, held = watch_list.tried_on_past(*(form.cleaned_data[name] for name in DECIDING))
        fields = [(name, value) for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "tried"}]
        context = {
            **self.admin_site.each_context(request),
            "title": _("What “{word}” would have marked").format(word=form.cleaned_data["word"]),
            "opts": self.opts,
            "fields": fields if any(name.startswith("_") for name, _value in fields) else [*fields, ("_save", "1")],
            "tried": tried,
            "looked_at": looked_at,
            "held": held,
            "false_alarms": sum(comment.false_alarm for comment in held),
        }
        return TemplateResponse(request, "admin/comments/tried.html", context)


class BlockedHostForm(forms.ModelForm):
    """The name of a host, also when a whole address is pasted."""

    class Meta:
        model = BlockedHost
        fields = ["host", "note"]

    def clean_host(self):
        """Keep the host of what was entered, in small letters."""
        host = re.sub(r"^[a-z]+://", "", self.cleaned_data["host"].strip().lower())
        host = re.split(r"[/?#:]", host, maxsplit=1)[0].removeprefix("www.").strip(".")
        if not HOST.fullmatch(host):
            raise forms.ValidationError(_("Enter a site name, such as example.com."))
        return host


@admin.register(BlockedHost)
class BlockedHostAdmin(BaseAdmin):
    """Hosts whose links make a comment likely spam."""

    form = BlockedHostForm
    list_display = ("host", "note")
    search_fields = ("host", "note")


@admin.register(HelpLine)
class HelpLineAdmin(BaseAdmin):
    """Where somebody in need is helped, shown to the author of a comment with a signal of danger."""

    list_display = ("name", "country", "how", "position")
    fields = ("country", "name", "how", "position")

    def log_change(self, request, *args):
        """Note it, and tell the rota: a wrong number here is dangerous."""
        notices.tell_of_help_lines(request.user)
        return super().log_change(request, *args)

    def log_addition(self, request, *args):
        """Note it, and tell the rota."""
        notices.tell_of_help_lines(request.user)
        return super().log_addition(request, *args)

    def log_deletions(self, request, *args):
        """Note it, and tell the rota."""
        notices.tell_of_help_lines(request.user)
        return super().log_deletions(request, *args)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """What readers reported, newest first; what follows is decided on the comment's page."""

    list_display = ("created_at", "what", "said", "about", "state")
    list_display_links = None
    fields = ("comment", "version", "reason", "said", "created_at")
    list_filter = ("reason", "comment__state")
    list_select_related = ("comment",)
    show_full_result_count = False
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("What's wrong"), ordering="reason")
    def what(self, report):
        """The reason in words."""
        return report.get_reason_display()

    @admin.display(description=gettext_lazy("Note"))
    def said(self, report):
        """What the reader noted; of an urgent comment only when pressed, as its words."""
        if report.note and report.comment.is_covered:
            return format_html("<details><summary>{}</summary>{}</details>", _("Show. It may be upsetting."), report.note)
        return report.note

    @admin.display(description=gettext_lazy("Comment"))
    def about(self, report):
        """The beginning of the comment, as a link to its page; the words of an urgent one stand there only."""
        address = reverse("admin:comments_comment_change", args=[report.comment_id])
        words = _("(covered)") if report.comment.is_covered else report.comment.body or _("(erased)")
        return format_html(
            '<a href="{}">{}: {}</a>', address, report.comment.name, words if len(words) <= 120 else f"{words[:120]}…"
        )

    @admin.display(description=gettext_lazy("Current status"), ordering="comment__state")
    def state(self, report):
        """Where the comment stands now."""
        return report.comment.get_state_display()
