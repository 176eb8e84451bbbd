"""The editors' working copy, and the addresses it has or had."""

import functools

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from articles import canonical, review
from articles.html import rendering
from articles.models.revision import Revision
from articles.models.signature import SignOff


class ArticleQuerySet(models.QuerySet):
    """Articles, with what a page needs of them."""

    def published(self):
        """Return the articles with a live revision that is not withdrawn, with it and all sign-offs loaded."""
        return self.live().filter(withdrawn_on=None)

    def live(self):
        """Return the articles that have a live revision, withdrawn ones included, with it and all sign-offs loaded."""
        return self.filter(pk__in=Revision.objects.live().values("article")).with_review()

    def with_review(self):
        """Load the live revision and all sign-offs in two queries for any number of articles."""
        first = Revision.objects.filter(article=models.OuterRef("article"), published_at__isnull=False).order_by("published_at")
        live = Revision.objects.live().annotate(first_published_at=models.Subquery(first.values("published_at")[:1]))
        sign_offs = SignOff.objects.annotate(reviewer_slug=F("reviewer__slug")).order_by("pk")
        return self.prefetch_related(
            Prefetch("revisions", queryset=live, to_attr="live_revisions"),
            Prefetch("sign_offs", queryset=sign_offs, to_attr="all_sign_offs"),
        )

    def newest_review_first(self):
        """Order by the day of the newest signature on the live text, undated ones last."""
        signed_on = (
            SignOff.objects.filter(
                revision__article=models.OuterRef("pk"),
                revision__published_at__isnull=False,
                revision__retired_at=None,
                revoked_at=None,
            )
            .order_by(F("signed_on").desc(nulls_last=True))
            .values("signed_on")[:1]
        )
        return self.annotate(last_signed_on=models.Subquery(signed_on)).order_by(
            F("last_signed_on").desc(nulls_last=True), "title"
        )


class Article(models.Model):
    """The working copy that editors change as often as they like; readers never see it."""

    class Language(models.TextChoices):
        EN = "en", "English"
        ES = "es", "Spanish"

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True, help_text="The last part of the page's address.")
    summary = models.TextField(help_text="One paragraph under the title; also shown in lists. Marks such as [1] name a source.")
    need_to_know = models.TextField(
        blank=True,
        help_text="What matters most, in plain words. An empty line begins a paragraph; lines beginning with “- ” a list.",
    )
    body = models.TextField(blank=True, help_text="Marks such as [1] in the text become links to the source with that number.")
    no_source_reason = models.CharField(
        "no source needed, because", max_length=300, blank=True, help_text="Shown where the sources would stand."
    )
    author_name = models.CharField(
        "author",
        max_length=120,
        blank=True,
        help_text="Who wrote the article, as readers see it. Leave it empty if nobody is named.",
    )
    author_credentials = models.CharField(
        "author's credentials", max_length=120, blank=True, help_text="Letters after the name, such as RN."
    )
    language = models.CharField(max_length=5, choices=Language, default=Language.EN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        help_text="Who answers for this page.",
    )
    comments_open = models.BooleanField(default=True)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(blank=True, editable=False)
    archived_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every save of the working copy.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        permissions = [
            ("submit_article", "Can submit an article for review"),
            ("publish_article", "Can publish what is signed"),
            ("publish_urgently", "Can put an unsigned change of a live page online"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawal_reason=""), name="articles_withdrawn_with_reason"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:detail", args=[self.slug])

    @functools.cached_property
    def revision(self):
        """The live revision, or None."""
        loaded = getattr(self, "live_revisions", None)
        return (loaded[0] if loaded else None) if loaded is not None else self.revisions.live().first()

    @functools.cached_property
    def review(self):
        """What readers are told of the review today (`articles.review.Status`); needs a live revision."""
        sign_offs = getattr(self, "all_sign_offs", None)
        if sign_offs is None:
            sign_offs = self.sign_offs.order_by("pk")
        return review.status(
            # Computed, not read: a text that was changed behind the column's back must not look signed.
            canonical.sha256(self.revision.content),
            [sign_off.as_signature() for sign_off in sign_offs],
            timezone.localdate(),
            revision=self.revision.pk,
            published_on=timezone.localdate(self.revision.published_at),
            withdrawn_on=self.withdrawn_on,
            archived_on=self.archived_on,
        )

    def content(self):
        """Return what a revision of this working copy would freeze, and what the cleaner took out of the body.

        The first is the dictionary of `articles.canonical`, without its text form; the second a list of short descriptions.
        """
        sources = [source.as_dict() for source in self.sources.all()]
        cleaned = rendering.clean(self.body)
        report: set[str] = set()
        content = {
            "title": self.title,
            "summary": self.summary,
            "need_to_know": self.need_to_know,
            "body_html": rendering.finish(cleaned.html, sources=len(sources)),
            "language": self.language,
            "no_source_reason": self.no_source_reason,
            "sources": sources,
        }
        if self.author_name.strip():
            content["author"] = {"name": self.author_name.strip(), "credentials": self.author_credentials.strip()}
        return rendering.clean_strings(content, report), cleaned.removed + sorted(report)


class Address(models.Model):
    """An address that an article has or had; it leads to that article for ever and to no other."""

    slug = models.SlugField(max_length=100, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "addresses"

    def __str__(self):
        return self.slug
