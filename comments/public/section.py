"""What an article's page shows of its comments: one page of threads, and the form."""

import functools

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article
from comments.flows.thread_pages import DEEPEST
from comments.models import Comment, CommentSettings, State, consent
from comments.public import threads
from comments.public.forms import MAX_BODY, CommentForm
from comments.public.thread_html import threads_html
from comments.public.waiting_time import usually_read_within
from web.paging import near
from web.prepared import Prepared


def check_page(request, article: Article) -> None:
    """Raise Http404 when `?page=` names a page of comments that is not there."""
    page = _number(request.GET.get("page", "1"))
    if page is None or page > _numbers(article)["last"]:
        raise Http404


def is_open(article: Article) -> bool:
    """Return whether this article takes comments now; no query of its own on a page that shows them."""
    return article.comments_open and not _numbers(article)["all_closed"]


def of(request, article: Article, form=None, refused_text: str | None = None) -> dict:
    """Return what comments/_section.html needs; `form` is one that came back, `refused_text` what is refused for good."""
    numbers = _numbers(article)
    last = numbers["last"]
    page = min(_number(request.GET.get("page", "1")) or 1, last)
    answer = _number(request.GET.get("answer", ""))
    open_now = is_open(article)
    if not isinstance(form, CommentForm):
        form = CommentForm(article=article, initial={"parent": answer}) if answer else None
    else:
        answer = _number(form.data.get("parent", "") if form.is_bound else str(form.initial.get("parent", "")))
    rows = list(Comment.objects.for_page(article, page, also=answer)) if answer else _comments_on(article.pk, page)
    answered = next((row for row in rows if row.pk == answer and row.depth < DEEPEST), None)
    if answered:
        answered.article = article
    if form and answered is None and not form.is_bound:
        form.initial["parent"] = ""
    shown = [row for row in rows if row.page == page]
    nodes = threads.build(shown, page, article_slug=article.slug, can_answer=open_now)
    return {
        "article": article,
        "count": numbers["count"],
        "threads": threads_html(nodes, article_slug=article.slug),
        "page": page,
        "pages": near(page, last),
        "is_open": open_now,
        "closed_words": _("Comments on this page are closed."),
        "form": form,
        "blank_form": "" if form else _blank_form(settings.COMMENT_EMAIL_REQUIRED, get_language()),
        "answered": answered,
        "usually": usually_read_within() if open_now else "",
        "refused_text": refused_text,
        "post_url": reverse("comments:post", args=[article.slug]),
        "max_length": MAX_BODY,
        "consent": consent.SENTENCES[consent.CURRENT],
    }


@functools.cache
def _blank_form(email_required, language):
    """Return the fields of the form as everybody gets them, printed once; what is named here is all they depend on."""
    return render_crispy_form(CommentForm(article=None), context={"max_length": MAX_BODY})


def _numbers(article):
    """Return how many public comments there are, their last page, and whether the whole site is closed; one query a page."""
    if not hasattr(article, "comment_numbers"):
        (row,) = _numbers_of(article.pk)
        article.comment_numbers = {"count": row.comment_count or 0, "last": row.last_page or 1, "all_closed": row.all_closed}
    return article.comment_numbers


def _with_numbers(article: int):
    approved = Comment.objects.filter(article=OuterRef("pk"), state=State.APPROVED).order_by().values("article")
    return (
        Article.objects.filter(pk=article)
        .order_by()
        .only("pk")
        .annotate(
            comment_count=Subquery(approved.annotate(count=Count("pk")).values("count")),
            last_page=Subquery(approved.annotate(last=Max("page")).values("last")),
            all_closed=Exists(CommentSettings.objects.filter(pk=1, comments_open=False)),
        )
    )


_numbers_of = Prepared(_with_numbers, int)
_comments_on = Prepared(lambda article, page: Comment.objects.for_page(article, page), int, int)


def _number(text):
    """Return a positive whole number of at most 18 digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) else None
