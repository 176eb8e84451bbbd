"""The site's name and look in the admin: one form, and a preview of the home page in both schemes before anything is saved."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.views import article_list
from lupussite.appearance import as_shown, shown_instead
from lupussite.appearance_forms import AppearanceForm
from lupussite.models import Appearance
from web.admin import BaseAdmin

SCHEMES = ("light", "dark")
# Where a session keeps what was previewed.
PREVIEWED = "appearance"


@admin.register(Appearance)
class AppearanceAdmin(BaseAdmin):
    """For owners alone: there is no permission that anyone else could have."""

    form = AppearanceForm
    radio_fields = {"colors": admin.VERTICAL}
    fieldsets = (
        (gettext_lazy("Name and look"), {"fields": ("name", "motto", "logo_file", "remove_logo", "logo_has_name", "colors")}),
        (gettext_lazy("Home page"), {"fields": ("home_title", "home_introduction")}),
        (gettext_lazy("Every page"), {"fields": ("emergency_number", "footer", "hides_about")}),
        (
            gettext_lazy("Who you are"),
            {
                "fields": ("owner", "contact_email", "owner_address", "processors", "complaint_authority", "imprint"),
                "description": gettext_lazy("Readers see this on the pages “About us” and “Privacy”, and in feeds."),
            },
        ),
    )

    def get_urls(self):
        """Add the preview."""
        preview = self.admin_site.admin_view(self.preview_view)
        return [path("preview/", preview, name="lupussite_appearance_preview"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Open the one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:lupussite_appearance_change", args=[1]))

    def has_add_permission(self, request):
        """There is one row."""
        return False

    def has_delete_permission(self, request, obj=None):
        """The row stays."""
        return False

    def get_object(self, request, object_id, from_field=None):
        """Return the row, or a blank one until something is saved."""
        return Appearance.current() if object_id == "1" else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form, save it, or show what it would make of the home page."""
        if object_id is None or not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form_class = self.get_form(request, row, change=True)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = form_class(*sent, instance=row, by=request.user)
        is_right = form.is_bound and form.is_valid()
        if is_right and "_preview" not in request.POST:
            return self._save(request, form)
        if is_right:
            request.session[PREVIEWED] = {field.attname: field.value_from_object(row) for field in Appearance._meta.fields}
        return self._page(request, form, is_previewed=is_right)

    def _save(self, request, form):
        before = Appearance.current()
        row = form.save()
        if changes := _changes(before, row):
            LogEntry.objects.log_actions(request.user.pk, [row], CHANGE, changes, single_object=True)
        request.session.pop(PREVIEWED, None)
        messages.success(request, _("Saved. Readers see it now."))
        return HttpResponseRedirect(reverse("admin:lupussite_appearance_change", args=[1]))

    @csp_update({"frame-src": [SELF]})
    def _page(self, request, form, *, is_previewed):
        names = [
            (name, {**options, "fields": [field for field in options["fields"] if field in form.fields]})
            for name, options in self.fieldsets
        ]
        shown = helpers.AdminForm(form, names, {}, model_admin=self)
        context = self.admin_site.each_context(request) | {
            "title": _("Name and look"),
            "opts": self.opts,
            "original": form.instance,
            "adminform": shown,
            "errors": helpers.AdminErrorList(form, []),
            "media": self.media + form.media,
            "is_previewed": is_previewed,
            "logo": as_shown(form.instance).logo,
            "logo_key": form.logo_key,
            "schemes": [("light", _("In light")), ("dark", _("In dark"))],
        }
        return TemplateResponse(request, "admin/lupussite/appearance.html", context)

    @csp_replace({"frame-ancestors": [SELF]})
    def preview_view(self, request):
        """Show the home page as it would be: what was last previewed in this session, or else what is saved."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        previewed = request.session.get(PREVIEWED)
        scheme = request.GET.get("scheme", "")
        shown = as_shown(
            Appearance(**previewed) if previewed else Appearance.current(), scheme=scheme if scheme in SCHEMES else ""
        )
        with shown_instead(shown):
            response = article_list(request)
        response.headers["X-Robots-Tag"], response.headers["X-Frame-Options"] = "noindex", "SAMEORIGIN"
        return response


def _changes(before, after):
    """Return in words what was changed, for the history; nothing when nothing was."""
    words = _("{name}: “{old}” is now “{new}”")
    pairs = [(field, getattr(before, field.name), getattr(after, field.name)) for field in Appearance._meta.fields]
    return "; ".join(
        words.format(name=field.verbose_name, old=_short(old), new=_short(new)) for field, old, new in pairs if old != new
    )


def _short(value):
    return Truncator("" if value is None else str(value)).chars(80)
