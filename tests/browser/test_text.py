"""Words as they are painted: no space is lost, nothing long or large scrolls a page sideways, no comment draws over another."""

import re

import pytest

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_accessibility import LINKED, PATHS, go
from tests.running import form_fields, running_site

ADMIN = ["/admin/", "/admin/comments/queued/", "/admin/comments/comment/", "/admin/articles/article/"]
WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis"
ADDRESS = f"https://example.org/{'x' * 200}"
ODD = [
    ("Bartholomewchristopherfeathersto", f"Something odd: {WORD} {ADDRESS}"),
    ("Za" + "\u0335\u0321\u034a" * 20, "Something odd: e" + "\u0301\u0323\u0336" * 440),
    ("W" * 80, f"Something odd: {WORD * 20}"),
]

# Publishes what waits under names of this test.
APPROVE = """
from accounts.models import User
from comments.flows.moderation import decide
from comments.models import Comment
for comment in Comment.objects.filter(state="pending", body__contains="odd"):
    decide(comment, "approved", version=comment.version, by=User.objects.get(username="demo-clinician"))
"""

# Of each link, button and label: what is painted and what is written, where a space is missing or too much between two texts.
PAINTED = """() => {
  document.querySelectorAll(".away").forEach(part => part.remove());
  const plain = text => text.replace(/\\s+/g, " ").trim().toLowerCase();
  const edges = text => {
    const range = document.createRange();
    range.setStart(text, text.data.search(/\\S/));
    range.setEnd(text, text.data.trimEnd().length);
    return [...range.getClientRects()];
  };
  const isGlued = part => {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let before = null, blank = false, node; (node = walker.nextNode()); ) {
      if (!node.data.trim()) { blank = true; continue; }
      if (before && (blank || /\\s$/.test(before.data) || /^\\s/.test(node.data))) {
        const end = edges(before).at(-1), start = edges(node)[0];
        if (end && start && Math.abs(end.top - start.top) < 6 && Math.abs(start.left - end.right) < 2) return true;
      }
      [before, blank] = [node, false];
    }
    return false;
  };
  const isShort = (seen, written) => seen.length < written.length && seen.replaceAll(" ", "") === written.replaceAll(" ", "");
  return [...document.querySelectorAll("a, button, summary, label, legend, dt, dd, h1, h2, h3, .error")]
    .filter(part => part.checkVisibility())
    .filter(part => isGlued(part) || isShort(plain(part.innerText), plain(part.textContent)))
    .map(part => [plain(part.innerText), plain(part.textContent)]);
}"""


@pytest.fixture(scope="module")
def odd():
    """A site with names and words that no column is wide enough for, published and waiting."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        path = site.open_articles()[0]
        for state in ("odd", "strange"):
            for number, (name, body) in enumerate(ODD):
                fields = form_fields(site.get(path)[1]) | {"name": name, "email": f"{state}-{number}@example.org"}
                assert site.post(f"{path}comments/", fields | {"body": body.replace("odd", state)})[0] == 303
            site.manage("shell", "--verbosity", "0", "--command", APPROVE)
        yield site


def wide(page):
    """Return how much wider than the window the page is, and what sticks out."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [document.documentElement.scrollWidth,
            ...[...document.body.querySelectorAll("*")].filter(part => part.getBoundingClientRect().right > innerWidth + 1)
            .map(part => part.outerHTML.slice(0, 80)).slice(0, 6)]"""
    )


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", [*PATHS, *LINKED, "queue"])
def test_every_space_is_painted(site, open_page, name, width):
    page = open_page(site.url, viewport={"width": width, "height": 800})
    go(page, site, name)
    assert page.evaluate(PAINTED) == []


@pytest.mark.parametrize("width", [320, 360, 412])
@pytest.mark.parametrize("name", [*PATHS, *LINKED])
def test_no_page_scrolls_sideways_with_text_twice_as_large(site, open_page, name, width):
    page = open_page(site.url, viewport={"width": width, "height": 800})
    go(page, site, name)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert wide(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_name_and_no_word_is_too_long(odd, open_page, width):
    page = open_page(odd.url, viewport={"width": width, "height": 800})
    path = odd.open_articles()[0]
    for address in (path, f"{path}?answer={page_of(odd, path)}", f"{path}comments/{page_of(odd, path)}/report/"):
        page.goto(odd.url + address)
        assert wide(page) == [], address


@pytest.mark.parametrize("width", [320, 1280])
def test_no_name_and_no_word_is_too_long_for_the_moderators(odd, open_page, width):
    page = open_page(odd.url, viewport={"width": width, "height": 800})
    sign_in(page, odd)
    for address in (*ADMIN, f"/admin/comments/comment/{page_of(odd, odd.open_articles()[0])}/change/"):
        page.goto(odd.url + address)
        assert wide(page) == [], address
    page.goto(f"{odd.url}/admin/comments/comment/")
    assert page.locator("thead .column-name_link").bounding_box()["width"] < 300


def page_of(site, path):
    """Return the key of the last comment under an article."""
    return max(map(int, re.findall(r'id="comment-(\d+)"', site.get(path)[1])))


def test_a_heap_of_accents_draws_over_no_other_comment(odd, open_page):
    page = open_page(f"{odd.url}{odd.open_articles()[0]}")
    heaped = page.locator(".comment", has_text="Something odd: e")
    others = [page.locator(".comment", has_text="Something odd: P").first, page.locator(".comment").filter(has_text=WORD * 2)]
    with_heap = [other.screenshot() for other in others]
    heaped.evaluate("part => { part.style.visibility = 'hidden' }")
    assert [other.screenshot() for other in others] == with_heap
