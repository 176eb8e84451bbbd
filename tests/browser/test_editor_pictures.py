"""Pictures in the editor: chosen, pasted and dropped, described, changed and taken out again."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.articles.test_pictures import photo, saved
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
    dialog.get_by_label("File").set_input_files(FILE)
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
    expect(dialog.get_by_label("File")).to_be_hidden()
    dialog.get_by_label("What does it show?").fill("A red hat")
    use(dialog)
    expect(text.locator("img")).to_have_attribute("alt", "A red hat")
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog.get_by_role("button", name="Remove the picture").click()
    expect(text.locator("img")).to_have_count(0)


def test_what_the_server_refuses_is_said_in_the_dialog(site, open_page):
    page = open_page(site.url)
    text = written(page, site)
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("File").set_input_files(FILE | {"buffer": b"\0\0\0\x18ftypheic"})
    dialog.get_by_label("What does it show?").fill("A hat")
    dialog.get_by_role("button", name="Use the picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("HEIC")
    dialog.get_by_role("button", name="Cancel").click()
    expect(text.locator("img")).to_have_count(0)
