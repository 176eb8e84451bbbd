"""What was in the working copy each time somebody saved it, and what somebody typed without saving it yet."""

import json

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.source import Source

# The fields that come back with a saved draft. The address and who owns the page are no words of it, and stay.
WORDS = (
    "title",
    "summary",
    "need_to_know",
    "body",
    "no_source_reason",
    "author_name",
    "author_credentials",
    "language",
)
OF_A_SOURCE = tuple(field.name for field in Source._meta.concrete_fields if field.name not in {"id", "article"})


class SavedDraft(models.Model):
    """The whole working copy as somebody saved it, kept for 90 days: one row for each save."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="saved_drafts")
    content = models.TextField(help_text=_("JSON: the words of the article and its sources, as they are in their rows."))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["saved_at"], name="articles_saved_drafts_by_age")]

    def __str__(self):
        return gettext("Draft of {article}").format(article=self.article)

    @staticmethod
    def content_of(article: Article) -> str:
        """Return the content of the working copy and its sources as they are saved now."""
        words = {name: getattr(article, name) for name in WORDS}
        sources = list(article.sources.order_by("position").values(*OF_A_SOURCE))
        return json.dumps(words | {"sources": sources}, ensure_ascii=False, default=lambda day: day.isoformat())

    def as_saved(self) -> tuple[Article, list[Source]]:
        """Return the working copy and its sources as they were, as rows that are not saved."""
        words = json.loads(self.content)
        sources = [Source(**{name: _read(name, value) for name, value in row.items()}) for row in words.pop("sources")]
        return Article(slug=self.article.slug, **words), sources


def _read(name, value):
    return Source._meta.get_field(name).to_python(value)


class UnsavedDraft(models.Model):
    """What stands in the form of an article, or of a new one, in one tab of a person's browser: kept every few seconds.

    `tab` is a random number of the tab, so that two tabs do not overwrite each other.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="+")
    tab = models.CharField(max_length=36)
    fields = models.JSONField(help_text=_("The fields of the form as [name, value], in their order."))
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-kept_at", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "tab"], name="articles_unsaved_draft_once_a_tab")]

    def __str__(self):
        return gettext("Unsaved words of {person}").format(person=self.user)
