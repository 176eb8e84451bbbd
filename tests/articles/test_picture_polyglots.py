"""Files that are a picture and something else at once: of what is uploaded only the pixels are ever served, and as a picture."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from articles.models import Picture
from lupussite.models import Appearance
from tests.articles.test_picture_uploads import upload
from tests.articles.test_pictures import photo, saved
from tests.factories import make_user
from tests.test_appearance import choose

pytestmark = pytest.mark.django_db
CODE = b"<?php system($_GET['c']); ?><html><script>alert('canary')</script></html>"


@pytest.fixture
def editor(client, settings, tmp_path):
    """An editor who is signed in, and an empty folder for the files."""
    settings.DATA_DIR = tmp_path
    client.force_login(make_user("Editors"))


def chunk(kind, data):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more, width=400, height=100):
    """Return a PNG with further chunks before its pixels."""
    data = saved(photo(width, height), "PNG")
    head = 8 + 25  # The signature and the IHDR.
    return data[:head] + b"".join(more) + data[head:]


def jar():
    """Return an archive, which is read from its end, so that anything may stand before it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("Canary.class", CODE)
    return data.getvalue()


def segment(marker, data):
    """Return a segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments):
    """Return a JPEG with further segments at its beginning."""
    return b"\xff\xd8" + b"".join(segments) + saved(photo())[2:]


def riff(kind, data):
    """Return a WebP with one more chunk at its end."""
    picture = saved(photo(), "WEBP", exif=Image.Exif())
    whole = picture[8:] + kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def gif(*blocks):
    """Return a GIF with comments before its pixels."""
    data = saved(photo(mode="P"), "GIF")
    head = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    said = b"".join(b"\x21\xfe" + bytes([len(block)]) + block + b"\0" for block in blocks)
    return data[:head] + said + data[head:]


def profile():
    """Return a color profile whose name is a program."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return struct.pack(">I", len(plain) + len(CODE)) + plain[4:] + CODE


EXIF = Image.Exif()
EXIF[0x010E] = EXIF[0x9C9B] = CODE.decode()
POLYGLOTS = {
    "a GIF and an archive": gif() + jar(),
    "a JPEG and an archive": saved(photo()) + jar(),
    "a GIF with a page in a comment": gif(CODE),
    "a GIF that is a script": gif(b"*/=1;alert('canary')//"),
    "a JPEG with a page in a comment": jpeg(segment(0xFE, CODE)),
    "a JPEG with a page in each kind of segment": jpeg(*[segment(0xE0 + number, b"X\0" + CODE) for number in range(2, 16)]),
    "a JPEG with a page behind it": saved(photo()) + CODE,
    "a JPEG that is a document": jpeg(segment(0xFE, b"%PDF-1.5\n1 0 obj<</JS(alert('canary'))>>endobj")),
    "a JPEG with a program in its facts": saved(photo(), exif=EXIF),
    "a JPEG with a program in its profile": saved(photo(), icc_profile=profile()),
    "a JPEG with a page in its XMP": saved(photo(), xmp=CODE),
    "a WebP with a page in a chunk": riff(b"CODE", CODE),
    "a WebP with a page behind it": saved(photo(), "WEBP") + CODE,
    "a PNG with a program in a text": png(chunk(b"tEXt", b"Comment\0" + CODE)),
    "a PNG with a program in a packed text": png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(CODE))),
    "a PNG with a program in a stored text": png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(CODE, 0))),
    "a PNG with a program in a long text": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CODE)),
    "a PNG with a program in its facts": png(chunk(b"eXIf", EXIF.tobytes())),
    "a PNG with a program in its profile": png(chunk(b"iCCP", b"canary\0\0" + zlib.compress(profile(), 0))),
    "a PNG with a program in a chunk of its own": png(chunk(b"coDe", CODE)),
    "a PNG with a program behind it": png() + CODE,
    "a PNG and an archive": png() + jar(),
}


@pytest.mark.parametrize("name", POLYGLOTS)
@pytest.mark.parametrize("ending", ["php", "html", "png"])
def test_of_a_picture_that_is_something_else_too_only_the_pixels_are_served(client, editor, name, ending):
    data = POLYGLOTS[name]
    assert CODE in data or b"canary" in data or b"Canary" in data or zlib.compress(CODE) in data
    assert upload(client, data, name=f"a.{ending}").status_code == 200
    for file in Picture.objects.get().files:
        answer = client.get(f"/pictures/{file['name']}")
        assert answer.headers["Content-Type"] in {"image/jpeg", "image/png", "image/webp"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        for word in (b"canary", b"Canary", b"script", b"<?php", b"PK\3\4", b"%PDF"):
            assert word not in answer.content


@pytest.mark.parametrize("name", [name for name, data in POLYGLOTS.items() if data.startswith(b"\x89PNG")])
def test_of_a_logo_that_is_something_else_too_only_the_pixels_are_served(client, admin_client, settings, tmp_path, name):
    settings.DATA_DIR = tmp_path
    choose(admin_client, logo_file=SimpleUploadedFile("a.png", POLYGLOTS[name], "image/png"))
    for file in Appearance.objects.get().logo.files:
        answer = client.get(f"/pictures/{file['name']}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"anary" not in answer.content


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LARGE = struct.pack(">II", 60_000, 60_000)
BROKEN = {
    "an SVG": SVG,
    "an SVG behind a mark of its encoding": b"\xef\xbb\xbf" + SVG,
    "an SVG in wide letters": SVG.decode().encode("utf-16"),
    "an SVG behind a comment": b"<!--" + b" " * 2000 + b"-->" + SVG,
    "a page": CODE,
    "a signature and a page": b"\x89PNG\r\n\x1a\n" + CODE,
    "the head of a JPEG and a page": b"\xff\xd8\xff\xe0" + CODE,
    "a PNG of 60,000 pixels a side": png()[:16] + LARGE + png()[24:],
    "a JPEG of 65,535 pixels a side": b"\xff\xd8" + segment(0xC0, b"\x08\xff\xff\xff\xff\x01\x01\x11\0") + b"\xff\xd9",
    "a GIF of 65,535 pixels a side": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
    "a WebP of 16,384 pixels a side": b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2,
    "a PNG without pixels a side": png()[:16] + bytes(8) + png()[24:],
    "a PNG cut within a chunk": png()[:45],
    "a JPEG cut within a segment": saved(photo())[:9],
    "a PNG with a text of 100 MB": png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000)))),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_picture_is_refused_and_not_kept(client, editor, settings, name):
    answer = upload(client, BROKEN[name], name="a.png")
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Picture.objects.exists()
    assert not (settings.DATA_DIR / "pictures").exists()
