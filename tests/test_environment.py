"""Reading the environment: what is taken, what ends the program with one line."""

import os
import secrets
import sqlite3
import stat
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from lupussite import environment
from tests.running import ROOT


@pytest.mark.parametrize("value", ["1", "true", "Yes", "ON"])
def test_flag_is_on(monkeypatch, value):
    monkeypatch.setenv("SOME_FLAG", value)
    assert environment.flag("SOME_FLAG", default=False)


@pytest.mark.parametrize("value", ["0", "false", "no", "off"])
def test_flag_is_off(monkeypatch, value):
    monkeypatch.setenv("SOME_FLAG", value)
    assert not environment.flag("SOME_FLAG", default=True)


def test_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("SOME_NAME", " ")
    assert environment.text("SOME_NAME", "default") == "default"
    assert environment.flag("SOME_NAME", default=True)


def test_list_is_separated_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("SOME_LIST", "a, b c,d")
    assert environment.words("SOME_LIST") == ["a", "b", "c", "d"]


def test_networks_are_read(monkeypatch):
    monkeypatch.setenv("SOME_NETWORKS", "127.0.0.1, 2001:db8::/32")
    assert [str(network) for network in environment.networks("SOME_NETWORKS")] == ["127.0.0.1/32", "2001:db8::/32"]


def test_malformed_network_ends_the_program(monkeypatch):
    monkeypatch.setenv("SOME_NETWORKS", "somewhere")
    with pytest.raises(SystemExit, match="SOME_NETWORKS"):
        environment.networks("SOME_NETWORKS")


@pytest.mark.parametrize("value", ["5/0m", "0/10m", "5", "5/10", "5/10m,30/d", "99999999999999/d", "5/99999d"])
def test_malformed_limit_ends_the_program(monkeypatch, value):
    monkeypatch.setenv("SOME_LIMITS", value)
    with pytest.raises(SystemExit, match="SOME_LIMITS"):
        environment.limits("SOME_LIMITS", "")


def test_limits_are_read(monkeypatch):
    monkeypatch.setenv("SOME_LIMITS", "5/10m 30/d")
    assert environment.limits("SOME_LIMITS", "") == [(5, 600), (30, 86400)]
    monkeypatch.setenv("SOME_LIMITS", "0")
    assert environment.limits("SOME_LIMITS", "5/m") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://["),
        ("PORT", "0"),
        ("PORT", "99999"),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "mysql://x"),
        ("CACHE_URL", "foo://"),
        ("EMAIL_URL", "foo"),
        ("TIME_ZONE", "Nowhere"),
    ],
)
def test_malformed_variable_ends_the_program_with_one_line(tmp_path, name, value):
    environ = os.environ | {"DATA_DIR": str(tmp_path), name: value}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert name in done.stderr


def test_kept_secret_is_made_once_and_is_private(tmp_path):
    first = environment.kept_secret(tmp_path, "some-key")
    path = tmp_path / "keys" / "some-key"
    assert environment.kept_secret(tmp_path, "some-key") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["some-key"]


def test_secret_that_cannot_be_kept_ends_the_program(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"cannot read or make .*DATA_DIR"):
        environment.kept_secret(tmp_path / "file", "some-key")


def test_database_in_a_writable_folder_is_opened_for_writing(tmp_path):
    path = tmp_path / "db.sqlite3"
    sqlite3.connect(path).close()
    path.touch()
    assert environment.sqlite_name(path) == str(path)


