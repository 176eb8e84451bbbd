"""What the worker does for articles: a function for each kind of outbox row."""

from articles import drafts, mistakes, notices, planned, workflow
from articles.pictures import removal


def publish_planned(payload: dict) -> None:
    """Put a version online whose time has come, if the rules of today allow it."""
    planned.publish_due(payload, workflow.publish)


HANDLERS = drafts.HANDLERS | mistakes.HANDLERS | notices.HANDLERS | removal.HANDLERS | {"publish_planned": publish_planned}
