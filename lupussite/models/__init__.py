"""The rows of the site itself: its name and look, the owner's own pages, and what came from an earlier site."""

from lupussite.models.appearance import Appearance
from lupussite.models.mail_tried import MailTried
from lupussite.models.moving import Moved, OldAddress
from lupussite.models.page import Page

__all__ = ["Appearance", "MailTried", "Moved", "OldAddress", "Page"]
