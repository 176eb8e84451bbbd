"""A comment from the form to the page.

States and moves stand in `comments.flows.moderation`; what must always be true is a constraint here.
"""

import datetime
import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments import rendering
from comments.models.contact import Contact
from comments.models.settings import HelpLine
from comments.screening import Lane
from web.tokens import is_secret_of, secret_of


class State(models.TextChoices):
    """Where a comment stands; only APPROVED is public."""

    PENDING = "pending", _("Waiting to be read")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    HIDDEN = "hidden", _("Hidden for a second look")
    WITHDRAWN = "withdrawn", _("Taken back by its author")
    ERASED = "erased", _("Erased")


# What somebody has yet to decide on.
WAITING = (State.PENDING, State.HIDDEN)
# What a page shows of a comment.
SHOWN = ("article", "parent", "depth", "name", "body", "staff_role", "show_contact_details", "page", "submitted_at")
# What the secret of the author's page is made for.
AUTHOR_PAGE = "comments.author-page"
# How long others can rely on somebody who said "I have this".
CLAIM_LASTS = datetime.timedelta(hours=1)


class StaffRole(models.TextChoices):
    """What the badge of an answer for the site says."""

    STAFF = "staff", _("Staff")
    DOCTOR = "doctor", _("Doctor")


class CommentQuerySet(models.QuerySet):
    """Comments by who may see them."""

    def public(self):
        """Return the comments readers may see, oldest first."""
        return self.filter(state=State.APPROVED).order_by("pk")

    def queued(self):
        """Return the comments that wait for a moderator, oldest first."""
        return self.filter(state=State.PENDING).order_by("submitted_at", "pk")

    def second_look(self):
        """Return the comments that were taken down and that nobody has decided on since, the grave ones and the oldest first."""
        return self.filter(state=State.HIDDEN).order_by(Case(When(lane=Lane.URGENT, then=0), default=1), "submitted_at", "pk")

    def urgent(self):
        """Return the urgent comments that nobody has decided on; of one comment, `is_covered` tells the same."""
        return self.filter(state__in=WAITING, lane=Lane.URGENT)

    def unclaimed(self):
        """Return the comments that nobody who still works here said to take care of within the last hour."""
        return self.exclude(claimed_at__gt=timezone.now() - CLAIM_LASTS, claimed_by__is_active=True, claimed_by__is_staff=True)

    def with_tags(self):
        """Annotate the person tag, without the row that holds the address."""
        return self.annotate(person_tag=F("contact__tag"))

    def for_page(self, article, page, *, also=None):
        """Return the public comments of one page, and the one with the key `also`, each with what its place in the thread needs.

        Loads what readers see of them, and nothing else.
        Annotations: parent_state, parent_page, parent_name (only of a public parent), and the same of the grandparent.
        """
        public_name = {
            f"{name}_name": Case(When(**{f"{path}__state": State.APPROVED}, then=F(f"{path}__name")), default=Value(""))
            for name, path in (("parent", "parent"), ("grandparent", "parent__parent"))
        }
        return (
            self.public()
            .filter(Q(page=page) | Q(pk=also) if also else Q(page=page), article=article)
            .only(*SHOWN)
            .annotate(
                parent_state=F("parent__state"),
                parent_page=F("parent__page"),
                grandparent_id=F("parent__parent_id"),
                grandparent_state=F("parent__parent__state"),
                grandparent_page=F("parent__parent__page"),
                **public_name,
            )
        )


