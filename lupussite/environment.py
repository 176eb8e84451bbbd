"""Reads the environment for settings.py: plain values, secrets that are made once, and what a database folder allows.

Everything that cannot work ends here with one line on standard error and exit status 1.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import sqlite3
import sys
import tempfile
import unicodedata
from pathlib import Path
from urllib.parse import quote, urlsplit

USUAL_PORTS = {"http": 80, "https": 443}
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# The commands of manage.py that begin a site where there is none: they make its database and its keys.
BEGINNING = {"serve", "prepare", "migrate", "restore", "move_database"}
# Those that are about the code and not about a site.
ABOUT_CODE = {
    *("help", "--help", "-h", "version", "--version", "check", "collectstatic", "diffsettings", "findstatic", "error_files"),
    *("makemigrations", "makemessages", "compilemessages", "sqlmigrate"),
}
INSTALLED = Path("/etc/lupus.env")


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """Return whether the variable is 1, true, yes or on."""
    value = text(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def parsed(name: str, parse):
    """Return what `parse()` makes of a variable; ends the program when it cannot, without printing a password in it."""
    try:
        return parse()
    except Exception:
        stop(f"{name} cannot be read. docs/deploy.md shows what it looks like.")


def words(name: str) -> list[str]:
    """Return the parts of a variable that lists things, separated by commas or spaces."""
    return text(name).replace(",", " ").split()


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the networks that a variable lists; ends the program when one is malformed."""
    try:
        return [ipaddress.ip_network(part, strict=False) for part in words(name)]
    except ValueError as error:
        stop(f"{name}: {error}")


def limits(name: str, default: str) -> list[tuple[int, int]]:
    """Return limits such as "5/10m 30/d" as (how many, seconds); empty for "0"; ends the program when one is malformed."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    value = text(name, default)
    found = [re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,3})?([smhd])", part) for part in value.split()]
    if value == "0":
        return []
    if None in found:
        stop(f"{name} must look like 5/10m 30/d (units s, m, h, d), or be 0; it is {value!r}.")
    return [(int(part[1]), int(part[2] or 1) * units[part[3]]) for part in found]


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number; ends the program when it is none or out of bounds."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        stop(f"{name} must be a number from {least} to {most}, not {value!r}.")
    return int(value)


def site_url(value: str) -> str:
    """Return the public address of the site as every link begins: scheme and host in ASCII, the port only if it is not the usual.

    Ends the program when it has more than that, or no host that a browser could ask.
    """
    wrong = f"SITE_URL must be scheme and host alone, such as https://lupus.example.org, not {value!r}."
    if re.search(r"[\s\\?#@\x00-\x1f\x7f]", value):
        stop(wrong)
    try:
        parts = urlsplit(value)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        stop(wrong)
    if parts.scheme not in USUAL_PORTS or parts.path.strip("/") or not host or port == 0 or parts.netloc.endswith(":"):
        stop(wrong)
    return f"{parts.scheme}://{host}" + ("" if port in {None, USUAL_PORTS[parts.scheme]} else f":{port}")


def _ascii_host(host: str) -> str:
    """Return a host as a browser sends it, or ""; raises ValueError."""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    if re.fullmatch(r"[0-9.]+", host):
        return str(ipaddress.IPv4Address(host))
    host = unicodedata.normalize("NFKC", host.rstrip(".")).lower()
    name = host.encode("idna").decode()
    # Python's older rules make another name of a few letters, such as "ss" of "ß"; browsers would look elsewhere.
    is_same = host.isascii() or name.encode().decode("idna") == host
    return name if is_same and len(name) < 254 and all(LABEL.fullmatch(label) for label in name.split(".")) else ""


def first_line(error: Exception) -> str:
    """Return what an error says first, or its kind when it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def stop(message: str):
    """End the program with one line on standard error and exit status 1."""
    raise SystemExit(f"lupussite: {message}")


def running_command() -> str:
    """Return the command of manage.py that runs, or "" in any other program."""
    return (sys.argv[1:2] or ["help"])[0] if Path(sys.argv[0]).name == "manage.py" else ""


def may_begin(folder: Path) -> bool:
    """Return whether what is missing in the folder may be made; for a command that is about the code alone it need not be.

    Ends the program for any other command of manage.py: it was meant for a site, and would begin another without a word.
    """
    command = running_command()
    if command in ABOUT_CODE:
        return False
    if command and command not in BEGINNING:
        begin = "Start one with script/server, or name another folder in DATA_DIR."
        if INSTALLED.exists():
            begin = f"For this machine's site, run: sudo {Path(__file__).resolve().parents[1]}/script/manage {command}"
        stop(f"there's no site in {folder}. {begin}")
    return True


def typed(command: str) -> str:
    """Return how a command of the site's is typed on this machine."""
    return f"sudo lupus {command}" if INSTALLED.exists() else f"script/manage {command}"


def backup_typed(data_dir: Path) -> str:
    """Return how a backup is asked for on this machine; an installed site has a folder for them."""
    return typed(f"backup {data_dir.parent / 'backups' if INSTALLED.exists() else 'FOLDER'}")


def settings_file() -> str:
    """Return where a variable is set, for a sentence."""
    return str(INSTALLED) if INSTALLED.exists() else "the environment"


def sqlite_for_readers(path: Path) -> str:
    """Return the name under which a database is opened that this process must not write."""
    return f"file:{quote(str(path))}?mode=ro"


def sqlite_at(name: str) -> str:
    """Return the name of a database file that is there or may be made, or one in memory where none is needed."""
    path = Path(name)
    if name.startswith(("file:", ":memory:")) or path.exists() or may_begin(path.parent):
        return name
    return ":memory:"


def kept_secret(data_dir: Path, name: str, make=lambda: secrets.token_urlsafe(48)) -> str:
    """Return the secret kept in the data folder, made at the first call with mode 600.

    Two processes that start together agree: a complete file is linked into place, and the loser reads it.
    """
    path = data_dir / "keys" / name
    try:
        with contextlib.suppress(FileNotFoundError):
            return path.read_text().strip()
        if not may_begin(data_dir):
            return make()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{name}-") as draft:
            draft.write(make() + "\n")
            draft.flush()
            os.fsync(draft.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
        return path.read_text().strip()
    except OSError as error:
        stop(f"cannot read or make {path}: {error.strerror}. Make the folder writable, free some space, or set DATA_DIR.")


def sqlite_name(path: Path) -> str:
    """Return the name under which SQLite opens the file: read-only when its folder takes no writes.

    A database in WAL mode wants to write beside itself even for reading. Where that is impossible (folder not writable, disk
    full) the file is opened as immutable, so that readers are still served; https://www.sqlite.org/wal.html#readonly.
    """
    if not path.exists() or _takes_writes(path):
        return str(path)
    waiting = path.with_name(path.name + "-wal")
    unchanged = not waiting.exists() or waiting.stat().st_size == 0
    return f"file:{quote(str(path))}?mode=ro" + ("&immutable=1" if unchanged else "")


def _takes_writes(path: Path) -> bool:
    if not os.access(path, os.W_OK):
        return False
    try:
        # As much as the shared-memory file that SQLite makes beside a database in WAL mode.
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except (OSError, sqlite3.Error):
        return False
    return True
