"""The pages of the admin beside an article's own: what mail a person gets, histories, a text as readers will see it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from articles.admin.pages import find, gone, needs, page, url
from articles.admin.preview import with_preview
from articles.admin.standing import recent_events
from articles.admin.step_forms import MailChoiceForm
from articles.models import Article, MailChoice

EVENTS_ON_A_PAGE = 100
SCHEMES = ("light", "dark")


def urls(view):
    """Return the addresses of the pages; `view` is the admin's own wrapper."""
    return [
        path("mail/", view(mail_view), name="articles_article_mail"),
        path("<int:pk>/preview/", view(preview_view), name="articles_article_preview"),
        path("<int:pk>/preview/<int:number>/", view(preview_view), name="articles_article_preview"),
        path("<path:object_id>/history/", view(history_view), name="articles_article_history"),
    ]


@needs("articles.view_article", "articles.change_article")
def mail_view(request):
    """Let each person say what mail they get; nobody sees or changes the choice of another."""
    mine = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    form = MailChoiceForm(request.POST if request.method == "POST" else None, instance=mine)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved. This applies to emails from now on."))
        return HttpResponseRedirect(url("article_mail"))
    return page(request, "mail", _("Your emails"), form=form, address=request.user.email)


@needs("articles.view_article", "articles.change_article")
def preview_view(request, pk, number=None):
    """Show the working copy, or a version, in the template that readers get, in a scheme of choice."""
    article = get_object_or_404(Article.objects.with_review(), pk=pk)
    revision = get_object_or_404(article.revisions, number=number) if number is not None else None
    scheme = request.GET.get("scheme", "")
    context = {
        "article": with_preview(article, revision),
        "number": number,
        "scheme": scheme if scheme in SCHEMES else "",
        "schemes": [(_("same as my device"), ""), ("light", _("light")), ("dark", _("dark"))],
    }
    return TemplateResponse(request, "admin/articles/preview.html", context, headers={"X-Robots-Tag": "noindex"})


@needs("articles.view_article", "articles.change_article")
def history_view(request, object_id):
    """Show what was done with the article, the newest first, from its own events."""
    article = find(object_id)
    if article is None:
        return gone(request, object_id)
    page_obj = Paginator(recent_events(article), EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return page(request, "history", _("History of “{title}”").format(title=article), article=article, page_obj=page_obj)
