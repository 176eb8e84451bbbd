"""An owner gives the site another name, colors and a logo, and sees them in a preview first; readers get them without a jolt."""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from lupussite.colors import SAMPLES, Colors
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_accessibility import TAGS
from tests.running import running_site

FORM = "/admin/lupussite/appearance/1/change/"
# How far things moved after they were first drawn (https://web.dev/articles/cls).
SHIFT = """
() => new Promise((resolve) => {
  let sum = 0;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.value; }));
  observer.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})
"""


@pytest.fixture(scope="module")
def own_site():
    """A site of these tests' own: what they change is on every page."""
    with running_site(DEMO_PASSWORD=PASSWORD) as site:
        yield site


def logo():
    """Return the bytes of a PNG: dark letters on nothing, which a dark page would swallow."""
    picture = Image.new("RGBA", (480, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((20, 20, 460, 100), fill=(30, 20, 60, 255))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def rgb(colour):
    """Return a color as a browser says it."""
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def violations(page, axe):
    """Return what axe finds on a page."""
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert found["passes"]
    return [(finding["id"], finding["nodes"][0]["html"]) for finding in found["violations"]]


def ground(page):
    """Return the color of the paper."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_name_colors_and_logo_are_previewed_saved_and_seen_by_readers(own_site, open_page, axe):
    owner = open_page(own_site.url)
    sign_in(owner, own_site)
    owner.goto(own_site.url + FORM)
    assert violations(owner, axe) == []
    owner.get_by_label("Name of the site").fill("Wolf and Butterfly")
    owner.get_by_label("Motto").fill("Living with lupus")
    owner.get_by_label("Lake and linen").check()
    owner.get_by_label("Logo:", exact=True).set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    owner.get_by_role("button", name="Preview").click()
    for scheme in ("light", "dark"):
        frame = owner.frame_locator(f'iframe[src$="{scheme}"]')
        expect(frame.get_by_role("link", name="Wolf and Butterfly")).to_be_visible()
        expect(frame.locator(".logo")).to_be_visible()
        assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == rgb(
            SAMPLES[Colors.LAKE][scheme == "dark"][0]
        )
    assert violations(owner, axe) == []
    assert "Lupus Library" in own_site.get("/about/")[1]
    owner.locator("section.previews").get_by_role("button", name="Save").click()
    expect(owner.get_by_text("Saved. Readers see it now.")).to_be_visible()
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            page = open_page(own_site.url, color_scheme=scheme, viewport={"width": width, "height": 800})
            assert page.evaluate(SHIFT) == 0
            expect(page.get_by_role("link", name="Wolf and Butterfly")).to_be_visible()
            expect(page.get_by_text("Living with lupus", exact=True)).to_be_visible()
            box = page.locator(".logo").bounding_box()
            assert box["height"] == 44
            assert box["width"] == (176 if scheme == "light" else 152)  # The light sheet takes a frame of it.
            assert page.locator(".logo").evaluate("logo => logo.complete && logo.naturalWidth > 0")
            assert ground(page) == rgb(SAMPLES[Colors.LAKE][scheme == "dark"][0])
            sheet = page.locator(".logo").evaluate("logo => getComputedStyle(logo).backgroundColor")
            assert (sheet == "rgba(0, 0, 0, 0)") == (scheme == "light")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert violations(page, axe) == []


@pytest.mark.parametrize("pair", Colors)
def test_axe_finds_nothing_in_any_pair_of_colors(own_site, open_page, axe, pair):
    own_site.manage(
        "shell", "-c", f"from lupussite.models import Appearance; a = Appearance.current(); a.colors = '{pair}'; a.save()"
    )
    for scheme in ("light", "dark"):
        page = open_page(f"{own_site.url}/articles/botox-injections-and-lupus/", color_scheme=scheme)
        page.wait_for_function(
            "ground => getComputedStyle(document.body).backgroundColor === ground || location.reload()",
            arg=rgb(SAMPLES[pair][scheme == "dark"][0]),
        )
        assert violations(page, axe) == []


def test_the_preview_works_without_scripts(own_site, open_page):
    owner = open_page(own_site.url, java_script_enabled=False)
    sign_in(owner, own_site)
    owner.goto(own_site.url + FORM)
    owner.get_by_label("Title of the home page").fill("Only a preview")
    owner.get_by_role("button", name="Preview").click()
    expect(owner.frame_locator("iframe >> nth=1").get_by_role("heading", name="Only a preview")).to_be_visible()
    assert "Only a preview" not in own_site.get("/")[1]
