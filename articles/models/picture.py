"""The pictures that editors uploaded for articles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.html.pictures import hashes, smallest
from articles.html.tags import MOST_ALT


class PictureQuerySet(models.QuerySet):
    """Pictures that somebody uploaded."""

    def facts(self, html):
        """Return hash -> what a revision freezes of it, for the pictures of cleaned HTML that are known; no query without one."""
        found = self.filter(sha256__in=hashes(html))
        return {picture.sha256: picture.as_dict() for picture in found}


class Picture(models.Model):
    """A picture, once for all articles; its files lie in DATA_DIR, see `articles.pictures.files`.

    The words are those given with the upload. An article has its own copy of alt text and caption, as its text may need others.
    """

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, help_text=_("Of its widest file that isn't WebP."))
    files = models.JSONField(help_text=_("The files by width: name, width, height, bytes."))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(
        _("description"),
        max_length=MOST_ALT,
        blank=True,
        help_text=_("What the picture shows, for people who can't see it. Leave it blank only if the picture is decorative."),
    )
    is_decorative = models.BooleanField(_("decorative"), default=False, help_text=_("It says nothing that the text doesn't."))
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made it."))
    license = models.CharField(_("license"), max_length=120, blank=True, help_text=_("Such as CC BY 4.0."))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=~Q(alt="") & Q(is_decorative=False) | Q(alt="", is_decorative=True), name="articles_picture_has_alt"
            ),
        ]

    def __str__(self):
        return Truncator(self.alt or self.caption or self.sha256[:8]).chars(60)

    def as_dict(self):
        """Return what a revision freezes of it; the caption is the article's own."""
        files = [{key: file[key] for key in ("name", "width", "height")} for file in self.files]
        said = {"alt": self.alt, "credit": self.credit, "license": self.license}
        return said | {"width": self.width, "height": self.height, "files": files}

    @property
    def credit_line(self):
        """Who made it and under what license, as readers get it below the picture."""
        return ", ".join(filter(None, [self.credit, self.license]))

    @property
    def smallest(self):
        """The file that is shown where a small picture will do."""
        return smallest(self.files)

    @property
    def name(self):
        """The name of the file that stands for all of them in the text of an article."""
        return next(file["name"] for file in self.files if file["name"].startswith(self.sha256))
