"""Tags and filters for the article pages: the review record, its JSON-LD and card, plain words as HTML, citations."""

import json

from django import template
from django.utils.safestring import mark_safe

from articles import cards, record, record_formats
from articles.html import rendering
from web.days import day_html
from web.paging import near

register = template.Library()

register.filter("day", day_html)
register.filter("plain_words", rendering.plain_words)
register.filter("vancouver", rendering.vancouver)
register.filter("source_url", rendering.source_url)
register.filter("marked", rendering.marked)


@register.filter
def plain_html(text, sources):
    """Return plain text as paragraphs and lists, its marks as links; takes the frozen sources."""
    return rendering.plain_html(text, sources=len(sources))


@register.filter
def near_pages(page_obj):
    """Return the numbers of the pages that a page of a list leads to."""
    return near(page_obj.number, page_obj.paginator.num_pages)


@register.filter
def at(values, key):
    """Return what stands in a dictionary under that key, or nothing."""
    return values.get(key)


@register.simple_tag
def review_record(article):
    """Return the review record of an article of `Article.objects.live()`, the same one each time."""
    if not hasattr(article, "review_record"):
        article.review_record = record.Record(article)
    return article.review_record


@register.simple_tag
def social_card(review_record):
    """Return property -> content of what networks show when somebody sends the address of the page."""
    return cards.card(review_record)


@register.simple_tag
def json_ld(review_record):
    """Print the page as JSON-LD, for inside a data block: no character in it can end the block or begin a tag."""
    text = json.dumps(record_formats.as_json_ld(review_record), ensure_ascii=False)
    return mark_safe(text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}))
