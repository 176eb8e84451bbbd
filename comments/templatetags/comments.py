"""What other pages show of comments: the section under an article, the counts in a list, tables that state a rule."""

from django import template
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.http import Http404
from django.urls import reverse

from articles.models import Article
from comments.flows import retention
from comments.models import Comment, CommentSettings, Reason, State
from comments.public import threads
from comments.public.forms import MAX_BODY, CommentForm
from comments.public.waiting_time import usually_read_within

register = template.Library()


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comments_section(context, article):
    """Print the comments of an article and the form; raises Http404 for a page that is not there.

    Uses `form` of the context when it is a comment form that came back.
    """
    request = context["request"]
    page = _number(request.GET.get("page", "1"))
    answer = _number(request.GET.get("answer", ""))
    numbers = _numbers(article)
    last = numbers["last"] or 1
    if page is None or page > last:
        raise Http404
    is_open = article.comments_open and not numbers["all_closed"]
    form = context.get("form")
    if not isinstance(form, CommentForm):
        form = CommentForm(article=article, initial={"parent": answer or ""})
    else:
        answer = _number(form.data.get("parent", "") if form.is_bound else str(form.initial.get("parent", "")))
    rows = list(Comment.objects.for_page(article, page, also=answer))
    for row in rows:
        row.article = article
    answered = next((row for row in rows if row.pk == answer and row.depth < threads.DEEPEST), None)
    if answered is None and not form.is_bound:
        form.initial["parent"] = ""
    return {
        "article": article,
        "count": numbers["count"] or 0,
        "threads": threads.build([row for row in rows if row.page == page], page, article_slug=article.slug, can_answer=is_open),
        "page": page,
        "pages": sorted({1, last} | set(range(max(page - 3, 1), min(page + 3, last) + 1))),
        "is_open": is_open,
        "closed_words": "Comments on this page are closed.",
        "form": form,
        "answered": answered,
        "usually": usually_read_within() if is_open else "",
        "refused_text": context.get("refused_text"),
        "post_url": reverse("comments:post", args=[article.slug]),
        "max_length": MAX_BODY,
    }


def _numbers(article):
    """Return how many public comments there are, their last page, and whether the whole site is closed, in one query."""
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


@register.simple_tag
def comment_counts(articles):
    """Return how many public comments each of the articles has, by its key, in one query."""
    counts = Comment.objects.filter(article__in=[article.pk for article in articles], state=State.APPROVED)
    return dict(counts.order_by().values_list("article").annotate(Count("pk")))


@register.simple_tag
def comment_count(counts, article):
    """Print the count of one article in words."""
    count = counts.get(article.pk, 0)
    return {0: "No comment yet", 1: "1 comment"}.get(count, f"{count:,} comments")


@register.inclusion_tag("comments/_retention.html")
def retention_table():
    """Print how long what is kept, from the table that the daily job applies."""
    return {"rows": retention.TABLE}


@register.simple_tag
def rejection_reasons():
    """Return the reasons a comment may be rejected for, in words."""
    return Reason.labels


def _number(text):
    """Return a positive whole number of at most 18 digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) else None
