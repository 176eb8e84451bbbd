"""The list of all comments as it is painted: what a decision looks at is in sight, on a desk's screen and on a phone."""

import pytest

from tests.browser.conftest import sign_in

LIST = "/admin/comments/comment/"
COLUMNS = ("name_link", "words", "state", "lane", "person", "sent")
# Of the first row: where the part with this class begins and ends.
BOX = """name => {
  const box = document.querySelector(`#result_list tbody .field-${name}`).getBoundingClientRect();
  return [box.left, box.right, box.top, box.bottom];
}"""


def boxes(page):
    return {name: page.evaluate(BOX, name) for name in COLUMNS}


@pytest.fixture(params=["light", "dark"])
def open_list(request, site, open_page):
    """Return a function that opens the list in a window of this width and height."""

    def open_list(width, height):
        page = open_page(site.url, color_scheme=request.param, viewport={"width": width, "height": height})
        sign_in(page, site, "demo-moderator")
        page.goto(site.url + LIST)
        return page

    return open_list


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 768), (390, 844), (320, 640)])
def test_every_part_of_a_row_is_in_sight_without_scrolling_sideways(open_list, width, height):
    page = open_list(width, height)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.querySelector('.results'))") == 0
    for name, (left, right, top, bottom) in boxes(page).items():
        assert 0 <= left < right <= width, name
        assert top < bottom, name


def test_on_a_phone_a_row_is_a_card_with_its_words_across(open_list):
    parts = boxes(open_list(390, 844))
    left, right, top, _bottom = parts["words"]
    assert right - left > 250
    assert all(parts[name][3] <= top for name in COLUMNS if name != "words")


def test_the_tag_in_the_list_leads_to_the_person(open_list):
    page = open_list(1280, 800)
    tag = page.locator("#result_list .field-person a").first
    written = tag.inner_text()
    tag.click()
    assert page.get_by_role("heading", level=1, name=f"Comments by person {written}").is_visible()
    assert page.locator(".queue-card").count() >= 1
