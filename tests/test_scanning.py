"""`scan_for_addresses` finds an address that lies open, says where, and never prints it."""

import base64
import gzip
import io

import pytest
from django.core.management import CommandError, call_command

from lupussite import scanning
from lupussite.backups import making
from mail import outbox
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
ANA = "ana.banana@example.org"


def scanned(*files):
    said = io.StringIO()
    call_command("scan_for_addresses", *map(str, files), stdout=said)
    assert ANA not in said.getvalue()
    return said.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        ANA,
        f"to=<{ANA}>,",
        ANA.upper(),
        ANA.replace("@", "%40"),
        ANA.replace("@", "&#64;"),
        ANA.replace("@", "\\u0040"),
        ANA[::-1],
        ANA.encode().hex(),
        base64.b64encode(f"a line with {ANA} in it".encode()).decode(),
        base64.urlsafe_b64encode(f"xy {ANA}".encode()).decode(),
    ],
)
def test_an_address_is_found_however_it_is_written(written):
    assert ANA in {address.lower() for address in scanning.addresses_in(f"before {written} after")}


def test_an_address_in_a_log_is_a_leak_and_somebody_elses_is_not(tmp_path):
    make_comment(email=ANA)
    log, packed = tmp_path / "site.log", tmp_path / "site.log.1.gz"
    log.write_text("GET / 200\nwrote to postmaster@example.net\n")
    assert f"{log}: 1 addresses, 0 of people who comment" in scanned(log)
    packed.write_bytes(gzip.compress(b"x" * (scanning.PIECE - 10) + f" sent to {ANA}\n".encode()))
    with pytest.raises(CommandError, match="1 addresses of people who comment lie open"):
        scanned(packed)


def test_a_sealed_address_and_peoples_own_words_are_no_leak():
    make_comment(email=ANA, body=f"Write to {ANA}")
    assert "comments_comment.body (people's own words): 1 addresses, 1 of people who comment" in scanned()


def test_an_address_in_the_outbox_is_a_leak():
    make_comment(email=ANA)
    outbox.add("letter", {"to": ANA})
    with pytest.raises(CommandError, match="lie open"):
        scanned()


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "broken.tar.gz").write_bytes(b"nothing")
    for name in ("broken.tar.gz", "missing.log"):
        with pytest.raises(CommandError, match=f"Can't read .*{name}"):
            scanned(tmp_path / name)


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_looked_through(tmp_path):
    make_comment(email=ANA, body=f"Write to {ANA}")
    path, _ = making.backup(tmp_path)
    assert "people's own words" in scanned(path)
