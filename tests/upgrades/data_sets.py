"""Makes and opens the data sets of landed versions.

    python -m tests.upgrades.data_sets NAME     makes NAME of the present code: on SQLite, or on PostgreSQL with DATABASE_URL

NAME.sqlite3.gz is a whole database file, NAME.sql.gz what pg_dump writes; the .json beside each is what `facts` said of it then.
"""

import contextlib
import gzip
import hashlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator

import psycopg

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(__file__).resolve().parent
# Known to everybody, for data that nobody sent: so the addresses in the data sets can still be opened after an upgrade.
KEYS = {
    "SECRET_KEY": "the-key-of-the-data-sets-for-the-upgrade-tests-0000",
    "CONTACT_KEYS": "ZGF0YS1zZXRzLW9mLXRoZS11cGdyYWRlLXRlc3RzMDA=",
    "CONTACT_INDEX_KEY": "the-index-key-of-the-data-sets-for-the-upgrade-tests",
    "DEMO_PASSWORD": "the-password-of-the-data-sets",
}
FACTS = """
import hashlib, json
from django.apps import apps
from articles.models import Revision
from comments.models import Comment, Contact

def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()

print(json.dumps({
    "revisions": sorted([r.article.slug, r.number, r.sha256, digest(r.content)] for r in Revision.objects.all()),
    "comments": sorted([c.pk, c.state, c.version, c.name, digest(c.body)] for c in Comment.objects.all()),
    "addresses": sorted([c.tag, c.address] for c in Contact.objects.all()),
    "rows": {m._meta.label: m.objects.count() for m in apps.get_models() if m.__module__.split(".")[0] in APPS},
}))
""".replace("APPS", str({"accounts", "articles", "comments", "mail"}))


def manage(environment: dict, *arguments: str) -> str:
    """Run a management command with this environment and return what it printed; raises CalledProcessError."""
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    environment = os.environ | KEYS | environment
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, text=True, stdout=subprocess.PIPE, timeout=300).stdout


def facts(environment: dict) -> dict:
    """Return what an upgrade must not change: texts and hashes of revisions, comments, addresses, how many rows of what."""
    return json.loads(manage(environment, "shell", "--no-imports", "-c", FACTS).splitlines()[-1])


def make(name: str, server: str = "") -> None:
    """Write the data set of the present code for SQLite, or for the empty database with that address, and its facts."""
    with tempfile.TemporaryDirectory() as data:
        environment = {"DATA_DIR": data, "DATABASE_URL": server}
        manage(environment, "migrate", "-v0")
        manage(environment, "load_demo", "--with-accounts")
        said = facts(environment)
        if server:
            dump = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", server]
            written = subprocess.run(dump, check=True, stdout=subprocess.PIPE).stdout
            # psql's own commands, which only psql understands.
            lines = [line for line in written.splitlines(keepends=True) if not line.startswith(b"\\")]
            whole = b"".join(lines)
        else:
            file = pathlib.Path(data, "db.sqlite3")
            with contextlib.closing(sqlite3.connect(file)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
                database.execute("VACUUM")
            whole = file.read_bytes()
    path = FOLDER / f"{name}.{'sql' if server else 'sqlite3'}"
    path.with_suffix(f"{path.suffix}.gz").write_bytes(gzip.compress(whole, mtime=0))
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    path.with_suffix(f"{path.suffix}.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def known(name: str, server: str) -> dict:
    """Return what `facts` said when the data set was made."""
    return json.loads((FOLDER / f"{name}.{'sql' if server else 'sqlite3'}.json").read_text(encoding="utf-8"))


def fingerprint(name: str) -> str:
    """Return the SHA-256 over the files of a data set."""
    files = [FOLDER / f"{name}.{kind}" for kind in ("sql.gz", "sql.json", "sqlite3.gz", "sqlite3.json")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@contextlib.contextmanager
def opened(name: str, data: pathlib.Path, server: str = "") -> Iterator[dict]:
    """Give the environment in which a copy of the data set is the site's database.

    On SQLite the copy lies in the folder `data`; with the address of a PostgreSQL server it is a new database there.
    """
    if not server:
        (data / "db.sqlite3").write_bytes(gzip.decompress((FOLDER / f"{name}.sqlite3.gz").read_bytes()))
        yield {"DATA_DIR": str(data), "DATABASE_URL": ""}
        return
    new = f"upgrade_{os.getpid()}_{hashlib.sha256(str(data).encode()).hexdigest()[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{new}"')
        try:
            address = urllib.parse.urlsplit(server)._replace(path=f"/{new}").geturl()
            with psycopg.connect(address, autocommit=True) as copy:
                copy.execute(gzip.decompress((FOLDER / f"{name}.sql.gz").read_bytes()).decode())
            yield {"DATA_DIR": str(data), "DATABASE_URL": address}
        finally:
            connection.execute(f'DROP DATABASE "{new}" WITH (FORCE)')


if __name__ == "__main__":
    make(sys.argv[1], os.environ.get("DATABASE_URL", ""))
