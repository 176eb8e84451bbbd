"""The bytes of an uploaded picture -> the files that readers get, or words why not. Pure.

Nothing of the upload itself is ever served: pixels are decoded and encoded anew, without metadata, places, color profiles and
whatever else a file can carry.
"""

import contextlib
import contextvars
import dataclasses
import hashlib
import io
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from web.threads import step_back

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
# Below what WebP can hold on a side (16,383).
LONGEST_SIDE = 12_000
# A phone, a phone with a fine screen or a small window, and the widest the text gets on a fine screen.
WIDTHS = (480, 960, 1600)
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}

_READABLE = ("JPEG", "PNG", "WEBP", "GIF")
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

# One thread: decoded, a large picture takes some 300 MB, and several at once would be more than a small machine has.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures", initializer=step_back)

# Who waits for it takes a thread that could serve readers, and there are four.
_places = threading.BoundedSemaphore(2)


class Refused(ValueError):
    """The file can't be used as a picture; the words say why, for the person who chose it."""


@dataclasses.dataclass(frozen=True)
class File:
    """One file that readers may get; `ending` is a key of TYPES."""

    data: bytes
    ending: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The name it is kept and served under."""
        return hashlib.sha256(self.data).hexdigest()


def encoded(data: bytes) -> list[File]:
    """Return the files for an uploaded picture: each width as JPEG or PNG, and as WebP, the widest last.

    The last one that is no WebP is what browsers without WebP get, and its hash names the picture. The same bytes give the same
    files. Raises Refused.
    """
    _look_at(data)
    if not _places.acquire(blocking=False):
        raise Refused(_("Other pictures are being prepared right now. Please try again in a few seconds."))
    try:
        return _worker.submit(contextvars.copy_context().run, _made, data).result()
    finally:
        _places.release()


def check(data: bytes) -> None:
    """Raise Refused for what can be seen without decoding: a kind of file that isn't taken, and a size."""
    _look_at(data)
    with _in_words():
        _opened(data)


def _made(data: bytes) -> list[File]:
    with _in_words():
        return _files(*_decoded(data))


@contextlib.contextmanager
def _in_words():
    """Raise Refused with words for whatever a file sets off in the decoders."""
    try:
        with warnings.catch_warnings(action="ignore"):  # Of a size that is refused below, and of harmless flaws.
            yield
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(_too_many_pixels()) from error
    # What a damaged file sets off in the decoders is not limited to OSError: struct, zlib and others speak for themselves.
    except Exception as error:
        raise Refused(_("This file is damaged or isn't a picture. Please use a JPEG, PNG, WebP or GIF file.")) from error


def _look_at(data: bytes) -> None:
    """Refuse what needs no decoder to be seen."""
    if not data:
        raise Refused(_("This file is empty."))
    if len(data) > MOST_BYTES:
        raise Refused(_("This file is too large. A picture can have up to 12 MB."))
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF:
        raise Refused(_("AVIF pictures can't be used. Please save it as JPEG and upload that file."))
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Refused(_("Most browsers can't show HEIC pictures. Please save it as JPEG and upload that file."))
    if data.lstrip().startswith(b"<") and b"<svg" in data[:1000].lower():
        raise Refused(_("SVG files can contain programs, so they can't be used. Please save it as PNG and upload that file."))


def _too_many_pixels() -> str:
    return _("This picture has too many pixels. It can have up to 40 megapixels, and up to 12,000 pixels on a side.")


def _opened(data: bytes) -> Image.Image:
    """Return the image, of which only the head was read."""
    image = Image.open(io.BytesIO(data), formats=_READABLE)
    # The size stands in the head of the file: nothing has been decoded yet.
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise Refused(_too_many_pixels())
    # Some phones store a second, smaller picture in a JPEG (MPO); only the first is read.
    if image.format not in {"JPEG", "MPO"} and getattr(image, "n_frames", 1) > 1:
        raise Refused(_("This picture is animated. Please use one that doesn't move."))
    return image


def _decoded(data: bytes) -> tuple[Image.Image, str]:
    """Return the pixels the right way up, as RGB or RGBA in sRGB, no wider than readers get them, and the kind of file."""
    image = _opened(data)
    kind = image.format
    turned = image.getexif().get(0x0112, 1) >= 5  # https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4
    width = image.height if turned else image.width
    scale = min(1, WIDTHS[-1] / width)
    wanted = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    image.draft(None, wanted)  # A JPEG can be decoded smaller at once.
    profile = image.info.get("icc_profile")
    image.load()
    image = ImageOps.exif_transpose(_without_palette(image))
    image = image.resize(wanted[::-1] if turned else wanted, Image.Resampling.LANCZOS, reducing_gap=3)
    image = _in_srgb(image, profile)
    image.info = {}  # Else comments and the like are written again.
    return image, kind


def _without_palette(image):
    if image.mode.startswith("I"):
        # 16 bits a pixel: a plain conversion would make all that isn't black white.
        image.info.pop("transparency", None)  # A gray of 16 bits, which no longer is one.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"P", "PA", "1"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _in_srgb(image, profile):
    """Return the image in sRGB; a profile that can't be used is as none."""
    alpha = image.getchannel("A") if image.has_transparency_data else None
    if alpha:
        image = image.convert("RGB" if image.mode == "RGBA" else "L")
    if profile:
        try:
            image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            image = image.convert("RGB")
    image = image.convert("RGB")
    # An alpha channel in which nothing is transparent only makes files larger.
    if alpha and alpha.getextrema()[0] < 255:
        image.putalpha(alpha)
    return image


def _files(image, kind) -> list[File]:
    # A drawing with few colors stays sharp without loss, and is smaller too.
    is_drawing = kind not in {"JPEG", "MPO"} and image.getcolors(maxcolors=4096) is not None
    has_palette = is_drawing and image.mode == "RGB" and image.getcolors(maxcolors=256) is not None
    ending = "png" if image.mode == "RGBA" or is_drawing or kind in {"PNG", "GIF"} else "jpg"
    files = []
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        size = width, max(round(image.height * width / image.width), 1)
        smaller = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        if has_palette:
            # Edges between few colors, made smooth by the resizing, would else be three times as large.
            smaller = smaller.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        files.append(_file(smaller, "webp", format="WEBP", quality=80, method=2, lossless=is_drawing))
        if ending == "png":
            files.append(_file(smaller, "png", format="PNG", optimize=has_palette))
        else:
            files.append(_file(smaller, "jpg", format="JPEG", quality=82, optimize=True, progressive=True))
    return files


def _file(image, ending, **how) -> File:
    data = io.BytesIO()
    image.save(data, **how)
    return File(data.getvalue(), ending, image.width, image.height)
