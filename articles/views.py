"""Pages of live revisions: the list, topics, one article and its review record, a reviewer, search. They only read."""

import functools
import re

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import searching
from articles.diff import differences
from articles.models import Article, Listing, Reviewer, SignOff, Topic
from articles.record import Record, article_at
from articles.record_formats import as_json
from web.everybody import same_for_everybody
from web.folding import one_line

ON_A_PAGE = 50
VERSIONS_ON_A_PAGE = 20
MOST_RESULTS = 50


def _page(items, number, on_a_page, count=None):
    """Return that page of the items; any number that is not plainly the number of a page is not found.

    `count` is how many items there are, where that is known at less cost than from the items.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number):
        raise Http404
    paginator = Paginator(items, on_a_page)
    if count is not None:
        paginator.count = count
    try:
        return paginator.page(number)
    except InvalidPage as error:
        raise Http404 from error


def _page_of_list(request, **which):
    """Return the page of a list of articles that `?page=` asks for; `which` as `Listing` names lists."""
    articles = Article.objects.listed(**which).with_review()
    return _page(articles, request.GET.get("page", "1"), ON_A_PAGE, Listing.objects.of(**which).count())


def at_its_address(view):
    """Give the view the article that is online or withdrawn; a former address leads to the present one for ever."""

    @require_safe
    @functools.wraps(view)
    def wrapped(request, slug, **more):
        article = article_at(slug)
        if article:
            return view(request, article, **more)
        moved = get_object_or_404(Article.objects.live(), addresses__slug=slug)
        return _moved(request, moved)

    return wrapped


def _moved(request, to):
    """Lead from a former address for ever to the same page at the present one, with the question that was asked there."""
    query = request.META.get("QUERY_STRING", "")
    address = reverse(f"articles:{request.resolver_match.url_name}", args=[to.slug])
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def _withdrawn(request, article):
    # Named only while it is online itself.
    instead = article.read_instead_id and Article.objects.published().filter(pk=article.read_instead_id).first()
    return render(request, "articles/withdrawn.html", {"article": article, "instead": instead}, status=410)


@same_for_everybody("page")
@require_safe
def article_list(request):
    """List what is published, newest review first, 50 to a page; any other `?page=` is not found."""
    page_obj = _page_of_list(request)
    return render(request, "articles/article_list.html", {"page_obj": page_obj, "topics": Topic.objects.shown()})


@same_for_everybody()
@require_safe
def topic_list(request):
    """List the topics that have something to read."""
    return render(request, "articles/topic_list.html", {"topics": Topic.objects.shown()})


@same_for_everybody("page")
@require_safe
def topic(request, slug):
    """List the articles of a topic as the list of all does; with none that readers can open, there is no such page."""
    shown = Topic.objects.shown().filter(slug=slug).first()
    if shown is None:
        return _moved(request, get_object_or_404(Topic.objects.shown(), addresses__slug=slug))
    return render(request, "articles/topic.html", {"topic": shown, "page_obj": _page_of_list(request, topic=shown)})


@same_for_everybody("page")
@at_its_address
def article_detail(request, article, *, check=None):
    """Show the live revision; a withdrawn page says why, with 410.

    `check(request, article)` raises Http404 for what the project adds to the page and does not have, such as a page of comments.
    """
    if article.withdrawn_on:
        return _withdrawn(request, article)
    if check:
        check(request, article)
    return render(request, "articles/article_detail.html", {"article": article})


@same_for_everybody("page", "version")
@at_its_address
def changes(request, article):
    """Show every version that was online, 20 to a page, and what changed in the one of `?version=`, or in the newest of the page.

    Only that difference is computed, so a page costs the same with 200 versions.
    """
    if article.withdrawn_on:
        return _withdrawn(request, article)
    record = Record(article)
    versions = record.versions()
    asked = request.GET.get("version")
    page = request.GET.get("page", "1")
    if asked is not None:
        place = next((place for place, one in enumerate(versions) if str(one.revision.number) == asked), None)
        if place is None:
            raise Http404
        page = str(place // VERSIONS_ON_A_PAGE + 1)
    page_obj = _page(versions, page, VERSIONS_ON_A_PAGE)
    if asked is None:
        place = page_obj.start_index() - 1
    shown, *before = versions[place : place + 2]
    texts = {one.pk: one for one in article.revisions.filter(pk__in=[one.revision.pk for one in (shown, *before)])}
    parts = differences.between(texts[before[0].revision.pk].data, texts[shown.revision.pk].data) if before else []
    context = {
        "record": record,
        "page_obj": page_obj,
        "shown": shown.revision.number,
        "before": before[0].revision.number if before else None,
        "first": versions[-1].revision.number,
        "parts": parts,
    }
    return render(request, "articles/changes.html", context)


@same_for_everybody()
@at_its_address
def review_json(request, article):
    """Give a stranger all it takes to recompute the hash of the live text and the status of the page."""
    status = 410 if article.withdrawn_on else 200
    return JsonResponse(as_json(Record(article)), status=status, json_dumps_params={"ensure_ascii": False, "indent": 1})


@same_for_everybody("page")
@require_safe
def reviewer(request, slug):
    """Show a reviewer and the pages whose live text carries a signature of theirs that holds; who signed none is not found."""
    person = get_object_or_404(Reviewer, slug=slug)
    theirs = SignOff.objects.filter(reviewer=person, revision__published_at__isnull=False, article__withdrawn_on=None)
    signed = theirs.aggregate(count=Count("pk"), since=Min("signed_on", filter=Q(origin=SignOff.Origin.SIGNED)))
    if not signed["count"]:
        raise Http404
    page_obj = _page_of_list(request, reviewer=person)
    events = list(person.events.order_by("-pk"))
    articles = [article for article in page_obj if any(one.signature.slug == person.slug for one in Record(article).people)]
    context = {
        "person": person,
        "since": signed["since"],
        "events": events,
        "account_since": next((one.created_at for one in events if person.user_id and one.kind == one.Kind.LINKED), None),
        "articles": articles,
        "page_obj": page_obj,
    }
    return render(request, "articles/reviewer.html", context)


@require_safe
def search(request):
    """Find the articles that have every word in title, summary, need-to-know or body; any input gets a page."""
    q = one_line(request.GET.get("q", ""))
    words = searching.words_of(q)
    results = []
    if words:
        results = Article.objects.listed(texts=searching.texts_with(words)).with_review()[:MOST_RESULTS]
    return render(request, "articles/search.html", {"q": q, "results": results})
