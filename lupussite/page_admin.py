"""The owner's own pages in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError

from articles.html import rendering
from articles.html.cleaning import TooDeep
from lupussite.models import Page
from web.admin import BaseAdmin


class PageForm(forms.ModelForm):
    """A page; its text is kept as readers get it."""

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "menu_place", "is_public"]
        widgets = {"body": AdminTextareaWidget(attrs={"rows": 25})}

    def clean_body(self):
        """Keep of the text what readers may get."""
        try:
            return rendering.clean(self.cleaned_data["body"]).html
        except TooDeep as error:
            raise ValidationError(str(error)) from error


@admin.register(Page)
class PageAdmin(BaseAdmin):
    """Pages that say something of the site; never called reviewed."""

    form = PageForm
    list_display = ("title", "slug", "is_public", "menu_place", "updated_at")
    search_fields = ("title", "body")
    show_full_result_count = False

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the title of a new page."""
        return {} if obj else {"slug": ("title",)}
