"""A backup of a site on PostgreSQL comes back whole in an empty database, and in the place of one that is there."""

import json
import re
import signal
import subprocess
import sys
import time

import psycopg

from tests.backups.test_drill import COUNTS, LOGIN, restored
from tests.running import ROOT, form_fields, running_site


def counted(site):
    return json.loads(site.manage("shell", "--verbosity", "0", "--command", COUNTS))


def test_all_comes_back(empty, other, tmp_path):
    (tmp_path / "kept").mkdir()
    with running_site(COMMENT_LIMITS="0", DATABASE_URL=empty) as site:
        path = site.open_articles()[0]
        form = form_fields(site.get(path)[1]) | {"name": "Ines", "email": "ines@example.org", "body": "Worth keeping."}
        assert site.post(f"{path}comments/", form)[0] == 303
        site.manage("shell", "--verbosity", "0", "--command", LOGIN)
        site.at_rest()
        said = site.manage("backup", str(tmp_path / "kept"))
        assert "checked it by opening it" in said
        (file,) = (tmp_path / "kept").iterdir()
        before = counted(site)

        # Into an empty place: nobody is logged in there, and no mail leaves.
        copy, ended = restored(tmp_path, file, site.data_dir, DATABASE_URL=other)
        assert ended.returncode == 0, ended.stderr
        assert "No email leaves this copy" in ended.stdout
        assert counted(copy) == before
        assert "all hold" in copy.manage("verify_revisions")
        assert "Email leaves this site again" in copy.manage("wake")
        with psycopg.connect(other) as connection:
            assert connection.execute("SELECT count(*) FROM accounts_session").fetchone() == (0,)

        # In the place of what is there, as script/update does when it goes back.
        assert site.post(f"{path}comments/", form | {"body": "Written later."})[0] == 303
        assert counted(site)["comments.Comment"] == before["comments.Comment"] + 1
        command = [sys.executable, "manage.py", "restore", "--instead", str(file)]
        ended = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert counted(site) == before
        assert "awake already" in site.manage("wake")


def test_a_backup_of_the_other_engine_and_a_database_that_is_not_empty_are_refused(empty, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "again").mkdir()
    with running_site(COMMENT_LIMITS="0") as site:
        site.manage("backup", str(tmp_path / "kept"))
        (file,) = (tmp_path / "kept").iterdir()
        _, ended = restored(tmp_path, file, site.data_dir, DATABASE_URL=empty)
        assert re.search("a backup of sqlite, and DATABASE_URL names postgresql", ended.stderr), ended.stderr
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone() == (0,)
        connection.execute("CREATE TABLE other (number integer)")
    _, ended = restored(tmp_path / "again", file, None, DATABASE_URL=empty)
    assert "is already there" in ended.stderr


def test_a_site_that_is_closed_for_an_update_reads_and_does_not_write(empty):
    with running_site(COMMENT_LIMITS="0", WEB_PROCESSES="1", DATABASE_URL=empty) as site:
        path = site.open_articles()[0]
        form = form_fields(site.get(path)[1]) | {"name": "Ines", "email": "ines@example.org", "body": "Words to keep."}
        closed = site.data_dir / "readers-only"

        def exchanged(how):
            (site.data_dir / "serving").unlink()
            site.process.send_signal(signal.SIGUSR1)
            deadline = time.monotonic() + 60
            while not (site.data_dir / "serving").exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            return (site.data_dir / "serving").read_text().split()[0] == how

        closed.write_text("database\n")
        assert exchanged("readers")
        assert site.get(path)[0] == 200
        status, _, page = site.post(f"{path}comments/", form)
        assert status == 503
        assert "Words to keep." in page
        closed.unlink()
        assert exchanged("open")
        assert site.post(f"{path}comments/", form)[0] == 303
