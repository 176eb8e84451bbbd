"""Which pages are the same for everybody: only these may be kept as ready copies."""

from collections.abc import Callable


def same_for_everybody(*parameters: str) -> Callable:
    """Mark a view whose page depends on nothing of the request but its address and these query parameters, each a whole number.

    No cookie, no login, no network: it is made once, without any of them, and given to all who ask.
    """

    def mark(view):
        view.same_for_everybody = frozenset(parameters)
        return view

    return mark


def changes_no_page(view: Callable) -> Callable:
    """Mark a view whose posts change nothing that readers see, such as a comment that waits: ready copies stay right."""
    view.changes_no_page = True
    return view
