"""The owner's logo: a PNG and nothing else, decoded and encoded again, in its place in the masthead."""

import datetime
import errno
import io
import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, PngImagePlugin
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Picture
from articles.pictures import files
from lupussite.models import Appearance
from lupussite.run.worker import forget_pictures
from tests.test_appearance import choose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def image(width=400, height=100, kind="PNG", **how):
    """Return the bytes of a picture with a transparent edge."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((122, 40, 87, 255), (4, 4, max(width - 4, 5), max(height - 4, 5)))
    data = io.BytesIO()
    (picture if kind in {"PNG", "WEBP"} else picture.convert("RGB")).save(data, kind, **how)
    return data.getvalue()


def send(client, data, filename="logo.png", **fields):
    return choose(client, logo_file=SimpleUploadedFile(filename, data, "image/png"), **fields)


def shown(client):
    """Return the address, width and height of the logo in the masthead, or nothing."""
    found = re.search(r'<img class="logo" src="([^"]*)" width="(\d+)" height="(\d+)"', client.get("/about/").content.decode())
    return found and (found[1], int(found[2]), int(found[3]))


def test_a_logo_is_in_the_masthead_with_its_size_and_served_for_ever(admin_client, client):
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "canary of whoever drew it")
    sent = image(pnginfo=about)
    assert send(admin_client, sent, filename="ours").status_code == 302
    address, width, height = shown(client)
    assert (width, height) == (176, 44)
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"canary" in sent
    assert b"canary" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (400, 100)
    assertContains(client.get("/"), 'alt=""')


def test_a_logo_that_says_the_name_is_not_followed_by_it(admin_client, client):
    send(admin_client, image(), name="Wolf", logo_has_name="on")
    mark = re.search(r'<a class="wordmark".*?</a>', client.get("/about/").content.decode(), re.DOTALL)[0]
    assert 'alt="Wolf"' in mark
    assert re.sub(r"<[^>]*>", "", mark).strip() == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(2 * 1024 * 1024), "too large. It can have up to 2 MB."),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "SVG files can contain",
        ),
        (b"<svg/>", "SVG files can contain"),
        (image(kind="JPEG"), "A logo has to be a PNG file."),
        (image(kind="WEBP"), "A logo has to be a PNG file."),
        (image()[:60], "damaged"),
        (image()[:-200], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"junk" * 20, "damaged"),
        (image(400, 43), "at least 44 pixels high"),
        (image(2000, 100), "unusual shape"),
        (image(50, 200), "unusual shape"),
        (image(kind="PNG", save_all=True, append_images=[Image.new("RGBA", (400, 100), "red")]), "animated"),
    ],
    ids=["empty", "large", "svg", "short svg", "jpeg", "webp", "head only", "cut", "junk", "low", "wide", "high", "animated"],
)
def test_what_is_no_logo_is_refused_with_the_reason(admin_client, client, data, words):
    assertContains(send(admin_client, data, motto="Kept words"), words)
    assert not Appearance.objects.exists()
    assert shown(client) is None


def test_fifty_megabytes_are_refused_with_the_limit(admin_client):
    answer = send(admin_client, image() + bytes(50 * 1024 * 1024))
    assertContains(answer, "A logo can have up to 2 MB", status_code=413)


def test_a_logo_that_was_previewed_is_saved_without_being_sent_again(admin_client, client):
    page = send(admin_client, image(), _preview="1")
    key = re.search(r'name="previewed_logo" value="([^"]+)"', page.content.decode())[1]
    assertContains(admin_client.get("/admin/lupussite/appearance/preview/"), 'class="logo"')
    assert shown(client) is None
    choose(admin_client, previewed_logo=key)
    assert shown(client)


@pytest.mark.parametrize("key", ["1", "junk", "MQ:abc:def"])
def test_no_other_picture_becomes_the_logo_by_its_number(admin_client, client, key):
    send(admin_client, image(), _preview="1")
    choose(admin_client, previewed_logo=key)
    assert shown(client) is None


def test_the_butterfly_comes_back(admin_client, client):
    send(admin_client, image())
    page = admin_client.get("/admin/lupussite/appearance/1/change/").content.decode()
    key = re.search(r'name="previewed_logo" value="([^"]+)"', page)[1]
    choose(admin_client, previewed_logo=key, motto="Still there")
    assert shown(client)
    choose(admin_client, previewed_logo=key, remove_logo="on")
    assert shown(client) is None
    assertNotContains(admin_client.get("/admin/lupussite/appearance/1/change/"), "butterfly back")


def test_a_logo_outlives_the_pictures_that_no_text_uses(admin_client, client):
    send(admin_client, image(300, 100))
    first = shown(client)[0].rpartition("/")[2]
    send(admin_client, image())
    second = shown(client)[0].rpartition("/")[2]
    Picture.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=91))
    forget_pictures({})
    assert [picture.name for picture in Picture.objects.all()] == [second]
    assert first != second
    assert files.path_of(second).exists()


def test_a_full_disk_is_said_and_nothing_is_kept(admin_client, client, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    assertContains(send(admin_client, image(), motto="Kept words"), "disk is full")
    assert not Picture.objects.exists()
