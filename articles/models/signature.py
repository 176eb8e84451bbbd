"""Reviewers, and their signatures on frozen texts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from articles import review
from articles.models.revision import InsertOnly, Revision


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
    about = models.CharField(
        max_length=300, blank=True, help_text="A sentence for readers: where the person works, what they care for."
    )
    registration = models.URLField(
        "registration or ORCID", blank=True, help_text="The address at which readers can look the person up."
    )
    ended_on = models.DateField(null=True, blank=True, help_text="From this day the person signs nothing more.")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return review.name_with_letters(self.name, self.credentials)

    def is_active(self, today):
        """Return whether the person may sign on that day."""
        return self.ended_on is None or today < self.ended_on


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

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="sign_offs")
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
