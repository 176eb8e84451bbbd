"""Frozen texts, signatures and reviewers in the admin: the first two can be read and never changed."""

import re

from django.contrib import admin
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from articles.admin.pages import url
from articles.models import Article, Reviewer, Revision, SignOff
from web.admin import BaseAdmin, ReadOnlyAdmin


class FrozenAdmin(ReadOnlyAdmin):
    """Rows that only `articles.workflow` writes."""

    show_full_result_count = False
    list_per_page = 50


class OfArticle(admin.SimpleListFilter):
    """The versions of the one article whose page leads here; nothing to choose in the list of all."""

    title = _("article")
    parameter_name = "article"

    def lookups(self, request, model_admin):
        """Name the article."""
        asked = self.value() if re.fullmatch("[0-9]{1,18}", self.value() or "") else None
        return list(Article.objects.filter(pk=asked).values_list("pk", "title"))

    def queryset(self, request, queryset):
        """Keep its versions; `lookups` found that it is there."""
        return queryset.filter(article=self.value())


@admin.register(Revision)
class RevisionAdmin(FrozenAdmin):
    """A frozen text as readers get it, with its hash."""

    change_form_template = "admin/articles/revision.html"
    list_display = ("version", "article", "change", "submitted_at", "submitted_by", "published_at", "retired_at")
    list_filter = (OfArticle,)
    list_select_related = ("article", "submitted_by")
    search_fields = ("article__title",)
    ordering = ("-pk",)
    fields = (
        "article",
        "number",
        "sha256",
        "format",
        "base",
        "change",
        "public_note",
        "submitted_by",
        "submitted_at",
        "published_by",
        "published_at",
        "retired_at",
    )

    def get_queryset(self, request):
        """Leave the texts where they are: a list shows none, and the page of one loads its own."""
        return super().get_queryset(request).defer("content", "search_text", "article__body")

    @admin.display(description=_("Version"), ordering="number")
    def version(self, revision):
        """The number in words."""
        return gettext("Version {number}").format(number=revision.number)


@admin.register(SignOff)
class SignOffAdmin(FrozenAdmin):
    """A signature, or what an earlier site stated."""

    list_display = ("name", "article", "version", "origin", "scope", "signed_on", "valid_until", "revoked_at")
    list_filter = ("origin", "scope")
    list_select_related = ("article", "revision")
    search_fields = ("name", "article__title")
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Leave the texts where they are."""
        return super().get_queryset(request).defer("revision__content", "revision__search_text", "article__body")

    @admin.display(description=_("Version"), ordering="revision__number")
    def version(self, sign_off):
        """The number of the frozen text, with a link to it."""
        return format_html('<a href="{}">{}</a>', url("revision_change", sign_off.revision_id), sign_off.revision.number)


@admin.register(Reviewer)
class ReviewerAdmin(BaseAdmin):
    """People who check articles; what they signed keeps the name and letters of that day."""

    list_display = ("name", "credentials", "specialty", "user", "ended_on")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_select_related = ("user",)
    search_fields = ("name",)

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the name of a new profile."""
        return {} if obj else {"slug": ("name",)}

    def get_readonly_fields(self, request, obj=None):
        """Keep the address, which pages link to, and the person: nobody takes over a profile to sign under its name."""
        if obj is None:
            return ()
        taken = obj.user_id or obj.sign_offs.filter(origin=SignOff.Origin.SIGNED).exists()
        return ("slug", "user") if taken else ("slug",)

    def save_model(self, request, obj, form, change):
        """Name who changed it, in the history that readers see."""
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    def changeform_view(self, request, *args, **kwargs):
        """Ask for the second factor before a profile is saved: whoever signs under a name is said here."""
        if request.method == "POST" and self.has_change_permission(request):
            second_factor.ask_again(request)
        return super().changeform_view(request, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer staff alone as the user who signs."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(is_staff=True)
        return field
