"""The rows of articles, by subject: the editors' working copy, the frozen texts made from it, the signatures on those.

What readers see is always a live `Revision`; what they are told of its review is computed by `articles.review`.
"""

from articles.models.address import Address
from articles.models.article import Article
from articles.models.choice import MailChoice
from articles.models.draft import SavedDraft, UnsavedDraft
from articles.models.event import ArticleEvent, Reminder
from articles.models.identity import SiteIdentity
from articles.models.listing import Listing
from articles.models.mistake import MistakeReport
from articles.models.picture import Picture
from articles.models.plan import PublicationPlan
from articles.models.revision import InsertOnly, Revision
from articles.models.signature import Reviewer, ReviewerEvent, SignOff
from articles.models.source import Retraction, Source
from articles.models.topic import Topic, TopicAddress

__all__ = [
    "Address",
    "Article",
    "ArticleEvent",
    "InsertOnly",
    "Listing",
    "MailChoice",
    "MistakeReport",
    "Picture",
    "PublicationPlan",
    "Reminder",
    "Retraction",
    "Reviewer",
    "ReviewerEvent",
    "Revision",
    "SavedDraft",
    "SignOff",
    "SiteIdentity",
    "Source",
    "Topic",
    "TopicAddress",
    "UnsavedDraft",
]
