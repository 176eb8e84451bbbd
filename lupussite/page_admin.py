"""The owner's own pages in the admin: the editor and the cleaner of articles, without review, sources and versions."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from articles import addresses
from articles.admin.steps import left_out
from articles.forms import MOST_BODY
from articles.html import rendering
from articles.html.cleaning import TooDeep
from articles.models import Article
from lupussite.models import Page
from web.admin import BaseAdmin


class PageForm(forms.ModelForm):
    """A page; its text is kept as readers get it, and `left_out` names what that leaves out of what was sent."""

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "menu_place", "is_public"]
        widgets = {"body": AdminTextareaWidget(attrs={"rows": 25})}

    def __init__(self, *args, **kwargs):
        """Begin with nothing left out."""
        super().__init__(*args, **kwargs)
        self.left_out: list[str] = []

    def clean_slug(self):
        """Refuse an address that readers know as that of an article."""
        slug = self.cleaned_data["slug"]
        if "slug" in self.changed_data and addresses.is_taken(slug, Article()):
            words = _("An article has the address “{slug}”, or had it before. Please choose a different one.")
            raise ValidationError(words.format(slug=slug))
        return slug

    def clean_body(self):
        """Keep of the text what readers may get, within what can be cleaned while somebody waits."""
        body = self.cleaned_data["body"]
        if len(body) > MOST_BODY:
            raise ValidationError(_("This text is too long for one page. Please make two of it."))
        try:
            cleaned = rendering.clean(body)
        except TooDeep as error:
            raise ValidationError(str(error)) from error
        self.left_out = cleaned.removed
        return cleaned.html


@admin.register(Page)
class PageAdmin(BaseAdmin):
    """Pages that say something of the site; never called reviewed."""

    form = PageForm
    change_form_template = "admin/lupussite/page.html"
    list_display = ("title", "slug", "is_public", "menu_place", "updated_at")
    search_fields = ("title", "body")
    show_full_result_count = False

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the title of a new page."""
        return {} if obj else {"slug": ("title",)}

    def get_urls(self):
        """Add the preview."""
        preview = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", preview, name="lupussite_page_preview"), *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        """Give the editor what a link can lead to."""
        pages = [(page.get_absolute_url(), page.title) for page in Page.objects.public().only("slug", "title")]
        return super().render_change_form(request, context | {"own_articles": Article.objects.to_link() + pages}, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save, and say what readers don't get."""
        super().save_model(request, obj, form, change)
        if words := left_out(form.left_out):
            messages.warning(request, words)

    def preview_view(self, request, pk):
        """Show a page as readers will get it, also before it is online."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = get_object_or_404(Page, pk=pk)
        return TemplateResponse(request, "pages/own.html", {"page": page}, headers={"X-Robots-Tag": "noindex"})
