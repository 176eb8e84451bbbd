"""The editor of articles: what is pasted or typed is what readers get, with a mouse, a keyboard, a phone, without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.articles.test_pasting import CLIPBOARD, PROGRAMS
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import TAGS
from tests.browser.test_policy import watch

ADD = "/admin/articles/article/add/"
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "The words alone");
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(".ProseMirror").dispatchEvent(paste);
}"""
DROP = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const page = document.querySelector(".ProseMirror"), place = page.getBoundingClientRect();
  const where = {clientX: place.x + 20, clientY: place.y + 20};
  page.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true, ...where}));
}"""

# Gives each citation of the newest article a source, without which it is not sent.
CITE = """
from articles.models import Article, Source
article = Article.objects.latest("pk")
last = max([int(mark.strip("[]")) for mark in article.marks_without_source()], default=0)
for number in range(1, last + 1):
    Source.objects.create(article=article, position=number, title="A source")
"""
# Signs and publishes what was submitted last.
PUBLISH = """
from accounts.models import User
from articles import workflow
from articles.models import Revision
revision = Revision.objects.latest("pk")
workflow.sign(revision, shown_hash=revision.sha256, by=User.objects.get(username="demo-reviewer"))
workflow.publish(revision, by=User.objects.get(username="demo-admin"))
"""


def written(page, site, path=ADD):
    """Open the form of an article, and return the text in the editor."""
    page.set_default_timeout(10_000)
    if "/admin/" not in page.url:
        sign_in(page, site)
    page.goto(site.url + path)
    # The textarea has this role and name until the script has come.
    expect(page.locator(".ProseMirror")).to_be_visible()
    words = page.get_by_role("textbox", name="Text:")
    words.click()
    return words


def html(page):
    """Return what would be saved, without line breaks."""
    return flat(page.locator("#id_body").evaluate("area => area.value"))


def flat(text):
    return re.sub(r"\s*\n\s*", "", text)


def notice(page):
    return page.locator(".editor-notice li").all_text_contents()


def save(page, title):
    page.get_by_label("Title:").first.fill(title)
    page.get_by_label("Web address:").fill(re.sub(r"[^a-z]+", "-", title.lower()))
    page.get_by_label("Summary:").fill("What it is about.")
    page.get_by_label("Why no sources are needed:").fill("None are.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved the draft of")).to_be_visible()


def publish(page, site):
    """Submit what is saved, publish it, and return what readers get of the text."""
    change = page.url
    site.manage("shell", "--verbosity", "0", "--command", CITE)
    page.get_by_role("button", name="Send to the reviewer", exact=True).click()
    page.wait_for_url("**/submit/")
    page.get_by_role("button", name="Send to the reviewer").click()
    expect(page.get_by_text("is now waiting for a reviewer")).to_be_visible()
    site.manage("shell", "--verbosity", "0", "--command", PUBLISH)
    page.goto(change)
    page.get_by_role("link", name="View on site").click()
    return page.locator("article .prose").last.inner_html()


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_pasted_is_shown_saved_submitted_and_read_alike(site, open_page, program):
    page = open_page(site.url)
    written(page, site)
    blocked, _ = watch(page)
    page.evaluate(PASTE, (CLIPBOARD / f"{program}.html").read_text())
    expect(page.locator(".editor-notice li").last).to_have_text("colors and fonts")
    expected = flat((CLIPBOARD / f"{program}.readers.html").read_text())
    assert notice(page) == (CLIPBOARD / f"{program}.notice.txt").read_text().splitlines()
    assert html(page) == expected
    assert page.locator(".ProseMirror img").count() == 0
    save(page, f"Pasted from {program}")
    # What the editor has is what the server keeps: there is nothing more to say.
    assert page.get_by_text("Left out or changed").count() == 0
    assert html(page) == expected
    read = re.sub(r'<a [^>]*href="#source-[0-9]+"[^>]*>(.*?)</a>', r"\1", publish(page, site))
    read = flat(re.sub(r' (?:id|aria-label)="[^"]*"', "", read))
    assert read == expected
    assert blocked == []


def test_what_is_dropped_goes_the_same_way(site, open_page):
    page = open_page(site.url)
    written(page, site)
    page.evaluate(DROP, '<p>Take <del>40</del><ins>20</ins> mg <img src="data:image/png;base64,AAAA" alt="A hat"></p>')
    expect(page.locator(".editor-notice li").first).to_have_text("crossed-out or deleted text (“40”)")
    assert notice(page)[1] == "1 picture (“A hat”)"
    assert html(page) == "<p>Take 20 mg</p>"


def test_a_paste_goes_where_the_cursor_was_while_somebody_goes_on_typing(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    words.press_sequentially("after")
    words.press("Home")
    words.press_sequentially("before ")
    page.route("**/paste/", lambda route: (words.press("End"), words.press_sequentially(" typed"), route.continue_()))
    page.evaluate(PASTE, "<b>pasted</b> ")
    expect(words).to_have_text("before pastedafter typed")


def test_a_site_that_does_not_answer_is_said_and_nothing_is_pasted(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    page.route("**/paste/", lambda route: route.abort())
    page.evaluate(PASTE, "<p>pasted</p>")
    expect(page.locator(".editor-notice")).to_contain_text("Nothing was pasted")
    expect(words).to_have_text("")


@pytest.mark.parametrize("text", ["> 125 nmol/L", "2 * 10 mg * 7", "- a", "1. b", "# c", "**d** _e_ `f`", "(c) -- ... 1/2 'g'"])
def test_nothing_is_rewritten_while_somebody_types(site, open_page, text):
    page = open_page(site.url)
    written(page, site).press_sequentially(f"{text} ")
    assert html(page).rstrip("</p>").rstrip() == f"<p>{text.replace('>', '&gt;')}"


def test_an_article_that_is_opened_and_saved_is_the_same_and_one_letter_changes_one_letter(site, open_page):
    page = open_page(site.url)
    sign_in(page, site)
    for key in (1, 2, 3, 4):
        words = written(page, site, f"/admin/articles/article/{key}/change/")
        before = html(page)
        words.press("Control+End")
        words.press("x")
        after = html(page)
        words.press("Backspace")
        assert html(page) == before
        assert after.replace("x</", "</", 1) == before or after.count("x") == before.count("x") + 1
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("nothing was saved")).to_be_visible()


KEPT = (
    '<h2 lang="es">A</h2><p lang="la"><abbr title="t">b</abbr> <span lang="fr">c</span> <b>d</b><strong>e</strong> <i>f</i>'
    '<em>g</em> <a href="/articles/" title="t">h</a><br>j</p><ol start="3" type="a"><li>k<ul><li>l</li></ul></li></ol><dl>'
    "<dt>m</dt>"
    '<dd>n</dd></dl><blockquote><p>o</p></blockquote><hr><table><caption>p</caption><thead><tr><th scope="col">q</th><th></th>'
    "</tr></thead><tbody>"
    '<tr><td rowspan="2">r</td><td>u</td></tr><tr><td>v</td></tr><tr><td colspan="2">w</td></tr></tbody></table>'
    "<h3>s</h3>"
)


def test_every_element_that_readers_can_get_is_kept_while_something_else_is_typed(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    page.evaluate(PASTE, KEPT)
    expect(words.locator("h3")).to_have_text("s")
    assert html(page) == KEPT
    words.press("Control+End")
    words.press_sequentially("t")
    assert html(page) == KEPT.replace("<h3>s", "<h3>st")


def test_raised_and_lowered_words_have_buttons(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    words.press_sequentially("10")
    page.get_by_role("button", name="Superscript").click()
    words.press_sequentially("9")
    page.get_by_role("button", name="Superscript").click()
    words.press_sequentially(" H")
    page.get_by_role("button", name="Subscript").click()
    words.press_sequentially("2")
    expect(page.get_by_role("button", name="Subscript")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Subscript").click()
    words.press_sequentially("O")
    assert html(page) == "<p>10<sup>9</sup> H<sub>2</sub>O</p>"


def test_the_sites_own_table_causes_no_notice(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    page.get_by_label("Table", exact=True).select_option("Add a table")
    words.press_sequentially("Head")
    save(page, "A table of our own")
    assert page.get_by_text("Left out or changed").count() == 0
    assert html(page).startswith("<table><thead><tr><th>Head</th>")


def test_sources_are_cited_from_a_list_also_before_they_are_saved(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    words.press_sequentially("Shade helps ")
    page.get_by_text("Sources", exact=True).click()
    page.locator(".add-row a").click()
    page.locator("[name=sources-0-position]").fill("7")
    page.locator("[name=sources-0-title]").fill("Light and skin")
    page.get_by_label("Cite a source").focus()
    page.get_by_label("Cite a source").select_option("[7] Light and skin")
    assert html(page) == "<p>Shade helps [7]</p>"


def test_own_articles_are_linked_from_a_list_and_no_link_opens_a_window(site, open_page):
    page = open_page(site.url)
    written(page, site)
    page.get_by_role("button", name="Link", exact=True).click()
    address = page.get_by_label("Web address, or the title")
    titles = page.locator("#own-articles option").evaluate_all("options => options.map(one => [one.value, one.label])")
    assert ["/articles/botox-injections-and-lupus/", "Botox Injections and Lupus"] in titles
    address.fill("/articles/botox-injections-and-lupus/")
    address.press("Enter")
    assert html(page) == '<p><a href="/articles/botox-injections-and-lupus/">Botox Injections and Lupus</a></p>'
    assert page.get_by_text("window").count() == 0


def test_the_tools_are_one_stop_for_tab_and_the_text_lets_go(site, open_page):
    page = open_page(site.url)
    words = written(page, site)
    words.press("Alt+F10")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Redo")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Clear formatting")).to_be_focused()
    page.keyboard.press("Escape")
    expect(words).to_be_focused()
    page.get_by_role("button", name="Bulleted list").click()
    words.press("Tab")
    expect(words).not_to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_editor_has_room_and_nothing_scrolls_sideways(site, open_page, axe, width, scheme):
    page = open_page(site.url, color_scheme=scheme, viewport={"width": width, "height": 800})
    words = written(page, site, "/admin/articles/article/2/change/")
    assert words.bounding_box()["height"] > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background = page.locator(".editor").evaluate("editor => getComputedStyle(editor).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 200) is (scheme == "dark")
    page.evaluate(PASTE, "<p>a<del>b</del></p>")
    expect(page.locator(".editor-notice li")).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run('.field-body', {runOnly: tags})", TAGS)
    assert found["passes"]
    assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found["violations"]] == []


def test_without_a_script_the_textarea_is_there_and_the_same_is_kept(site, open_page):
    page = open_page(site.url, java_script_enabled=False)
    sign_in(page, site)
    page.goto(site.url + ADD)
    page.get_by_label("Text:").fill("<p>Take <del>40</del><ins>20</ins> mg &lt;LOQ</p>")
    save(page, "Without a script")
    expect(page.get_by_text("crossed-out or deleted text (“40”)")).to_be_visible()
    assert publish(page, site).strip() == "<p>Take 20 mg &lt;LOQ</p>"


@pytest.mark.parametrize(
    "text",
    [
        '<p><a data-mce-href="javascript:alert(1)" href="/x">a</a></p>',
        "<p>a<!--mce:protected %3Cscript%3Ealert(1)%3C/script%3E--></p>",
    ],
)
def test_what_misled_the_editor_before_is_nothing(site, open_page, text):
    page = open_page(site.url)
    words = written(page, site)
    page.evaluate(PASTE, text)
    expect(words.locator("p")).to_have_text("a")
    assert html(page) in {'<p><a href="/x">a</a></p>', "<p>a</p>"}
