"""A PostgreSQL server, and empty databases on it, also where the tests themselves run on SQLite."""

import contextlib
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest


def _programs():
    found = shutil.which("initdb") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), "")
    return Path(found).parent if found else None


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a PostgreSQL server: the one of these tests, or one of our own."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        yield url
        return
    programs = _programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL here")
    # In a place that any user may enter: PostgreSQL does not run as root.
    folder = Path(f"/tmp/lupus-{uuid.uuid4().hex[:8]}")
    folder.mkdir(0o755)
    as_user = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    start = [*as_user, programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start"]
    initdb = [
        *as_user,
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "lupus",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run([*initdb, "--no-sync"], check=True, cwd="/", stdout=subprocess.DEVNULL)
    subprocess.run(start, check=True, cwd="/", stdout=subprocess.DEVNULL)
    try:
        yield f"postgres://lupus@/postgres?host={folder}"
    finally:
        stop = [*as_user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, cwd="/", stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)


@pytest.fixture
def empty(server):
    """The address of an empty database."""
    with database(server) as url:
        yield url


@pytest.fixture
def other(server):
    """The address of another."""
    with database(server) as url:
        yield url


@contextlib.contextmanager
def database(server):
    """Yield the address of a database that is empty, and take it away."""
    name = f"moving_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(server)
    yield parts._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
