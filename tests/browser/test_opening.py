"""What an owner sees before the site opens."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_appearance import violations


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_on_the_first_page_and_axe_finds_nothing(site, open_page, axe, scheme, width):
    owner = open_page(site.url, color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(owner, site)
    expect(owner.get_by_role("heading", name="Before you open")).to_be_visible()
    assert violations(owner, axe) == []
    assert owner.evaluate("document.documentElement.scrollWidth") == width
    owner.locator("#opening ~ table").get_by_role("row", name="Owner").get_by_role("link", name="Name and look").click()
    expect(owner.get_by_label("Who runs the site")).to_be_in_viewport()
