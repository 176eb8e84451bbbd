"""Reviewers, and their signatures on frozen texts."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import review
from articles.models.revision import InsertOnly, Revision


class ReviewerQuerySet(models.QuerySet):
    """Reviewers, by whether they may sign."""

    def active(self, today):
        """Return those who may sign on that day, by the rule of `Reviewer.is_active`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=today))


class Reviewer(models.Model):
    """A person who checks articles; without a user it is someone whom an earlier site named."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewer",
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("web address"), max_length=120, unique=True)
    credentials = models.CharField(
        _("credentials"), max_length=120, blank=True, help_text=_("Letters after the name, such as MD.")
    )
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    ties = models.TextField(
        _("conflicts of interest"),
        blank=True,
        help_text=_("Funding and other ties that readers should know about. If you leave it blank, we say “None declared.”"),
    )
    about = models.CharField(
        _("about"),
        max_length=300,
        blank=True,
        help_text=_("One sentence for readers: where the person works and what they specialize in."),
    )
    registration = models.URLField(
        _("license or ORCID"), blank=True, help_text=_("A link where readers can look this person up.")
    )
    ended_on = models.DateField(
        _("end date"), null=True, blank=True, help_text=_("From this day on, this person can't sign anything.")
    )

    objects = ReviewerQuerySet.as_manager()

    # Who changes the profile, for its history; None is the site itself.
    changed_by = None

    class Meta:
        ordering = ["name"]
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")

    def __str__(self):
        return review.name_with_letters(self.name, self.credentials)

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Save the profile, and write down for readers what of it changed, or that another account signs under it."""
        before = None if self._state.adding else type(self).objects.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        ReviewerEvent.objects.bulk_create(
            ReviewerEvent(reviewer=self, kind=kind, actor=self.changed_by, note=note)
            for kind, note in ReviewerEvent.between(before, self)
        )

    def is_active(self, today):
        """Return whether the person may sign on that day."""
        return self.ended_on is None or today < self.ended_on


class ReviewerEvent(InsertOnly):
    """One thing that happened to a reviewer's profile, which readers can see. Insert-only."""

    class Kind(models.TextChoices):
        MADE = "made", _("Profile created")
        LINKED = "linked", _("Linked to an account on this site")
        UNLINKED = "unlinked", _("No longer linked to an account")
        CHANGED = "changed", _("Changed")

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reviewer}"

    @classmethod
    def between(cls, before: Reviewer | None, after: Reviewer) -> list[tuple[str, str]]:
        """Return (kind, words) of what happened from one state of a profile, None before it was there, to the other."""
        happened = [] if before else [(cls.Kind.MADE, "")]
        if before and (words := [_profile_change(field, before, after) for field in _changed(before, after)]):
            happened.append((cls.Kind.CHANGED, "\n".join(words)))
        if before and before.user_id and before.user_id != after.user_id:
            happened.append((cls.Kind.UNLINKED, ""))
        if after.user_id and (before is None or before.user_id != after.user_id):
            happened.append((cls.Kind.LINKED, ""))
        return happened

    @classmethod
    def linked_since(cls, reviewers) -> dict[str, datetime.date]:
        """Return slug -> day since when each profile is linked to the account that now signs under it; one query."""
        linked = cls.objects.filter(reviewer__slug__in=reviewers, reviewer__user__isnull=False, kind=cls.Kind.LINKED)
        return {slug: timezone.localdate(at) for slug, at in linked.order_by("pk").values_list("reviewer__slug", "created_at")}


def _changed(before, after):
    fields = [field for field in Reviewer._meta.concrete_fields if field.name not in {"id", "user"}]
    return [field for field in fields if getattr(before, field.name) != getattr(after, field.name)]


def _profile_change(field, before, after):
    label, old, new = str(field.verbose_name).capitalize(), getattr(before, field.name), getattr(after, field.name)
    return f"{label}: “{old or '–'}” → “{new or '–'}”"


class SignOffQuerySet(models.QuerySet):
    """Signatures."""

    def with_addresses(self):
        """Annotate the last part of the address of the reviewer's page (`reviewer_slug`); the oldest signature comes first."""
        return self.annotate(reviewer_slug=F("reviewer__slug")).order_by("pk")


class SignOff(InsertOnly):
    """A reviewer's signature on exactly one text, or what an earlier site stated of it.

    Name, letters, specialty and ties stand as they were that day. Only the revocation fields are ever written later.
    """

    class Scope(models.TextChoices):
        FULL = "full", _("The whole page")
        CHANGES = "changes", _("Only the changes")

    class Origin(models.TextChoices):
        SIGNED = "signed", _("Signed here")
        STATED = "stated", _("Reviewed on our previous site")

    article = models.ForeignKey("articles.Article", verbose_name=_("article"), on_delete=models.PROTECT, related_name="sign_offs")
    revision = models.ForeignKey(Revision, verbose_name=_("version"), on_delete=models.PROTECT, related_name="sign_offs")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    reviewer = models.ForeignKey(Reviewer, verbose_name=_("reviewer"), on_delete=models.PROTECT, related_name="sign_offs")
    name = models.CharField(_("name"), max_length=120)
    credentials = models.CharField(_("credentials"), max_length=120, blank=True)
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    ties = models.TextField(_("conflicts of interest"), blank=True)
    edited = models.BooleanField(_("also edited"), default=False, help_text=_("The reviewer also edited the text."))
    base = models.ForeignKey(
        "self",
        verbose_name=_("builds on"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("For a signature on the changes only: the earlier signature it builds on."),
    )
    signed_on = models.DateField(_("signed on"), null=True)
    read_on = models.DateField(_("full page reviewed on"), null=True, help_text=_("When the whole page was reviewed."))
    valid_until = models.DateField(_("valid until"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("withdrawn by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    revocation_reason = models.TextField(_("reason for withdrawal"), blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
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
        indexes = [models.Index(fields=["reviewer", "signed_on"], name="articles_signed_by")]

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
