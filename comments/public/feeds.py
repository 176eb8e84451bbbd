"""The approved comments of one article as an Atom feed."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from articles.models import Article
from comments.models import Comment

ENTRIES = 50


class CommentFeed(Feed):
    """The newest approved comments of an article, names and words as on its page."""

    feed_type = Atom1Feed

    def __call__(self, request, *args, **kwargs):
        """Lead from a former address of the article to the present one.

        Without Last-Modified, which does not move when a comment is taken down; the ETag does.
        """
        moved = Article.objects.live().filter(addresses__slug=kwargs["slug"]).exclude(slug=kwargs["slug"])
        if slug := moved.values_list("slug", flat=True).first():
            return HttpResponsePermanentRedirect(reverse("comments:feed", args=[slug]))
        response = super().__call__(request, *args, **kwargs)
        del response.headers["Last-Modified"]
        return response

    def get_object(self, request, slug):
        """Return the article, 404 when readers cannot see it."""
        return get_object_or_404(Article.objects.published(), slug=slug)

    def title(self, article):
        """Name the article."""
        return f"Comments on {article.revision.title}"

    def link(self, article):
        """Lead to the article."""
        return f"{settings.SITE_URL}{article.get_absolute_url()}"

    def items(self, article):
        """Return the newest comments, each with the article that is loaded already."""
        comments = list(Comment.objects.public().filter(article=article).order_by("-decided_at", "-pk")[:ENTRIES])
        for comment in comments:
            comment.article = article
        return comments

    def item_link(self, comment):
        """Lead to the comment, at the site's own address whatever host was asked."""
        return f"{settings.SITE_URL}{comment.get_absolute_url()}"

    def item_title(self, comment):
        """Name the author."""
        return f"Comment by {comment.name_shown}"

    def item_description(self, comment):
        """Return the words as on the page."""
        return comment.words_html

    def item_pubdate(self, comment):
        """Return when it was sent."""
        return comment.submitted_at

    def item_updateddate(self, comment):
        """Return when it was approved."""
        return comment.decided_at
