"""What axe finds, where the focus goes, and that nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COMMENT, fill_in, sign_in

ARTICLE = "/articles/botox-injections-and-lupus/"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATHS = {
    "list": "/",
    "article": ARTICLE,
    "closed": "/articles/demo-closed/",
    "search": "/search/?q=sun",
    "about": "/about/",
    "rules": "/comment-rules/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "not found": "/articles/there-is-none/",
    "changes": f"{ARTICLE}changes/",
    "reviewer": "/reviewers/demonstration-reviewer/",
    "mistake": f"{ARTICLE}mistake/",
}
# Pages whose address a reader gets from another page or from a mail.
LINKED = ["thread", "errors", "receipt", "change", "confirm", "end", "never", "letter", "report", "report errors"]


def go(page, site, name):
    """Bring a fresh page to one of the kinds of pages."""
    if name == "queue":
        sign_in(page, site)
        page.goto(f"{site.url}/admin/comments/queued/")
    elif name in PATHS:
        page.goto(site.url + PATHS[name])
    elif name in {"change", "confirm", "end", "never", "letter"}:
        page.goto(site.url + site.secret_pages()[name])
    elif name.startswith("report"):
        page.goto(site.url + site.report_page())
        if name == "report errors":
            with page.expect_navigation():
                page.get_by_role("button", name="Send report").click()
    elif name == "thread":
        page.goto(site.url + next(path for path in site.open_articles() if 'class="plain replies"' in site.get(path)[1]))
    else:
        page.goto(site.url + ARTICLE)
        fill_in(page, COMMENT if name == "receipt" else COMMENT | {"Name": "", "Email": "nobody"})


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PATHS, *LINKED, "queue"])
def test_axe_finds_nothing(site, open_page, axe, name, scheme, width):
    page = open_page(site.url, color_scheme=scheme, viewport={"width": width, "height": 800})
    go(page, site, name)
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert found["passes"]
    assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found["violations"]] == []


@pytest.mark.parametrize("name", [*PATHS, *LINKED])
def test_no_page_scrolls_sideways_at_320_pixels(site, open_page, name):
    page = open_page(site.url, viewport={"width": 320, "height": 640})
    go(page, site, name)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("path", ["/", ARTICLE, "/articles/there-is-none/"])
def test_the_first_tab_stop_skips_to_the_content(site, open_page, path):
    page = open_page(site.url + path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_is_wrong_stands_first_and_has_the_focus(site, open_page, scripts):
    page = open_page(site.url + ARTICLE, java_script_enabled=scripts)
    fill_in(page, COMMENT | {"Name": "", "Email": "nobody"})
    assert page.title().startswith("Error: ")
    summary = page.locator("main > :first-child")
    expect(summary).to_have_id("error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    summary.get_by_role("link", name="Enter your name").click()
    field = page.get_by_role("textbox", name="Name")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "A first name or nickname is fine. Readers see it with your comment. Enter your name"
    )
    expect(page.locator("#id_body")).to_have_value(COMMENT["Comment"])


def test_the_field_for_robots_is_no_tab_stop(site, open_page):
    page = open_page(site.url + ARTICLE)
    page.focus("#id_body")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Tab")
    # What the author agrees to leads to the privacy page.
    expect(page.locator("form a[href^='/privacy/']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send comment")).to_be_focused()


@pytest.mark.parametrize("name", [*PATHS, *LINKED])
def test_what_stands_alone_is_44_pixels_high(site, open_page, name):
    page = open_page(site.url, viewport={"width": 360, "height": 800})
    go(page, site, name)
    low = """() => [...document.querySelectorAll(".line a, .alone, .contents a, .status a, .problem li a, .entry h2 a, .button")]
        .filter(part => part.getBoundingClientRect().height < 44).map(part => part.outerHTML)"""
    assert page.evaluate(low) == []


def test_a_check_box_has_an_edge_when_the_system_chooses_the_colours(site, open_page):
    page = open_page(site.url + ARTICLE, forced_colors="active")
    edge = page.locator(".choice input").evaluate(
        "box => [getComputedStyle(box).outlineStyle, getComputedStyle(box).outlineWidth, getComputedStyle(box).outlineColor]"
    )
    assert edge[:2] == ["solid", "2px"]
    assert edge[2] == page.locator("body").evaluate("body => getComputedStyle(body).color")


def test_the_second_tab_stop_of_an_article_skips_to_the_form(site, open_page):
    page = open_page(site.url + ARTICLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Add a comment").first
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add a Comment")).to_be_in_viewport()


@pytest.mark.parametrize(("width", "is_above"), [(360, True), (1280, False)])
def test_on_a_phone_the_status_stands_above_the_summary(site, open_page, width, is_above):
    page = open_page(site.url + ARTICLE, viewport={"width": width, "height": 900})
    title, status, lead = (page.locator(part).bounding_box() for part in ("#title", ".status", ".lead"))
    assert (status["y"] + status["height"] <= lead["y"]) == is_above
    assert title["y"] + title["height"] <= lead["y"]
    assert (status["x"] < lead["x"]) != is_above
