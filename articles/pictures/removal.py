"""Pictures that no text uses go after 90 days. Saved drafts stay as long, so a picture outlives its last use by as much.

Files go by the rows alone, and by their own age: an upload writes its files first, and those of the same picture may be there.
"""

import datetime
import json
import re

from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, Picture, Revision, SavedDraft, UnsavedDraft
from articles.pictures import files

KEPT = datetime.timedelta(days=90)
_NAMED = re.compile(r"/pictures/([0-9a-f]{64})\.")
_AT_ONCE = 100


def used(*others: QuerySet) -> set[str]:
    """Return the hashes of the pictures that any text names, frozen, saved or only typed; reads them as streams.

    `others` are texts that are no articles, one a row.
    """
    found: set[str] = set()
    places = ((Article, "body"), (Revision, "content"), (SavedDraft, "content"), (UnsavedDraft, "fields"))
    for texts in (*(model.objects.order_by().values_list(field, flat=True) for model, field in places), *others):
        for text in texts.iterator(chunk_size=_AT_ONCE):
            found.update(_NAMED.findall(text if isinstance(text, str) else json.dumps(text)))
    return found


def forget(payload: dict, *others: QuerySet) -> None:
    """Remove the rows of pictures that have had their time, then the files that no row names any more."""
    until = timezone.now() - KEPT
    old = Picture.objects.filter(uploaded_at__lt=until)
    if old.exists():
        # One statement, so not one that is uploaded again just now.
        old.exclude(sha256__in=used(*others)).delete()
    rows = Picture.objects.values_list("files", flat=True).order_by().iterator()
    for path in files.unnamed((file["name"] for listed in rows for file in listed), until=until.timestamp()):
        path.unlink(missing_ok=True)


HANDLERS = {"forget_pictures": forget}
