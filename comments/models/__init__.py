"""The rows of comments, by subject."""

from comments.models import consent
from comments.models.comment import CLAIM_LASTS, WAITING, Comment, Queued, StaffRole, State, digest_of
from comments.models.contact import Contact
from comments.models.data_request import DataRequest
from comments.models.event import CommentEvent, EventNote, Reveal
from comments.models.letter import Letter
from comments.models.no_mail import NoMail
from comments.models.reasons import Reason
from comments.models.redaction import Redaction
from comments.models.report import Report
from comments.models.settings import CommentSettings, HelpLine
from comments.models.subscription import Subscription
from comments.models.watch import BlockedHost, WatchedWord

__all__ = [
    "CLAIM_LASTS",
    "WAITING",
    "BlockedHost",
    "Comment",
    "CommentEvent",
    "CommentSettings",
    "Contact",
    "DataRequest",
    "EventNote",
    "HelpLine",
    "Letter",
    "NoMail",
    "Queued",
    "Reason",
    "Redaction",
    "Report",
    "Reveal",
    "StaffRole",
    "State",
    "Subscription",
    "WatchedWord",
    "consent",
    "digest_of",
]
