"""Staff accounts in the admin: deactivated, never deleted, because decisions and signatures name them."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import User


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's own page of a user, without deleting."""

    def has_delete_permission(self, request, obj=None):
        """Take "active" away instead."""
        return False
