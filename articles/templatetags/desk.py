"""What the first page of the admin says of the desk."""

from django import template
from django.utils import timezone

from articles import desk

register = template.Library()


@register.inclusion_tag("admin/articles/_waiting.html")
def waiting_for(user):
    """Print the way to the desk and how many articles wait for this person there."""
    today = timezone.localdate()
    return {"count": len(desk.waiting_for(user, desk.standings(today), today))}
