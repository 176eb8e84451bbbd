"""What an article's page shows of its comments: one page of threads, and the form."""

from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from comments.flows.thread_pages import DEEPEST
from comments.models import Comment, CommentSettings, State
from comments.public import threads
from comments.public.forms import MAX_BODY, CommentForm
from comments.public.waiting_time import usually_read_within


def check_page(request, article: Article) -> None:
    """Raise Http404 when `?page=` names a page of comments that is not there."""
    page = _number(request.GET.get("page", "1"))
    if page is None or page > (_numbers(article)["last"] or 1):
        raise Http404


def is_open(article: Article) -> bool:
    """Return whether this article takes comments now; no query of its own on a page that shows them."""
    return article.comments_open and not _numbers(article)["all_closed"]


def of(request, article: Article, form=None, refused_text: str | None = None) -> dict:
    """Return what comments/_section.html needs; `form` is one that came back, `refused_text` what is refused for good."""
    numbers = _numbers(article)
    last = numbers["last"] or 1
    page = min(_number(request.GET.get("page", "1")) or 1, last)
    answer = _number(request.GET.get("answer", ""))
    open_now = is_open(article)
    if not isinstance(form, CommentForm):
        form = CommentForm(article=article, initial={"parent": answer or ""})
    else:
        answer = _number(form.data.get("parent", "") if form.is_bound else str(form.initial.get("parent", "")))
    rows = list(Comment.objects.for_page(article, page, also=answer))
    for row in rows:
        row.article = article
    answered = next((row for row in rows if row.pk == answer and row.depth < DEEPEST), None)
    if answered is None and not form.is_bound:
        form.initial["parent"] = ""
    return {
        "article": article,
        "count": numbers["count"] or 0,
        "threads": threads.build([row for row in rows if row.page == page], page, article_slug=article.slug, can_answer=open_now),
        "page": page,
        "pages": sorted({1, last} | set(range(max(page - 3, 1), min(page + 3, last) + 1))),
        "is_open": open_now,
        "closed_words": _("Comments on this page are closed."),
        "form": form,
        "answered": answered,
        "usually": usually_read_within() if open_now else "",
        "refused_text": refused_text,
        "post_url": reverse("comments:post", args=[article.slug]),
        "max_length": MAX_BODY,
    }


def _numbers(article):
    """Return how many public comments there are, their last page, and whether the whole site is closed; one query a page."""
    if not hasattr(article, "comment_numbers"):
        article.comment_numbers = _counted(article)
    return article.comment_numbers


def _counted(article):
    approved = Comment.objects.filter(article=OuterRef("pk"), state=State.APPROVED).order_by().values("article")
    return (
        Article.objects.filter(pk=article.pk)
        .order_by()
        .values(
            count=Subquery(approved.annotate(count=Count("pk")).values("count")),
            last=Subquery(approved.annotate(last=Max("page")).values("last")),
            all_closed=Exists(CommentSettings.objects.filter(pk=1, comments_open=False)),
        )
        .get()
    )


def _number(text):
    """Return a positive whole number of at most 18 digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) else None
