"""The owner's own pages, such as "Contact": no articles, so nobody reviews them and no page says that somebody did."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.html import pictures, rendering
from articles.models import Picture
from lupussite.remembered import site


class PageQuerySet(models.QuerySet):
    """The owner's pages."""

    def public(self):
        """Return the pages that readers can open, in the order of the menu; those without a place there come last."""
        return self.filter(is_public=True).order_by(models.F("menu_place").asc(nulls_last=True), "title")

    def in_menu(self):
        """Return those of them that the menu of every page leads to."""
        return self.public().filter(menu_place__isnull=False)


class Page(models.Model):
    """A page of the owner's own; what is saved is online at once when it is public."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("web address"), max_length=100, unique=True, help_text=_("The last part of the page's address: /pages/…/")
    )
    body = models.TextField(_("text"), blank=True)
    menu_place = models.PositiveSmallIntegerField(
        _("place in the menu"), null=True, blank=True, help_text=_("1 comes first. Leave it blank to keep it out of the menu.")
    )
    is_public = models.BooleanField(_("online"), default=False, help_text=_("Readers can open it."))
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])

    def save(self, *args, **kwargs):
        """Save of the text what readers may get; raises articles.html.cleaning.TooDeep."""
        self.body = rendering.clean(self.body).html
        super().save(*args, **kwargs)
        site.forget()

    def delete(self, *args, **kwargs):
        """Delete it, and take it out of the menu of this process's next page."""
        deleted = super().delete(*args, **kwargs)
        site.forget()
        return deleted

    @property
    def body_html(self):
        """The cleaned text with its pictures, and a place to link to at each heading."""
        return rendering.finish(pictures.shown(self.body, Picture.objects.facts(self.body))[0], sources=0)
