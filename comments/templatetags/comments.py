"""What other pages show of comments: the section under an article, the counts in a list, tables that state a rule."""

from django import template
from django.db.models import Count
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.flows import retention
from comments.models import Comment, CommentSettings, Reason, State
from comments.public import help_lines, section
from comments.screening import measured

register = template.Library()


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comments_section(context, article):
    """Print the comments of an article and the form; uses `form` of the context when it is a comment form that came back."""
    return section.of(context["request"], article, context.get("form"), context.get("refused_text"))


@register.simple_tag
def comments_open(article):
    """Return whether the page of this article has a form."""
    return section.is_open(article)


@register.simple_tag
def comment_counts(articles):
    """Return what to say of the comments of each article, by its key, in two queries; a closed page asks for none."""
    counts = Comment.objects.filter(article__in=[article.pk for article in articles], state=State.APPROVED)
    found = dict(counts.order_by().values_list("article").annotate(Count("pk")))
    all_open = CommentSettings.current().comments_open
    return {article.pk: _in_words(found.get(article.pk, 0), all_open and article.comments_open) for article in articles}


def _in_words(count, is_open):
    if count == 0:
        return _("No comments yet") if is_open else _("Comments closed")
    return ngettext("{number} comment", "{number} comments", count).format(number=f"{count:,}")


@register.inclusion_tag("comments/_retention.html")
def retention_table():
    """Print how long what is kept, from the table that the daily job applies."""
    return {"rows": retention.table()}


@register.filter
def moment(written):
    """Print a time that JSON holds as people read it."""
    return date_format(timezone.localtime(parse_datetime(written)), "DATETIME_FORMAT")


@register.filter
def help_links(how):
    """Print how a help line is reached, its numbers and addresses as links."""
    return help_lines.with_links(how)


@register.simple_tag
def sorting_figures():
    """Return how often the sorting is wrong, on ordinary texts and on cries for help."""
    return {"ordinary": measured.ORDINARY, "cries": measured.CRIES}


@register.simple_tag
def rejection_reasons():
    """Return the reasons a comment may be rejected for, in words."""
    return Reason.labels
