"""Somebody leaves the staff: the account is closed, never deleted, and what waited for them waits for others."""

from django.db import transaction

from accounts.models import User
from articles.assignment import assign
from articles.models import Article
from comments.flows import claims


@transaction.atomic
def leave(user: User, *, by: User, heir: User | None) -> tuple[int, int]:
    """Close an account, which ends its sessions; return how many articles and comments were given on.

    The articles that the person owned go to `heir`, or to no one; what they were to read waits for any reviewer, and comments
    that they had taken on wait for any moderator.
    """
    user.is_active = False
    user.save()
    owned = Article.objects.filter(owner=user).values_list("pk", flat=True)
    to_read = Article.objects.filter(assigned_to__user=user).values_list("pk", flat=True)
    articles = len({*owned, *to_read})
    assign(list(to_read), by=by, reviewer=None)
    assign(list(owned), by=by, owner=heir)
    return articles, claims.release_all(user, by=by)
