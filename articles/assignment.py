"""Who answers for a page, and who has to read it: given to one article or to many at once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from articles import notices
from articles.models import Article, ArticleEvent
from articles.workflow import held, log


@transaction.atomic
def assign(articles: Iterable[int], *, by, **people) -> int:
    """Give these articles another `owner`, another `reviewer`, or both, None meaning no one; return how many were changed.

    Who gets something to read that waits already is told of it in one mail.
    A form that is open elsewhere shows the owner as it was, so a new owner counts as a save: that form is told of it.
    """
    count, assigned = 0, []
    for article in Article.objects.filter(pk__in=list(articles)).order_by("pk"):
        article = held(article)
        notes = []
        if "owner" in people and article.owner != people["owner"]:
            names = {"old": article.owner or _("no one"), "new": people["owner"] or _("no one")}
            notes.append(_("Owner changed from {old} to {new}.").format(**names))
            article.owner = people["owner"]
            article.version += 1
        is_handed_on = "reviewer" in people and article.assigned_to != people["reviewer"]
        if is_handed_on:
            names = {"old": article.assigned_to or _("no one"), "new": people["reviewer"] or _("no one")}
            notes.append(_("Assigned reviewer changed from {old} to {new}.").format(**names))
            article.assigned_to = people["reviewer"]
        if notes:
            article.save(update_fields=["owner", "assigned_to", "version"])
            event = log(article, ArticleEvent.Kind.SETTINGS, by=by, note=" ".join(notes))
            assigned += [event] if is_handed_on else []
            count += 1
    if assigned and people["reviewer"]:
        notices.tell_assigned(assigned, people["reviewer"].user, by=by)
    return count
