"""An article as if another text of it were online: what its preview and the page of its reviewer show."""

from django.utils import timezone

from articles import canonical
from articles.admin.buttons import newest_revision, unchanged_since
from articles.models import Article, Revision


def with_preview(article: Article, revision: Revision | None) -> Article:
    """Return the article as if this version, or with None the working copy, were online; nothing is saved.

    Its page then says what readers would be told of it today; a working copy that says what a version says is that version.
    """
    if revision is None:
        newest = newest_revision(article)
        text = canonical.canonical_json(article.content()[0])
        number = newest.number + 1 if newest else 1
        unsent = Revision(article=article, number=number, content=text, sha256=canonical.sha256(text))
        revision = unchanged_since(article, text) or unsent
    live = article.live_revisions[0] if article.live_revisions else None
    revision.published_at = revision.published_at or timezone.now()
    revision.first_published_at = live.first_published_at if live else revision.published_at
    article.live_revisions = [revision]
    article.withdrawn_on = None
    return article
