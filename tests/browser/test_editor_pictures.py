"""Pictures in the editor: chosen, pasted and dropped, described, changed and taken out again."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.articles.test_pictures import photo, saved
from tests.browser.test_accessibility import TAGS
from tests.browser.test_editor import html, written
from tests.browser.test_policy import watch

FILE = {"name": "hat.jpg", "mimeType": "image/jpeg", "buffer": saved(photo())}
SEND = """([kind, bytes, html]) => {
  const data = new DataTransfer();
  const file = Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0));
  data.items.add(new File([file], "hat.jpg", {type: "image/jpeg"}));
  if (html) data.setData("text/html", html);
  const page = document.querySelector(".ProseMirror"), place = page.getBoundingClientRect();
  const how = {bubbles: true, cancelable: true, clientX: place.x + 20, clientY: place.y + 20};
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {...how, clipboardData: data}) : new DragEvent("drop", {...how, dataTransfer: data});
  page.dispatchEvent(event);
}"""


def choose(page, **words):
    """Open the dialog by its button and choose the file."""
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Files").set_input_files(FILE)
    for label, value in words.items():
        dialog.get_by_label(label).fill(value)
    return dialog


def use(dialog):
    dialog.get_by_role("button", name="Use the picture").click()
    expect(dialog).to_be_hidden()


def test_a_picture_is_chosen_described_saved_and_opened_again(site, open_page):
    page = open_page(site.url)
    messages = watch(page)
    text = written(page, site)
    page.keyboard.type("Before.")
    dialog = choose(page, Caption="In spring", Credit="Ana")
    dialog.get_by_role("button", name="Use the picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("describe the picture")
    dialog.get_by_label("What does it show?").fill("A red hat")
    use(dialog)
    expect(text.locator("img")).to_have_js_property("naturalWidth", 800)
    page.keyboard.press("End")
    page.keyboard.type(", at noon")
    page.keyboard.press("Enter")
    page.keyboard.type("After.")
    kept = html(page)
    assert re.fullmatch(
        r'<p>Before.</p><figure><img alt="A red hat" src="/pictures/[0-9a-f]{64}.jpg">'
        r"<figcaption>In spring, at noon</figcaption></figure><p>After.</p>",
        kept,
    )
    page.get_by_label("Title:").first.fill("Pictures of hats")
    page.get_by_label("Web address:").fill("pictures-of-hats")
    page.get_by_label("Summary:").fill("What it is about.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved the draft of")).to_be_visible()
    expect(page.locator(".ProseMirror img")).to_have_js_property("naturalWidth", 800)
    assert html(page) == kept
    assert messages == ([], [])


@pytest.mark.parametrize("kind", ["paste", "drop"])
@pytest.mark.parametrize("beside", ["", '<img src="https://example.org/hat.jpg" alt="hat">'])
def test_a_picture_that_is_pasted_or_dropped_asks_for_its_words(site, open_page, kind, beside):
    page = open_page(site.url)
    text = written(page, site)
    page.evaluate(SEND, [kind, base64.b64encode(FILE["buffer"]).decode(), beside])
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("decorative").check()
    use(dialog)
    expect(text.locator("img")).to_have_attribute("alt", "")
    assert re.search(r'<figure><img alt="" src="/pictures/[0-9a-f]{64}.jpg"></figure>', html(page))


def test_a_description_is_changed_and_a_picture_taken_out(site, open_page):
    page = open_page(site.url)
    text = written(page, site)
    use(choose(page, **{"What does it show?": "A hat"}))
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Files")).to_be_hidden()
    dialog.get_by_label("What does it show?").fill("A red hat")
    use(dialog)
    expect(text.locator("img")).to_have_attribute("alt", "A red hat")
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog.get_by_role("button", name="Remove the picture").click()
    expect(text.locator("img")).to_have_count(0)


def test_several_that_are_chosen_at_once_come_one_by_one_each_with_its_words(site, open_page):
    page = open_page(site.url)
    messages = watch(page)
    text = written(page, site)
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog")
    sizes = [(800, 600), (700, 500), (600, 400), (500, 300)]
    several = [FILE | {"name": f"IMG_{size[0]}.jpg", "buffer": saved(photo(*size))} for size in sizes]
    several[2]["buffer"] = b""
    dialog.get_by_label("Files").set_input_files(several)
    for number, words in enumerate(("One", "Two", "Three", "Four"), 1):
        expect(dialog.get_by_role("heading")).to_have_text(f"Picture {number} of 4")
        dialog.get_by_label("What does it show?").fill(words)
        if number == 1:
            dialog.get_by_label("Caption").fill("The first")
            dialog.get_by_label("Credit").fill("Ana")
        else:
            expect(dialog.get_by_text(f"IMG_{sizes[number - 1][0]}.jpg")).to_be_visible()
            expect(dialog.get_by_label("Credit")).to_have_value("Ana")
        if number != 3:
            expect(dialog.locator("canvas")).to_be_visible()
            dialog.get_by_role("button", name="Use the picture").click()
        else:
            dialog.get_by_role("button", name="Use the picture").click()
            expect(dialog.get_by_role("alert")).to_contain_text("empty")
            dialog.get_by_role("button", name="Skip this picture").click()
    expect(dialog).to_be_hidden()
    assert [image.get_attribute("alt") for image in text.locator("img").all()] == ["One", "Two", "Four"]
    assert html(page).count("<figcaption>") == 1
    assert messages == ([], [])


def test_the_dialog_has_no_barrier_and_fits_a_phone(site, open_page, axe):
    for scheme in ("light", "dark"):
        page = open_page(site.url, color_scheme=scheme, viewport={"width": 390, "height": 844})
        written(page, site)
        dialog = choose(page)
        expect(dialog.locator("canvas")).to_be_visible()
        dialog.get_by_role("button", name="Use the picture").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run('dialog[open]', {runOnly: tags})", TAGS)
        assert found["passes"]
        assert found["violations"] == []
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


def test_what_the_server_refuses_is_said_in_the_dialog(site, open_page):
    page = open_page(site.url)
    text = written(page, site)
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Files").set_input_files(FILE | {"buffer": b"\0\0\0\x18ftypheic"})
    dialog.get_by_label("What does it show?").fill("A hat")
    dialog.get_by_role("button", name="Use the picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("HEIC")
    dialog.get_by_role("button", name="Cancel").click()
    expect(text.locator("img")).to_have_count(0)
