"""The desk of editors and reviewers in the Django admin: write, submit, sign, publish, and see what waits."""

from articles.admin.article import ArticleAdmin
from articles.admin.picture_list import PictureAdmin
from articles.admin.records import ReviewerAdmin, RevisionAdmin, SignOffAdmin
from articles.admin.topics import TopicAdmin

__all__ = ["ArticleAdmin", "PictureAdmin", "ReviewerAdmin", "RevisionAdmin", "SignOffAdmin", "TopicAdmin"]
