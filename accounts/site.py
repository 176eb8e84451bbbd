"""The admin as a site: open to staff who showed what this site asks for."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.views.decorators.csrf import csrf_protect

from accounts import kept_forms, second_factor


class StaffSite(AdminSite):
    """The stock admin behind a login of our own (accounts.views.login)."""

    def has_permission(self, request):
        """Let active staff in who showed their second factor in this login, where one is required."""
        return super().has_permission(request) and not second_factor.is_missing(request)

    def admin_view(self, view, cacheable=False):
        """Keep a form that comes after its login has lapsed, and go on as the stock admin does."""
        guarded = super().admin_view(view, cacheable)

        def keeping(request, *args, **kwargs):
            if not self.has_permission(request):
                kept_forms.keep(request)
            elif request.method == "POST":
                kept_forms.done_with(request)
            return guarded(request, *args, **kwargs)

        return csrf_protect(update_wrapper(keeping, guarded))

    def password_change(self, request, extra_context=None):
        """Change one's own password, after the second factor."""
        second_factor.ask_again(request)
        return super().password_change(request, extra_context)
