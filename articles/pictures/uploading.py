"""What happens between an editor's choosing a picture and its row: encoded anew, its files on the disk, then the row."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Picture
from articles.pictures import credits, files
from articles.pictures.encoding import encoded


def upload(data: bytes, *, by: User, **words) -> Picture:
    """Keep a picture and return its row; the same picture is kept once, with the newest words.

    `words` are fields of `Picture`; a blank credit or license takes nothing away. Raises `encoding.Refused` with words, and
    OSError when the disk takes no more; then nothing was kept.
    """
    sha256, facts = _kept(data)
    owed = {key: words.pop(key, "") for key in ("credit", "license")}
    with transaction.atomic():
        picture, is_new = Picture.objects.update_or_create(
            sha256=sha256,
            # Its 90 days without a text begin anew.
            defaults=words | {"uploaded_at": timezone.now()},
            create_defaults=facts | words | owed | {"uploaded_by": by},
        )
        if not is_new:
            known = {"credit": picture.credit, "license": picture.license}
            credits.change(picture, by=by, **known | {key: value for key, value in owed.items() if value})
    return picture


def bring(data: bytes, **words) -> Picture:
    """Keep a picture that nobody here uploaded, such as one of an earlier site; one that is here keeps its words.

    Raises like `upload`.
    """
    sha256, facts = _kept(data)
    picture, is_new = Picture.objects.get_or_create(sha256=sha256, defaults=facts | words)
    if not is_new:
        Picture.objects.filter(pk=picture.pk).update(uploaded_at=timezone.now())
    return picture


def _kept(data):
    """Keep the files of a picture, and return its hash and the columns that say what there is of it."""
    made = encoded(data)
    named = next(file for file in reversed(made) if file.ending != "webp")
    # First the files: a row whose files are missing would be a hole in a page.
    files.keep(made)
    rows = [{"name": files.name_of(file), "width": file.width, "height": file.height, "bytes": len(file.data)} for file in made]
    return named.sha256, {"files": rows, "width": named.width, "height": named.height}
