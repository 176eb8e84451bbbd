"""The owner's logo: a PNG, of which only what is decoded and encoded here again is kept, where the pictures of articles are."""

import struct

from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Picture
from articles.pictures.encoding import Refused, check
from articles.pictures.uploading import bring

MOST_BYTES = 2 * 1024 * 1024
# How high the masthead shows it, in CSS pixels (`.logo` in site.css), and the least that a file must have.
HEIGHT = 44
MOST_TIMES_AS_WIDE, MOST_TIMES_AS_HIGH = 8, 2
_PNG = b"\x89PNG\r\n\x1a\n"


def keep(data: bytes, *, by: User) -> Picture:
    """Keep a logo and return its row. Raises Refused with words, and OSError when the disk takes no more."""
    if len(data) > MOST_BYTES:
        raise Refused(_("This logo is too large. It can have up to 2 MB."))
    check(data)  # First: it says more exactly what else it is, such as an SVG.
    if not data.startswith(_PNG):
        raise Refused(_("A logo has to be a PNG file. Please save it as PNG and upload that file."))
    width, height = struct.unpack(">II", data[16:24])  # https://www.w3.org/TR/png-3/#11IHDR
    if height < HEIGHT:
        raise Refused(_("This logo is too small to look sharp. It needs to be at least 44 pixels high."))
    if width > MOST_TIMES_AS_WIDE * height or height > MOST_TIMES_AS_HIGH * width:
        raise Refused(_("This logo has an unusual shape. It can be up to 8 times as wide as high, or twice as high as wide."))
    return bring(data, alt=_("Logo"), uploaded_by=by)
