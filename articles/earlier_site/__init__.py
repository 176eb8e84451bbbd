"""A page copied as text from the earlier site -> its parts (pure), and from those an article that is online."""

from articles.earlier_site.loading import OtherContent, load, make_article, reviewer_named
from articles.earlier_site.outside import DEMONSTRATION
from articles.earlier_site.page import NotAnArticle, Page, Person
from articles.earlier_site.parsing import parse
from articles.earlier_site.report import report

__all__ = [
    "DEMONSTRATION",
    "NotAnArticle",
    "OtherContent",
    "Page",
    "Person",
    "load",
    "make_article",
    "parse",
    "report",
    "reviewer_named",
]
