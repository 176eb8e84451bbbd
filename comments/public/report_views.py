"""The page on which a reader reports a public comment, without an account."""

import functools

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments.flows.reports import NotPublic, file_report
from comments.models import Comment, Report
from web.forms import TrapForm, is_visible, one_line_break
from web.network import network_of_request
from web.posting import Redirect303, for_back, reader_form, take

MAX_NOTE = 500
NOT_SENT = _("Your report wasn't sent. What you typed is still here.")


class Choices(forms.RadioSelect):
    """Radio buttons to which the summary of errors can link: to the first."""

    def id_for_label(self, id_, index=None):
        """Return the id of one button, of the first for the whole."""
        return super().id_for_label(id_, "0" if index is None else index)


class ReportForm(TrapForm):
    """Why a comment is reported, and a note for the moderators."""

    reason = forms.ChoiceField(
        label=_("What's wrong with this comment?"),
        choices=Report.Reason,
        widget=Choices,
        error_messages={"required": _("Choose what's wrong"), "invalid_choice": _("Choose what's wrong")},
    )
    note = forms.CharField(
        label=_("Note for the moderators (optional)"),
        required=False,
        strip=False,
        help_text=_("Only moderators see it. We can't reply."),
        widget=forms.Textarea(attrs={"rows": 4, "data-maxlength": MAX_NOTE}),
    )

    @property
    def helper(self):
        """The crispy layout without the choice of the reason, which the template prints; so it does tag and button."""
        return self.layout("note", "leave")

    def clean_note(self):
        """Refuse a note that is broken or too long; nothing at all is fine."""
        note = one_line_break(self.cleaned_data["note"])
        return self.well_formed(note, MAX_NOTE, "") if is_visible(note) else ""


@reader_form(_("Your report wasn't saved"), ["note"])
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, slug, pk):
    """Ask what is the matter with a public comment, and keep the answer."""
    comment = _public_comment(slug, pk)
    if request.method != "POST":
        return _page(request, comment, ReportForm(), 200, "")
    form = ReportForm(request.POST)

    def keep():
        network = network_of_request(request)
        try:
            file_report(comment, form.cleaned_data["reason"], form.cleaned_data["note"], network=network)
        except NotPublic:
            raise Http404 from None
        return Redirect303(reverse("comments:report-thanks", args=[comment.article.slug, comment.pk]))

    return take(request, form, keep, functools.partial(_page, request, comment, form), not_sent=NOT_SENT)


@require_safe
def thanks(request, slug, pk):
    """Thank the reader; the comment itself may be gone by now."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    response = render(request, "comments/reported.html", {"article": article})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _public_comment(slug, pk):
    comments = Comment.objects.public().select_related("article")
    return get_object_or_404(comments, pk=pk, article__slug=slug, article__in=Article.objects.published())


def _page(request, comment, form, status, summary):
    context = {"comment": comment, "article": comment.article, "form": form, "summary": summary, "max_length": MAX_NOTE}
    page = render(request, "comments/report.html", context, status=status)
    page.headers["X-Robots-Tag"] = "noindex"
    return for_back(page)
