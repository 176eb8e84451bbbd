"""A comment from the form to the page, and the log of what happened to it.

States and moves stand in `comments.moderation`; what must always be true is a constraint here.
"""

import hashlib
import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.models import Article
from comments import rendering
from comments.contacts import Contact
from comments.outbox import Outbox
from comments.screening import Lane

__all__ = [
    "BlockedHost",
    "Comment",
    "CommentSettings",
    "Contact",
    "Event",
    "HelpLine",
    "Letter",
    "Outbox",
    "Queued",
    "Redaction",
    "Report",
    "Reveal",
    "Subscription",
    "WatchedWord",
]


class State(models.TextChoices):
    """Where a comment stands; only APPROVED is public."""

    PENDING = "pending", "Waiting to be read"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    SPAM = "spam", "Spam"
    HIDDEN = "hidden", "Taken down for a second look"
    WITHDRAWN = "withdrawn", "Taken back by its author"
    ERASED = "erased", "Erased"


class Reason(models.TextChoices):
    """Why a comment was rejected."""

    PERSONAL = "personal", "Personal details"
    SOMEONE_ELSE = "someone-else", "Someone else's details"
    UNSOURCED = "unsourced", "Medical claim without source"
    TREATMENT = "treatment", "Advice to change treatment"
    SELLING = "selling", "Selling"
    OFF_TOPIC = "off-topic", "Off topic"
    UNKIND = "unkind", "Unkind"
    DUPLICATE = "duplicate", "Duplicate"
    OTHER = "other", "Other"


