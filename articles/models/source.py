"""The citations of the working copy, and what is known of retracted ones."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A citation of the working copy; its number is its place in the list."""

    class Kind(models.TextChoices):
        JOURNAL = "journal", _("Journal article")
        GUIDELINE = "guideline", _("Guideline")
        BOOK = "book", _("Book")
        WEB = "web", _("Web page")
        LABEL = "label", _("Drug label")

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("type"), max_length=10, choices=Kind, default=Kind.JOURNAL)
    authors = models.CharField(
        _("authors"), max_length=300, blank=True, help_text=_("Vancouver style: Foering K, Chang AY, et al")
    )
    title = models.CharField(_("title"), max_length=500)
    container = models.CharField(_("journal, book or site"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    pages = models.CharField(_("volume and pages"), max_length=60, blank=True, help_text=_("For example, 66(2):220-8"))
    pmid = models.CharField(
        _("PMID"),
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^[1-9]\d{0,8}$", _("A PMID has one to nine digits."))],
    )
    doi = models.CharField(
        _("DOI"),
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", _("A DOI starts with “10.” and has no spaces."))],
    )
    url = models.URLField(_("URL"), blank=True)
    accessed = models.DateField(_("accessed"), null=True, blank=True, help_text=_("The day you read the web page."))
    retracted_on = models.DateField(
        _("retracted on"),
        null=True,
        blank=True,
        help_text=_("The day it was retracted. We warn readers right away, without a new version."),
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
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

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="retractions")
    pmid = models.CharField(max_length=9, blank=True)
    doi = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    retracted_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "pmid", "doi", "title"], name="articles_retraction_once")]

    def __str__(self):
        return gettext("{title}, retracted").format(title=self.title)

    def is_of(self, source: Source) -> bool:
        """Return whether this is about a source, also where its title was corrected meanwhile."""
        return any(getattr(self, name) and getattr(self, name) == getattr(source, name) for name in ("pmid", "doi", "title"))
