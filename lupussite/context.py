"""What every template knows of the site."""

from django.conf import settings

from lupussite.doctor.examination import red_lines

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
        "OWNER_ADDRESS": settings.OWNER_ADDRESS,
        "PROCESSORS": settings.PROCESSORS,
        "COMPLAINT_AUTHORITY": settings.COMPLAINT_AUTHORITY,
        "red_lines": red_lines,
    }
