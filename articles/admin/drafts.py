"""Pages about drafts: what was saved and when, what differs, bringing one back; and what is kept while somebody types."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import drafts
from articles.admin.pages import back, needs, page, url
from articles.diff import differences
from articles.forms import LINKS
from articles.models import Article, SavedDraft, UnsavedDraft
from web.admin import KEY, takes_a_form

ON_A_PAGE = 50
TAB = re.compile(r"[0-9a-f-]{36}")
# Of the form, but not of what is typed into it.
NOT_TYPED = {"csrfmiddlewaretoken", "tab", "restored"}


def urls(view):
    """Return the addresses of the pages; `view` is the admin's own wrapper."""
    return [
        path("keep/", view(keep_view), name="articles_article_keep"),
        path("<int:pk>/keep/", view(keep_view), name="articles_article_keep"),
        path("unsaved/<int:key>/discard/", view(discard_view), name="articles_article_discard"),
        path("<int:pk>/drafts/", view(drafts_view), name="articles_article_drafts"),
        path("<int:pk>/drafts/<int:key>/back/", view(bring_back_view), name="articles_article_bring_back"),
    ]


def keep_view(request, pk=None):
    """Keep what stands in the form of an article, or of a new one; answers the script that asks every few seconds."""
    if not request.user.has_perm("articles.change_article" if pk else "articles.add_article"):
        raise PermissionDenied
    tab = request.POST.get("tab", "")
    if request.method != "POST" or not TAB.fullmatch(tab):
        return JsonResponse({}, status=400)
    article = get_object_or_404(Article.objects.only("pk"), pk=pk) if pk else None
    fields = [(name, value) for name in request.POST if name not in NOT_TYPED for value in request.POST.getlist(name)]
    kept = drafts.keep_unsaved(article, tab, fields, by=request.user)
    return JsonResponse({"kept": date_format(timezone.localtime(kept.kept_at), "TIME_FORMAT")})


@takes_a_form(lambda key: url("article_changelist"))
@needs("articles.change_article", "articles.add_article")
def discard_view(request, key):
    """Throw away what was typed and not saved."""
    unsaved = get_object_or_404(UnsavedDraft, pk=key, user=request.user)
    article = unsaved.article_id
    unsaved.delete()
    messages.success(request, _("The unsaved words are gone."))
    return HttpResponseRedirect(url("article_change", article) if article else url("article_add"))


def asked_for(request, article: Article | None) -> UnsavedDraft | None:
    """Return the unsaved words that `?unsaved=key` names, of this person and article; or None."""
    key = _key(request.GET.get("unsaved"))
    return drafts.unsaved(article, by=request.user).filter(pk=key).first() if key else None


def as_sent(unsaved: UnsavedDraft) -> QueryDict:
    """Return the fields as the form would have sent them.

    Boxes without a tick send nothing. So the form names its lists of boxes, and a draft that was kept before there was such a
    list has what is saved in it.
    """
    data = QueryDict(mutable=True)
    for name, value in unsaved.fields:
        data.appendlist(name, value)
    asked = {*data.get("boxes", "").split(), *data}
    if unsaved.article:
        for name in LINKS:
            if name not in asked:
                data.setlist(name, [str(row.pk) for row in getattr(unsaved.article, name).all()])
    return data


@needs("articles.view_article", "articles.change_article")
def drafts_view(request, pk):
    """List the saves of the last 90 days, and show what differs between two: the chosen ones, or the last two."""
    article = get_object_or_404(Article, pk=pk)
    rows = article.saved_drafts.select_related("saved_by").defer("content")
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    after_key, before_key = [*rows[:2].values_list("pk", flat=True), None, None][:2]
    keys = [_key(request.GET.get("of")) or before_key, _key(request.GET.get("with")) or after_key]
    chosen = {row.pk: row for row in article.saved_drafts.filter(pk__in=filter(None, keys)).select_related("saved_by")}
    before, after = (chosen.get(key) for key in keys)
    context = {
        "article": article,
        "drafts": shown,
        "before": before,
        "after": after,
        "parts": differences.between(_content(before), _content(after)) if before and after else [],
        "may_bring_back": request.user.has_perm("articles.change_article"),
        "kept_days": drafts.KEPT.days,
    }
    return page(request, "drafts", _("Saved drafts"), **context)


@takes_a_form(lambda pk, key: url("article_drafts", pk))
@needs("articles.change_article")
def bring_back_view(request, pk, key):
    """Save the words of an earlier save again."""
    if not request.user.has_perms(f"articles.{verb}_source" for verb in ("add", "change", "delete")):
        raise PermissionDenied
    draft = get_object_or_404(SavedDraft.objects.select_related("article"), pk=key, article=pk)
    drafts.bring_back(draft, by=request.user)
    when = date_format(timezone.localtime(draft.saved_at), "DATETIME_FORMAT")
    return back(request, pk, _("The draft of {when} is back, and saved. What it replaced is kept too.").format(when=when))


def _key(text):
    return int(text) if text and KEY.fullmatch(text) else None


def _content(draft):
    article, sources = draft.as_saved()
    return article.content(sources)[0]
