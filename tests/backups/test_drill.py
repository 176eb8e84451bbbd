"""A backup of a real site comes back in another place, whole, and mails nobody."""

import contextlib
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import time

import pytest

from tests.running import ROOT, Site, form_fields, running_site

COUNTS = """
import json
from django.apps import apps
left = ("Asleep", "Session")
models = [model for model in apps.get_models() if not model._meta.proxy and not model.__name__.endswith(left)]
print(json.dumps({model._meta.label: model._default_manager.count() for model in models}))
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A site that serves, somebody logged in, and a backup of it."""
    folder = tmp_path_factory.mktemp("backups")
    with running_site(COMMENT_LIMITS="0") as site:
        pictures = site.data_dir / "pictures" / "ab"
        pictures.mkdir(parents=True)
        (pictures / "abc.webp").write_bytes(os.urandom(5000))
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        words = {"name": "Ines", "email": "ines@example.org", "body": "A comment that is worth keeping."}
        assert site.post(f"{path}comments/", fields | words)[0] == 303
        site.manage("shell", "--verbosity", "0", "--command", LOGIN)
        site.at_rest()
        said = site.manage("backup", str(folder))
        (file,) = folder.iterdir()
        yield site, file, said


LOGIN = """
import importlib
from django.conf import settings
store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
store["who"] = "is logged in"
store.save()
"""


def restored(tmp_path, file, keys_of, **environment):
    """Return a site over a restored copy, that was not started, and what the command said."""
    site = Site(tmp_path / "copy", **environment)
    site.data_dir.mkdir()
    if keys_of:
        shutil.copytree(keys_of / "keys", site.data_dir / "keys")
    command = [sys.executable, "manage.py", "restore", str(file)]
    ended = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    return site, ended


def test_a_backup_is_private_dated_and_holds_neither_keys_nor_sessions(saved, tmp_path):
    site, file, said = saved
    assert re.fullmatch(r"lupus-\d{4}-\d\d-\d\d-\d{6}\.tar\.gz", file.name)
    assert str(file) in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert {name.split("/")[0] for name in tar.getnames()} == {"manifest.json", "db.sqlite3", "pictures"}
        content = b"".join(tar.extractfile(member).read() for member in tar)
        (tmp_path / "db.sqlite3").write_bytes(tar.extractfile("db.sqlite3").read())
    with contextlib.closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE '%session'")]
        assert tables
        assert [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables] == [(0,)] * len(tables)
    for key in (site.data_dir / "keys").iterdir():
        assert key.read_bytes().strip() not in content
    assert b"ines@example.org" not in content


def test_all_comes_back_and_no_mail_leaves_until_somebody_wakes_it(saved, tmp_path):
    site, file, _ = saved
    before = site.manage("shell", "--verbosity", "0", "--command", COUNTS)
    copy, ended = restored(tmp_path, file, site.data_dir)
    assert ended.returncode == 0, ended.stderr
    assert "No email leaves this copy" in ended.stdout
    assert copy.manage("shell", "--verbosity", "0", "--command", COUNTS) == before
    assert "all hold" in copy.manage("verify_revisions")
    assert (copy.data_dir / "pictures/ab/abc.webp").read_bytes() == (site.data_dir / "pictures/ab/abc.webp").read_bytes()
    copy.start()
    try:
        assert copy.get("/")[0] == 200
        path = copy.open_articles()[0]
        fields = form_fields(copy.get(path)[1])
        words = {"name": "Bo", "email": "bo@example.org", "body": "Please mail me the replies.", "subscribe": "on"}
        assert copy.post(f"{path}comments/", fields | words)[0] == 303
        time.sleep(3)
        assert not list((copy.data_dir / "mail").glob("*"))
        assert "Email leaves this site again" in copy.manage("wake")
        deadline = time.monotonic() + 60
        while not list((copy.data_dir / "mail").glob("*")) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert list((copy.data_dir / "mail").glob("*"))
    finally:
        copy.stop()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: data[: len(data) // 2], "cut off|not whole"),
        (lambda data: b"not a backup", "no backup of this site"),
        (lambda data: b"", "no backup of this site"),
        (lambda data: b"age-encryption.org/v1\n-> X25519 abc\n", "encrypted"),
        (lambda data: data[:-2000] + bytes(1000) + data[-1000:], "damaged|cut off"),
    ],
)
def test_a_file_that_is_no_whole_backup_leaves_nothing_behind(saved, tmp_path, damage, words):
    site, file, _ = saved
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(damage(file.read_bytes()))
    copy, ended = restored(tmp_path, broken, site.data_dir)
    assert ended.returncode == 1
    assert re.search(words, ended.stderr), ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in copy.data_dir.iterdir() if path.name not in {"keys", "cache.sqlite3"}] == []


def test_other_keys_are_named_and_leave_nothing_behind(saved, tmp_path):
    _, file, _ = saved
    copy, ended = restored(tmp_path, file, None)
    assert ended.returncode == 1
    assert "CONTACT_KEYS here don't open the addresses" in ended.stderr
    assert not (copy.data_dir / "db.sqlite3").exists()


