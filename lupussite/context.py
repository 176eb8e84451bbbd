"""What every template knows of the site."""

from lupussite import appearance
from lupussite.doctor.examination import red_lines

# The pages that the masthead leads to, by the names of their addresses.
HERE = {"articles:home": "articles", "articles:list": "articles", "articles:search": "search", "about": "about"}


def site(request):
    """Return what the owner set, and as `here` which link of the masthead leads to this page; to one of the owner's, its path."""
    match = request.resolver_match
    here = request.path if match and match.view_name == "page" else HERE.get(match.view_name, "") if match else ""
    return appearance.current().for_templates() | {"here": here, "red_lines": red_lines}
