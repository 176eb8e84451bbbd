"""What the pages of passkeys need."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value):
    """Return a value as JSON, for an attribute: data in a script block would be the only one of its kind."""
    return json.dumps(value, cls=DjangoJSONEncoder)