def test_database_in_a_folder_that_takes_no_writes_is_opened_read_only(tmp_path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    path.touch()
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # For root every folder is writable.
    assert environment.sqlite_name(path) == f"file:{path}?mode=ro&immutable=1"


def test_read_only_database_with_a_log_is_not_immutable(tmp_path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    path.touch()
    (tmp_path / "db.sqlite3-wal").write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert environment.sqlite_name(path) == f"file:{path}?mode=ro"


def _settings_with(tmp_path, **variables):
    """Load the settings in a process of their own, and return it; it prints how mail leaves."""
    base = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "import lupussite.settings as s; print(s.EMAIL_BACKEND, *s.MAIL_LACKS)"]
    return subprocess.run(command, cwd=ROOT, env=base | variables, capture_output=True, text=True, check=False)


# What https needs.
PUBLIC = {
    "SITE_URL": "https://lupus.example.org",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "CONTACT_KEYS": Fernet.generate_key().decode(),
    "CONTACT_INDEX_KEYS": secrets.token_urlsafe(48),
    "TRUSTED_PROXIES": "127.0.0.1",
}
MAIL = {
    "EMAIL_URL": "smtp://127.0.0.1:2525",
    "EMAIL_FROM": "library@lupus.example.org",
    "MODERATORS_EMAIL": "moderators@lupus.example.org",
}


def test_a_public_site_starts_without_mail_and_keeps_what_should_go_out(tmp_path):
    started = _settings_with(tmp_path, **PUBLIC)
    assert (started.returncode, started.stdout) == (0, "mail.server.NoServer EMAIL_URL EMAIL_FROM MODERATORS_EMAIL\n")
    started = _settings_with(tmp_path, **PUBLIC, **MAIL | {"MODERATORS_EMAIL": ""})
    assert started.stdout == "mail.server.NoServer MODERATORS_EMAIL\n"


def test_settings_of_a_public_site_load(tmp_path):
    assert _settings_with(tmp_path, **PUBLIC, **MAIL).stdout == "mail.server.MailServer\n"


def test_settings_need_nothing_from_outside_on_this_machine(tmp_path):
    assert _settings_with(tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SITE_URL": "https://lupus.example.org"}, "also needs SECRET_KEY, CONTACT_KEYS, CONTACT_INDEX_KEYS, TRUSTED_PROXIES"),
        ({"SITE_URL": "lupus.example.org"}, "SITE_URL must be"),
        ({"PORT": "eighty"}, "PORT must be"),
        ({"HOST": "0.0.0.0"}, "set HOST to 127.0.0.1, or SITE_URL to https"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE is not"),
        ({"CONTACT_KEYS": "short"}, "CONTACT_KEYS must hold"),
        ({"DEMO_TOTP_SECRET": "short"}, "DEMO_TOTP_SECRET must be base32"),
        (PUBLIC | {"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
        (PUBLIC | {"SECRET_KEY_FALLBACKS": "old"}, "SECRET_KEY can be guessed"),
        (PUBLIC | {"CONTACT_INDEX_KEYS": "a" * 64}, "CONTACT_INDEX_KEYS can be guessed"),
        ({"TRUSTED_PROXIES": "proxy"}, "TRUSTED_PROXIES"),
    ],
)
def test_what_cannot_work_ends_with_one_line(tmp_path, variables, words):
    ended = _settings_with(tmp_path, **variables)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://Lupus.Example.org/", "https://lupus.example.org"),
        ("https://lupus.example.org:443", "https://lupus.example.org"),
        ("https://lupus.example.org:8443", "https://lupus.example.org:8443"),
        ("https://lupus.example.org.", "https://lupus.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://B\u00dcCHER.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://例え.jp", "https://xn--r8jz45g.jp"),
    ],
)
def test_address_of_the_site_is_scheme_and_host_in_ascii(value, address):
    assert environment.site_url(value) == address


@pytest.mark.parametrize(
    "host",
    [
        *("x.org/path", "x.org?q", "x.org/?", "x.org#top", "me@x.org", "me:secret@x.org", "", " x.org", "a b.org", "x_.org"),
        *("x..org", "x.org:0", "x.org:99999", "x.org:", "x.org:port", "256.1.1.1", "%20", "x.org\\a", f"{'a' * 64}.org"),
        *("\u200bx.org", "\u3000.org", "[::1", "[lupus]", "x\u00ad.org", f"{'a.' * 127}org", "/x.org", "fa\u00df.example"),
    ],
)
def test_address_of_the_site_with_more_than_a_host_ends_the_program(host):
    with pytest.raises(SystemExit, match=r"\Alupussite: SITE_URL must be scheme and host alone, such as [^\n]*\Z"):
        environment.site_url(f"https://{host}")


@pytest.mark.parametrize(
    "address", ["https://x.org/path", "https://x.org?q=1", "https://me@x.org", "https://", "https://fa\u00df.de"]
)
def test_wrong_address_of_the_site_ends_with_one_line(tmp_path, address):
    ended = _settings_with(tmp_path, SITE_URL=address)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "SITE_URL must be" in ended.stderr
