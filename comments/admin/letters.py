"""The page “Write to this person” in the admin: what is written goes out by the relay, the address stays where it is."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.flows import letters
from comments.flows.prepared_letters import PREPARED, prepared
from comments.models import Comment, Letter
from web.forms import is_visible, one_line_break


class LetterForm(forms.Form):
    """The words, and how many letters there were when the page was opened."""

    words = forms.CharField(
        label=gettext_lazy("Your letter"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "data-maxlength": Letter.MOST_CHARACTERS}),
        help_text=format_lazy(
            gettext_lazy("Up to {most} characters. We send it right away and don't keep a copy."),
            most=f"{Letter.MOST_CHARACTERS:,}",
        ),
    )
    seen = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput)

    def clean_words(self):
        """Refuse what is blank or too long; the browser counts a line break once."""
        words = one_line_break(self.cleaned_data["words"])
        if not is_visible(words):
            raise forms.ValidationError(_("Write something first."))
        if len(words) > Letter.MOST_CHARACTERS:
            over = len(words) - Letter.MOST_CHARACTERS
            raise forms.ValidationError(
                ngettext("{over} character too long.", "{over} characters too long.", over).format(over=f"{over:,}")
            )
        return words


def urls(view):
    """Return the addresses below a comment's page; `view` is the admin's own wrapper."""
    return [path("<int:pk>/letter/", view(write_view), name="comments_comment_letter")]


def write_view(request, pk):
    """Show the form, filled with a prepared text when one was chosen, and send what is posted."""
    if not request.user.has_perm("comments.write_letter"):
        raise PermissionDenied
    comment = get_object_or_404(Comment, pk=pk)
    page = reverse("admin:comments_comment_change", args=[pk])
    form = LetterForm(request.POST) if request.method == "POST" else LetterForm(initial=_initial(request, comment))
    if form.is_bound and form.is_valid():
        try:
            letters.write(comment, by=request.user, **form.cleaned_data)
        except letters.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your letter is on its way. If they reply, you'll see it on this page."))
            return HttpResponseRedirect(page)
    if comment.contact_id is None:
        messages.error(request, _("There's no one to write to: the person gave no address, or it has been erased."))
        return HttpResponseRedirect(page)
    context = {
        **admin.site.each_context(request),
        "title": _("Write to this person"),
        "opts": Comment._meta,
        "comment": comment,
        "form": form,
        "prepared": [(key, label) for key, (label, _words) in PREPARED.items()],
    }
    return TemplateResponse(request, "admin/comments/letter.html", context)


def _initial(request, comment):
    return {"words": prepared(request.GET.get("text", ""), comment), "seen": comment.letters.count()}
