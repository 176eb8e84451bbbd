"""A page with pictures, captions, a table and a box, as readers see it: nothing moves, nothing is cut off, on paper too."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import TAGS
from tests.running import running_site

# Ten pictures of different shapes, a table with a caption and a box, signed and online.
FILL = """
import io
from PIL import Image
from accounts.models import User
from articles import workflow
from articles.models import Article
from articles.pictures.uploading import upload
by = User.objects.get(username="demo-editor")
body = "<p>Hats come in all shapes.</p>"
for number in range(10):
    data = io.BytesIO()
    Image.linear_gradient("L").resize((400 + 200 * number, 2200 - 200 * number)).convert("RGB").save(data, "JPEG")
    picture = upload(data.getvalue(), by=by, alt=f"Hat {number}", credit="Ana")
    body += f'<h2>Hat {number}</h2><figure><img alt="Hat {number}" src="/pictures/{picture.name}">'
    body += "<figcaption>In spring</figcaption></figure><p>" + "Words about this hat. " * 20 + "</p>"
body += "<table><caption>How much</caption><thead><tr><th>Hat</th><th>Price</th></tr></thead>"
body += "<tbody><tr><td>Red</td><td>9</td></tr></tbody></table>"
body += '<section class="doctor"><h3>Call a doctor if</h3><ul><li>your head hurts</li></ul></section>'
article = Article.objects.create(title="Hats", slug="hats", summary="All about hats.", body=body, no_source_reason="Hats.")
revision = workflow.submit(article, by=by)
workflow.sign(revision, shown_hash=revision.sha256, by=User.objects.get(username="demo-reviewer"))
workflow.publish(revision, by=by)
"""
# Adds up what moved without anybody's doing, as https://web.dev/articles/cls does.
WATCH = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});"""


@pytest.fixture(scope="module")
def hats():
    """A site with such a page."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD="correct horse battery") as site:
        site.manage("shell", "--verbosity", "0", "--command", FILL)
        yield site


def opened(hats, open_page, **options):
    page = open_page("about:blank", **options)
    page.add_init_script(WATCH)
    page.goto(f"{hats.url}/articles/hats/")
    return page


def see_all(page):
    """Scroll through the page until every picture is there."""
    for image in page.locator("figure img").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_pictures_come_and_nothing_is_wider_than_the_page(hats, open_page, width):
    page = opened(hats, open_page, viewport={"width": width, "height": 800})
    see_all(page)
    assert page.evaluate("window.shifted") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for image in page.locator("figure img").all():
        box, natural = image.bounding_box(), image.evaluate("image => image.naturalHeight / image.naturalWidth")
        assert abs(box["height"] / box["width"] - natural) < 0.02, "as tall as it is wide in the file"


def test_the_first_screen_asks_for_no_picture_further_down(hats, open_page):
    asked = []
    page = open_page("about:blank", viewport={"width": 390, "height": 700})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{hats.url}/articles/hats/")
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if "/pictures/" in url]) < 5
    assert all(url.endswith(".webp") for url in asked if "/pictures/" in url)


def test_a_phone_gets_smaller_files_than_a_fine_screen(hats, open_page):
    sizes = {}
    for density in (1, 3):
        page = opened(hats, open_page, viewport={"width": 390, "height": 800}, device_scale_factor=density)
        see_all(page)
        sizes[density] = page.locator("figure img").last.evaluate("image => image.currentSrc")
    assert sizes[1] != sizes[3]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_has_no_barrier(hats, open_page, axe, width, scheme):
    page = opened(hats, open_page, viewport={"width": width, "height": 800}, color_scheme=scheme)
    expect(page.get_by_role("region", name="Call a doctor if")).to_be_visible()
    expect(page.get_by_role("table", name="How much")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(10)
    page.evaluate(axe)
    assert page.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"] == []


def test_on_paper_no_picture_is_taller_than_half_a_sheet_and_none_is_dimmed(hats, open_page):
    page = opened(hats, open_page, viewport={"width": 658, "height": 900}, color_scheme="dark")
    page.emulate_media(media="print")
    for image in page.locator("figure img").all():
        box = image.bounding_box()
        assert box["height"] <= 460
        assert box["width"] <= 658
    assert page.locator("figure img").first.evaluate("image => getComputedStyle(image).filter") == "none"
