"""What the owner sets, and the log of opened addresses."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.models import CommentEvent, CommentSettings, Reveal
from web.admin import BaseAdmin, ReadOnlyAdmin


@admin.register(CommentSettings)
class CommentSettingsAdmin(BaseAdmin):
    """What is switched for the whole site: who gets notices and when, and whether comments are open."""

    fields = ("comments_open", "rota", "morning_hour", "evening_hour")
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def changelist_view(self, request, extra_context=None):
        """Open the one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:comments_commentsettings_change", args=[1]))

    def has_add_permission(self, request):
        """There is one row, made by migration."""
        return False

    def has_delete_permission(self, request, obj=None):
        """The row stays."""
        return False


@admin.register(Reveal)
class RevealAdmin(ReadOnlyAdmin):
    """Who opened which address, when and why."""

    list_display = ("created_at", "actor", "tag", "why")
    list_display_links = None
    list_select_related = ("actor", "written")
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Return the events of opened addresses with the tag, never the address."""
        return (
            super().get_queryset(request).filter(kind=CommentEvent.Kind.REVEALED).annotate(person_tag=F("comment__contact__tag"))
        )

    @admin.display(description=_("Person"))
    def tag(self, event):
        """The person tag, while the contact exists."""
        return event.person_tag or "–"

    @admin.display(description=_("Reason"))
    def why(self, event):
        """What the privacy officer gave as the reason, as long as that is kept."""
        return event.note or "–"
