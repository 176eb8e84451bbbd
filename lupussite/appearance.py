"""What the site says of itself on every page, in mails and in feeds: what its owner chose, else what the environment says.

`current()` stands in settings.APPEARANCE, by which apps that know nothing of this one ask.
"""

import contextlib
import contextvars
import dataclasses
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from lupussite.colors import SAMPLES, Colors, style_sheet
from lupussite.logo import HEIGHT as LOGO_HEIGHT
from lupussite.models import Appearance, Page
from lupussite.remembered import site
from web.prepared import Prepared


@dataclasses.dataclass(frozen=True)
class Link:
    """A link to one of the owner's own pages."""

    title: str
    path: str


@dataclasses.dataclass(frozen=True)
class Logo:
    """The file of a logo, and the size in which the masthead shows it."""

    path: str
    width: int
    height: int


@dataclasses.dataclass(frozen=True)
class Shown:
    """What was chosen; `scheme` is "light" or "dark" in a preview alone."""

    chosen_name: str = ""
    chosen_owner: str = ""
    chosen_email: str = ""
    chosen_address: str = ""
    chosen_processors: str = ""
    chosen_authority: str = ""
    motto: str = ""
    emergency_number: str = ""
    home_title: str = ""
    home_introduction: str = ""
    footer: str = ""
    hides_about: bool = False
    colors: str = Colors.DAMSON
    logo: Logo | None = None
    logo_has_name: bool = False
    imprint: Link | None = None
    menu: tuple[Link, ...] = ()
    scheme: str = ""

    @property
    def name(self) -> str:
        """The name of the site."""
        return self.chosen_name or settings.SITE_NAME

    @property
    def owner(self) -> str:
        """Who runs it, or nothing."""
        return self.chosen_owner or settings.SITE_OWNER

    @property
    def contact_email(self) -> str:
        """Where readers can write, or nothing."""
        return self.chosen_email or settings.CONTACT_EMAIL

    @property
    def owner_address(self) -> str:
        """Where letters reach the owner, or nothing."""
        return self.chosen_address or settings.OWNER_ADDRESS

    @property
    def processors(self) -> str:
        """Who works for the owner, or nothing."""
        return self.chosen_processors or settings.PROCESSORS

    @property
    def complaint_authority(self) -> str:
        """Who hears complaints, or nothing."""
        return self.chosen_authority or settings.COMPLAINT_AUTHORITY

    @property
    def home_paragraphs(self) -> list[str]:
        """The introduction of the home page."""
        return [" ".join(part.split()) for part in self.home_introduction.replace("\r", "").split("\n\n") if part.strip()]

    @property
    def footer_lines(self) -> list[str]:
        """What the foot of every page says besides."""
        return lines_of(self.footer)

    @property
    def style_sheet(self) -> str:
        """The static file with the colors, or nothing."""
        return style_sheet(self.colors)

    @property
    def ground(self) -> dict[str, str]:
        """The color of the paper in light and dark."""
        (light, _link), (dark, _link_in_dark) = SAMPLES[self.colors]
        return {"light": light, "dark": dark}

    def for_templates(self) -> dict:
        """Return what every template knows."""
        return {
            "look": self,
            "scheme": self.scheme,
            "SITE_NAME": self.name,
            "SITE_OWNER": self.owner,
            "SITE_URL": settings.SITE_URL,
            "CONTACT_EMAIL": self.contact_email,
            "OWNER_ADDRESS": self.owner_address,
            "PROCESSORS": self.processors,
            "COMPLAINT_AUTHORITY": self.complaint_authority,
        }


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something, without the spaces around."""
    return [line.strip() for line in text.splitlines() if line.strip()]


_instead: contextvars.ContextVar[Shown | None] = contextvars.ContextVar("appearance", default=None)


def current() -> Shown:
    """Return what readers are shown now; almost always without a query."""
    return _instead.get() or site.get(_read, Shown())


def known() -> Shown:
    """Return what this process knew last, without asking the database: for the page that says that it doesn't answer."""
    return _instead.get() or site.known(Shown())


@contextlib.contextmanager
def shown_instead(shown: Shown) -> Iterator[None]:
    """Show this for a while, in this thread alone: a preview."""
    token = _instead.set(shown)
    try:
        yield
    finally:
        _instead.reset(token)


def as_shown(row: Appearance, *, scheme: str = "") -> Shown:
    """Return what readers would be shown if that were saved."""
    return Shown(
        chosen_name=row.name,
        chosen_owner=row.owner,
        chosen_email=row.contact_email,
        chosen_address=row.owner_address,
        chosen_processors=row.processors,
        chosen_authority=row.complaint_authority,
        motto=row.motto,
        emergency_number=row.emergency_number,
        home_title=row.home_title,
        home_introduction=row.home_introduction,
        footer=row.footer,
        hides_about=row.hides_about,
        colors=row.colors,
        logo=_logo(row.logo) if row.logo else None,
        logo_has_name=row.logo_has_name,
        imprint=_link(row.imprint) if row.imprint and row.imprint.is_public else None,
        menu=tuple(_link(page) for page in _menu()),
        scheme=scheme,
    )


_menu = Prepared(lambda: Page.objects.in_menu().only("title", "slug"))


def _read():
    return as_shown(Appearance.current())


def _link(page):
    return Link(page.title, page.get_absolute_url())


def _logo(picture):
    """Return the smallest file that is sharp on a fine screen, and no WebP, which not every browser shows."""
    files = [file for file in picture.files if not file["name"].endswith(".webp")]
    file = next((file for file in files if file["height"] >= 2 * LOGO_HEIGHT), files[-1])
    width = max(round(file["width"] * LOGO_HEIGHT / file["height"]), 1)
    return Logo(reverse("articles:picture", args=[file["name"]]), width, LOGO_HEIGHT)
