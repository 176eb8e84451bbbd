"""A part of a page that is the same on many pages is made once a process."""

import functools

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def include_kept(template_name: str, /, **values) -> SafeString:
    """Print a template that depends on these values and on nothing else, as `include … only` does.

    Not on the time of day or on the database: what was made for the same values is printed again.
    """
    return _made(template_name, tuple(sorted(values.items())), get_language())


@functools.lru_cache(maxsize=256)
def _made(template_name, values, language):
    return render_to_string(template_name, dict(values))
