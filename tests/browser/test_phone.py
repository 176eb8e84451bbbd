"""The whole way of a correction on a phone, by touch: written, sent, read, signed, published."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.running import running_site

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def desk():
    """A site on which this test publishes."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        yield site


def person(desk, open_page, name):
    page = open_page(desk.url, **PHONE)
    page.set_default_timeout(15_000)
    sign_in(page, desk, name)
    return page


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_correction_goes_all_the_way_by_touch(desk, open_page):
    editor = person(desk, open_page, "demo-editor")
    editor.goto(f"{desk.url}/admin/articles/article/")
    editor.get_by_role("link", name="How This Site Works").first.tap()
    expect(editor.locator(".ProseMirror")).to_be_visible()
    assert editor.locator(".ProseMirror").bounding_box()["height"] > 200
    fits(editor)
    editor.locator(".ProseMirror").tap()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" Corrected by phone.")
    editor.get_by_role("button", name="Save and send to the reviewer").tap()
    editor.wait_for_url("**/submit/")
    fits(editor)
    expect(editor.get_by_text("Corrected by phone").first).to_be_visible()
    editor.get_by_label("Wording").tap()
    editor.get_by_label("What changed, for readers").fill("One sentence is clearer.")
    editor.get_by_role("button", name="Send to the reviewer").tap()
    expect(editor.get_by_text("is now waiting for a reviewer")).to_be_visible()

    reviewer = person(desk, open_page, "demo-reviewer")
    reviewer.goto(f"{desk.url}/admin/articles/article/desk/")
    reviewer.get_by_role("link", name="How This Site Works").first.tap()
    reviewer.wait_for_url("**/review/**")
    fits(reviewer)
    expect(reviewer.get_by_text("Corrected by phone").first).to_be_visible()
    reviewer.get_by_role("button", name="Sign all of version").tap()
    expect(reviewer.get_by_text("You signed version").or_(reviewer.get_by_text("signed")).first).to_be_visible()

    editor.goto(f"{desk.url}/admin/articles/article/desk/")
    editor.get_by_role("link", name="How This Site Works").first.tap()
    editor.get_by_role("link", name="Publish version 2").first.tap()
    editor.wait_for_url("**/publish/**")
    fits(editor)
    editor.get_by_role("button", name="Publish").first.tap()
    editor.wait_for_url("**/change/")
    editor.goto(f"{desk.url}/articles/demo-closed/")
    expect(editor.get_by_text("Corrected by phone")).to_be_visible()
