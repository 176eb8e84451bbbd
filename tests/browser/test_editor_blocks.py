"""Blocks of a text that have a button of their own: the box that says when to call a doctor, and the caption of a table."""

import re

from playwright.sync_api import expect

from tests.browser.test_accessibility import TAGS
from tests.browser.test_editor import html, publish, save, written

BOX = r'<section class="doctor"><h3>Call a doctor if</h3><ul><li>you have a fever</li></ul></section>'
TABLE = "<table><caption>How much</caption><tbody><tr><td>a</td></tr></tbody></table>"


def doctor(page):
    return page.get_by_role("button", name="Box that says when to call a doctor")


def choose(page, what):
    page.get_by_label("Table", exact=True).select_option(what)


def open_with(page, site, text):
    """Open the form of a new article with this text, and return the text in the editor."""
    words = written(page, site)
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          const how = {clipboardData: data, bubbles: true, cancelable: true};
          document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )
    expect(words.locator("p, td").first).to_be_visible()
    return words


def test_a_box_is_begun_at_an_empty_line_written_saved_and_read(site, open_page, axe):
    page = open_page(site.url)
    words = written(page, site)
    words.press_sequentially("Before.")
    words.press("Enter")
    doctor(page).click()
    expect(doctor(page)).to_have_attribute("aria-pressed", "true")
    words.press_sequentially("you have a fever")
    # Out of the list, and out of the box.
    for _ in range(3):
        words.press("Enter")
    words.press_sequentially("After.")
    assert html(page) == f"<p>Before.</p>{BOX}<p>After.</p>"
    save(page, "When to call")
    assert page.get_by_text("Left out or changed").count() == 0
    assert html(page) == f"<p>Before.</p>{BOX}<p>After.</p>"
    assert '<section class="doctor" aria-labelledby="call-a-doctor-if">' in publish(page, site)
    box = page.get_by_role("region", name="Call a doctor if")
    expect(box.get_by_role("listitem")).to_have_text("you have a fever")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(axe)
        assert page.evaluate("tags => axe.run('main', {runOnly: tags})", TAGS)["violations"] == []
    page.emulate_media(media="print")
    assert box.evaluate("box => getComputedStyle(box).borderTopWidth") == "2px"


def test_words_go_into_a_box_and_out_again(site, open_page):
    page = open_page(site.url)
    words = open_with(page, site, "<p>One.</p><p>Two.</p>")
    words.press("Control+a")
    doctor(page).click()
    assert html(page) == '<section class="doctor"><p>One.</p><p>Two.</p></section>'
    words.press("Control+a")
    doctor(page).click()
    assert html(page) == "<p>One.</p><p>Two.</p>"


def test_the_title_of_a_box_is_in_the_language_of_the_article(site, open_page):
    page = open_page(site.url)
    written(page, site)
    page.get_by_label("Language:").select_option("es")
    doctor(page).click()
    assert "<h3>Llame al médico si</h3>" in html(page)


def test_a_box_in_a_text_stays_to_the_letter_while_something_else_is_typed(site, open_page):
    page = open_page(site.url)
    words = open_with(page, site, f"{BOX}<p>a</p>")
    words.press("Control+End")
    words.press_sequentially("b")
    assert html(page) == f"{BOX}<p>ab</p>"


def test_a_table_gets_a_caption_and_loses_it_but_not_its_words(site, open_page):
    page = open_page(site.url)
    words = open_with(page, site, "<table><tr><td>a</td></tr></table>")
    words.locator("td").click()
    choose(page, "Add a caption")
    words.press_sequentially("How much")
    assert html(page) == TABLE
    expect(page.locator("[name=table] option[value=insert]")).to_be_disabled()
    words.locator("td").click()
    expect(page.locator("[name=table] option[value=caption]")).to_be_disabled()
    words.press("End")
    words.press_sequentially("b")
    save(page, "A table with a caption")
    assert page.get_by_text("Left out or changed").count() == 0
    assert html(page) == TABLE.replace("<td>a", "<td>ab")
    words.locator("td").click()
    choose(page, "Delete the caption")
    words.press_sequentially("c")
    assert re.fullmatch(r"<p>How much</p><table><tbody><tr><td>[abc]{3}</td></tr></tbody></table>", html(page))


def test_a_table_is_deleted_with_its_caption(site, open_page):
    page = open_page(site.url)
    words = open_with(page, site, f"<p>a</p>{TABLE}<p>b</p>")
    words.locator("td").click()
    choose(page, "Delete the table")
    assert html(page) == "<p>a</p><p>b</p>"
