"""What every template knows of the site."""

from django.conf import settings


def site(request):
    """Return the names and the address that the owner set."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_OWNER": settings.SITE_OWNER,
        "SITE_URL": settings.SITE_URL,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
    }
