"""Where the files of pictures lie: `pictures` in DATA_DIR, each under the SHA-256 of its bytes, which never change."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from articles.pictures.encoding import File

NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|webp)")


def path_of(name: str) -> Path:
    """Return where a file lies; `name` is its hash with its ending. Raises ValueError for any other name."""
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return settings.DATA_DIR / "pictures" / name[:2] / name


def name_of(file: File) -> str:
    """Return the name of a file: its hash with its ending."""
    return f"{file.sha256}.{file.ending}"


def keep(files: Iterable[File]) -> None:
    """Write all these files, or none when the disk is full half-way. Raises OSError.

    A file comes under its name only when all of them are on the disk, so nobody ever reads half a picture.
    """
    _keep((name_of(file), file.data) for file in files)


def keep_as(name: str, data: bytes) -> None:
    """Write a file of another site of this kind, whose hash was compared with its name. Raises OSError, ValueError."""
    _keep([(name, data)])


def _keep(files):
    with contextlib.ExitStack() as drafts:
        ready = []
        for name, data in files:
            path = path_of(name)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = drafts.enter_context(tempfile.NamedTemporaryFile(dir=path.parent, prefix=".draft-"))
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            ready.append((draft.name, path))
        for draft, path in ready:
            try:
                os.link(draft, path)
            except FileExistsError:
                # It has the same bytes, and is young again: `unnamed` leaves it alone.
                os.utime(path)


def unnamed(names: Iterable[str], *, until: float) -> list[Path]:
    """Return the files that have none of these names and were last kept before that time, in seconds as the disk says it.

    Such are of pictures that were removed, of uploads whose row was never written, or drafts of a process that was killed.
    """
    known = set(names)
    paths = (settings.DATA_DIR / "pictures").glob("*/*")
    return [path for path in paths if path.name not in known and path.is_file() and path.stat().st_mtime < until]


def without_files(pictures: Iterable[dict]) -> list[dict]:
    """Return those of the pictures of a content of which a file is gone."""
    return [picture for picture in pictures if not all(path_of(file["name"]).exists() for file in picture["files"])]


def wrong(pictures: Iterable[dict]) -> list[str]:
    """Return the names of the files of these pictures that are gone or have other bytes than their name says."""
    names = sorted({file["name"] for picture in pictures for file in picture["files"]})
    return [name for name in names if _hash_of(path_of(name)) != name[:64]]


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
