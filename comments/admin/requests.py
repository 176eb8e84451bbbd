"""Privacy officers: who asked what is kept, and finding a person by the address in a letter that came by post."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import second_factor
from comments.admin import person
from comments.flows import rights
from comments.models import Contact, DataRequest
from comments.public.forms import email_field
from comments.public.rights_views import address_of
from web.admin import ReadOnlyAdmin


class FindForm(forms.Form):
    """Whom an officer looks for, and why."""

    email = email_field()
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=gettext_lazy("Such as “Letter of May 3, asks for a copy”. We keep it in the log, and the person can see it."),
    )


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """The log of requests; the page to start one for a letter."""

    change_list_template = "admin/comments/requests.html"
    list_display = ("created_at", "asked_by", "tag", "reason", "opened_at")
    list_display_links = None
    list_select_related = ("by",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        """Return the requests without the row that holds the address."""
        return super().get_queryset(request).defer("nonce", "opening").annotate(person_tag=F("contact__tag"))

    @admin.display(description=gettext_lazy("Started by"))
    def asked_by(self, asked):
        """Who started it."""
        return asked.by or _("the person, by email")

    @admin.display(description=gettext_lazy("Person"))
    def tag(self, asked):
        """The person tag, while the contact exists."""
        return person.link(asked.person_tag) if asked.person_tag else "–"

    def get_urls(self):
        """Add the search."""
        return [
            path("find/", self.admin_site.admin_view(self.find_view), name="comments_datarequest_find"),
            *super().get_urls(),
        ]

    def find_view(self, request):
        """Ask for an address and why; the answer to that POST leads to the person's rows, and to all that is kept."""
        if not request.user.has_by_role("comments.reveal_contact"):
            raise PermissionDenied
        second_factor.ask_again(request)
        form = FindForm(request.POST if request.method == "POST" else None)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Find a person"), "form": form}
        if form.is_bound and form.is_valid():
            asked = rights.search(form.cleaned_data["email"], by=request.user, reason=form.cleaned_data["why"])
            context |= {"is_done": True}
            if asked.contact_id:
                tag = Contact.objects.values_list("tag", flat=True).get(pk=asked.contact_id)
                context |= {"person": person.link(tag), "everything": address_of(asked)}
        return TemplateResponse(request, "admin/comments/find.html", context)
