"""Staff accounts and their groups in the admin: deactivated, never deleted, because decisions and signatures name them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group

from accounts import second_factor
from accounts.models import User
from web.admin import BaseAdmin

admin.site.unregister([Group, EmailAddress, Authenticator])


class AskingAdmin(BaseAdmin):
    """Pages that say who may do what: to open one, and to send it, the second factor is shown again."""

    def changeform_view(self, request, *args, **kwargs):
        """Ask first."""
        if self.has_change_permission(request):
            second_factor.ask_again(request)
        return super().changeform_view(request, *args, **kwargs)


@admin.register(User)
class StaffAdmin(AskingAdmin, UserAdmin):
    """Django's own page of a user, without deleting."""

    def user_change_password(self, request, id, form_url=""):
        """Ask first here too."""
        second_factor.ask_again(request)
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request, obj=None):
        """Take "active" away instead."""
        return False


@admin.register(Group)
class RoleAdmin(AskingAdmin, GroupAdmin):
    """Django's own page of a group."""
