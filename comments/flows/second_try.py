"""A rejected comment may be changed and sent anew, once.

The form carries a signed token of the comment. Only that says whether a second try was made: what the same address sent
elsewhere does not, for anybody can type it, and would learn from the answer who wrote.
"""

import re

from articles.models import Article
from comments.flows import secret_links
from comments.models import Comment, CommentSettings, State


def may_revise(comment: Comment) -> bool:
    """Return whether the author is offered to change the words and send them anew: a first try, where comments are taken."""
    if comment.state != State.REJECTED or comment.revises_id or not CommentSettings.current().comments_open:
        return False
    if not Article.objects.published().filter(pk=comment.article_id, comments_open=True).exists():
        return False
    return not comment.second_tries.exists()


def token_of(comment: Comment) -> str:
    """Return what the form carries that offers the words of this comment."""
    return f"{comment.pk}-{secret_links.secret(comment, 'revise')}"


def comment_of(token: str, article: Article) -> Comment | None:
    """Return the comment of this article whose token the form carried, or None for anything else."""
    pk, _, secret = token.partition("-")
    if not re.fullmatch(r"[1-9]\d{0,17}", pk, re.ASCII):
        return None
    comment = Comment.objects.filter(article=article, pk=int(pk)).first()
    return comment if comment and secret_links.opens(comment, "revise", secret) else None
