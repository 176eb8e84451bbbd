"""A backup is one compressed tar file: a manifest, then the database, then the pictures."""

import dataclasses
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"
# Of the steps from 1 to 9 the quickest: a database of 1.6 GB takes half a minute.
COMPRESSION = 1
PIECE = 1024 * 1024
AGE = b"age-encryption.org/"
CUT_OFF = "This file is no backup of this site, or it is cut off."
OTHER_AGE = b"-----BEGIN AGE ENCRYPTED FILE-----"


class Unusable(Exception):
    """A file that is no backup this version can use; the message says why, and what to do."""


@dataclasses.dataclass
class Manifest:
    """What a backup holds. `files` is name -> SHA-256, in the order in which they follow; `counts` table -> rows."""

    made_at: str
    engine: str
    database: str
    migrations: list[str]
    counts: dict[str, int]
    files: dict[str, str]
    format: int = FORMAT


def digest_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target, manifest: Manifest, folders: dict[str, Path]) -> None:
    """Write the archive to a binary file that need not be seekable; `folders` says where each file of the manifest lies."""
    with (
        gzip.GzipFile("", "wb", COMPRESSION, target, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, MANIFEST, data := json.dumps(dataclasses.asdict(manifest)).encode(), len(data))
        for name in manifest.files:
            path = folders[name]
            with path.open("rb") as file:
                _add(tar, name, file, path.stat().st_size)


def _add(tar, name, content, size):
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else content)


def read(path: Path) -> Iterator[tuple[Manifest, str, object]]:
    """Yield the manifest with each file's name and content (to be read before the next), and check every hash on the way.

    Raises Unusable for what is no whole backup.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(64)
        if begin.startswith((AGE, OTHER_AGE)):
            raise Unusable("This backup is encrypted. Decrypt it first: age --decrypt -i KEY FILE > BACKUP.tar.gz")
        with tarfile.open(path, mode="r|gz") as tar:
            entries = iter(tar)
            manifest = _manifest(tar, next(entries, None))
            for name, digest in manifest.files.items():
                entry = next(entries, None)
                if entry is None or entry.name != name or not entry.isreg():
                    raise Unusable(f"This backup is not whole: {name} is missing.")
                content = _Checked(tar.extractfile(entry))
                yield manifest, name, content
                if content.rest() != digest:
                    raise Unusable(f"This backup is damaged: {name} is not what was saved.")
            if next(entries, None) is not None:
                raise Unusable("There is more in this file than a backup holds.")
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise Unusable(f"Can't read {path}: {error.strerror}.") from error
        raise Unusable(CUT_OFF) from error


def opens(path: Path) -> Manifest:
    """Return the manifest of a backup without reading the rest; raises Unusable."""
    for manifest, _, _ in read(path):
        return manifest
    raise Unusable(CUT_OFF)


def _manifest(tar, entry):
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > PIECE * 16:
        raise Unusable("This file is no backup of this site.")
    try:
        data = json.loads(tar.extractfile(entry).read())
        manifest = Manifest(**data)
    except (TypeError, ValueError, UnicodeDecodeError) as error:
        raise Unusable("This file is no backup of this site, or a newer version made it.") from error
    if manifest.format != FORMAT:
        raise Unusable("A newer version of the site made this backup. Update first.")
    if any(os.path.isabs(name) or ".." in Path(name).parts for name in manifest.files) or manifest.database not in manifest.files:
        raise Unusable("This file is no backup of this site: it names places outside of it.")
    return manifest


class _Checked:
    """A file of the archive that is hashed while it is read."""

    def __init__(self, file):
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size=-1):
        try:
            piece = self.file.read(size)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Unusable(CUT_OFF) from error
        self.hash.update(piece)
        return piece

    def rest(self):
        """Read what is left, and return the hash of all."""
        while self.read(PIECE):
            pass
        return self.hash.hexdigest()
