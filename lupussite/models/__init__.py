"""The rows of the site itself: the owner's own pages, and what came from an earlier site."""

from lupussite.models.moving import Moved, OldAddress
from lupussite.models.page import Page

__all__ = ["Moved", "OldAddress", "Page"]
