"""What the site calls itself: the project knows it, and what lies below only asks."""

from django.conf import settings
from django.utils.module_loading import import_string


def site():
    """Return what is shown of the site now, among it `name` and `owner` (may be empty); see lupussite.appearance.Shown."""
    return import_string(settings.APPEARANCE)()
