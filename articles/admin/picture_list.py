"""The pictures in the admin: all that were uploaded, where drafts show them, and who made them, which can be changed here."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.pages import url
from articles.models import Picture
from articles.pictures import credits, files
from web.admin import BaseAdmin


@admin.register(Picture)
class PictureAdmin(BaseAdmin):
    """Pictures are added in the text of an article, and go by themselves when no text has used them for 90 days."""

    list_display = ("words", "shown", "credit", "license", "uploaded_at", "uploaded_by")
    list_select_related = ("uploaded_by",)
    list_per_page = 50
    search_fields = ("alt", "caption", "credit", "license")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("shown", "alt", "caption", "size", "uploaded_at", "uploaded_by", "used_in")}),
        (
            _("Credit"),
            {
                "fields": ("credit", "license"),
                "description": _(
                    "A signature covers the credit too. Versions that were sent to a reviewer or are online keep the words they "
                    "have. What you save here is in the drafts from now on, and readers get it with the next signed version."
                ),
            },
        ),
    )
    readonly_fields = ("shown", "alt", "caption", "size", "uploaded_at", "uploaded_by", "used_in")

    def has_view_permission(self, request, obj=None):
        """Let everybody see them who may see articles."""
        return request.user.has_perm("articles.view_article") or self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        """Let everybody change them who may write articles."""
        return request.user.has_perm("articles.change_article")

    def has_add_permission(self, request):
        """Add none here: a picture without a text would only wait to be removed."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Remove none by hand: a signed text may show it."""
        return False

    def has_module_permission(self, request):
        """Show the list to whoever may open it."""
        return self.has_view_permission(request)

    def save_model(self, request, obj, form, change):
        """Change the credit alone, and note it where drafts show the picture."""
        credits.change(obj, by=request.user, **form.cleaned_data)

    @admin.display(description=_("Description"), ordering="alt")
    def words(self, picture):
        """What stands for the picture in words, in full."""
        return picture.alt or str(picture)

    @admin.display(description=_("Picture"))
    def shown(self, picture):
        """The picture itself, small; or that a file of it is gone, which staff alone can mend."""
        if files.without_files([picture.as_dict()]):
            return gettext("A file is missing from the disk. Please upload this picture again.")
        file = picture.smallest
        html = '<img class="thumb" src="/pictures/{}" width="{}" height="{}" alt="" loading="lazy">'
        return format_html(html, file["name"], file["width"], file["height"])

    @admin.display(description=_("Size"))
    def size(self, picture):
        """Width and height of the widest file."""
        return gettext("{width} × {height} pixels").format(width=picture.width, height=picture.height)

    @admin.display(description=_("In the drafts of"))
    def used_in(self, picture):
        """The articles whose working copy shows it, with links."""
        rows = credits.drafts_with(picture).only("title")
        links = ((url("article_change", article.pk), article) for article in rows)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or gettext("no article")
