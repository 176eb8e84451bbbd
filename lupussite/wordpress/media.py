"""The files of the earlier site, from a folder or an archive of its uploads; nothing is fetched, nothing is unpacked."""

import re
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}\Z)|-scaled(?=\.[A-Za-z0-9]{2,5}\Z)")


class Media:
    """Knows which files are there, by the last parts of their paths."""

    def __init__(self, place: Path | None):
        """Take a folder or a .zip; raises OSError, zipfile.BadZipFile."""
        self.given = place is not None
        self.names: dict[str, str] = {}
        if place is None:
            return
        if place.is_dir():
            names = (str(path.relative_to(place)) for path in place.rglob("*") if path.is_file() and not path.is_symlink())
        else:
            with zipfile.ZipFile(place) as archive:
                names = [name for name in archive.namelist() if not name.endswith("/")]
        for name in names:
            parts = PurePosixPath(name.replace("\\", "/")).parts
            # A name that leads out of the archive is no name of a picture.
            if ".." not in parts and not name.startswith("/"):
                self.names[_key(parts)] = name

    def find(self, address: str) -> str | None:
        """Return the name of the file of that address, also when the address is of a smaller copy of it."""
        path = unquote(urlsplit(address).path)
        for wanted in (path, _SIZE.sub("", path)):
            if name := self.names.get(_key(PurePosixPath(wanted).parts)):
                return name
        return None


def _key(parts):
    """Return what a file and its address have in common: year, month and name, or the name alone where there is no more."""
    parts = [part.casefold() for part in parts if part != "/"]
    dated = len(parts) >= 3 and re.fullmatch(r"\d{4}", parts[-3]) and re.fullmatch(r"\d\d", parts[-2])
    return "/".join(parts[-3:] if dated else parts[-1:])


def placed(picture: dict, media: Media) -> tuple[str, str]:
    """Return the HTML that stands for a picture in a text, and what to tell of it: none yet, it is kept for the picture step."""
    address = picture.get("src", "")
    name = media.find(address)
    if name:
        return "", f"kept for the picture step: {name}"
    return "", f"missing among the media: {address[:300]}" if media.given else f"not taken, no media were given: {address[:300]}"