def test_with_lost_keys_all_comes_back_but_the_addresses(saved, tmp_path):
    site, file, _ = saved
    copy = Site(tmp_path / "copy")
    command = [sys.executable, "manage.py", "restore", "--without-addresses", str(file)]
    ended = subprocess.run(command, cwd=ROOT, env=copy.environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    before, after = (json.loads(one.manage("shell", "--verbosity", "0", "--command", COUNTS)) for one in (site, copy))
    assert before["comments.Contact"] > 0
    gone = ("comments.Contact", "comments.Subscription")
    assert {name for name in before if before[name] != after[name]} <= {*gone, "mail.Outbox"}
    assert after["comments.Contact"] == after["comments.Subscription"] == 0
    assert after["comments.Comment"] == before["comments.Comment"]
    # From here on it works like any other: new comments get addresses under the new keys.
    copy.start()
    try:
        path = copy.open_articles()[0]
        form = form_fields(copy.get(path)[1]) | {"name": "Ines", "email": "ines@example.org", "body": "Back again."}
        assert copy.post(f"{path}comments/", form)[0] == 303
    finally:
        copy.stop()


def test_a_place_that_is_not_empty_is_left_alone(saved, tmp_path):
    site, file, _ = saved
    begin = (site.data_dir / "db.sqlite3").stat().st_ino
    with pytest.raises(subprocess.CalledProcessError):
        site.manage("restore", str(file))
    assert (site.data_dir / "db.sqlite3").stat().st_ino == begin


def test_a_backup_of_a_newer_version_is_refused(saved, tmp_path):
    site, file, _ = saved
    with tarfile.open(file) as old, tarfile.open(tmp_path / "new.tar.gz", "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                content = content.replace(b'"migrations": [', b'"migrations": ["comments.9999_from_the_future", ')
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    _, ended = restored(tmp_path, tmp_path / "new.tar.gz", site.data_dir)
    assert "A newer version" in ended.stderr


def test_a_damaged_database_makes_no_backup_and_keeps_the_old_ones(saved, tmp_path):
    site, file, _ = saved
    copy, _ = restored(tmp_path, file, site.data_dir)
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "lupus-2020-01-01-000000.tar.gz").touch()
    with contextlib.closing(sqlite3.connect(copy.data_dir / "db.sqlite3")) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE articles_revision SET content = replace(content, 'lupus', 'flu')")
        database.commit()
    with pytest.raises(subprocess.CalledProcessError):
        copy.manage("backup", str(folder))
    assert [path.name for path in folder.iterdir()] == ["lupus-2020-01-01-000000.tar.gz"]


def test_a_picture_that_is_gone_keeps_nothing_else_from_being_saved(saved, tmp_path):
    site, file, _ = saved
    copy, _ = restored(tmp_path, file, site.data_dir)
    shutil.rmtree(copy.data_dir / "pictures")
    (tmp_path / "kept").mkdir()
    assert "checked it by opening it" in copy.manage("backup", str(tmp_path / "kept"))


def test_a_folder_that_is_gone_is_named(saved):
    site, _, _ = saved
    command = [sys.executable, "manage.py", "backup", "/nowhere/at/all"]
    ended = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    assert "There is no folder /nowhere/at/all" in ended.stderr


@pytest.mark.parametrize("most", [20_000, 200_000])
def test_a_folder_that_is_full_gets_no_backup_and_loses_none(saved, tmp_path, most):
    site, _, _ = saved
    (tmp_path / "lupus-2020-01-01-000000.tar.gz").touch()
    command = [sys.executable, "manage.py", "backup", str(tmp_path)]
    # A file that may not grow stands for a disk without room: at first for the copy of the database, then for the archive.
    command = ["prlimit", f"--fsize={most}", *command]
    ended = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("CommandError: The backup was not made: "), ended.stderr
    assert ended.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["lupus-2020-01-01-000000.tar.gz"]


def test_a_backup_of_another_site_is_refused(saved, tmp_path):
    """A file that is packed alike, but holds something else."""
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as tar:
        for name, content in (("manifest.json", b'{"site": "another"}'), ("db.sqlite3", b"words")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    site, _, _ = saved
    copy, ended = restored(tmp_path, tmp_path / "other.tar.gz", site.data_dir)
    assert "no backup of this site" in ended.stderr
    assert not (copy.data_dir / "db.sqlite3").exists()


def test_a_backup_can_go_to_standard_output(saved, tmp_path):
    site, _, _ = saved
    with (tmp_path / "piped.tar.gz").open("wb") as file:
        subprocess.run([sys.executable, "manage.py", "backup", "-"], cwd=ROOT, env=site.environment, stdout=file, check=True)
    _, ended = restored(tmp_path, tmp_path / "piped.tar.gz", site.data_dir)
    assert ended.returncode == 0, ended.stderr
