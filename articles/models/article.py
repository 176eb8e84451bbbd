"""The editors' working copy."""

import datetime
import functools
import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, Exists, JSONField, OuterRef, Prefetch, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import canonical, review
from articles.html import pictures, rendering
from articles.models.json_rows import JSONRows
from articles.models.picture import Picture
from articles.models.revision import Revision
from articles.models.signature import Reviewer, SignOff
from articles.models.topic import Topic
from web.prepared import Prepared


class ArticleQuerySet(models.QuerySet):
    """Articles, with what a page needs of them."""

    def published(self):
        """Return the articles with a live revision that is not withdrawn, with it and all sign-offs loaded."""
        return self.live().filter(withdrawn_on=None)

    def online(self):
        """Return the articles that have a live revision, withdrawn ones included, without loading anything of them."""
        # Asked of each article: a list of all that are online would be made anew for the page of a single one.
        return self.filter(Exists(Revision.objects.live().filter(article=OuterRef("pk"))))

    def readable(self):
        """Return the articles that readers can open, without loading anything of them."""
        return self.online().filter(withdrawn_on=None)

    def to_link(self):
        """Return (path, title) of the articles that readers can open, by title."""
        named = self.readable().order_by("title").values_list("slug", "title")
        return [(reverse("articles:detail", args=[slug]), title) for slug, title in named]

    def to_read_instead_of(self, article):
        """Return the other articles that readers can open, by title, without a text."""
        return self.readable().exclude(pk=article.pk).order_by("title").only("title", "slug")

    def to_relate(self, article):
        """Return the other articles, those that share the most topics with this one first, without a text.

        Each knows how many topics it shares (`shared`), and whether readers can open it (`is_readable`).
        """
        topics = Topic.objects.filter(articles=article.pk).values("pk")
        readable = Article.objects.readable().filter(pk=OuterRef("pk"))
        shared = self.exclude(pk=article.pk).annotate(shared=Count("topics", filter=Q(topics__in=topics)))
        return shared.annotate(is_readable=Exists(readable)).order_by("-shared", "title").only("title")

    def live(self):
        """Return the articles that have a live revision, withdrawn ones included, with it and all sign-offs loaded."""
        return self.online().with_review()

    def with_review(self):
        """Load the live revision and all sign-offs in two queries for any number of articles."""
        return self.prefetch_related(
            Prefetch("revisions", queryset=Revision.objects.live().with_first_day(), to_attr="live_revisions"),
            Prefetch("sign_offs", queryset=SignOff.objects.with_addresses(), to_attr="all_sign_offs"),
        )

    def with_links(self):
        """Load where the page leads to, its topics and related articles, without a query: see `Article.links`."""
        topics = Topic.objects.filter(articles=OuterRef("pk")).order_by("name")
        content = Cast("content", JSONField())
        # Readers get the frozen title: that of the working copy may be one that nobody has signed.
        related = (
            Revision.objects.live()
            .filter(article__related_from=OuterRef("pk"), article__withdrawn_on=None)
            .annotate(frozen_title=KeyTextTransform("title", content), frozen_language=KeyTextTransform("language", content))
            .order_by("frozen_title", "pk")
        )
        return self.annotate(
            topic_rows=JSONRows(topics, "name", "slug", "mesh"),
            related_rows=JSONRows(related, slug="article__slug", title="frozen_title", language="frozen_language"),
        )

    def listed(self, *, topic=None, reviewer=None, texts=None):
        """Return what readers can open of one list, as `Listing` names it, the newest review first and the archive last.

        By the day of the newest signature on the live text, undated ones after that, and then by title. `texts` are the live
        revisions to narrow it to.
        """
        places = {"listings__isnull": False, "listings__topic": topic, "listings__reviewer": reviewer}
        if texts is not None:
            places["listings__revision__in"] = texts.values("pk")
        order = ("listings__archived_on", "-listings__signed_on", "listings__title", "listings__article_id")
        return self.filter(**places).order_by(*order)


