"""The list of articles, and the addresses of the pages on which they are written and brought online."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin import desk, drafts, editing, looks, pasting, pictures, standing, steps
from articles.models import Article
from web.admin import BaseAdmin


@admin.register(Article)
class ArticleAdmin(BaseAdmin):
    """The working copies, each with what readers see of it."""

    change_list_template = "admin/articles/article_list.html"
    list_display = ("title", "state", "language", "comments_open", "updated_at")
    list_filter = ("topics", "language", "comments_open")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "summary", "body")

    def has_delete_permission(self, request, obj=None):
        """Nothing that people wrote is deleted; a page is withdrawn, and its address stays."""
        return False

    def get_queryset(self, request):
        """Load what the list shows, without a text."""
        return standing.with_state(super().get_queryset(request)).defer("body", "need_to_know", "summary")

    @admin.display(description=_("What readers see"))
    def state(self, article):
        """The live version and what its page says of the review."""
        return standing.state(article)

    def get_urls(self):
        """Put our own pages before the admin's of the same addresses: the form, the steps, and what only shows."""
        view = self.admin_site.admin_view
        return [
            *drafts.urls(view),
            *editing.urls(view),
            *pasting.urls(view),
            *pictures.urls(view),
            *steps.urls(view),
            *looks.urls(view),
            *desk.urls(view),
            *super().get_urls(),
        ]
