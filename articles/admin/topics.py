"""Topics in the admin: named and described here, given to articles on the page of each."""

from django.contrib import admin

from articles.forms import TopicForm
from articles.models import Topic
from web.admin import BaseAdmin


@admin.register(Topic)
class TopicAdmin(BaseAdmin):
    """What articles are about."""

    form = TopicForm
    list_display = ("name", "slug", "mesh")
    search_fields = ("name", "description")
    show_full_result_count = False

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the name of a new topic."""
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request, obj=None):
        """Keep every topic, because its addresses lead to it for ever; readers do not see one that no article has."""
        return False
