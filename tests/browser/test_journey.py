"""The whole path of a comment in a real browser, with scripts and without: read, send, approve, see."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COMMENT, PASSWORD, fill_in, sign_in
from tests.running import running_site

REAL = "/articles/botox-injections-and-lupus/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_comment_goes_from_a_reader_over_a_moderator_to_the_readers(open_page, scripts):
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        reader = open_page(site.url, java_script_enabled=scripts)
        reader.get_by_role("link", name="Botox Injections and Lupus").click()
        expect(reader).to_have_url(site.url + REAL)
        expect(reader.get_by_role("heading", level=1)).to_have_text("Botox Injections and Lupus")
        expect(reader.get_by_text("Reviewed and edited by Donald Thomas, MD", exact=True)).to_be_visible()
        expect(reader.get_by_text("We don't know when: our previous site gave no date.", exact=True)).to_be_visible()
        expect(reader.get_by_role("region", name="Need To Know")).to_be_visible()
        expect(reader.get_by_text("No comment yet, add your voice below!")).to_be_visible()
        expect(reader.get_by_text("Your email address will not be published. Required fields are marked *")).to_be_visible()

        fill_in(reader, COMMENT)
        expect(reader.get_by_role("status")).to_contain_text(re.compile("Thank you, Marta.*a moderator will read it"))
        expect(reader.get_by_text("That helps.")).to_be_visible()
        receipt = reader.url
        reader.goto(site.url + REAL)
        expect(reader.get_by_text("That helps.")).to_have_count(0)

        moderator = open_page(f"{site.url}/admin/", java_script_enabled=scripts)
        sign_in(moderator, site)
        moderator.goto(f"{site.url}/admin/comments/queued/")
        row = moderator.locator("tbody tr", has_text="I bring my questions on a card.")
        row.locator("[name=_selected_action]").check()
        approve = moderator.locator("select[name=action] option", has_text=re.compile("approve", re.IGNORECASE)).first
        moderator.select_option("select[name=action]", approve.get_attribute("value"))
        moderator.get_by_role("button", name="Go").click()
        expect(moderator.locator("tbody tr", has_text="I bring my questions on a card.")).to_have_count(0)

        reader.goto(site.url + REAL)
        expect(reader.get_by_role("heading", name="1 comment", exact=True)).to_be_visible()
        comment = reader.get_by_role("article", name="Marta")
        expect(comment.get_by_text("I bring my questions on a card.")).to_be_visible()
        assert COMMENT["Email"] not in reader.content()
        reader.goto(receipt)
        expect(reader.get_by_role("heading", level=1)).to_have_text("Your comment is published")
        reader.get_by_text("Take it back…").click()
        reader.get_by_role("button", name="Yes, take back my comment").click()
        expect(reader.get_by_role("heading", level=1)).to_have_text("You took your comment back")
        assert reader.context.cookies() == []


def test_with_a_script_the_form_counts_and_never_blocks(site, open_page):
    page = open_page(f"{site.url}{REAL}")
    page.get_by_label("Comment", exact=False).and_(page.locator("textarea")).fill("five👍")
    expect(page.locator("#id_body_count")).to_have_text("5 of 5,000 characters")
    page.fill("#id_body", "x" * 5012)
    expect(page.locator("#id_body_count")).to_have_text("5,012 of 5,000 characters, 12 too many")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("alert")).to_contain_text("12 characters too long")
    assert len(page.input_value("#id_body")) == 5012


def test_with_a_script_the_form_tells_how_long_it_was_open(site, open_page):
    page = open_page(f"{site.url}{REAL}")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        fill_in(page, COMMENT | {"Email": "not an address"})
    assert re.search(r"(^|&)elapsed=\d+(&|$)", sent.value.post_data)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_back_after_a_mended_form_shows_the_form_again(site, open_page, scripts):
    page = open_page(f"{site.url}{REAL}", java_script_enabled=scripts)
    fill_in(page, COMMENT | {"Email": "nobody"})
    expect(page.get_by_role("alert")).to_be_visible()
    fill_in(page, {"Email": "nobody@example.org"})
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    page.go_back()
    expect(page.locator("#id_body")).to_have_value(COMMENT["Comment"])


@pytest.mark.parametrize("field", ["name", "email", "body"])
@pytest.mark.parametrize("size", [(320, 568), (360, 640), (640, 360)])
def test_a_link_to_a_wrong_field_shows_its_label_and_what_is_wrong(site, open_page, field, size):
    page = open_page(f"{site.url}{REAL}", viewport={"width": size[0], "height": size[1]})
    page.get_by_role("button", name="Send comment").click()
    page.get_by_role("alert").locator(f"a[href='#id_{field}']").click()
    expect(page.locator(f"#id_{field}")).to_be_focused()
    for part in (f"label[for=id_{field}]", f"#id_{field}_error"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    expect(page.locator(f"#id_{field}")).to_be_in_viewport()


def test_taking_back_is_two_presses_and_the_address_can_be_copied(site, open_page):
    page = open_page(f"{site.url}{REAL}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill_in(page, COMMENT)
    expect(page.get_by_role("button", name="take back")).to_have_count(0)  # It is in the page, and not in view.
    expect(page.locator("button", has_text="take back")).to_have_count(1)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_without_a_script_the_address_is_there_to_be_selected(site, open_page):
    page = open_page(f"{site.url}{REAL}", java_script_enabled=False)
    fill_in(page, COMMENT)
    expect(page.locator("code")).to_have_text(page.url)
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