class StaffRole(models.TextChoices):
    """What the badge of an answer for the site says."""

    STAFF = "staff", "Staff"
    DOCTOR = "doctor", "Doctor"


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

    def with_tags(self):
        """Annotate the person tag, without the row that holds the address."""
        return self.annotate(person_tag=F("contact__tag"))

    def for_page(self, article, page, *, also=None):
        """Return the public comments of one page, and the one with the key `also`, each with what its place in the thread needs.

        Annotations: parent_state, parent_page, parent_name (only of a public parent), and the same of the grandparent.
        """
        public_name = {
            f"{name}_name": Case(When(**{f"{path}__state": State.APPROVED}, then=F(f"{path}__name")), default=Value(""))
            for name, path in (("parent", "parent"), ("grandparent", "parent__parent"))
        }
        return (
            self.public()
            .filter(Q(page=page) | Q(pk=also) if also else Q(page=page), article=article)
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

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    depth = models.PositiveSmallIntegerField(
        default=0, help_text="0 for a new thread, 1 for an answer, 2 for an answer to an answer."
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="comments")
    name = models.CharField(max_length=80, blank=True)
    body = models.TextField("comment", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of words or state.")
    lane = models.CharField(max_length=12, choices=Lane, default=Lane.STANDARD)
    signals = models.JSONField(default=list, blank=True, help_text="What screening found, see comments/screening.")
    topics = models.CharField(
        max_length=200,
        blank=True,
        help_text="Kinds of signals, each between bars, so that a moderator can leave one out: |crisis|minor|",
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answered for the site.",
    )
    staff_role = models.CharField(max_length=8, choices=StaffRole, blank=True, help_text="What the badge beside the name says.")
    confirmed_at = models.DateTimeField(null=True, help_text="When a second look kept it up; reports only queue from then on.")
    show_contact_details = models.BooleanField(
        default=False, help_text="A moderator chose to show addresses and numbers in the text."
    )
    page = models.PositiveIntegerField(null=True, help_text="The page it stands on, given at its first approval.")
    submitted_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    repeat_key = models.CharField(max_length=64, null=True, editable=False)
    text_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("moderate_comment", "Can decide on comments"),
            ("approve_sensitive", "Can decide in the urgent and clinician lanes"),
            ("erase_comment", "Can erase a comment for good"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False, decided_at__isnull=False, page__isnull=False),
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
            models.Index(fields=["text_digest"], condition=~Q(text_digest=""), name="comments_same_text"),
        ]

    def __str__(self):
        return f"{self.name or 'A comment'} on {self.article}"

    def get_absolute_url(self):
        return reverse("comments:permalink", args=[self.article.slug, self.pk])

    @property
    def token(self):
        """The secret part of the author's page: an HMAC of the row's nonce, so the database alone does not give it."""
        return salted_hmac("comments.author-page", self.nonce, algorithm="sha256").hexdigest()[:40]

    def has_token(self, token):
        """Return whether the token opens the author's page, in constant time."""
        return constant_time_compare(self.token, token)

    @property
    def author_url(self):
        """The path of the page that only the author has the link to."""
        return reverse("comments:own", args=[self.pk, self.token])

    @property
    def is_covered(self):
        """Whether this is urgent and undecided, so that no moderator should meet the words unprepared."""
        return self.lane == Lane.URGENT and self.state in {State.PENDING, State.HIDDEN}

    @property
    def name_shown(self):
        """The name as readers see it, plain text."""
        return rendering.name_text(self.name, show_details=self.show_contact_details)

    @property
    def words_html(self):
        """The words as readers see them, safe HTML."""
        return rendering.words_html(self.body, show_details=self.show_contact_details)


def digest_of(body: str) -> str:
    """Return the key under which the same text is found again, whatever its spacing and case."""
    return hashlib.sha256(" ".join(body.casefold().split()).encode()).hexdigest()


class EventQuerySet(models.QuerySet):
    """Ways to ask for what happened."""

    def decisions_on_what_waited(self):
        """Return decisions on comments that waited, without those undone, and without answers for the site, which never wait."""
        return self.filter(kind=Event.Kind.DECIDED, before=State.PENDING, undone_by=None, comment__staff=None)


class Event(models.Model):
    """One thing that happened to a comment. Insert-only; holds nothing that its author typed."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "Sent"
        DECIDED = "decided", "Decided"
        WITHDRAWN = "withdrawn", "Taken back by its author"
        ERASED = "erased", "Erased"
        REVEALED = "revealed", "E-mail address opened"
        DETAILS_SHOWN = "details-shown", "Contact details in the text shown"
        ESCALATED = "escalated", "Doctor asked"
        RETURNED = "returned", "Returned to the standard lane"
        UNDONE = "undone", "Undone"
        CHANGED = "changed", "Words changed by the author"
        REDACTED = "redacted", "Part of the words covered"
        REPORTED = "reported", "Taken down because readers reported it"
        REPLIED = "replied", "Answered for the site"
        WRITTEN = "written", "Wrote to the person"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=10, choices=State, blank=True)
    after = models.CharField(max_length=10, choices=State)
    version = models.PositiveIntegerField(help_text="The version of the comment that this was done to.")
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    note = models.TextField(blank=True)
    batch = models.UUIDField(null=True, help_text="The same for all decisions that were taken with one click.")
    was = models.JSONField(null=True, help_text="What undoing restores: the fields of the comment as they were before.")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        get_latest_by = "pk"
        indexes = [
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="comments_events_of_batch"),
            models.Index(fields=["kind", "created_at"], name="comments_events_by_kind"),
        ]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_after_display()}"


class Queued(Comment):
    """A comment as the moderators' queue lists it."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "comment to read"
        verbose_name_plural = "comments to read"


class Reveal(Event):
    """The log of opened addresses, for privacy officers."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = "opened address"
        verbose_name_plural = "opened addresses"


class CommentSettings(models.Model):
    """What the owner switches for the whole site; one row."""

    rota = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True, "is_staff": True},
        help_text="Who gets notices and digests. Until somebody is named, they go to MODERATORS_EMAIL.",
    )
    morning_hour = models.PositiveSmallIntegerField(
        default=7, validators=[MaxValueValidator(23)], help_text="When the morning digest goes out."
    )
    evening_hour = models.PositiveSmallIntegerField(
        default=18, validators=[MaxValueValidator(23)], help_text="When the evening digest goes out."
    )
    comments_open = models.BooleanField(default=True, help_text="Off: no article takes comments, whatever its own switch says.")

    class Meta:
        default_permissions = ("change", "view")
        verbose_name = verbose_name_plural = "comment settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="comments_one_row_of_settings")]

    def __str__(self):
        return "Comment settings"

    @classmethod
    def current(cls):
        """Return the row, or the defaults while nobody has saved one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class HelpLine(models.Model):
    """Where somebody in need is helped now; shown to the author of a comment with a crisis signal, and to nobody else."""

    country = models.CharField(max_length=60, help_text="Or “Everywhere”.")
    name = models.CharField(max_length=120)
    how = models.CharField("how to reach it", max_length=200, help_text="A number, hours, a web address.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "country", "name"]

    def __str__(self):
        return f"{self.country}: {self.name}"


class WatchedWord(models.Model):
    """A word or phrase that moderators want to be told of; taken literally, never as a pattern."""

    word = models.CharField(max_length=100, unique=True)
    whole_word = models.BooleanField(default=True, help_text="“cure” does not find “secure”.")
    match_case = models.BooleanField("capital letters count", default=False)
    note = models.CharField(max_length=200, blank=True, help_text="Why; for the other moderators.")

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word


class BlockedHost(models.Model):
    """A host of the web; links to it, and to hosts below it, make a comment likely spam."""

    host = models.CharField(max_length=253, unique=True, help_text="example.com; its subdomains are meant as well.")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["host"]

    def __str__(self):
        return self.host


class Redaction(models.Model):
    """A part of a comment's words that a moderator covered; what stood there is destroyed after seven days."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail address"
        PHONE = "phone", "phone number"
        ADDRESS = "address", "address"
        BIRTH_DATE = "birth-date", "birth date"
        NAME = "name", "name"
        RECORD = "record", "record number"
        OTHER = "other", "personal detail"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="redactions")
    kind = models.CharField(max_length=12, choices=Kind)
    start = models.PositiveIntegerField(help_text="Where the words that stand there now begin, in code points.")
    original = models.TextField(blank=True, help_text="Empty once it is destroyed.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"[{self.get_kind_display()} removed by a moderator]"


class Report(models.Model):
    """What a reader said about a public comment; one for each network tag and comment."""

    class Reason(models.TextChoices):
        HARM = "harm", "Somebody may be in danger, or is told to do something dangerous"
        PERSONAL = "personal", "It shows somebody's personal details"
        MEDICAL = "medical", "It says something medical that is wrong"
        SELLING = "selling", "It sells something"
        UNKIND = "unkind", "It is unkind"
        OTHER = "other", "Something else"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    network_tag = models.CharField(max_length=64, help_text="Keyed, and another one tomorrow; tells nothing by itself.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["comment", "network_tag"], name="comments_one_report_a_network")]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.comment}"


class Subscription(models.Model):
    """That the author of a comment wants mail about it: the outcome, and answers. Counts once it is confirmed by mail."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="subscription")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="subscriptions")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"Mail about {self.comment}"


class Letter(models.Model):
    """A mail that a moderator wrote to the person behind a comment, without learning the address; the answer comes by a page.

    The words of the mail are in the outbox until it is sent, and nowhere afterwards.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="letters")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        permissions = [("write_letter", "Can write to the person behind a comment")]

    def __str__(self):
        return f"Letter about {self.comment}"
