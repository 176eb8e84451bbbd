"""What becomes of the bytes of a picture: the files made from it, and every kind of file that is refused."""

import io

import pytest
from PIL import Image, ImageChops, ImageCms, features

from articles.pictures import encoding
from articles.pictures.encoding import Refused, encoded


def photo(width=800, height=600, mode="RGB"):
    """Return an image of many colors."""
    bands = [Image.linear_gradient("L").rotate(90 * turn).resize((width, height)) for turn in range(3)]
    return Image.merge("RGB", bands).convert(mode)


def saved(image, kind="JPEG", **how):
    """Return an image as the bytes of a file."""
    data = io.BytesIO()
    image.save(data, kind, **how)
    return data.getvalue()


def opened(file):
    """Return a file that was made, decoded."""
    return Image.open(io.BytesIO(file.data))


def test_a_photo_becomes_three_widths_of_two_kinds():
    made = encoded(saved(photo(2000, 1500)))
    assert [(file.ending, file.width, file.height) for file in made] == [
        ("webp", 480, 360),
        ("jpg", 480, 360),
        ("webp", 960, 720),
        ("jpg", 960, 720),
        ("webp", 1600, 1200),
        ("jpg", 1600, 1200),
    ]
    assert [opened(file).format for file in made[:2]] == ["WEBP", "JPEG"]
    assert all(opened(file).size == (file.width, file.height) for file in made)


def test_a_small_picture_is_not_blown_up():
    assert {file.width for file in encoded(saved(photo(300, 200)))} == {300}


@pytest.mark.parametrize(
    ("image", "kind", "ending"),
    [
        (photo(), "JPEG", "jpg"),
        (photo(mode="L"), "JPEG", "jpg"),
        (photo(), "PNG", "png"),
        (photo(), "WEBP", "jpg"),
        (photo(mode="P"), "GIF", "png"),
        (photo(mode="1"), "PNG", "png"),
        (Image.new("RGBA", (600, 400), (255, 0, 0, 100)), "PNG", "png"),
        (Image.new("LA", (600, 400), (9, 100)), "PNG", "png"),
    ],
)
def test_each_readable_kind_is_taken(image, kind, ending):
    assert {file.ending for file in encoded(saved(image, kind))} == {"webp", ending}


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GAIN_MAP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description hdrgm:Version="1.0"/></x:xmpmeta>'
PHONES = {
    "a progressive JPEG": {"progressive": True, "icc_profile": PROFILE},
    "a second picture in the file (MPO)": {"save_all": True, "append_images": [photo(200, 150)]},
    "a brightness map in the file (Ultra HDR)": {"save_all": True, "append_images": [photo(200, 150, "L")], "xmp": GAIN_MAP},
}


@pytest.mark.parametrize("name", PHONES)
def test_what_phones_write_is_taken_and_the_first_picture_of_a_file_is_shown(name):
    how = PHONES[name]
    turned = Image.Exif()
    turned[0x0112] = 6
    data = saved(photo(2000, 1500), "MPO" if "save_all" in how else "JPEG", exif=turned, **how)
    made = encoded(data)
    assert (made[-1].ending, made[-1].width, made[-1].height) == ("jpg", 1500, 2000)
    # Without the second picture it is the same.
    plain = encoded(saved(photo(2000, 1500), exif=turned))
    assert ImageChops.difference(opened(made[-1]), opened(plain[-1])).convert("L").getextrema()[1] < 12


def test_gray_of_16_bits_with_a_transparent_shade_is_taken():
    assert encoded(saved(Image.new("I;16", (600, 400), 32768), "PNG", transparency=7))[-1].ending == "png"


def test_what_is_transparent_stays_transparent():
    for file in encoded(saved(Image.new("RGBA", (600, 400), (255, 0, 0, 100)), "PNG")):
        assert opened(file).convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 100)


def test_sixteen_bits_a_pixel_are_not_white():
    image = Image.new("I;16", (600, 400), 32768)
    assert opened(encoded(saved(image, "PNG"))[-1]).convert("L").getpixel((5, 5)) == 128


def test_the_same_bytes_give_the_same_files():
    data = saved(photo())
    assert encoded(data) == encoded(data)


