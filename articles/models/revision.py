"""The frozen texts: what readers see is always a live `Revision`."""

import functools
import json
import math

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import review
from articles.html import rendering

WORDS_A_MINUTE = 220


class InsertOnly(models.Model):
    """A row that is written once; database triggers say the same to everything else."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Write a new row; raises TypeError for one that is there."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} only takes new rows.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raise TypeError: nothing of this is ever deleted."""
        raise TypeError(f"{type(self).__name__} only takes new rows.")


class RevisionQuerySet(models.QuerySet):
    """Frozen texts."""

    def live(self):
        """Return the revisions that readers see now, at most one of an article."""
        return self.filter(published_at__isnull=False, retired_at=None)

    def with_first_day(self):
        """Annotate when the article first went online, whatever its text was then (`first_published_at`)."""
        first = Revision.objects.filter(article=OuterRef("article"), published_at__isnull=False).order_by("published_at")
        return self.annotate(first_published_at=Subquery(first.values("published_at")[:1]))

    def kept(self):
        """Return the revisions that nobody recalled: one that was recalled stands in the way of none before it."""
        return self.exclude(events__kind="recalled")


class Revision(InsertOnly):
    """A text as it was sent to medical review; its words never change.

    Only the two publication stamps are written later, by `articles.workflow`; database triggers refuse everything else.
    """

    class Change(models.TextChoices):
        NEW = "new", _("New page")
        EVIDENCE = "evidence", _("New evidence")
        CORRECTION = "correction", _("Correction")
        WORDING = "wording", _("Wording")
        STRUCTURE = "structure", _("Structure")

    article = models.ForeignKey("articles.Article", verbose_name=_("article"), on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    content = models.TextField(_("content"), help_text=_("Canonical JSON. See articles/canonical.py."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    format = models.PositiveSmallIntegerField(_("format"))
    base = models.ForeignKey(
        "self",
        verbose_name=_("based on"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The version that was online when this one was made."),
    )
    change = models.CharField(_("type of change"), max_length=10, choices=Change, default=Change.NEW)
    public_note = models.CharField(
        _("note for readers"), max_length=300, blank=True, help_text=_("What changed, in a sentence for readers.")
    )
    search_text = models.TextField(_("search text"), help_text=_("The words of the page, taken from its content for search."))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    retired_at = models.DateTimeField(_("replaced"), null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articles_revision_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(published_at__isnull=False, retired_at=None), name="articles_one_live_revision"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__isnull=False), name="articles_retired_after_published"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(published_at__isnull=False, retired_at=None),
                name="articles_live_newest_first",
            )
        ]

    def __str__(self):
        return gettext("{title}, version {number}").format(title=self.title, number=self.number)

    @functools.cached_property
    def data(self):
        """The content as a dictionary."""
        return json.loads(self.content)

    @property
    def title(self):
        """The title as it was frozen."""
        return self.data["title"]

    @property
    def summary(self):
        """The summary as it was frozen, with its marks."""
        return self.data["summary"]

    @property
    def need_to_know(self):
        """The need-to-know as it was frozen: plain text, see `articles.html.rendering.plain_html`."""
        return self.data["need_to_know"]

    @property
    def body_html(self):
        """The body as the reviewer read it: cleaned HTML."""
        return self.data["body_html"]

    @property
    def sources(self):
        """The sources as they were frozen, in the order of their numbers."""
        return self.data["sources"]

    @property
    def author(self):
        """Who wrote it, with letters, as it was frozen: "Jane Doe, RN", or "" when nobody is named."""
        author = self.data.get("author")
        return review.name_with_letters(author["name"], author["credentials"]) if author else ""

    @property
    def language(self):
        """The language code of the words."""
        return self.data["language"]

    @property
    def minutes(self):
        """How long reading takes, in whole minutes, at least one."""
        return max(math.ceil(len(self.search_text.split()) / WORDS_A_MINUTE), 1)

    @property
    def contents(self):
        """The h2 headings of the body, as (id, words)."""
        return rendering.headings(self.body_html)

    @property
    def fingerprint(self):
        """The first eight digits of the hash in two groups, to compare by eye."""
        return f"{self.sha256[:4]}\u202f{self.sha256[4:8]}"
