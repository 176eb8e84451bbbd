"""An owner writes a page of the site's own in the editor of articles."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_appearance import violations
from tests.running import running_site, within

ADD = "/admin/lupussite/page/add/"


@pytest.fixture(scope="module")
def own_site():
    """A site of these tests' own: what they add is in the menu of every page."""
    with running_site(DEMO_PASSWORD=PASSWORD) as site:
        yield site


def test_what_is_written_in_the_editor_is_on_the_page_and_in_the_menu(own_site, open_page, axe):
    owner = open_page(own_site.url)
    sign_in(owner, own_site)
    owner.goto(own_site.url + ADD)
    text = owner.locator(".ProseMirror")
    expect(text).to_be_visible()
    assert owner.get_by_label("Cite a source").count() == 0
    assert violations(owner, axe) == []
    owner.get_by_label("Title:").press_sequentially("How to help us")
    expect(owner.get_by_label("Web address:")).to_have_value("how-to-help-us")
    text.click()
    owner.keyboard.type("Every ")
    owner.get_by_role("button", name="Bold").click()
    owner.keyboard.type("dollar")
    owner.get_by_label("Place in the menu:").fill("1")
    owner.get_by_label("Online").check()
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.get_by_text("was added successfully")).to_be_visible()
    assert within(2, lambda: "How to help us" in own_site.get("/about/")[1])
    reader = open_page(own_site.url, viewport={"width": 360, "height": 800})
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="How to help us").click()
    expect(reader.locator("main strong")).to_have_text("dollar")
    assert reader.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(reader, axe) == []


def test_without_scripts_the_text_is_html(own_site, open_page):
    owner = open_page(own_site.url, java_script_enabled=False)
    sign_in(owner, own_site)
    owner.goto(own_site.url + ADD)
    for label, words in {"Title:": "Imprint", "Web address:": "imprint", "Text:": "<p>The Trust</p>"}.items():
        owner.get_by_label(label).fill(words)
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.get_by_text("was added successfully")).to_be_visible()
