"""What every template knows of the site, and what readers miss of it."""

from django.conf import settings


def missing_for_readers() -> list[str]:
    """Return what a public site has to say and does not say yet, in sentences for its staff; nothing for one on this machine."""
    if not settings.HTTPS:
        return []
    return [
        *([] if settings.SITE_OWNER else ["SITE_OWNER is not set: readers can't see who runs this site."]),
        *([] if settings.CONTACT_EMAIL else ["CONTACT_EMAIL is not set: readers can't reach you."]),
    ]


# The pages that the masthead leads to, by the names of their addresses.
HERE = {"articles:home": "articles", "articles:list": "articles", "articles:search": "search", "about": "about"}


def site(request):
    """Return the names and the address that the owner set, and as `here` which link of the masthead leads to this page."""
    match = request.resolver_match
    return {
        "here": HERE.get(match.view_name, "") if match else "",
        "SITE_NAME": settings.SITE_NAME,
        "SITE_OWNER": settings.SITE_OWNER,
        "SITE_URL": settings.SITE_URL,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "missing_for_readers": missing_for_readers,
    }
