"""Each pair of colors that the owner can choose can be told apart in both schemes, on every ground it meets."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from lupussite.colors import SAMPLES, Colors, style_sheet
from tests.test_appearance import choose
from tests.test_design import CSS, SCHEMES, SHAPES, STATIC, TEXT, colours, contrast

# The site itself aims higher than WCAG's 4.5 (1.4.3, AA): at 7 (1.4.6, AAA), for readers who are tired and see badly.
LEAST_OF_TEXT, LEAST_OF_SHAPES = 7, 3
# Shown beside each other in the admin's form, and what a reader sees of the site around its pages.
OTHERS = [pair for pair in Colors if pair != Colors.DAMSON]


def tokens(pair, scheme):
    """Return the tokens of a scheme as a page has them: those of the style sheet, then those of the pair."""
    own = (STATIC.parent / style_sheet(pair)).read_text() if style_sheet(pair) else CSS
    block = re.search(SCHEMES[scheme], own, re.DOTALL | re.MULTILINE).group(1)
    return colours(scheme) | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def test_there_are_eight_and_no_file_besides():
    assert len(Colors) == 8
    assert {path.stem for path in (STATIC / "colors").iterdir()} == {pair.value for pair in OTHERS}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", Colors)
def test_every_word_and_every_shape_has_enough_contrast(pair, scheme):
    found = tokens(pair, scheme)
    ratios = {one: round(contrast(found[one[0]], found[one[1]]), 2) for one in TEXT + SHAPES}
    assert {one: ratios[one] for one in TEXT if ratios[one] < LEAST_OF_TEXT} == {}
    assert {one: ratios[one] for one in SHAPES if ratios[one] < LEAST_OF_SHAPES} == {}


@pytest.mark.parametrize("pair", OTHERS)
def test_a_pair_changes_the_same_tokens_in_each_scheme_and_none_of_a_review(pair):
    css = (STATIC.parent / style_sheet(pair)).read_text()
    blocks = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in css.split(":root")[1:]]
    light, dark, chosen_dark = blocks
    assert dark == chosen_dark
    assert light.keys() == dark.keys()
    assert not light.keys() & {"good", "late", "changed", "stop", "late-tint", "changed-tint", "stop-tint", "focus"}
    assert light.keys() <= colours("light").keys()
    assert re.sub(r"/\*.*?\*/|:root[^{]*|@media \(prefers-color-scheme: dark\)|--[a-z-]+: #[0-9a-f]{6};|[\s{}]", "", css) == ""


@pytest.mark.parametrize("pair", Colors)
def test_what_stands_outside_the_files_is_what_is_in_them(pair):
    (light, link), (dark, link_in_dark) = SAMPLES[pair]
    assert (tokens(pair, "light")["paper"], tokens(pair, "light")["accent"]) == (light, link)
    assert (tokens(pair, "dark")["paper"], tokens(pair, "dark")["accent"]) == (dark, link_in_dark)


@pytest.mark.django_db
@pytest.mark.parametrize("pair", Colors)
def test_a_page_has_the_colors_of_the_owner_and_the_browser_around_it_too(admin_client, client, pair):
    choose(admin_client, colors=pair.value)
    page = client.get("/about/")
    linked = re.findall(r'<link rel="stylesheet" href="/static/([^"]*)"', page.content.decode())
    assert linked == ["lupussite/site.css", *filter(None, [style_sheet(pair)])]
    for scheme, (ground, _link) in zip(("light", "dark"), SAMPLES[pair], strict=True):
        assertContains(page, f'content="{ground}" media="(prefers-color-scheme: {scheme})"')
    assertNotContains(page, "<style")


@pytest.mark.django_db
def test_the_owner_sees_each_pair_beside_its_name(admin_client):
    page = admin_client.get("/admin/lupussite/appearance/1/change/")
    for pair in Colors:
        assertContains(page, str(pair.label))
        for colour in (*SAMPLES[pair][0], *SAMPLES[pair][1]):
            assertContains(page, f'fill="{colour}"')