class Comment(models.Model):
    """What a person typed under an article; kept as typed, escaped when shown."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The comment's ID in feeds.")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    revises = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="second_tries",
        help_text=_("The rejected comment that the author rewrote as this one."),
    )
    depth = models.PositiveSmallIntegerField(
        default=0, help_text=_("0 for a new thread, 1 for a reply, 2 for a reply to a reply.")
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="comments")
    name = models.CharField(max_length=80, blank=True)
    body = models.TextField(_("comment"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    version = models.PositiveIntegerField(default=1, help_text=_("Goes up each time the words or the state change."))
    lane = models.CharField(max_length=12, choices=Lane, default=Lane.STANDARD)
    read_first = models.BooleanField(default=False, help_text=_("Comes before the others in its lane."))
    signals = models.JSONField(default=list, blank=True, help_text=_("What screening found. See comments/screening."))
    topics = models.CharField(
        max_length=200,
        blank=True,
        help_text=_("Kinds of signals, each between bars, so that a moderator can leave one out: |crisis|minor|"),
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who replied for the site."),
    )
    staff_role = models.CharField(
        max_length=8, choices=StaffRole, blank=True, help_text=_("What the badge next to the name says.")
    )
    confirmed_at = models.DateTimeField(
        null=True, help_text=_("When a moderator confirmed it; from then on reports no longer hide it.")
    )
    show_contact_details = models.BooleanField(
        default=False, help_text=_("A moderator chose to show email addresses and phone numbers in the text.")
    )
    page = models.PositiveIntegerField(null=True, help_text=_("The page of comments it is on, set at its first approval."))
    submitted_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_elsewhere = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("It was approved on the previous site. Only an import says so, and nothing changes it."),
    )
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Who said “I have this” while the comment waits. Anyone may still decide."),
    )
    consent_version = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text=_("What the author agreed to; see comments/models/consent.py."),
    )
    consent_at = models.DateTimeField(null=True, editable=False)
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    repeat_key = models.CharField(max_length=64, null=True, editable=False)
    text_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("moderate_comment", _("Can decide on comments")),
            ("approve_sensitive", _("Can decide in the urgent and clinician lanes")),
            ("erase_comment", _("Can erase a comment for good")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_at__isnull=False, page__isnull=False) & (Q(decided_by__isnull=False) | Q(decided_elsewhere=True)),
                name="comments_approved_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "erased"])
                | Q(name="", body="", contact=None, text_digest="", repeat_key=None),
                name="comments_gone_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, depth=0) | Q(parent__isnull=False, depth__in=[1, 2]), name="comments_two_deep"
            ),
            models.UniqueConstraint(fields=["repeat_key"], condition=Q(state="pending"), name="comments_same_once"),
        ]
        indexes = [
            models.Index(fields=["article", "page", "state"], name="comments_on_page"),
            models.Index(fields=["article", "state"], name="comments_of_article"),
            models.Index(fields=["state", "lane", "submitted_at"], name="comments_in_lane"),
            models.Index(fields=["state", "lane", "-read_first", "submitted_at"], name="comments_first_in_lane"),
            # What lists of many comments are sorted by, alone and with what narrows them.
            models.Index(fields=["-submitted_at", "-id"], name="comments_newest"),
            models.Index(fields=["state", "-submitted_at", "-id"], name="comments_newest_in_state"),
            models.Index(fields=["lane", "-submitted_at", "-id"], name="comments_newest_in_lane"),
            models.Index(fields=["article", "-submitted_at", "-id"], name="comments_newest_of_article"),
            models.Index(
                fields=["contact", "-submitted_at", "-id"], condition=Q(contact__isnull=False), name="comments_newest_of_person"
            ),
            models.Index(fields=["article", "-decided_at", "-id"], condition=Q(state="approved"), name="comments_newest_in_feed"),
            models.Index(fields=["text_digest"], condition=~Q(text_digest=""), name="comments_same_text"),
        ]

    def __str__(self):
        return _("{name} on {article}").format(name=self.name or _("A comment"), article=self.article)

    def get_absolute_url(self):
        return reverse("comments:permalink", args=[self.article.slug, self.pk])

    @property
    def token(self):
        """The secret part of the author's page: an HMAC of the row's nonce, so the database alone does not give it."""
        return secret_of(AUTHOR_PAGE, self.nonce)

    def has_token(self, token):
        """Return whether the token opens the author's page, in constant time."""
        return is_secret_of(AUTHOR_PAGE, self.nonce, token)

    @property
    def author_url(self):
        """The path of the page that only the author has the link to."""
        return reverse("comments:own", args=[self.pk, self.token])

    @property
    def is_covered(self):
        """Whether this is urgent and undecided, so that no moderator should meet the words unprepared."""
        return self.lane == Lane.URGENT and self.state in WAITING

    @property
    def is_decided_elsewhere(self):
        """Whether it is public because the previous site approved it, and nobody here has decided on it yet."""
        return self.state == State.APPROVED and self.decided_by_id is None

    @property
    def is_claimed(self):
        """Whether somebody takes care of it, as `unclaimed` of many."""
        return (
            self.claimed_at is not None
            and self.claimed_at > timezone.now() - CLAIM_LASTS
            and self.claimed_by.is_active
            and self.claimed_by.is_staff
        )

    @property
    def name_shown(self):
        """The name as readers see it, plain text."""
        return rendering.name_text(self.name, show_details=self.show_contact_details)

    @property
    def words_html(self):
        """The words as readers see them, safe HTML."""
        # Few comments hold a number; the others need not know the help lines.
        help_lines = HelpLine.numbers() if rendering.has_phone_number(self.body) else frozenset()
        return rendering.words_html(self.body, show_details=self.show_contact_details, help_lines=help_lines)


def digest_of(body: str) -> str:
    """Return the key under which the same text is found again, whatever its spacing and case."""
    return hashlib.sha256(" ".join(body.casefold().split()).encode()).hexdigest()


class Queued(Comment):
    """A comment as the moderators' queue lists it."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("comment to read")
        verbose_name_plural = _("comments to read")
