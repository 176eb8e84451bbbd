"""What the owner chose, for parts of a page that get only what they are given, and for mails."""

from django import template
from django.utils.translation import gettext as _

from lupussite.appearance import current

register = template.Library()


@register.simple_tag
def emergency_number() -> str:
    """Return what to call, as it stands in a sentence: the number that the owner gave, or "your local emergency number"."""
    return current().emergency_number or _("your local emergency number")
