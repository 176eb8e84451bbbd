"""What the owner chose for the whole site: its name, who runs it, its look. What is left blank is as the environment says."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from articles.models import Picture
from lupussite.colors import Colors
from lupussite.models.page import Page
from lupussite.remembered import site
from web.prepared import Prepared


class AppearanceQuerySet(models.QuerySet):
    """The one row, or none."""

    def logos(self):
        """Return the address of the logo as a text would name it."""
        return self.filter(logo__isnull=False).values_list(Concat(Value("/pictures/"), "logo__sha256", Value(".")), flat=True)


class Appearance(models.Model):
    """How the site presents itself; one row, or none while nothing was chosen."""

    name = models.CharField(_("name of the site"), max_length=60, blank=True)
    motto = models.CharField(
        _("motto"), max_length=120, blank=True, help_text=_("A few words next to the name, at the top of every page.")
    )
    owner = models.CharField(_("who runs the site"), max_length=120, blank=True, help_text=_("A person or an organization."))
    contact_email = models.EmailField(
        _("contact email"), blank=True, help_text=_("Readers see it at the foot of every page, so choose one that you read.")
    )
    owner_address = models.CharField(
        _("postal address"), max_length=300, blank=True, help_text=_("Where a letter reaches you. It's on the privacy page.")
    )
    processors = models.CharField(
        _("who works for you"),
        max_length=500,
        blank=True,
        help_text=_("Who hosts the site and sends its email, by name. It's on the privacy page."),
    )
    complaint_authority = models.CharField(
        _("where to complain"), max_length=200, blank=True, help_text=_("The data protection authority, by name.")
    )
    imprint = models.ForeignKey(
        Page,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imprint"),
        help_text=_("Which of your own pages says who is responsible. While it's online, every page links to it."),
    )
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=40,
        blank=True,
        help_text=_("Such as 911 or 112. Leave it blank if your readers live in several countries."),
    )
    home_title = models.CharField(_("title of the home page"), max_length=120, blank=True)
    home_introduction = models.TextField(
        _("introduction on the home page"),
        max_length=1000,
        blank=True,
        help_text=_("Plain text. A blank line begins a new paragraph."),
    )
    footer = models.TextField(
        _("lines at the foot of every page"),
        max_length=1000,
        blank=True,
        help_text=_("Plain text, one line each, below what the site says itself."),
    )
    hides_about = models.BooleanField(
        _("leave “About” out of the menu"),
        default=False,
        help_text=_("For when a page of your own says who you are. The foot of every page still leads to it."),
    )
    colors = models.CharField(_("colors"), max_length=12, choices=Colors, default=Colors.DAMSON)
    logo = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo"))
    logo_has_name = models.BooleanField(
        _("the logo says the name"), default=False, help_text=_("The name isn't written next to it then.")
    )

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("name and look")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="lupussite_one_appearance"),
            models.CheckConstraint(condition=Q(colors__in=Colors.values), name="lupussite_appearance_colors_are_checked"),
        ]

    def __str__(self):
        return str(_("Name and look"))

    def save(self, *args, **kwargs):
        """Save, and have the next page of this process say it."""
        super().save(*args, **kwargs)
        site.forget()

    @classmethod
    def current(cls):
        """Return the row, or a blank one while nothing was chosen."""
        for row in _current():
            row.imprint = next(iter(_page(row.imprint_id)), None) if row.imprint_id else None
            row.logo = next(iter(_logo(row.logo_id)), None) if row.logo_id else None
            return row
        return cls(pk=1)


# Asked again after every write, for the next page.
_current = Prepared(lambda: Appearance.objects.filter(pk=1))
_page = Prepared(lambda page: Page.objects.filter(pk=page).defer("body"), int)
_logo = Prepared(lambda picture: Picture.objects.filter(pk=picture), int)
