"""The admin as a site: open to staff who showed what this site asks for."""

from django.contrib.admin import AdminSite

from accounts import second_factor


class StaffSite(AdminSite):
    """The stock admin behind a login of our own (accounts.views.login)."""

    def has_permission(self, request):
        """Let active staff in who showed their second factor in this login, where one is required."""
        return super().has_permission(request) and not second_factor.is_missing(request)

    def password_change(self, request, extra_context=None):
        """Change one's own password, after the second factor."""
        second_factor.ask_again(request)
        return super().password_change(request, extra_context)
