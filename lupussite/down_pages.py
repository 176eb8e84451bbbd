"""The pages that the server in front shows without the site: while it restarts, and for what is too large to pass on.

The worker writes them anew when the owner chose another name or other colors, into the folder that DOWN_PAGES names.
"""

import logging
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from lupussite import appearance

log = logging.getLogger("lupussite.down_pages")
STATIC = settings.BASE_DIR / "lupussite" / "static"
STYLE, COLORS = "site.css", "colors.css"
PAGES = {
    "down.html": (
        _("We'll be right back"),
        _(
            "The site is restarting. Please try again in a minute. If you just sent a form, go back: "
            "your browser still has what you wrote, and you can send it again."
        ),
    ),
    "413.html": (
        _("That's too long"),
        _(
            "A form can be up to 256 kilobytes. We didn't save anything. Please go back, shorten your text and send it again. "
            "If you work here: a logo can have up to 2 MB, a picture up to 12 MB."
        ),
    ),
}


def write(folder: Path) -> None:
    """Write each page, and the style sheets beside them: those of the site are gone while it is. Raises OSError."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    shown = appearance.current()
    for name, content in _files(shown).items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            # At once or not at all: the server in front may read it now.
            draft = folder / f".{name}"
            draft.write_bytes(content)
            draft.chmod(0o644)
            draft.replace(folder / name)


def keep_current() -> None:
    """Write what changed, where the server in front is told to look; a full disk only leaves the old ones."""
    if settings.DOWN_PAGES:
        try:
            write(Path(settings.DOWN_PAGES))
        except OSError as error:
            log.warning("the pages for the server in front can't be written", exc_info=error)


def _files(shown):
    """Return name -> content."""
    sheets = {STYLE: "lupussite/site.css"} | ({COLORS: shown.style_sheet} if shown.style_sheet else {})
    files = {name: (STATIC / sheet).read_bytes() for name, sheet in sheets.items()}
    for name, (title, words) in PAGES.items():
        context = {"SITE_NAME": shown.name, "title": title, "words": words, "styles": [f"/.down/{sheet}" for sheet in sheets]}
        files[name] = render_to_string("down.html", context).encode()
    return files