class Article(models.Model):
    """The working copy that editors change as often as they like; readers never see it."""

    class Language(models.TextChoices):
        EN = "en", _("English")
        ES = "es", _("Spanish")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text=_("The article's ID in feeds."))
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("web address"), max_length=100, unique=True, help_text=_("The last part of the page's address: /articles/…/")
    )
    summary = models.TextField(
        _("summary"), help_text=_("One paragraph below the title. It also appears in lists. Write [1] to cite source 1.")
    )
    need_to_know = models.TextField(
        _("Need To Know"),
        blank=True,
        help_text=_(
            "What matters most, in plain words. Leave a blank line between paragraphs. Start lines with “- ” to make a list."
        ),
    )
    body = models.TextField(_("text"), blank=True, help_text=_("Write [1] to cite source 1."))
    no_source_reason = models.CharField(
        _("why no sources are needed"), max_length=300, blank=True, help_text=_("Readers see this in place of the sources.")
    )
    author_name = models.CharField(
        _("author"),
        max_length=120,
        blank=True,
        help_text=_("The author's name, as readers will see it. Leave it blank to name no one."),
    )
    author_credentials = models.CharField(
        _("author's credentials"), max_length=120, blank=True, help_text=_("Letters after the name, such as RN.")
    )
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.EN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("Who is responsible for this page and gets its review reminders."),
    )
    assigned_to = models.ForeignKey(
        Reviewer,
        verbose_name=_("assigned reviewer"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="assigned",
        help_text=_("Whose task it is to read this page. While no one is named, it is every reviewer's."),
    )
    topics = models.ManyToManyField(
        "articles.Topic",
        verbose_name=_("topics"),
        blank=True,
        related_name="articles",
        help_text=_("What the article is about. Readers find it on the pages of these topics right after you save."),
    )
    related = models.ManyToManyField(
        "self",
        verbose_name=_("related articles"),
        symmetrical=False,
        blank=True,
        related_name="related_from",
        help_text=_("What to read next. Readers see those that are online, right after you save."),
    )
    comments_open = models.BooleanField(_("comments open"), default=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)
    read_instead = models.ForeignKey(
        "self",
        verbose_name=_("read this instead"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_("The article that a withdrawn page leads to."),
    )
    archived_on = models.DateField(_("archived on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False, help_text=_("Goes up each time the draft is saved.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        # The database keeps these names, so they are in one language.
        permissions = [
            ("submit_article", "Can send an article to the reviewer"),
            ("publish_article", "Can publish signed versions"),
            ("publish_urgently", "Can publish urgent changes without a signature"),
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
    def links(self) -> dict[str, list[dict]]:
        """Where the page leads to, as rows of `with_links`: `topics` by name, and `related` articles that are online by title."""
        if not hasattr(self, "topic_rows"):
            topics, related = Article.objects.with_links().values_list("topic_rows", "related_rows").get(pk=self.pk)
            return {"topics": topics, "related": related}
        return {"topics": self.topic_rows, "related": self.related_rows}

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

    def assigned_reviewer(self, today: datetime.date) -> Reviewer | None:
        """Return whose task it is to read the article; None, so every reviewer's, while nobody is named who may sign."""
        reviewer = self.assigned_to
        return reviewer if reviewer and reviewer.is_active(today) else None

    @staticmethod
    def names_of_people() -> tuple[str, ...]:
        """Return the names of reviewers and staff, for whom readers must not take somebody else; two queries."""
        return tuple(dict.fromkeys([*(name for (name,) in _reviewers()), *(person.get_full_name() for person in _staff())]))

    def marks_without_source(self, cleaned=None) -> list[str]:
        """Return the marks in the words that name no source, as they stand there: "[4]", and "[?]" for one that was deleted."""
        texts = [self.summary, self.need_to_know, rendering.words((cleaned or rendering.clean(self.body)).html)]
        named = set().union(*map(rendering.marks, texts)) - set(self.sources.values_list("position", flat=True))
        unknown = ["[?]"] if any(map(rendering.has_lost_mark, texts)) else []
        return unknown + [f"[{number}]" for number in sorted(named)]

    def renumber(self, numbers: dict[int, int | None]) -> None:
        """Let the marks in the words follow their sources: old number -> new one, or None for a source that is deleted."""
        self.summary, self.need_to_know = (rendering.renumbered(words, numbers) for words in (self.summary, self.need_to_know))
        self.body = rendering.renumbered_html(self.body, numbers)

    def content(self, sources=None, cleaned=None):
        """Return what a revision of this working copy would freeze, and what the cleaner took out of the body.

        The first is the dictionary of `articles.canonical`, without its text form; the second a list of short descriptions.
        `sources` are those to freeze, when they are not the saved ones; `cleaned` is the body, when it was cleaned before.
        """
        rows = list(self.sources.all() if sources is None else sources)
        sources = [source.as_dict() for source in rows]
        cleaned = cleaned or rendering.clean(self.body)
        report: set[str] = set()
        # The working copy names a source by the number in its row, a frozen text by its place in the list.
        numbers: dict[int, int | None] = dict.fromkeys(range(1, len(rows) + 1))
        numbers |= {source.position: place for place, source in enumerate(rows, 1)}
        body, shown, unknown = pictures.shown(
            rendering.renumbered_html(cleaned.html, numbers), Picture.objects.facts(cleaned.html)
        )
        report |= {_("a picture that this site doesn't have ({alt})").format(alt=alt) for alt in unknown}
        content = {
            "title": self.title,
            "summary": rendering.renumbered(self.summary, numbers),
            "need_to_know": rendering.renumbered(self.need_to_know, numbers),
            "body_html": rendering.finish(body, sources=len(sources)),
            "language": self.language,
            "no_source_reason": self.no_source_reason,
            "sources": sources,
        }
        if self.author_name.strip():
            content["author"] = {"name": self.author_name.strip(), "credentials": self.author_credentials.strip()}
        if shown:
            content["pictures"] = shown
        return rendering.clean_strings(content, report), cleaned.removed + sorted(report)


# Asked for each comment that comes in.
_reviewers = Prepared(lambda: Reviewer.objects.order_by("name").values_list("name"))
_staff = Prepared(
    lambda: (
        get_user_model()
        .objects.filter(is_staff=True)
        .exclude(last_name="")
        .order_by("last_name", "first_name")
        .only("first_name", "last_name")
    )
)
