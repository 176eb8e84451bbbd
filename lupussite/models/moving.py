"""What came from an earlier site: which of its items became what here, and where its old addresses lead."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models import Comment
from lupussite.models.page import Page


class Moved(models.Model):
    """One item of an earlier site that is here, by the ID it had there; so an import may run twice, or go on."""

    class Kind(models.TextChoices):
        POST = "post", _("Post or page")
        COMMENT = "comment", _("Comment")

    site = models.CharField(max_length=200, help_text=_("The earlier site's address."))
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=64, help_text=_("Its ID on the earlier site."))
    digest = models.CharField(max_length=64, blank=True, help_text=_("Tells whether it was changed there afterward."))
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="+")
    is_screened = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "source"], name="lupussite_moved_once"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, page=None, comment=None)
                | Q(article=None, page__isnull=False, comment=None)
                | Q(article=None, page=None, comment__isnull=False),
                name="lupussite_moved_is_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_screened=False), name="lupussite_moved_unscreened")]

    def __str__(self):
        return f"{self.site} {self.kind} {self.source}"


class OldAddress(models.Model):
    """An address of an earlier site, its path and question alone, and what it leads to for ever."""

    path = models.CharField(max_length=500, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey("articles.Topic", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, page=None, topic=None)
                | Q(article=None, page__isnull=False, topic=None)
                | Q(article=None, page=None, topic__isnull=False),
                name="lupussite_old_address_leads_to_one",
            ),
        ]

    def __str__(self):
        return self.path
