"""What other pages show of comments: the section under an article, the counts in a list, tables that state a rule."""

from django import template
from django.db.models import Count

from comments.flows import retention
from comments.models import Comment, Reason, State
from comments.public import section

register = template.Library()


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comments_section(context, article):
    """Print the comments of an article and the form; uses `form` of the context when it is a comment form that came back."""
    return section.of(context["request"], article, context.get("form"), context.get("refused_text"))


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
    return {"rows": retention.table()}


@register.simple_tag
def rejection_reasons():
    """Return the reasons a comment may be rejected for, in words."""
    return Reason.labels
