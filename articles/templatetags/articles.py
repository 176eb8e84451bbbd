"""Filters for the article pages: plain words as HTML, citations."""

from django import template

from articles import rendering

register = template.Library()

register.filter("plain_words", rendering.plain_words)
register.filter("vancouver", rendering.vancouver)
register.filter("source_url", rendering.source_url)
register.filter("marked", rendering.marked)


@register.filter
def plain_html(text, sources):
    """Return plain text as paragraphs and lists, its marks as links; takes the frozen sources."""
    return rendering.plain_html(text, sources=len(sources))
