"""Nothing on our pages runs into the content security policy, and nothing comes from elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COMMENT, fill_in, sign_in

ARTICLE = "/articles/botox-injections-and-lupus/"
PUBLIC = ["/", ARTICLE, "/search/?q=sun", "/about/", "/comment-rules/", "/privacy/", "/accessibility/", "/nowhere/"]


def watch(page):
    """Return two lists that fill up: what the console says of the policy, and requests to other places."""
    blocked, elsewhere = [], []
    origin = page.url.split("/", 3)[:3]
    page.on("console", lambda message: "Content Security Policy" in message.text and blocked.append(message.text))
    page.on("pageerror", lambda error: blocked.append(str(error)))
    page.on("request", lambda request: request.url.split("/", 3)[:3] != origin and elsewhere.append(request.url))
    return blocked, elsewhere


def test_public_pages_obey_the_policy_and_ask_nobody_else(site, open_page):
    page = open_page(site.url)
    blocked, elsewhere = watch(page)
    for path in PUBLIC:
        page.goto(site.url + path)
    page.goto(site.url + ARTICLE)
    fill_in(page, COMMENT | {"Name": ""})
    fill_in(page, COMMENT)
    expect(page.get_by_role("status")).to_be_visible()
    assert (blocked, elsewhere) == ([], [])
    assert page.context.cookies() == []


def test_the_policy_would_be_noticed(site, open_page):
    page = open_page(site.url)
    blocked, _ = watch(page)
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p { color: red }'}))")
    page.wait_for_timeout(100)
    assert blocked


@pytest.mark.parametrize("path", ["/admin/", "/admin/comments/queued/", "/admin/comments/comment/", "/admin/articles/article/"])
def test_the_admin_obeys_the_policy(site, open_page, path):
    page = open_page(site.url)
    sign_in(page, site)
    blocked, elsewhere = watch(page)
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    assert (blocked, [url for url in elsewhere if not url.startswith("data:")]) == ([], [])


def test_the_editor_of_articles_obeys_the_policy_and_writes(site, open_page):
    page = open_page(site.url)
    sign_in(page, site)
    blocked, elsewhere = watch(page)
    page.goto(f"{site.url}/admin/articles/article/add/")
    words = page.locator(".ProseMirror")
    words.press_sequentially("Some words.")
    expect(words.locator("p")).to_have_text("Some words.")
    page.get_by_role("button", name="Bold").click()
    page.get_by_label("Table", exact=True).select_option("Add a table")
    assert (blocked, elsewhere) == ([], [])
