"""A running site with the demonstration data, and Chromium to look at it. Run by `pytest tests/browser`, not with the others."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.running import running_site

PASSWORD = "correct horse battery"
COMMENT = {"Name": "Marta", "Email": "canary.marta@example.org", "Comment": "I bring my questions on a card.\n\nThat helps."}


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, asking nobody but the site."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site():
    """The site that the tests share which only look, or whose comments disturb nobody."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        yield site


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core, from the file that AXE_PATH names."""
    path = os.environ.get("AXE_PATH")
    if not path:
        pytest.fail("Set AXE_PATH to axe.min.js of axe-core; .ci/run does.")
    return Path(path).read_text()


@pytest.fixture
def open_page(browser):
    """Return a function that opens a new reader's page; keywords are those of a Playwright context."""
    contexts = []

    def open_page(url, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def fill_in(page, entries):
    """Type into the comment form, send it, and wait for the page that answers."""
    for label, words in entries.items():
        page.get_by_label(label, exact=False).and_(page.locator("form [name]:not([type=checkbox])")).fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Send comment").click()


_signed_in = {}


def sign_in(page, site, name="demo-admin"):
    """Sign in to the admin; with the session of the test before, as long as it is one, for hashing a password takes its time."""
    if cookies := _signed_in.get((site.url, name)):
        page.context.add_cookies(cookies)
        page.goto(f"{site.url}/admin/")
        if "/login/" not in page.url:
            return
    page.goto(f"{site.url}/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{site.url}/admin/**")
    _signed_in[site.url, name] = page.context.cookies()
