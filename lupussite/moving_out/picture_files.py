"""The files of pictures, out and back in: each has the SHA-256 of its bytes as its name, so nothing else has to be believed."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from articles.models import Picture
from articles.pictures import files

FOLDER = "pictures"


def names() -> Iterator[str]:
    """Yield the name of every file that a picture of this site has, each once."""
    for listed in Picture.objects.order_by("pk").values_list("files", flat=True).iterator(chunk_size=500):
        yield from (file["name"] for file in listed)


def write(folder: Path) -> dict:
    """Copy the files into the folder, and return how many there are and which are gone. Raises OSError."""
    (folder / FOLDER).mkdir(mode=0o700)
    count, gone = 0, []
    for name in names():
        target = folder / FOLDER / name
        if target.exists():
            continue
        try:
            shutil.copyfile(files.path_of(name), target)
        except FileNotFoundError:
            gone.append(name)
            continue
        target.chmod(0o600)
        count += 1
    return {"folder": FOLDER, "files": count, "gone": gone}


def read(folder: Path, gone: set[str]) -> Iterator[str]:
    """Keep the files that the pictures of this site have, and yield what is wrong with any of them. Raises OSError."""
    for name in names():
        try:
            data = (folder / FOLDER / name).read_bytes()
        except FileNotFoundError:
            if name not in gone:
                yield f"the picture file {name} isn't there"
            continue
        if hashlib.sha256(data).hexdigest() != name[:64]:
            yield f"the picture file {name} was changed since it was written"
        else:
            files.keep_as(name, data)
