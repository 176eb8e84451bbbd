"""The page on which a reader reports a mistake in an article, without an account and without an address."""

import functools

from django import forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import mistakes
from articles.models import Article
from web.forms import TrapForm, one_line_break
from web.network import network_of_request
from web.posting import Redirect303, for_back, private, reader_form, take

MOST = 1000
NOT_SENT = _("Your report wasn't sent. What you typed is still here.")


class MistakeForm(TrapForm):
    """What is wrong, and a field for robots."""

    note = forms.CharField(
        label=_("What's wrong?"),
        strip=False,
        help_text=_("Tell us where it is and what it should say, if you know. Only the editors read this."),
        widget=forms.Textarea(attrs={"rows": 6, "data-maxlength": MOST}),
        error_messages={"required": _("Tell us what's wrong")},
    )

    @property
    def helper(self):
        """The crispy layout; tag, address and button are the template's."""
        return self.layout("note", "leave")

    def clean_note(self):
        """Refuse a note that is blank, broken or too long."""
        return self.well_formed(one_line_break(self.cleaned_data["note"]), MOST, _("Tell us what's wrong"))


@reader_form(_("Your report wasn't saved"), ["note"])
@require_http_methods(["GET", "HEAD", "POST"])
def mistake(request, slug):
    """Ask what is wrong, and keep the answer."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    if request.method != "POST":
        return _page(request, article, MistakeForm(), 200, "")
    form = MistakeForm(request.POST)

    def keep():
        mistakes.report(article, form.cleaned_data["note"], network=network_of_request(request))
        return Redirect303(reverse("articles:mistake-thanks", args=[article.slug]))

    return take(request, form, keep, functools.partial(_page, request, article, form), not_sent=NOT_SENT)


@require_safe
def thanks(request, slug):
    """Thank the reader."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    return private(render(request, "articles/mistake_reported.html", {"article": article}))


def _page(request, article, form, status, summary):
    context = {"article": article, "form": form, "summary": summary}
    page = render(request, "articles/mistake.html", context, status=status)
    page.headers["X-Robots-Tag"] = "noindex"
    return for_back(page)
