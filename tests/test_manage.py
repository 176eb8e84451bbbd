"""Commands from any folder: plain manage.py begins no second site by accident, and script/manage finds the installed one."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lupussite import environment
from tests.running import ROOT

OTHER = pwd.getpwnam("nobody")
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")


def run(*command, cwd=ROOT, **environment):
    base = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run([str(word) for word in command], cwd=cwd, env=base, capture_output=True, text=True, check=False)


@pytest.fixture
def place():
    """A folder that every user may enter, with a checkout whose manage.py tells what it was run with."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "site/.venv/bin").mkdir(parents=True)
        (folder / "site/.venv/bin/python").symlink_to("/usr/bin/python3")
        (folder / "site/script").mkdir()
        shutil.copy(ROOT / "script/manage", folder / "site/script/manage")
        (folder / "site/manage.py").write_text(
            "import json, os, sys\n"
            "who = [os.getuid(), os.getgid(), os.getgroups()]\n"
            "print(json.dumps({'words': sys.argv[1:], 'who': who, 'environment': dict(os.environ)}))\n"
        )
        (folder / "data").mkdir()
        (folder / "lupus.env").write_text(f"# A comment\n\nDATA_DIR={folder}/data\n")
        yield folder


def told(place, *words, **environment):
    """Run script/manage from another folder, and return what its manage.py told."""
    if os.getuid() == 0:
        os.chown(place / "data", OTHER.pw_uid, OTHER.pw_gid)
    ended = run(place / "site/script/manage", *words, cwd="/", LUPUS_ENV_FILE=str(place / "lupus.env"), **environment)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("command", ["load_demo", "backup", "showmigrations"])
def test_a_command_for_a_site_begins_none(tmp_path, command):
    ended = run(sys.executable, "manage.py", command, DATA_DIR=str(tmp_path / "new"))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"lupussite: there's no site in {tmp_path}/new. ")
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_database_that_is_missing_beside_its_keys_is_not_made(tmp_path):
    assert run(sys.executable, "-c", "import lupussite.settings", DATA_DIR=str(tmp_path / "data")).returncode == 0
    assert list((tmp_path / "data/keys").iterdir())
    for url in ("", f"sqlite:///{tmp_path}/other.sqlite3"):
        ended = run(sys.executable, "manage.py", "apply_retention", DATA_DIR=str(tmp_path / "data"), DATABASE_URL=url)
        assert "there's no site in" in ended.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.parametrize("command", [["check"], ["makemigrations", "--check", "--dry-run"], ["help"]])
def test_a_command_about_the_code_needs_no_site_and_makes_none(tmp_path, command):
    ended = run(sys.executable, "-W", "ignore", "manage.py", *command, DATA_DIR=str(tmp_path / "new"))
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "new").exists()


def test_script_manage_uses_the_settings_of_the_installed_site_and_no_others(place):
    with (place / "lupus.env").open("a") as file:
        file.write('SITE_NAME=Donald\'s  Library\nSITE_OWNER="The \\"L\\" Trust"\nCONTACT_EMAIL=\'it@example.org\'\nPRICE=\\$5\n')
    found = told(place, "backup", "-", COMMENT_LIMITS="0", DATABASE_URL="foo", TERM="dumb")
    assert found["words"] == ["backup", "-"]
    environment = found["environment"]
    assert environment["SITE_NAME"] == "Donald's  Library"
    assert environment["SITE_OWNER"] == 'The "L" Trust'
    assert environment["CONTACT_EMAIL"] == "it@example.org"
    assert environment["PRICE"] == "$5"
    assert environment["TERM"] == "dumb"
    assert not {"COMMENT_LIMITS", "DATABASE_URL"} & environment.keys()


@AS_ROOT
def test_script_manage_runs_as_the_user_who_owns_the_data(place):
    assert told(place, "doctor")["who"] == [OTHER.pw_uid, OTHER.pw_gid, [OTHER.pw_gid]]


@AS_ROOT
def test_script_manage_says_how_to_hand_over_a_file_that_its_user_cannot_read(place):
    secret = place / "backup.tar.gz"
    secret.touch(0o600)
    os.chown(place / "data", OTHER.pw_uid, OTHER.pw_gid)
    ended = run(place / "site/script/manage", "restore", secret, LUPUS_ENV_FILE=str(place / "lupus.env"))
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert f"sudo install -o nobody {secret} /tmp/" in ended.stderr


@AS_ROOT
def test_script_manage_does_not_work_as_root(place):
    ended = run(place / "site/script/manage", "doctor", LUPUS_ENV_FILE=str(place / "lupus.env"))
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "belongs to root" in ended.stderr


def test_script_manage_says_what_is_missing_in_the_file(place):
    (place / "lupus.env").write_text("SITE_URL=https://lupus.example.org\n")
    ended = run(place / "site/script/manage", "check", LUPUS_ENV_FILE=str(place / "lupus.env"))
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "DATA_DIR=/srv/lupus/data" in ended.stderr


def test_script_manage_is_manage_where_nothing_is_installed(place):
    ended = run(place / "site/script/manage", "version", LUPUS_ENV_FILE=str(place / "none"), COMMENT_LIMITS="0")
    found = json.loads(ended.stdout)
    assert (found["words"], found["environment"]["COMMENT_LIMITS"]) == (["version"], "0")


def test_what_the_staff_are_told_to_type_is_what_this_machine_takes(tmp_path, monkeypatch):
    installed = tmp_path / "lupus.env"
    monkeypatch.setattr(environment, "INSTALLED", installed)
    assert environment.typed("wake") == "script/manage wake"
    assert environment.backup_typed(tmp_path / "data") == "script/manage backup FOLDER"
    assert environment.settings_file() == "the environment"
    installed.touch()
    assert environment.typed("wake") == "sudo lupus wake"
    assert environment.backup_typed(Path("/srv/lupus/data")) == "sudo lupus backup /srv/lupus/backups"
    assert environment.settings_file() == str(installed)
