"""What articles are about. Topics are settings of a page and no words of it: no revision freezes them."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.listing import Listing

TAKEN = _("Another topic has the address “{slug}”, or had it before. Please choose a different one.")
MESH = RegexValidator(
    r"\A[CD]([0-9]{6}|[0-9]{9})\Z",
    _("Enter the unique ID of a MeSH term: a D or C and 6 or 9 digits, such as D008180."),
)


class TopicQuerySet(models.QuerySet):
    """Topics, as readers get them."""

    def shown(self):
        """Return the topics that have articles readers can open, by name, each with their number as `article_count`."""
        listed = Listing.objects.filter(topic=OuterRef("pk"))
        number = listed.order_by().values("topic").annotate(number=Count("*")).values("number")
        return self.filter(Exists(listed)).annotate(article_count=Subquery(number)).order_by("name")


class Topic(models.Model):
    """What articles are about; it has a page while readers can open one of them."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("web address"), max_length=100, unique=True, help_text=_("The last part of the page's address: /topics/…/")
    )
    description = models.TextField(
        _("description"), max_length=300, help_text=_("One or two sentences for readers, below the name and in search engines.")
    )
    mesh = models.CharField(
        _("MeSH ID"),
        max_length=10,
        blank=True,
        validators=[MESH],
        help_text=_("The unique ID of the medical term, such as D008180. Search engines read it; leave it blank if none fits."),
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="articles_topic_name_once",
                violation_error_message=_("There is a topic with this name already."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("articles:topic", args=[self.slug])

    def clean(self):
        """Refuse an address that leads to another topic, or ever did."""
        if TopicAddress.objects.filter(slug=self.slug).exclude(topic=self.pk).exists():
            raise ValidationError({"slug": TAKEN.format(slug=self.slug)})

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Save, and keep the address for ever; raises IntegrityError, and saves nothing, when it is another's."""
        super().save(*args, **kwargs)
        if not self.addresses.filter(slug=self.slug).exists():
            self.addresses.create(slug=self.slug)


class TopicAddress(models.Model):
    """An address that a topic has or had; it leads to that topic for ever and to no other."""

    slug = models.SlugField(max_length=100, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.slug
