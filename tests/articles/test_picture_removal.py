"""Pictures that no text uses are removed after 90 days, and no others."""

import datetime
import os

import pytest
from django.utils import timezone

from articles.models import Article, Picture, SavedDraft, UnsavedDraft
from articles.pictures import files, removal
from articles.pictures.encoding import encoded
from articles.pictures.uploading import upload
from tests.articles.test_pictures import photo, saved
from tests.factories import make_article, make_published, make_user

AGE = datetime.timedelta(days=91)


@pytest.fixture
def picture(db, settings, tmp_path):
    """A picture that was uploaded 91 days ago."""
    settings.DATA_DIR = tmp_path
    picture = upload(saved(photo()), by=make_user("Editors"), alt="A hat")
    Picture.objects.update(uploaded_at=timezone.now() - AGE)
    age(tmp_path)
    return picture


def age(folder):
    """Let all files in the folder be 91 days old."""
    then = (timezone.now() - AGE).timestamp()
    for path in folder.rglob("*.*"):
        os.utime(path, (then, then))


def is_there(picture):
    """Return whether the row and all files are there; fails when only some of them are."""
    there = {files.path_of(file["name"]).exists() for file in picture.files}
    assert there == {Picture.objects.filter(pk=picture.pk).exists()}
    return there == {True}


def test_a_picture_that_no_text_uses_goes_with_its_files(picture):
    removal.forget({})
    assert not is_there(picture)


def test_a_young_picture_stays_and_one_that_was_uploaded_again(picture):
    upload(saved(photo()), by=picture.uploaded_by, alt="A hat")
    removal.forget({})
    assert is_there(picture)


def as_working_copy(html):
    make_article(body=html)


def as_published_and_taken_out(html):
    make_published(body=html)
    Article.objects.update(body="<p>Other words.</p>")


def as_saved(html):
    article = make_article(body=html)
    SavedDraft.objects.create(article=article, content=SavedDraft.content_of(article))
    Article.objects.update(body="<p>Other words.</p>")


def as_typed(html):
    UnsavedDraft.objects.create(user=make_user("Editors"), tab="1", fields=[["body", html]])


@pytest.mark.parametrize("use", [as_working_copy, as_published_and_taken_out, as_saved, as_typed])
def test_a_picture_that_any_text_uses_stays(picture, use):
    use(f'<p>Words.</p><figure><img alt="A hat" src="/pictures/{picture.name}"></figure>')
    removal.forget({})
    assert is_there(picture)
    assert files.wrong([picture.as_dict()]) == []


def test_a_file_that_another_picture_has_too_stays(picture):
    other = upload(saved(photo(700, 500)), by=picture.uploaded_by, alt="Another hat")
    Picture.objects.filter(pk=other.pk).update(files=[*other.files, picture.files[0]])
    removal.forget({})
    assert files.path_of(picture.files[0]["name"]).exists()
    assert not files.path_of(picture.files[1]["name"]).exists()


def test_files_that_no_row_names_go_when_they_are_old(picture, tmp_path):
    folder = files.path_of(picture.name).parent
    (folder / ".draft-of-a-killed-process").write_bytes(b"half")
    files.path_of("0" * 64 + ".jpg").parent.mkdir()
    files.path_of("0" * 64 + ".jpg").write_bytes(b"its row was never written")
    Picture.objects.update(uploaded_at=timezone.now())
    removal.forget({})
    assert len(list(tmp_path.rglob("*.*"))) == len(picture.files) + 2, "what is young may belong to an upload at this moment"
    age(tmp_path)
    removal.forget({})
    assert {path.name for path in tmp_path.rglob("*.*")} == {file["name"] for file in picture.files}


def test_files_of_an_upload_that_has_no_row_yet_stay(picture, tmp_path):
    """The row of the same picture goes while its files are kept again: they are those of the new row."""
    files.keep(encoded(saved(photo())))
    removal.forget({})
    assert not Picture.objects.exists()
    assert {path.name for path in tmp_path.rglob("*.*")} == {file["name"] for file in picture.files}
