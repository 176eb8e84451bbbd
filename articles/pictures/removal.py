"""Pictures that no text uses go after 90 days. Saved drafts stay as long, so a picture outlives its last use by as much."""

import datetime
import json
import re

from django.utils import timezone

from articles.models import Article, Picture, Revision, SavedDraft, UnsavedDraft
from articles.pictures import files

KEPT = datetime.timedelta(days=90)
_NAMED = re.compile(r"/pictures/([0-9a-f]{64})\.")
_AT_ONCE = 100


def used() -> set[str]:
    """Return the hashes of the pictures that any text names, frozen, saved or only typed; reads them as streams."""
    found: set[str] = set()
    for model, field in ((Article, "body"), (Revision, "content"), (SavedDraft, "content"), (UnsavedDraft, "fields")):
        for text in model.objects.order_by().values_list(field, flat=True).iterator(chunk_size=_AT_ONCE):
            found.update(_NAMED.findall(text if isinstance(text, str) else json.dumps(text)))
    return found


def forget(payload: dict) -> None:
    """Remove the rows, then the files, of what has had its time; a file that another picture has too stays."""
    until = timezone.now() - KEPT
    old = Picture.objects.filter(uploaded_at__lt=until)
    if not old.exists():
        return
    removed: set[str] = set()
    for picture in old.exclude(sha256__in=used()):
        # Not one that was uploaded again just now.
        if Picture.objects.filter(pk=picture.pk, uploaded_at__lt=until).delete()[0]:
            removed |= {file["name"] for file in picture.files}
    kept = {file["name"] for listed in Picture.objects.values_list("files", flat=True) for file in listed}
    for name in removed - kept:
        files.path_of(name).unlink(missing_ok=True)


HANDLERS = {"forget_pictures": forget}
