"""An editor's picture from the upload to its address: who may, what is kept, what is said when it is not."""

import errno
import hashlib
import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles.models import Picture
from articles.pictures import files
from tests.articles.test_pictures import photo, saved
from tests.factories import make_user

UPLOAD = "/admin/articles/article/picture/"


@pytest.fixture
def folder(settings, tmp_path):
    """An empty folder for the files."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "pictures"


@pytest.fixture
def editor(client, db, folder):
    """An editor who is signed in."""
    user = make_user("Editors")
    client.force_login(user)
    return user


def upload(client, data, name="a.jpg", **words):
    """Return the answer to an upload."""
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), "alt": "A hat"} | words)


def test_an_upload_is_answered_with_what_the_text_needs(client, editor, folder):
    answer = upload(client, saved(photo()), caption="In spring", credit="Ana", license="CC BY 4.0")
    picture = Picture.objects.get()
    assert answer.json() == {
        "src": f"/pictures/{picture.sha256}.jpg",
        "width": 800,
        "height": 600,
        "alt": "A hat",
        "caption": "In spring",
    }
    assert (picture.credit, picture.license, picture.uploaded_by) == ("Ana", "CC BY 4.0", editor)
    assert {path.name for path in folder.glob("*/*")} == {file["name"] for file in picture.files}


def test_the_ending_of_a_name_says_nothing(client, editor):
    assert upload(client, saved(photo()), name="a.html").json()["src"].endswith(".jpg")
    assert upload(client, b"<html></html>", name="a.jpg").status_code == 422


def test_a_file_has_an_address_that_never_changes(client, editor):
    address = upload(client, saved(photo())).json()["src"]
    client.logout()
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in answer.headers
    assert not answer.cookies
    assert Image.open(io.BytesIO(answer.content)).size == (800, 600)
    assert hashlib.sha256(answer.content).hexdigest() == Picture.objects.get().sha256


@pytest.mark.parametrize("name", ["a.jpg", "0" * 64, "0" * 64 + ".jpg", "0" * 64 + ".svg", "..%2f..%2fkeys%2fsecret-key"])
def test_no_other_address_leads_to_a_file(client, db, folder, name):
    assert client.get(f"/pictures/{name}").status_code == 404


def test_the_same_picture_twice_is_kept_once_with_the_newest_words(client, editor, folder):
    first = upload(client, saved(photo()), credit="Ana")
    second = upload(client, saved(photo(), comment=b"Another file of the same picture"), alt="A red hat")
    assert first.json()["src"] == second.json()["src"]
    picture = Picture.objects.get()
    assert (picture.alt, picture.credit) == ("A red hat", "Ana")
    assert len(list(folder.glob("*/*"))) == len(picture.files)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"alt": ""}, "describe the picture"),
        ({"alt": " "}, "describe the picture"),
        ({"alt": "a" * 2000}, "at most 500 characters"),
    ],
)
def test_a_picture_needs_a_description_of_a_sensible_length(client, editor, words, said):
    answer = upload(client, saved(photo()), **words)
    assert answer.status_code == 422
    assert said in answer.json()["error"]
    assert not Picture.objects.exists()


def test_a_decorative_picture_has_no_description(client, editor):
    assert upload(client, saved(photo()), is_decorative="on").json()["alt"] == ""
    assert Picture.objects.get().is_decorative


@pytest.mark.parametrize("data", [b"", b"<html></html>", bytes(12 * 1024 * 1024 + 1)], ids=["empty", "page", "large"])
def test_a_refused_file_leaves_nothing(client, editor, folder, data):
    answer = upload(client, data)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Picture.objects.exists()
    assert not folder.exists()


def test_no_file_is_said(client, editor):
    assert client.post(UPLOAD, {"alt": "A hat"}).json() == {"error": "Please choose a picture."}


def test_12_mb_come_through_and_no_more(client, editor):
    data = saved(photo())
    assert upload(client, data + bytes(12 * 1024 * 1024 - len(data))).status_code == 200
    assert upload(client, bytes(14 * 1024 * 1024)).status_code == 413


def test_a_disk_that_is_full_half_way_leaves_nothing_and_is_said(client, editor, folder, monkeypatch):
    synced, fsync = [], os.fsync

    def full(descriptor):
        synced.append(descriptor)
        if len(synced) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    answer = upload(client, saved(photo()))
    assert answer.status_code == 503
    assert "disk is full" in answer.json()["error"]
    assert len(synced) == 3
    assert not Picture.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_disk_that_cannot_be_written_is_said(client, editor, folder, monkeypatch, number):
    def refuse(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    answer = upload(client, saved(photo()))
    assert answer.status_code == 503
    assert "can't be written to" in answer.json()["error"]
    assert not Picture.objects.exists()


def test_a_file_that_is_gone_comes_back_with_the_next_upload(client, editor, folder):
    address = upload(client, saved(photo())).json()["src"]
    files.path_of(address.rpartition("/")[2]).unlink()
    assert client.get(address).status_code == 404
    upload(client, saved(photo()))
    assert client.get(address).status_code == 200


def test_files_are_for_the_site_alone(client, editor, folder):
    upload(client, saved(photo()))
    assert {path.stat().st_mode & 0o077 for path in folder.glob("*")} == {0}


def test_only_who_writes_articles_may_upload(client, moderator, folder):
    assert upload(client, saved(photo())).status_code == 302
    client.force_login(moderator)
    assert upload(client, saved(photo())).status_code == 403
    assert not folder.exists()
