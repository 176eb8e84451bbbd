"""What is served beside the pages: icons at the top of the site, and of the collected files no list and no stamp."""

import json
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from lupussite.storage import HashedStorage
from tests.running import ROOT


def served(path):
    """Return the answer of the part that serves files, 404 when it leaves the path to the pages."""
    middleware = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    answer = middleware(RequestFactory().get(path))
    body = b"".join(answer)
    for closer in answer._resource_closers:  # close() itself would also end the connection to the database.
        closer()
    return answer.status_code, answer.headers["Content-Type"], body


@pytest.mark.parametrize(
    ("path", "kind", "begin"),
    [
        ("/favicon.ico", "image/x-icon", b"\0\0\1\0"),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/static/lupussite/mark.svg", "image/svg+xml", b"<svg"),
    ],
)
def test_icons_are_where_browsers_look(tmp_path, settings, path, kind, begin):
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, True  # Also where script/server has collected them.
    status, content_type, body = served(path)
    assert (status, content_type) == (200, kind)
    assert body.startswith(begin)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nothing/"])
def test_every_page_names_its_icons(client, path):
    page = client.get(path).content.decode()
    for part in ('rel="icon" href="/favicon.ico"', 'rel="apple-touch-icon" href="/apple-touch-icon.png"'):
        assert part in page


def test_the_list_of_the_collected_files_is_not_served(tmp_path, settings):
    settings.COLLECTED_ROOT, settings.STATIC_ROOT = tmp_path, tmp_path / project.STATIC_ROOT.name
    settings.WHITENOISE_USE_FINDERS = False
    storage = HashedStorage()
    storage.save("kept.txt", ContentFile("words"))
    list(storage.post_process({}))
    (tmp_path / "stamp").write_text("1 2")
    assert json.loads((tmp_path / "staticfiles.json").read_text())["version"]
    assert served("/static/kept.txt")[0] == 200
    for name in ("staticfiles.json", "stamp", "../staticfiles.json", "../stamp", "%2e%2e/stamp"):
        assert served(f"/static/{name}")[0] == 404


def test_what_script_server_makes_beside_the_files_lies_outside_them():
    script = (ROOT / "script" / "static").read_text()
    public = Path(".static") / project.STATIC_ROOT.name
    assert f"whitenoise.compress --quiet {public}/lupussite" in script
    assert 'echo "$stamp" >.static/stamp' in script