def test_nothing_but_the_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "CanaryMaker"
    exif.get_ifd(0x8825)[29] = "CanaryPlace"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = {
        "JPEG": {"exif": exif, "comment": b"CanaryWords", "icc_profile": profile, "xmp": b"CanaryXmp"},
        "PNG": {"exif": exif, "icc_profile": profile},
        "WEBP": {"exif": exif, "icc_profile": profile, "xmp": b"CanaryXmp"},
    }
    for kind, more in sent.items():
        data = saved(photo(), kind, **more)
        assert b"Canary" in data
        for file in encoded(data):
            assert b"Canary" not in file.data
            assert not {"exif", "icc_profile", "xmp", "comment"} & opened(file).info.keys()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_the_right_way_up(turn):
    """The upper left corner of what the camera saw is red; for each orientation it is another corner of what was stored."""
    upright = Image.new("RGB", (2000, 1000), "blue")
    upright.paste("red", (0, 0, 1000, 500))
    back = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}
    stored = upright
    for step in back.get(turn, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = turn
    made = encoded(saved(stored, exif=exif, quality=95))[-1]
    assert (made.width, made.height) == (1600, 800)
    red, _green, blue = opened(made).convert("RGB").getpixel((200, 100))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_color_profile_is_converted(mode):
    """In this profile red and blue have changed places, so a file that says red shows blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    image = Image.new("RGB", (600, 400), (255, 0, 0)).convert(mode)
    red, _green, blue = opened(encoded(saved(image, "PNG", icc_profile=profile))[-1]).convert("RGB").getpixel((5, 5))
    assert (red < 20, blue > 235) == (True, True)


def test_a_profile_that_cannot_be_used_is_as_none():
    data = saved(photo(), "JPEG", icc_profile=b"nothing of the kind" * 20)
    assert encoded(data) == encoded(saved(photo(), "JPEG"))


def test_cmyk_becomes_rgb():
    made = encoded(saved(Image.new("CMYK", (600, 400), (0, 255, 255, 0)), "JPEG"))
    assert {opened(file).mode for file in made} == {"RGB"}
    red, green, blue = opened(made[-1]).convert("RGB").getpixel((5, 5))
    assert (red > 240, green < 20, blue < 20) == (True, True, True)


def test_only_what_can_be_seen_of_a_picture_with_a_page_in_it_is_kept():
    data = saved(photo(), comment=b"<script>alert(1)</script>") + b"<html><script>alert(1)</script></html>"
    for file in encoded(data):
        assert b"script" not in file.data


GIF = saved(photo(mode="P"), "GIF")
FRAMES = {"save_all": True, "append_images": [photo().rotate(90)], "duration": 100}
REFUSED = {
    "zero bytes": (b"", "empty"),
    "a page called a picture": (b"<html><script>alert(1)</script></html>", "isn't a picture"),
    "a page that begins like a GIF": (b"GIF89a=1;/*<html><script>*/alert(1)", "damaged or isn't a picture"),
    "half a JPEG": (saved(photo())[:-2000], "damaged"),
    "half a PNG": (saved(photo(), "PNG")[:-2000], "damaged"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "AVIF": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "AVIF"),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "BMP": (saved(photo(), "BMP"), "JPEG, PNG, WebP or GIF"),
    "TIFF": (saved(photo(), "TIFF"), "JPEG, PNG, WebP or GIF"),
    "animated GIF": (saved(photo(mode="P"), "GIF", **FRAMES), "animated"),
    "animated PNG": (saved(photo(), "PNG", **FRAMES), "animated"),
    "animated WebP": (saved(photo(), "WEBP", **FRAMES), "animated"),
    "12,001 pixels on a side": (saved(Image.new("1", (12_001, 10)), "PNG"), "12,000 pixels"),
    "12,000 pixels on each side": (saved(Image.new("1", (12_000, 12_000)), "PNG"), "40 megapixels"),
    "a bomb": (saved(Image.new("1", (30_000, 30_000)), "PNG"), "40 megapixels"),
    "12 MB and a byte": (b"\xff\xd8\xff" + bytes(12 * 1024 * 1024 - 2), "12 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_words(name):
    data, words = REFUSED[name]
    with pytest.raises(Refused, match=words):
        encoded(data)


def test_a_third_picture_at_the_same_moment_is_put_off_so_that_readers_are_served():
    with encoding._places, encoding._places, pytest.raises(Refused, match="try again in a few seconds"):
        encoded(saved(photo()))
    assert encoded(saved(photo()))


def test_12000_pixels_on_a_side_are_taken():
    made = encoded(saved(Image.new("1", (12_000, 3_000)), "PNG"))
    assert [(file.width, file.height) for file in made[::2]] == [(480, 120), (960, 240), (1600, 400)]
    assert {file.height for file in encoded(saved(Image.new("1", (100, 12_000)), "PNG"))} == {12_000}


def test_what_is_needed_is_there():
    """Without them pictures would be refused as damaged, or lose their colors."""
    assert all(map(features.check, ("webp", "jpg", "zlib", "littlecms2")))
