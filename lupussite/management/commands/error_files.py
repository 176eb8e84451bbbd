import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

STYLE = settings.BASE_DIR / "lupussite/static/lupussite/site.css"
PAGES = {
    "down.html": (
        "We'll be right back",
        "The site is restarting. Please try again in a minute. If you just sent a form, go back: "
        "your browser still has what you wrote, and you can send it again.",
    ),
    "413.html": (
        "That's too long",
        "A form can be up to 256 kilobytes. We didn't save anything. Please go back, shorten your text and send it again. "
        "If you work here: a logo can have up to 2 MB, a picture up to 12 MB.",
    ),
}


class Command(BaseCommand):
    """`manage.py error_files FOLDER`, for the server in front: what it shows without the site."""

    help = "Write the pages that the web server in front shows while the site restarts, in the site's look."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        """Write each page, and the one style sheet beside them: those of the site are gone while it is."""
        folder.mkdir(exist_ok=True)
        for name, (title, words) in PAGES.items():
            context = {"SITE_NAME": settings.SITE_NAME, "title": title, "words": words, "style": "/.down/site.css"}
            (folder / name).write_text(render_to_string("down.html", context), encoding="utf-8")
        shutil.copy(STYLE, folder / "site.css")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)
