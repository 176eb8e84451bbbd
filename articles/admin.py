"""Write an article; submit, sign and publish it. Frozen texts and signatures can be read here and never changed.

The three buttons call `articles.workflow`; who may press one is decided there, whatever the page shows.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import CheckboxInput
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from tinymce.widgets import AdminTinyMCE

from articles import workflow
from articles.models import Article, Reviewer, Revision, SignOff, Source

STATUS_WORDS = {
    "current": "reviewed, in date",
    "overdue": "reviewed, the next check is late",
    "changed": "changed since it was reviewed",
    "revoked": "the review was taken back",
    "withdrawn": "withdrawn",
    "earlier": "reviewed, as an earlier site stated",
}


class SourceInline(admin.StackedInline):
    """The citations of the working copy, in the order of their numbers."""

    model = Source
    extra = 0
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fields = (("position", "kind", "year"), "authors", "title", "container", "pages", ("pmid", "doi"), ("url", "accessed"))


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """The working copy, and the way from it to the page."""

    change_form_template = "admin/articles/article.html"
    list_display = ("title", "state", "language", "comments_open", "updated_at")
    list_filter = ("language", "comments_open")
    search_fields = ("title", "summary", "body")
    inlines = (SourceInline,)
    readonly_fields = ("state", "versions")
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "need_to_know", "body")}),
        ("About the page", {"fields": ("language", "owner", "comments_open", "state", "versions")}),
    )

    def get_queryset(self, request):
        """Load the live text and the signatures with the list."""
        return super().get_queryset(request).with_review()

    def get_readonly_fields(self, request, obj=None):
        """Keep the address of a text that was frozen: links lead there."""
        fixed = ("slug",) if obj and obj.revisions.exists() else ()
        return (*self.readonly_fields, *fixed)

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the title of a new article."""
        return {} if obj else {"slug": ("title",)}

    def get_changeform_initial_data(self, request):
        """Let whoever begins an article answer for it."""
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Write the body in the rich-text editor."""
        if db_field.name == "body":
            kwargs["widget"] = AdminTinyMCE(mce_attrs={"license_key": "gpl"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer staff alone as owners."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "owner":
            field.queryset = field.queryset.filter(is_staff=True)
        return field

    def get_view_on_site_url(self, obj=None):
        """Lead to the page only when there is one."""
        return super().get_view_on_site_url(obj) if obj and obj.revision else None

    def save_related(self, request, form, formsets, change):
        """Save, then tell the editor what the page will leave out of what was typed."""
        super().save_related(request, form, formsets, change)
        _, removed = form.instance.content()
        if removed:
            self.message_user(request, f"Readers will not get these parts of the body: {'; '.join(removed)}.", messages.WARNING)

    @admin.display(description="What readers see")
    def state(self, article):
        """The live version and what its page says of the review."""
        if not article.pk or not article.revision:
            return "Nothing: not online yet"
        return f"Version {article.revision.number}: {STATUS_WORDS[article.review.kind]}"

    @admin.display(description="Versions")
    def versions(self, article):
        """Every frozen text with its signatures."""
        if not article.pk or not (revisions := article.revisions.prefetch_related("sign_offs")):
            return "None yet. Submit makes the first one."
        return format_html_join(
            "",
            '<p><a href="{}">Version {}</a>, {}: {}</p>',
            (
                (
                    reverse("admin:articles_revision_change", args=[revision.pk]),
                    revision.number,
                    timezone.localtime(revision.submitted_at).strftime("%Y-%m-%d %H:%M"),
                    _fate(revision),
                )
                for revision in revisions
            ),
        )

    def get_urls(self):
        """Add the addresses of the three steps."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/submit/", view(self.submit_view), name="articles_article_submit"),
            path("<int:pk>/sign/", view(self.sign_view), name="articles_article_sign"),
            path("<int:pk>/publish/", view(self.publish_view), name="articles_article_publish"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the steps that this person can take now."""
        article = self.get_object(request, object_id)
        steps = {}
        if article:
            newest = article.revisions.first()
            steps = {
                "may_submit": request.user.has_perm("articles.submit_article"),
                "to_sign": newest if newest and _signs(request.user) else None,
                "to_publish": _publishable(article) if request.user.has_perm("articles.publish_article") else None,
            }
        return super().change_view(request, object_id, form_url, {"steps": steps} | (extra_context or {}))

    def submit_view(self, request, pk):
        """Freeze the working copy as it was last saved."""
        article = self._posted(request, pk, "articles.submit_article")
        if isinstance(article, HttpResponseNotAllowed):
            return article
        _, removed = article.content()
        try:
            revision = workflow.submit(article, by=request.user)
        except workflow.WorkflowError as error:
            return self._back(request, pk, str(error), messages.WARNING)
        left_out = f" Left out of the body: {'; '.join(removed)}." if removed else ""
        return self._back(request, pk, f"Version {revision.number} is frozen and can be signed.{left_out}")

    def publish_view(self, request, pk):
        """Make the signed version that was on the screen the live one."""
        article = self._posted(request, pk, "articles.publish_article")
        if isinstance(article, HttpResponseNotAllowed):
            return article
        number = request.POST.get("number", "")
        revision = get_object_or_404(article.revisions, number=int(number) if number.isdecimal() and len(number) < 9 else 0)
        try:
            workflow.publish(revision, by=request.user)
        except workflow.WorkflowError as error:
            return self._back(request, pk, str(error), messages.ERROR)
        return self._back(request, pk, f"Version {revision.number} is online.")

    def sign_view(self, request, pk):
        """Show the newest frozen text as readers will get it, and take the signature of whoever is logged in."""
        if not _signs(request.user):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=pk)
        revision = article.revisions.first()
        if revision is None:
            return self._back(request, pk, "Nothing was submitted yet, so there is nothing to sign.", messages.WARNING)
        if request.method == "POST":
            edited = CheckboxInput().value_from_datadict(request.POST, request.FILES, "edited")
            try:
                workflow.sign(revision, shown_hash=request.POST.get("sha256", ""), by=request.user, edited=edited)
            except workflow.WorkflowError as error:
                self.message_user(request, str(error), messages.ERROR)
                return HttpResponseRedirect(reverse("admin:articles_article_sign", args=[pk]))
            return self._back(request, pk, f"You have signed version {revision.number}.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Sign version {revision.number}",
            "opts": self.model._meta,
            "article": article,
            "revision": revision,
            "reviewer": request.user.reviewer,
        }
        return TemplateResponse(request, "admin/articles/sign.html", context)

    def _posted(self, request, pk, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return get_object_or_404(Article, pk=pk)

    def _back(self, request, pk, words, level=messages.SUCCESS):
        self.message_user(request, words, level)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _signs(user) -> bool:
    """Return whether the user is an active reviewer; being a superuser does not make one."""
    reviewer = Reviewer.objects.filter(user=user).first()
    return bool(reviewer and reviewer.is_active(timezone.localdate()) and user.has_perm("articles.add_signoff"))


def _publishable(article) -> Revision | None:
    """Return the newest revision if it is signed and was never online."""
    newest = article.revisions.filter(published_at=None).first()
    if newest is None or article.revisions.filter(number__gt=newest.number).exists():
        return None
    signed = newest.sign_offs.filter(origin=SignOff.Origin.SIGNED, sha256=newest.sha256, revoked_at=None)
    return newest if signed.exists() else None


def _fate(revision) -> str:
    signatures = [str(sign_off.name) for sign_off in revision.sign_offs.all() if not sign_off.revoked_at]
    words = f"signed by {', '.join(signatures)}" if signatures else "not signed"
    if revision.retired_at:
        return f"{words}, was online"
    return f"{words}, online" if revision.published_at else words


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that workflow writes: everyone with the permission reads them, nobody changes them, superusers included."""

    def has_add_permission(self, request):
        """Only `articles.workflow` makes them."""
        return False

    def has_change_permission(self, request, obj=None):
        """They never change."""
        return False

    def has_delete_permission(self, request, obj=None):
        """They are never deleted."""
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """A frozen text as readers get it, with its hash."""

    change_form_template = "admin/articles/revision.html"
    list_display = ("__str__", "submitted_at", "submitted_by", "published_at", "retired_at")
    list_filter = ("article",)
    list_select_related = ("submitted_by",)
    ordering = ("-pk",)
    fields = (
        "article",
        "number",
        "sha256",
        "format",
        "base",
        "submitted_by",
        "submitted_at",
        "published_by",
        "published_at",
        "retired_at",
    )


@admin.register(SignOff)
class SignOffAdmin(ReadOnlyAdmin):
    """A signature, or what an earlier site stated."""

    list_display = ("name", "article", "version", "origin", "scope", "signed_on", "valid_until", "revoked_at")
    list_filter = ("origin", "article")
    list_select_related = ("article", "revision")
    ordering = ("-pk",)

    @admin.display(description="Version", ordering="revision__number")
    def version(self, sign_off):
        """The number of the frozen text, with a link to it."""
        address = reverse("admin:articles_revision_change", args=[sign_off.revision_id])
        return format_html('<a href="{}">{}</a>', address, sign_off.revision.number)


@admin.register(Reviewer)
class ReviewerAdmin(admin.ModelAdmin):
    """People who check articles; what they signed keeps the name and letters of that day."""

    list_display = ("name", "credentials", "specialty", "user", "ended_on")
    list_select_related = ("user",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer staff alone as the user who signs."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(is_staff=True)
        return field
