"""Staff accounts and their groups in the admin: deactivated, never deleted, because decisions and signatures name them."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group

from accounts.models import User
from web.admin import BaseAdmin

admin.site.unregister(Group)


@admin.register(User)
class StaffAdmin(BaseAdmin, UserAdmin):
    """Django's own page of a user, without deleting."""

    def has_delete_permission(self, request, obj=None):
        """Take "active" away instead."""
        return False


@admin.register(Group)
class RoleAdmin(BaseAdmin, GroupAdmin):
    """Django's own page of a group."""
