"""The queue by keyboard alone, without a script, and as axe sees it; on a site of its own, since it decides."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_accessibility import TAGS
from tests.running import form_fields, running_site

QUEUE = "/admin/comments/queued/"
TEXTS = [f"I keep a small notebook, and this is page {number} of it." for number in range(11)]


@pytest.fixture(scope="module")
def busy():
    """A site on which eleven more comments wait in the standard lane."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        path = site.open_articles()[0]
        fields = form_fields(site.get(path)[1])
        for number, text in enumerate(TEXTS):
            entries = {"name": f"Writer {number}", "email": f"writer-{number}@example.org", "body": text}
            assert site.post(f"{path}comments/", fields | entries)[0] == 303
        yield site


def open_queue(site, open_page, lane="", **options):
    page = open_page(site.url, **options)
    sign_in(page, site, "demo-moderator")
    page.goto(f"{site.url}{QUEUE}{lane}")
    return page


def test_the_keyboard_alone_decides_ten_comments(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    waiting = page.locator(".queue-card").count()
    assert waiting > 10
    page.keyboard.press("j")
    for keys in ("a", "r1", "r9", "s", "e", "a", "a", "r4", "s", "a"):
        name = page.locator(":focus h2").inner_text()
        with page.expect_navigation():
            for key in keys:
                page.keyboard.press(key)
        expect(page.get_by_role("status")).to_contain_text(f"the comment by {name}. You have ten minutes to undo this")
        expect(page.locator(".queue-card:focus, #cards:focus")).to_have_count(1)
    assert page.locator(".queue-card").count() == waiting - 10
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("Undone")
    expect(page.locator(".queue-card:focus h2")).to_have_text(name)


def test_j_and_k_walk_over_the_cards_and_the_help_opens(busy, open_page):
    page = open_queue(busy, open_page)
    cards = page.locator(".queue-card")
    for key, card in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(cards.nth(card)).to_be_focused()
        expect(cards.nth(card)).to_be_in_viewport()
    page.keyboard.press("?")
    expect(page.get_by_text("next, previous comment")).to_be_visible()


def test_keys_are_letters_in_a_text_field_and_can_be_switched_off(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    card = page.locator(".queue-card", has_text="Add a note").first
    card.get_by_text("Add a note").click()
    note = card.locator("textarea[name^=note-]")
    note.press_sequentially("as sea z?")
    expect(note).to_have_value("as sea z?")
    expect(page).to_have_url(f"{busy.url}{QUEUE}?lane=standard")
    page.get_by_text("Keyboard shortcuts", exact=True).click()
    page.get_by_role("checkbox", name="Use keyboard shortcuts").uncheck()
    page.goto(f"{busy.url}{QUEUE}")
    page.keyboard.press("j")
    expect(page.locator(".queue-card:focus")).to_have_count(0)
    page.get_by_text("Keyboard shortcuts", exact=True).click()
    page.get_by_role("checkbox", name="Use keyboard shortcuts").check()
    page.keyboard.press("j")
    expect(page.locator(".queue-card:focus")).to_have_count(1)


def test_a_key_with_control_is_the_browsers(busy, open_page):
    page = open_queue(busy, open_page)
    page.keyboard.press("j")
    page.keyboard.press("Control+a")
    page.keyboard.press("r")
    page.keyboard.press("x")
    page.keyboard.press("1")
    expect(page).to_have_url(f"{busy.url}{QUEUE}")


def test_r_shows_the_reasons_and_escape_leaves_them(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    here = page.url
    page.keyboard.press("j")
    page.keyboard.press("r")
    card = page.locator(".queue-card:focus")
    expect(card.locator(".choices li")).to_have_count(9)
    expect(page.locator("p[aria-live]")).to_contain_text("1 · ")
    page.keyboard.press("Escape")
    expect(card.locator(".choices")).to_have_count(0)
    expect(page.locator("p[aria-live]")).to_have_text("Nothing was rejected.")
    page.keyboard.press("1")
    expect(page).to_have_url(here)


def test_a_note_stays_when_the_reason_is_missing(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    card = page.locator(".queue-card").first
    card.get_by_text("Add a note").click()
    note = card.get_by_role("textbox")
    note.fill("Twice this week.")
    card.get_by_role("button", name="Reject").click()
    expect(page.locator("p[aria-live]")).to_have_text("Choose a reason first.")
    expect(note).to_have_value("Twice this week.")
    note.press("Escape")
    expect(card).to_be_focused()


def test_the_undo_stays_in_sight_while_the_next_card_is_read(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("e")
    expect(page.locator(".queue-card:focus")).to_be_in_viewport()
    expect(page.get_by_role("status").get_by_role("button", name="Undo")).to_be_in_viewport()
    with page.expect_navigation():
        page.keyboard.press("z")


def test_shift_is_no_choice_of_a_reason(busy, open_page):
    # On a French keyboard digits are typed with it.
    page = open_queue(busy, open_page, "?lane=spam_likely")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.press("Shift")
    with page.expect_navigation():
        page.keyboard.press("5")
    expect(page.get_by_role("status")).to_contain_text("Rejected (selling)")
    with page.expect_navigation():
        page.keyboard.press("z")


@pytest.mark.parametrize("script", [True, False])
def test_no_button_decides_on_an_urgent_text_before_it_is_shown(busy, open_page, script):
    page = open_page(busy.url, java_script_enabled=script)
    sign_in(page, busy, "demo-clinician")
    page.goto(f"{busy.url}{QUEUE}?lane=urgent")
    card = page.locator(".queue-card").first
    for name in ("Approve", "Reject", "Spam"):
        expect(card.get_by_role("button", name=name)).to_have_count(0)
    card.locator("summary").first.click()
    for name in ("Approve", "Reject", "Spam"):
        expect(card.get_by_role("button", name=name)).to_be_visible()


def test_a_key_uncovers_an_urgent_text_before_it_decides(busy, open_page):
    page = open_page(busy.url)
    sign_in(page, busy, "demo-clinician")
    page.goto(f"{busy.url}{QUEUE}?lane=urgent")
    card = page.locator(".queue-card").first
    said = card.locator(".said").first
    for key in ("a", "s", "r"):
        page.reload()
        expect(said).to_be_hidden()
        page.keyboard.press("j")
        page.keyboard.press(key)
        expect(said).to_be_visible()
        expect(page).to_have_url(f"{busy.url}{QUEUE}?lane=urgent")
    page.keyboard.press("r")
    with page.expect_navigation():
        page.keyboard.press("4")
    expect(page.get_by_role("status")).to_contain_text("Rejected (advice to change treatment)")


def test_without_a_script_every_button_works_and_the_focus_goes_to_the_next_card(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard", java_script_enabled=False)
    cards = page.locator(".queue-card")
    first, second = cards.nth(0).locator("h2").inner_text(), cards.nth(1)
    identity = second.get_attribute("id")
    cards.nth(0).get_by_role("button", name="Ask the doctor").click()
    expect(page).to_have_url(re.compile(rf"lane=standard#{identity}$"))
    expect(page.locator(f"#{identity}")).to_be_focused()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text(f"Undone: the comment by {first}")
    expect(page.get_by_text("Use keyboard shortcuts")).to_be_hidden()


@pytest.mark.parametrize("where", ["queue", "page", "list"])
def test_the_result_is_said_wherever_it_was_decided(busy, open_page, where):
    page = open_queue(busy, open_page, "?lane=standard")
    card = page.locator(".queue-card", has_text="Ask the doctor").first
    if where == "page":
        card.locator("h2 a").click()
        page.get_by_role("button", name="Ask the doctor").click()
    elif where == "list":
        page.goto(f"{busy.url}/admin/comments/comment/?state__exact=approved")
        page.locator("[name=_selected_action]").first.check()
        page.select_option("select[name=action]", "hide")
        page.get_by_role("button", name="Go").click()
    else:
        card.get_by_role("button", name="Ask the doctor").click()
    expect(page.locator("p[aria-live]")).to_contain_text("You have ten minutes to undo this.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator("p[aria-live]")).to_contain_text("is back the way it was.")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}overview/", "/admin/comments/comment/1/change/", "/admin/comments/report/"])
def test_axe_finds_nothing_on_the_desk(busy, open_page, axe, path, scheme, width):
    page = open_page(busy.url, color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(page, busy, "demo-clinician")
    page.goto(busy.url + path)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert found["passes"]
    assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_two_tabs_lead_to_the_queue_and_two_to_its_first_comment(busy, open_page):
    page = open_queue(busy, open_page)
    page.goto(f"{busy.url}/admin/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{busy.url}{QUEUE}"
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    first = page.locator("#result_list tbody tr").first
    assert first.locator(":focus").count() == 1


def test_on_a_phone_the_first_comment_is_on_the_first_screen_and_tools_for_many_come_when_some_are_ticked(busy, open_page):
    page = open_queue(busy, open_page, viewport={"width": 390, "height": 844})
    box = page.locator(".queue-card").first.bounding_box()
    assert box["y"] < 844 * 2 / 3
    expect(page.locator(".actions")).to_be_hidden()
    page.locator(".action-select").first.check()
    expect(page.locator(".actions")).to_be_visible()


def test_a_comment_is_approved_and_answered_in_one_step_from_its_card(busy, open_page):
    page = open_queue(busy, open_page, "?lane=standard")
    card = page.locator(".queue-card", has=page.get_by_text("Approve and reply")).first
    name = card.locator("h2").inner_text()
    card.get_by_text("Approve and reply").click()
    card.locator("textarea[name^=reply-]").fill("Thank you for telling us.")
    with page.expect_navigation():
        card.get_by_role("button", name="Approve and publish the reply").click()
    expect(page.get_by_role("status")).to_contain_text("The comment and your reply are published.")
    page.get_by_role("link", name="See it on the site").click()
    expect(page.locator(".comment, article", has_text="Thank you for telling us.").first).to_be_visible()
    expect(page.get_by_text(name).first).to_be_visible()
