"""SECURITY.md names tests that exist; every answer carries the headers that lock it; a finder of a hole knows whom to tell."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from comments.models import Comment
from lupussite import settings as project
from lupussite import views
from tests.factories import make_comment, make_published, make_user
from tests.running import ROOT

LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_test_that_security_md_names_exists():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text()))
    there = {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}
    assert len(named) > 40
    assert named - there == set()


def test_every_promise_names_a_test():
    rows = [line for line in (ROOT / "SECURITY.md").read_text().splitlines() if line.startswith("|")]
    promises = [row for row in rows if not row.startswith(("|---", "| Promise"))]
    assert len(promises) > 15
    assert [row for row in promises if "`test_" not in row.split("|")[3]] == []


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_package_has_a_reason(name):
    pins = [line for line in (ROOT / name).read_text().splitlines() if "==" in line]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.,\[\]-]+==[\d.]+  # .{8,}", pin)] == []


@pytest.fixture
def whole(settings, tmp_path):
    """Return a browser that meets every middleware, the one that serves files too."""
    settings.MIDDLEWARE, settings.STATIC_ROOT = project.MIDDLEWARE, tmp_path
    settings.CONTACT_EMAIL = "contact@example.org"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_every_answer_is_locked(whole, settings, monkeypatch):
    article = make_published()
    withdrawn = make_published()
    workflow.withdraw(withdrawn, by=make_user("Editors"), reason="It was wrong")
    comment, page = make_comment(article=article), article.get_absolute_url()
    form = {"name": "Ana", "email": "ana@example.org", "body": "Hello there"}
    etag = whole.get(page).headers.get("ETag", "")
    answers = {
        "page": whole.get(page),
        "not modified": whole.get(page, headers={"If-None-Match": etag}),
        "redirect": whole.get(f"{page}comments/"),
        "kept": whole.post(f"{page}comments/", form),
        "own page": whole.get(comment.author_url),
        "feed": whole.get("/feed/"),
        "json": whole.get(f"{page}review.json"),
        "text": whole.get("/robots.txt"),
        "security.txt": whole.get("/.well-known/security.txt"),
        "health": whole.get("/healthz"),
        "login": whole.get("/admin/login/"),
        "to the login": whole.get("/admin/"),
        "file": whole.get("/static/lupussite/mark.svg"),
        "icon": whole.get("/favicon.ico"),
        "no file": whole.get("/static/nothing.css"),
        "foreign host": whole.get("/", headers={"Host": "evil.example"}),
        "foreign form": whole.post(f"{page}comments/", form, headers={"Sec-Fetch-Site": "cross-site"}),
        "not found": whole.get("/nothing/"),
        "wrong method": whole.put(page),
        "withdrawn": whole.get(withdrawn.get_absolute_url()),
        "too long": whole.post(f"{page}comments/", {"body": "x" * (settings.MAX_POST_BYTES + 1)}),
        "wrong kind": whole.post(f"{page}comments/", "{}", content_type="application/json"),
        "wrong field": whole.post(f"{page}comments/", {}),
    }
    monkeypatch.setattr(views, "SECURITY_TXT_LASTS", None)
    answers["error of ours"] = whole.get("/.well-known/security.txt")
    statuses = {answer.status_code for answer in answers.values()}
    assert statuses >= {200, 302, 303, 304, 400, 403, 404, 405, 410, 413, 415, 422, 500}
    for name, answer in answers.items():
        for header, value in LOCKED.items():
            assert answer.headers.get(header) == value, (name, header)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], name
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], name
        assert "unsafe" not in answer.headers["Content-Security-Policy"], name
        assert "geolocation=()" in answer.headers["Permissions-Policy"], name
        assert "Server" not in answer.headers, name
        for closer in answer._resource_closers:  # Of files; close() itself would also end the connection to the database.
            closer()
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_a_finder_of_a_hole_knows_whom_to_tell(client, settings):
    settings.CONTACT_EMAIL = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.CONTACT_EMAIL = "contact@example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:contact@example.org"
    assert lines["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert datetime.timedelta(days=90) < left < datetime.timedelta(days=365)
