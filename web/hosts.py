"""Hosts of the internet, as addresses of pages and of mail name them."""


def ascii_host(host: str) -> str:
    """Return the host as servers know it, for "münchen.example" and "xn--mnchen-3ya.example" are one."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
