"""A real site with ready copies beside one without, over the same data: nobody can tell which of them answered."""

import http.client
import re
import threading
import time

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.running import Site, form_fields, running_site

CODINGS = ("", "gzip", "br", "br;q=0, *", "identity;q=0, *;q=0")


@pytest.fixture(scope="module")
def sites():
    """A site that keeps copies, in two processes, and one that makes every page anew, with the same database."""
    with running_site(WEB_PROCESSES="2", COMMENT_LIMITS="0") as site:
        anew = Site(site.data_dir, READY_COPIES_MB="0", WEB_PROCESSES="1", SITE_URL=site.url)
        anew.start()
        page = "Page.objects.create(title='Us', slug='us', body='<p>We.</p>', is_public=True)"
        site.manage("shell", "-c", f"from lupussite.models import Page; {page}")
        try:
            yield site, anew
        finally:
            anew.stop()


def ask(site, path, method="GET", **headers):
    """Return status, headers but the date, and bytes, as they came."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request(method, path, headers={"Accept-Encoding": ""} | headers)
        answer = connection.getresponse()
        return answer.status, sorted((name, value) for name, value in answer.getheaders() if name != "date"), answer.read()
    finally:
        connection.close()


def pages(site) -> list[str]:
    """Return an address of every kind of page that is the same for everybody."""
    found = dict.fromkeys(
        ["/", "/articles/", "/about/", "/comment-rules/", "/privacy/", "/privacy/staff/", "/accessibility/", "/robots.txt"]
    )
    found |= dict.fromkeys(["/pages/", "/pages/us/"])
    found |= dict.fromkeys(
        ["/sitemap.xml", "/sitemap-articles.xml", "/sitemap-articles.xml?p=1", "/feed/", "/topics/", "/articles/?page=1"]
    )
    for path in site.open_articles():
        found |= dict.fromkeys(path + more for more in ("", "?page=1", "feed/", "changes/", "changes/?page=1", "review.json"))
        text = site.get(path)[1]
        found |= dict.fromkeys(re.findall(r'href="(/(?:reviewers|topics)/[\w-]+/)"', text))
    return list(found)


def routes(resolver=None, prefix=""):
    """Yield the routes of the site that are marked as the same for everybody."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "same_for_everybody"):
            yield prefix + str(pattern.pattern)


def test_every_kind_of_page_is_tried():
    assert set(routes()) == {
        "",
        "about/",
        "accessibility/",
        "articles/",
        "articles/<slug:slug>/",
        "articles/<slug:slug>/changes/",
        "articles/<slug:slug>/feed/",
        "articles/<slug:slug>/review.json",
        "comment-rules/",
        "feed/",
        "pages/",
        "pages/<slug:slug>/",
        "privacy/",
        "privacy/staff/",
        "reviewers/<slug:slug>/",
        "robots.txt",
        "sitemap-<slug:section>.xml",
        "sitemap.xml",
        "topics/",
        "topics/<slug:slug>/",
    }


def test_a_copy_and_the_page_made_anew_are_the_same_bytes_and_headers(sites):
    kept, anew = sites
    tried = pages(kept)
    assert len(tried) > 25
    for path in tried:
        for coding in CODINGS:
            headers = {"Accept-Encoding": coding}
            first, copy, made = (ask(site, path, **headers) for site in (kept, kept, anew))
            assert first == copy == made, (path, coding)
            assert copy[0] == 200


def test_head_and_not_modified_are_answered_alike(sites):
    kept, anew = sites
    for path in ("/about/", "/robots.txt"):
        etag = dict(ask(kept, path)[1])["etag"]
        for method in ("GET", "HEAD"):
            for known in (etag, f'"x", W/{etag}', "*", '"x"', "nonsense"):
                headers = {"If-None-Match": known, "Accept-Encoding": "br"}
                answers = [ask(site, path, method, **headers) for site in (kept, kept, anew)]
                assert answers[0] == answers[1] == answers[2]
                assert answers[0][0] == (304 if etag in known or known == "*" else 200)
        assert ask(kept, path, "HEAD")[1] == ask(kept, path)[1]
        assert ask(kept, path, Range="bytes=0-9")[0] == 200


def test_other_hosts_and_queries_get_what_they_got_before(sites):
    kept, anew = sites
    for path in (
        "/?page=1&page=2",
        "/?x=1",
        "/about/?page=2",
        "/articles/?page=0",
        "/articles/?page=99",
        "/?page=%31",
        "/nowhere/",
    ):
        assert ask(kept, path)[0] == ask(anew, path)[0]
    for host in ("evil.example", "127.0.0.1:1", "localhost", ""):
        assert ask(kept, "/about/", Host=host)[0] == ask(anew, "/about/", Host=host)[0]
    assert ask(kept, "/about/", Host="evil.example")[0] == 400


def test_what_a_person_decides_is_on_the_page_within_a_second_in_every_process(sites):
    kept, _ = sites
    path = kept.open_articles()[0]
    fields = form_fields(kept.get(path)[1])
    ending, late = threading.Event(), []

    def read():
        while not ending.is_set():
            kept.get(path)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(5):
            words = f"A comment that is read within a second, number {number}."
            entries = {"name": "Ines", "email": "ines@example.org", "body": words}
            assert kept.post(f"{path}comments/", fields | entries)[0] == 303
            assert all(words not in kept.get(path)[1] for _ in range(4))
            kept.manage("shell", "--verbosity", "0", "--command", APPROVE.format(words=words))
            decided = time.monotonic()
            # Each process answers some of these.
            while time.monotonic() - decided < 1:
                time.sleep(0.05)
            late += [(number, status) for status, text in (kept.get(path) for _ in range(12)) if words not in text]
    finally:
        ending.set()
        for reader in readers:
            reader.join(20)
    assert late == []


APPROVE = """
from accounts.models import User
from comments.flows.moderation import decide
from comments.models import Comment
comment = Comment.objects.get(body="{words}")
decide(comment, "approved", version=comment.version, by=User.objects.get(username="demo-clinician"))
"""


def test_another_name_is_on_every_page_of_every_process_after_a_second(sites):
    paths = ("/", "/about/", "/feed/", "/nothing/")
    for number in range(3):
        for _ in range(8):  # So that both processes have the copies, and remember the name of before.
            [ask(site, path) for site in sites for path in paths]
        name = f"Library {number}"
        words = f"a = Appearance.current(); a.name = '{name}'; a.save()"
        sites[0].manage("shell", "-c", f"from lupussite.models import Appearance; {words}")
        time.sleep(1)
        for _ in range(8):
            assert [path for site in sites for path in paths if name.encode() not in ask(site, path)[2]] == []
