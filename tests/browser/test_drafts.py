"""Nothing that was typed into an article is lost in a browser: kept while typing, asked before leaving, saved with Ctrl+S."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.running import running_site


@pytest.fixture(scope="module")
def desk():
    """A site on which these tests write."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        yield site


@pytest.fixture
def page(desk, open_page):
    """The form of an article in the editor's browser."""
    page = open_page(desk.url)
    sign_in(page, desk, "demo-editor")
    page.goto(f"{desk.url}/admin/articles/article/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def write(page, words):
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def test_words_are_kept_while_typing_and_come_back_after_a_crash_by_one_press(page):
    address = page.url
    write(page, " Kept words.")
    expect(page.locator("#kept")).to_contain_text("Your words are kept", timeout=15_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    expect(page.locator(".editor-page")).not_to_contain_text("Kept words.")
    page.get_by_role("link", name="Bring it back").first.click()
    expect(page.locator(".editor-page")).to_contain_text("Kept words.")
    expect(page.locator(".errornote").first).to_contain_text("It isn't saved yet")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("Saved the draft")
    expect(page.get_by_text("Bring it back")).to_have_count(0)


def test_leaving_an_edited_form_asks_and_an_untouched_one_does_not(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.wait_for_timeout(1500)
    page.reload()
    assert asked == []
    page.locator("#id_title").press_sequentially("x")
    page.wait_for_timeout(1500)
    page.reload()
    assert asked == ["beforeunload"]


def test_when_the_site_does_not_answer_the_page_says_so_and_keeps_trying(page):
    page.wait_for_timeout(1000)
    page.route("**/keep/", lambda route: route.abort())
    page.locator("#id_summary").press_sequentially("More. ")
    expect(page.locator("#kept")).to_contain_text("Don't close this page", timeout=15_000)
    page.unroute("**/keep/")
    expect(page.locator("#kept")).to_contain_text("Your words are kept", timeout=15_000)


def test_sending_from_the_top_of_the_page_saves_first_and_shows_the_difference(page):
    write(page, " Typed before sending.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved the draft of")).to_be_visible()
    write(page, " And something more.")
    page.get_by_role("button", name="Send to the reviewer", exact=True).click()
    page.wait_for_url("**/submit/")
    expect(page.locator("main")).to_contain_text("And something more.")


def test_enter_in_a_field_saves_and_sends_nothing(page):
    page.locator("#id_author_name").fill("Ada")
    page.locator("#id_author_name").press("Enter")
    expect(page.get_by_text("Saved the draft of")).to_be_visible()
    page.locator("#id_author_name").fill("Ada L.")
    page.locator("#id_author_name").press("Enter")
    expect(page.get_by_text("Saved the draft of")).to_be_visible()
    assert page.url.endswith("/change/")
