"""The site closed for everybody but readers, while script/update puts another version in its place.

The file `readers-only` in DATA_DIR closes it at the next start or exchange of the processes. It says what readers are served
from: "database", or the path of a copy of it, while the database itself is migrated. A form that is sent meanwhile is answered
with 503 and keeps its text. After each start and exchange the file `serving` says which version answers, and how.
"""

import contextlib
import os
from pathlib import Path

from django.conf import settings

VARIABLE = "READERS_FROM"


def readers_from() -> str:
    """Return what readers are served from while the site is closed, or "" while it is open."""
    try:
        return (settings.DATA_DIR / "readers-only").read_text().strip()
    except OSError:
        return ""


def environment() -> dict[str, str]:
    """Return the environment of the processes that answer."""
    others = {name: value for name, value in os.environ.items() if name != VARIABLE}
    return others | ({VARIABLE: readers_from()} if readers_from() else {})


def current_version() -> Path:
    """Return the folder of the version that is to run: a link that script/update sets, or where this one lies."""
    return Path(os.environ.get("LUPUS_SITE") or settings.BASE_DIR).resolve()


def say(*words: str) -> None:
    """Write down what answers now, for script/update."""
    with contextlib.suppress(OSError):  # A folder that takes no writes is no reason to answer nobody.
        part = settings.DATA_DIR / ".serving"
        part.write_text(" ".join(words) + "\n")
        part.rename(settings.DATA_DIR / "serving")


def say_serving(version: Path) -> None:
    """Write down that this version answers."""
    say("readers" if readers_from() else "open", str(version))
