"""Who made a picture and under what license: known once for all articles, and frozen with each text that is sent to review.

A change reaches no page by itself. What is signed keeps the words that were signed; the drafts that show the picture say the
new ones from now on, and their history says who changed them.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, ArticleEvent, Picture
from articles.workflow import log


def drafts_with(picture: Picture) -> QuerySet[Article]:
    """Return the articles whose working copy shows a picture, by title."""
    return Article.objects.filter(body__contains=f"/pictures/{picture.sha256}.").order_by("title", "pk")


@transaction.atomic
def change(picture: Picture, *, by: User, credit: str, license: str) -> None:
    """Give a picture another credit and license, and note it in the history of each draft that shows it."""
    held = Picture.objects.select_for_update(no_key=True).get(pk=picture.pk)
    before = held.credit_line
    held.credit, held.license = credit, license
    if held.credit_line == before:
        return
    held.save(update_fields=["credit", "license"])
    picture.credit, picture.license = credit, license
    nothing = _("none")
    note = _("Credit of the picture “{picture}” changed from “{old}” to “{new}”.").format(
        picture=held, old=before or nothing, new=held.credit_line or nothing
    )
    for article in drafts_with(held).only("pk"):
        # Words that are frozen with the text: who changes them is one of its editors.
        log(article, ArticleEvent.Kind.SAVED, by=by, note=note)
