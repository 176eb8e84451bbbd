"""Whether a form came from a page of ours: readers get no cookie, so there is no token to check.

The rule is that of Go's net/http.CrossOriginProtection: Sec-Fetch-Site decides; without it, Origin must name the host;
without both it is no browser, or a very old one, and no third party can have made it send anything.
"""


def is_same_origin(request) -> bool:
    """Return whether the request may change something."""
    return _says_of_origin(request, otherwise=True)


def is_surely_same_origin(request) -> bool:
    """Return whether a browser says that the request came from a page of ours; without its word it is not."""
    return request.headers.get("Sec-Fetch-Site") != "none" and _says_of_origin(request, otherwise=False)


def _says_of_origin(request, *, otherwise):
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return otherwise
    host = request.get_host().lower()
    # Compared, not parsed: what a stranger writes there need not be an address at all.
    return origin.lower() in {f"http://{host}", f"https://{host}"}
