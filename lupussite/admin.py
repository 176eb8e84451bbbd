"""Staff accounts and their groups in the admin: people are invited, given roles, and leave. Nobody is deleted, because decisions
and signatures name them.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import second_factor
from accounts.models import User
from lupussite import leaving, roles, staff_mail
from lupussite.appearance_admin import AppearanceAdmin
from lupussite.page_admin import PageAdmin
from web.admin import BaseAdmin

__all__ = ["AppearanceAdmin", "PageAdmin", "RoleAdmin", "StaffAdmin"]

admin.site.unregister([Group, EmailAddress, Authenticator])


class AskingAdmin(BaseAdmin):
    """Pages that say who may do what: to open one, and to send it, the second factor is shown again."""

    def changeform_view(self, request, *args, **kwargs):
        """Ask first."""
        if self.has_change_permission(request):
            second_factor.ask_again(request)
        return super().changeform_view(request, *args, **kwargs)


class InvitationForm(forms.ModelForm):
    """Whom to invite, and to do what; they choose their password themselves."""

    class Meta:
        model = User
        fields = ("email", "username", "first_name", "last_name", "groups")
        field_classes = {"groups": roles.RolesField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def save(self, commit=True):
        """Make the account; it has no password that anybody could guess."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class HeirForm(forms.Form):
    """Who goes on with the articles of somebody who leaves."""

    heir = forms.ModelChoiceField(
        None, label=gettext_lazy("Give their articles to"), required=False, empty_label=gettext_lazy("No one yet")
    )

    def __init__(self, *args, leaving, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = User.objects.staff_who_may("articles.change_article").exclude(pk=leaving.pk)


@admin.register(User)
class StaffAdmin(AskingAdmin, UserAdmin):
    """Django's page of a user without what nobody needs: roles are check boxes with sentences."""

    actions = ("take_factors",)
    add_form = InvitationForm
    add_form_template = None
    change_form_template = "admin/accounts/user.html"
    list_display = ("username", "email", "first_name", "last_name", "roles", "is_superuser", "is_active")
    filter_horizontal = ()
    add_fieldsets = (
        (None, {"fields": ("email", "username", "first_name", "last_name")}),
        (gettext_lazy("What they can do"), {"fields": ("groups",)}),
    )
    fieldsets = (
        (None, {"fields": ("username", "email", "first_name", "last_name", "is_active")}),
        (gettext_lazy("What they can do"), {"fields": ("groups", "is_superuser")}),
        (None, {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("is_active", "last_login", "date_joined")

    @admin.display(description=gettext_lazy("Roles"))
    def roles(self, user):
        """The groups by name."""
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_queryset(self, request):
        """Load the groups with the people."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_urls(self):
        """Add the addresses of leaving and coming back."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/leave/", view(self.leave_view), name="accounts_user_leave"),
            path("<int:pk>/return/", view(self.return_view), name="accounts_user_return"),
            *super().get_urls(),
        ]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        """Offer the groups with what each may do."""
        if db_field.name == "groups":
            return roles.RolesField(
                Group.objects.order_by("name"),
                label=gettext_lazy("Roles"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="",
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Call a superuser what this site calls one."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_superuser":
            field.label = _("Owner")
            field.help_text = _(
                "Invites people and sets the site's texts and look. Signs and sees addresses only with that role."
            )
        return field

    def add_view(self, request, form_url="", extra_context=None):
        """Say what adding a person is: inviting one."""
        return super().add_view(request, form_url, {"title": _("Invite someone")} | (extra_context or {}))

    def save_related(self, request, form, formsets, change):
        """Mail an invitation once the roles are known."""
        super().save_related(request, form, formsets, change)
        if not change:
            staff_mail.invite(form.instance)
            messages.info(request, _("An invitation is on its way to {email}.").format(email=form.instance.email))

    def user_change_password(self, request, id, form_url=""):
        """Ask first here too."""
        second_factor.ask_again(request)
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request, obj=None):
        """People leave instead."""
        return False

    def leave_view(self, request, pk):
        """Ask who goes on with what waits, then close the account."""
        user = self._other(request, pk)
        form = HeirForm(request.POST if request.method == "POST" else None, leaving=user)
        if form.is_bound and form.is_valid():
            articles, comments = leaving.leave(user, by=request.user, heir=form.cleaned_data["heir"])
            given = [
                ngettext("{number} article", "{number} articles", articles).format(number=articles),
                ngettext("{number} comment", "{number} comments", comments).format(number=comments),
            ]
            words = _("{name}'s account is closed. Given on: {given}.").format(name=user, given=", ".join(given))
            messages.success(request, words)
            return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": _("{name} leaves").format(name=user), "opts": self.opts, "person": user, "form": form
        }  # fmt: skip
        return TemplateResponse(request, "admin/accounts/leave.html", context)

    def return_view(self, request, pk):
        """Open an account again."""
        user = self._other(request, pk)
        if request.method == "POST":
            user.is_active = True
            user.save()
            messages.success(request, _("{name}'s account is open again.").format(name=user))
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[pk]))

    def _other(self, request, pk):
        """Return somebody else whom one may change."""
        if not self.has_change_permission(request) or pk == request.user.pk:
            raise PermissionDenied
        second_factor.ask_again(request)
        return get_object_or_404(User, pk=pk)

    @admin.action(description=gettext_lazy("Remove second factors (lost phone)"), permissions=["change"])
    def take_factors(self, request, queryset):
        """Let people set up others at their next login."""
        second_factor.ask_again(request)
        Authenticator.objects.filter(user__in=queryset).delete()
        for user in queryset:
            user.end_sessions()
            staff_mail.tell_of_factor(user, "all-removed")
            self.log_change(request, user, _("Second factors removed"))
        messages.success(request, _("They set up a second factor at their next login."))


@admin.register(Group)
class RoleAdmin(AskingAdmin, GroupAdmin):
    """Django's own page of a group."""
