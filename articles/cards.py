"""What chats and social networks show of an article when somebody sends its address: OpenGraph.

They keep a card for weeks, so what it says of the review holds for its date and not for "now".
"""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import review
from articles.html import rendering
from articles.record import Record
from web.site import site


def card(record: Record) -> dict[str, str]:
    """Return property -> content, the line about the review before the summary: networks cut what is long."""
    return {
        "og:type": "article",
        "og:site_name": site().name,
        "og:title": record.revision.title,
        "og:description": f"{review_line(record)} {rendering.plain_words(record.revision.summary)}",
        "og:url": f"{settings.SITE_URL}{record.article.get_absolute_url()}",
    } | _first_picture(record.revision.data.get("pictures", []))


def _first_picture(pictures: list[dict]) -> dict[str, str]:
    """Return the properties of the first picture of a frozen text: its widest file that isn't WebP."""
    if not pictures:
        return {}
    picture = pictures[0]
    name = next(file["name"] for file in picture["files"] if file["name"].startswith(picture["sha256"]))
    about = {"og:image:alt": picture["alt"]} if picture["alt"] else {}
    return {
        "og:image": f"{settings.SITE_URL}{reverse('articles:picture', args=[name])}",
        "og:image:width": str(picture["width"]),
        "og:image:height": str(picture["height"]),
    } | about


def review_line(record: Record) -> str:
    """Return in a sentence what the page says of its review today."""
    signature, kind = record.status.signature, record.reviewed_kind
    if kind == review.Kind.REVOKED:
        line = _("The approval of this page was withdrawn.")
    elif kind == review.Kind.CHANGED and signature:
        line = _("Changed on {day} and not reviewed since.").format(day=date_format(record.published_on))
    elif kind in {review.Kind.CHANGED, review.Kind.NOT_REVIEWED}:
        line = _("No reviewer has checked this page yet.")
    elif kind == review.Kind.STATED:
        line = _("{reviewed_by} {name}, according to our previous site.").format(
            reviewed_by=signature.verb, name=signature.person
        )
    else:
        words = _("{reviewed_by} {name} on {day}.")
        line = words.format(reviewed_by=signature.verb, name=signature.person, day=date_format(signature.read_on))
    if kind == review.Kind.OVERDUE:
        line += " " + _("The next review was due on {day}.").format(day=date_format(signature.valid_until))
    if record.status.kind == review.Kind.ARCHIVED:
        line = _("Kept for reference; not updated since {day}.").format(day=date_format(record.status.since)) + " " + line
    return line
