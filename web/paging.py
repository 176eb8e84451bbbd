"""Which pages of a list a page leads to."""


def near(page: int, last: int) -> list[int]:
    """Return the first, the last, and the three before and after this one, so that the way on costs the same on a long list."""
    return sorted({1, last} | set(range(max(page - 3, 1), min(page + 3, last) + 1)))
