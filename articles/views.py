"""Pages of live revisions: the list, one article, search. They only read."""

import re

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Article, Revision
from articles.rendering import fold

ON_A_PAGE = 50
MOST_WORDS = 10
MOST_RESULTS = 50


@require_safe
def article_list(request):
    """List what is published, newest review first, 50 to a page; any other `?page=` is not found."""
    page = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", page):
        raise Http404
    try:
        page_obj = Paginator(Article.objects.published().newest_review_first(), ON_A_PAGE).page(page)
    except InvalidPage as error:
        raise Http404 from error
    return render(request, "articles/article_list.html", {"page_obj": page_obj})


@require_safe
def article_detail(request, slug):
    """Show the live revision; a withdrawn page says why, with 410."""
    article = get_object_or_404(Article.objects.live(), slug=slug)
    if article.withdrawn_on:
        return render(request, "articles/withdrawn.html", {"article": article}, status=410)
    return render(request, "articles/article_detail.html", {"article": article})


@require_safe
def search(request):
    """Find the articles that have every word in title, summary, need-to-know or body; any input gets a page."""
    q = re.sub(r"[\x00-\x1f\x7f]+", " ", request.GET.get("q", "")).strip()[:200]
    words = re.findall(r"\w+", fold(q))[:MOST_WORDS]
    results = []
    if words:
        revisions = Revision.objects.live()
        for word in words:
            revisions = revisions.filter(search_text__contains=word)
        articles = Article.objects.published().filter(pk__in=revisions.values("article"))
        results = articles.newest_review_first()[:MOST_RESULTS]
    return render(request, "articles/search.html", {"q": q, "results": results})
