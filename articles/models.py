"""The editors' working copy, the frozen texts made from it, and the signatures on those.

What readers see is always a live `Revision`; what they are told of its review is computed by `articles.review`.
"""

import functools
import json

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from articles import canonical, rendering, review


class Reviewer(models.Model):
    """A person who checks articles; without a user it is someone whom an earlier site named."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewer"
    )
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    credentials = models.CharField(max_length=120, blank=True, help_text="Letters after the name, such as MD.")
    specialty = models.CharField(max_length=120, blank=True)
    ties = models.TextField("ties and funding", blank=True, help_text="What a reader should know. Empty means: none declared.")
    ended_on = models.DateField(null=True, blank=True, help_text="From this day the person signs nothing more.")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return review.name_with_letters(self.name, self.credentials)

    def is_active(self, today):
        """Return whether the person may sign on that day."""
        return self.ended_on is None or today < self.ended_on


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


class Source(models.Model):
    """A citation of the working copy; its number is its place in the list."""

    class Kind(models.TextChoices):
        JOURNAL = "journal", "Journal article"
        GUIDELINE = "guideline", "Guideline"
        BOOK = "book", "Book"
        WEB = "web", "Web page"
        LABEL = "label", "Medicine label"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField("number")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.JOURNAL)
    authors = models.CharField(max_length=300, blank=True, help_text="Vancouver style: Foering K, Chang AY, et al")
    title = models.CharField(max_length=500)
    container = models.CharField("journal, book or site", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    pages = models.CharField("volume and pages", max_length=60, blank=True, help_text="66(2):220-8")
    pmid = models.CharField(
        "PMID", max_length=9, blank=True, validators=[RegexValidator(r"^[1-9]\d{0,8}$", "A PMID has one to nine digits.")]
    )
    doi = models.CharField(
        "DOI",
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI begins with 10. and has no spaces.")],
    )
    url = models.URLField("URL", blank=True)
    accessed = models.DateField(null=True, blank=True, help_text="The day the web page was read.")
    retracted_on = models.DateField(
        null=True, blank=True, help_text="The day it was retracted. Readers are warned at once, without a new version."
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="articles_source_number_once")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Save, and keep what is known of a retraction apart from this row, which an editor may remove."""
        super().save(*args, **kwargs)
        if self.retracted_on:
            same = {"article": self.article, "pmid": self.pmid, "doi": self.doi, "title": self.title}
            Retraction.objects.update_or_create(**same, defaults={"retracted_on": self.retracted_on})
            return
        # Taken back, also where the title was corrected meanwhile.
        same = Q(title=self.title)
        for name in ("pmid", "doi"):
            if value := getattr(self, name):
                same |= Q(**{name: value})
        Retraction.objects.filter(same, article=self.article).delete()

    def as_dict(self):
        """Return what a revision freezes of it: strings, a year or None, a date as ISO text or None."""
        return {
            "kind": self.kind,
            "authors": self.authors,
            "title": self.title,
            "container": self.container,
            "year": self.year,
            "pages": self.pages,
            "pmid": self.pmid,
            "doi": self.doi,
            "url": self.url,
            "accessed": self.accessed.isoformat() if self.accessed else None,
        }


