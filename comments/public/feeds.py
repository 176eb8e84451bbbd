"""The approved comments of one article as an Atom feed."""

import uuid

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from comments.models import Comment
from web.feeds import SiteFeed

ENTRIES = 50


class CommentFeed(SiteFeed):
    """The newest approved comments of an article, names and words as on its page."""

    summary_type = "html"

    def __call__(self, request, *args, **kwargs):
        """Lead from a former address of the article to the present one; for a withdrawn page say what the page says."""
        article = Article.objects.live().filter(slug=kwargs["slug"]).first()
        if article is None:
            moved = get_object_or_404(Article.objects.live(), addresses__slug=kwargs["slug"])
            return HttpResponsePermanentRedirect(reverse("comments:feed", args=[moved.slug]))
        if article.withdrawn_on:
            return render(request, "articles/withdrawn.html", {"article": article}, status=410)
        return super().__call__(request, *args, article=article)

    def get_object(self, request, article):
        """Return the article, which is loaded already."""
        return article

    def title(self, article):
        """Name the article."""
        return _("Comments on {title}").format(title=article.revision.title)

    def page_path(self, article):
        """Return the path of the article."""
        return article.get_absolute_url()

    def feed_path(self, article):
        """Return the path of the feed."""
        return reverse("comments:feed", args=[article.slug])

    def feed_uuid(self, article):
        """Return an id of its own, made from the article's: the article itself is an entry of another feed."""
        return uuid.uuid5(article.uuid, "comments")

    def feed_updated(self, article):
        """Return when the article went online, from when on it can have comments."""
        return article.revision.first_published_at

    def items(self, article):
        """Return the newest comments, each with the article that is loaded already."""
        comments = list(Comment.objects.public().filter(article=article).order_by("-decided_at", "-pk")[:ENTRIES])
        for comment in comments:
            comment.article = article
        return comments

    def item_path(self, comment):
        """Return the path of the comment."""
        return comment.get_absolute_url()

    def item_uuid(self, comment):
        """Return that of the comment."""
        return comment.uuid

    def item_title(self, comment):
        """Name the author."""
        return _("Comment by {name}").format(name=comment.name_shown)

    def item_author_name(self, comment):
        """Name the author of the words, who is not the site."""
        return comment.name_shown

    def item_description(self, comment):
        """Return the words as on the page."""
        return comment.words_html

    def item_pubdate(self, comment):
        """Return when it was sent."""
        return comment.submitted_at

    def item_updateddate(self, comment):
        """Return when it was approved."""
        return comment.decided_at
