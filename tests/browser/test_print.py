"""What comes out on paper: title, review, text, sources, address and date, and nothing to press."""

import re

import pytest
from playwright.sync_api import expect

ARTICLE = "/articles/sun-protection-and-lupus/"


@pytest.fixture
def paper(site, open_page):
    """An article as it is printed, as wide as the text of an A4 sheet."""
    page = open_page(site.url + ARTICLE, viewport={"width": 658, "height": 900})
    page.emulate_media(media="print")
    return page


def test_the_text_and_what_vouches_for_it_are_printed(site, paper):
    words = paper.locator("body").inner_text()
    for part in ("Sun Protection and Lupus", "Reviewed by Demonstration Reviewer", "Need To Know", "How we reviewed this page"):
        assert part in words
    assert re.search(rf"{site.url}{ARTICLE}, as of \w+ \d+, 20\d\d", words)
    assert len(paper.locator(".sources li").all()) == 10


def test_no_comment_and_nothing_to_press_is_printed(paper):
    words = paper.locator("body").inner_text()
    assert not re.search("Lena|Add a comment|omments|Send comment|On this page|Skip|Read it|Back to the text|Search", words)
    for part in ("form", "nav", "button", "input"):
        for one in paper.locator(part).all():
            expect(one).to_be_hidden()


def test_the_text_is_as_wide_as_the_sheet(paper):
    assert paper.locator(".prose p").first.evaluate("part => part.getBoundingClientRect().width") > 0.95 * 658


def test_the_address_of_a_source_is_printed_plainly(paper):
    link = paper.locator(".sources li a[href^=http]").first
    shown = link.evaluate("part => getComputedStyle(part, '::after').content")
    assert shown == f'"{link.get_attribute("href")}"'
    assert link.inner_text() == ""


def test_an_article_takes_few_pages(site, open_page):
    for path, most in ((ARTICLE, 3), ("/articles/botox-injections-and-lupus/", 2)):
        pdf = open_page(site.url + path).pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= most