class Retraction(models.Model):
    """That a source was retracted; it outlives the source in the working copy, because a live page may still cite it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="retractions")
    pmid = models.CharField(max_length=9, blank=True)
    doi = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    retracted_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "pmid", "doi", "title"], name="articles_retraction_once")]

    def __str__(self):
        return f"{self.title}, retracted"


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


class Revision(InsertOnly):
    """A text as it was sent to medical review; its words never change.

    Only the two publication stamps are written later, by `articles.workflow`; database triggers refuse everything else.
    """

    class Change(models.TextChoices):
        NEW = "new", "New page"
        EVIDENCE = "evidence", "New evidence"
        CORRECTION = "correction", "Correction"
        WORDING = "wording", "Wording"
        STRUCTURE = "structure", "Structure"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.TextField(help_text="Canonical JSON, see articles/canonical.py.")
    sha256 = models.CharField("SHA-256", max_length=64)
    format = models.PositiveSmallIntegerField()
    base = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The revision that was live when this one was made.",
    )
    change = models.CharField("kind of change", max_length=10, choices=Change, default=Change.NEW)
    public_note = models.CharField(max_length=300, blank=True, help_text="What changed, in a sentence for readers.")
    search_text = models.TextField(help_text="The words of the page, folded for searching; made from the content.")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articles_revision_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(published_at__isnull=False, retired_at=None), name="articles_one_live_revision"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__isnull=False), name="articles_retired_after_published"
            ),
        ]

    def __str__(self):
        return f"{self.title}, version {self.number}"

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
        """The need-to-know as it was frozen: plain text, see `articles.rendering.plain_html`."""
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
    def language(self):
        """The language code of the words."""
        return self.data["language"]

    @property
    def contents(self):
        """The h2 headings of the body, as (id, words)."""
        return rendering.headings(self.body_html)

    @property
    def fingerprint(self):
        """The first eight digits of the hash in two groups, to compare by eye."""
        return f"{self.sha256[:4]}\u202f{self.sha256[4:8]}"


class SignOff(InsertOnly):
    """A reviewer's signature on exactly one text, or what an earlier site stated of it.

    Name, letters, specialty and ties stand as they were that day. Only the revocation fields are ever written later.
    """

    class Scope(models.TextChoices):
        FULL = "full", "All of the page"
        CHANGES = "changes", "The changes only"

    class Origin(models.TextChoices):
        SIGNED = "signed", "Signed here"
        STATED = "stated", "Stated by an earlier site"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="sign_offs")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="sign_offs")
    sha256 = models.CharField("SHA-256", max_length=64)
    scope = models.CharField(max_length=10, choices=Scope)
    origin = models.CharField(max_length=10, choices=Origin)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="sign_offs")
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=120, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    ties = models.TextField(blank=True)
    edited = models.BooleanField(default=False, help_text="The reviewer also changed the words.")
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="What a signature on changes only builds on."
    )
    signed_on = models.DateField(null=True)
    read_on = models.DateField(null=True, help_text="When all of the page was read.")
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revocation_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "sign-off"
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="stated") | Q(origin="signed", signed_on__isnull=False, valid_until__isnull=False),
                name="articles_signature_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(scope="full", base=None) | Q(scope="changes", base__isnull=False),
                name="articles_changes_build_on_a_base",
            ),
            models.CheckConstraint(condition=Q(revoked_at=None) | ~Q(revocation_reason=""), name="articles_revoked_with_reason"),
        ]

    def __str__(self):
        return f"{self.name}: {self.revision}"

    def as_signature(self):
        """Return the values that `articles.review.status` works on."""
        return review.Signature(
            key=self.pk,
            revision=self.revision_id,
            base=self.base_id,
            sha256=self.sha256,
            scope=self.scope,
            origin=self.origin,
            name=self.name,
            credentials=self.credentials,
            specialty=self.specialty,
            ties=self.ties,
            slug=getattr(self, "reviewer_slug", ""),  # There when `with_review` loaded it: a page has links, a rule needs none.
            edited=self.edited,
            signed_on=self.signed_on,
            read_on=self.read_on,
            valid_until=self.valid_until,
            revoked_on=timezone.localdate(self.revoked_at) if self.revoked_at else None,
            revocation_reason=self.revocation_reason,
        )


class Event(InsertOnly):
    """One thing that was done with an article. Insert-only."""

    class Kind(models.TextChoices):
        SAVED = "saved", "Working copy saved"
        SETTINGS = "settings", "Settings of the page saved, its words unchanged"
        SUBMITTED = "submitted", "Submitted for review"
        RECALLED = "recalled", "Recalled"
        CHANGES_ASKED = "changes-asked", "Changes asked for"
        SIGNED = "signed", "Signed"
        REAFFIRMED = "reaffirmed", "Read again, nothing to change"
        REVOKED = "revoked", "Signature taken back"
        PUBLISHED = "published", "Published"
        PUBLISHED_URGENTLY = "urgent", "Published urgently, without a signature"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ARCHIVED = "archived", "Put into the archive"
        RESTORED = "restored", "Put back online"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="events")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="events")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, help_text="When a task that follows from it is due.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["article", "kind"], name="articles_events_by_kind")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.article}"


class Reminder(models.Model):
    """A reminder that was sent; the constraint keeps it from being sent twice."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    step = models.CharField(max_length=20, help_text="Which one: 60, 30, 0 days before, or a week after.")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "due_on", "step"], name="articles_reminder_once")]

    def __str__(self):
        return f"{self.article}, {self.step}"
