"""The pictures of the earlier site, from a folder or an archive of its uploads.

Nothing is fetched, and no name in an archive becomes one on this machine.
"""

import contextlib
import os
import re
import stat
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from articles.pictures.encoding import MOST_BYTES
from lupussite.wordpress.content.figures import path_of

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}\Z)|-scaled(?=\.[A-Za-z0-9]{2,5}\Z)")
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp|avif|heic|heif|bmp|tiff?|svg)\Z", re.IGNORECASE)
# An archive of pictures is hardly smaller than they are; one that unpacks to so many times its size was made to do harm.
MOST_RATIO = 50
MOST_FREE = 200_000_000


class BadArchive(Exception):
    """The media cannot be read; the words say why."""


class Media:
    """Knows which pictures are there, by the last parts of their paths; `noticed` counts what was passed over."""

    def __init__(self, place: Path | None):
        """Take a folder, a .zip or a .tar, compressed or not. Raises BadArchive, OSError."""
        self.given = place is not None
        self.noticed: Counter[str] = Counter()
        self._open = contextlib.ExitStack()
        # By year, month and name; those that lie under no month by the name alone, None when there are two of it.
        self.dated: dict[str, object] = {}
        self.named: dict[str, object] = {}
        if place is None:
            return
        if place.is_dir():
            self.read_from = self._read_file
            self._learn(_in_folder(place))
            return
        try:
            if zipfile.is_zipfile(place):
                self._learn(self._in_zip(place))
            elif tarfile.is_tarfile(place):
                self._learn(self._in_tar(place))
            else:
                raise BadArchive("this is no folder, no .zip and no .tar")
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError) as error:
            self.close()
            raise BadArchive(str(error)) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the archive."""
        self._open.close()

    def _learn(self, files: Iterator[tuple[str, object]]):
        for name, place in files:
            parts = PurePosixPath(name.replace("\\", "/")).parts
            if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
                self.noticed["names in the archive that lead out of it, passed over"] += 1
            elif _PICTURE.search(name):
                wanted = _dated(parts)
                if "/" in wanted:
                    self.dated[wanted] = place
                else:
                    self.named[wanted] = None if wanted in self.named else place

    def find(self, address: str) -> list[object]:
        """Return the files of that address, best first: the picture as it was uploaded, then smaller copies of it."""
        path = unquote(path_of(address))
        found = []
        for wanted in dict.fromkeys((_SIZE.sub("", path), _SIZE.sub("-scaled", path), path)):
            parts = PurePosixPath(wanted).parts
            if parts:
                place = self.dated.get(_dated(parts))
                found.append(self.named.get(parts[-1].casefold()) if place is None else place)
        return [place for place in dict.fromkeys(found) if place is not None]

    def read(self, place: object) -> bytes:
        """Return what is in a file, and no more than just too much of it. Raises OSError, BadArchive."""
        try:
            return self.read_from(place)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise BadArchive(str(error)) from error

    @staticmethod
    def _read_file(path):
        # Not through a link that was put there since.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read(MOST_BYTES + 1)

    def _in_zip(self, path):
        archive = self._open.enter_context(zipfile.ZipFile(path))

        def read(entry):
            with archive.open(entry) as file:
                return file.read(MOST_BYTES + 1)

        self.read_from = read
        for entry in archive.infolist():
            if stat.S_ISLNK(entry.external_attr >> 16):
                self.noticed["links in the archive, passed over"] += 1
            elif not entry.is_dir():
                yield entry.filename, entry

    def _in_tar(self, path):
        # A compressed one can only be read from its beginning, so its pictures go into a file without a name, gone with this run.
        kept = self._open.enter_context(contextlib.closing(tempfile.TemporaryFile()))  # noqa: SIM115
        most = path.stat().st_size * MOST_RATIO + MOST_FREE

        def read(place):
            start, size = place
            kept.seek(start)
            return kept.read(size)

        self.read_from = read
        with tarfile.open(path, "r|*") as archive:
            for entry in archive:
                if archive.offset > most:
                    raise BadArchive("it unpacks to far more than pictures would; it was made to do harm, or is broken")
                if entry.issym() or entry.islnk():
                    self.noticed["links in the archive, passed over"] += 1
                elif entry.isreg() and _PICTURE.search(entry.name):
                    data = archive.extractfile(entry).read(MOST_BYTES + 1)
                    start = kept.tell()
                    kept.write(data)
                    yield entry.name, (start, len(data))


def _fail(error):
    raise error


def _in_folder(place):
    # A folder that can't be read is no empty one.
    for folder, _, names in os.walk(place, onerror=_fail):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(place)), path


def key(address: str) -> str:
    """Return by what the addresses of a picture and of its smaller copies are the same."""
    return _SIZE.sub("", _dated(PurePosixPath(unquote(path_of(address))).parts))


def is_picture(address: str) -> bool:
    """Return whether the address is of a picture, by its ending."""
    return bool(_PICTURE.search(path_of(address)))


def _dated(parts):
    """Return what a file and its address have in common: year, month and name, or the name alone where there is no more."""
    parts = [part.casefold() for part in parts if part != "/"]
    dated = len(parts) >= 3 and re.fullmatch(r"\d{4}", parts[-3]) and re.fullmatch(r"\d\d", parts[-2])
    return "/".join(parts[-3:] if dated else parts[-1:])
