"""The stylesheet: colours that can be told apart in both schemes, small enough, no motion, nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "lupussite" / "static" / "lupussite"
CSS = (STATIC / "site.css").read_text()
SCHEMES = {
    "light": r"^:root \{(.*?)^\}",
    "dark": r"prefers-color-scheme: dark\) \{\s*:root:not\(\[data-scheme=\"light\"\]\) \{(.*?)^  \}",
    "chosen dark": r"^:root\[data-scheme=\"dark\"\] \{(.*?)^\}",
}
GROUNDS = ["paper", "surface", "sunken"]
TINTS = ["accent-tint", "late-tint", "changed-tint", "stop-tint"]

# Every pair that meets on a page. Text: WCAG 2.2, 1.4.6 (AAA); borders, icons and focus: 1.4.11.
TEXT = (
    [(word, ground) for word in ("ink", "ink-soft", "accent", "accent-strong") for ground in GROUNDS + TINTS]
    + [("late", "late-tint"), ("changed", "changed-tint"), ("stop", "stop-tint")]
    + [("on-action", "action"), ("on-action", "action-strong"), ("stop", "paper"), ("good", "paper")]
)
SHAPES = [(shape, ground) for shape in ("edge", "focus", "rule") for ground in GROUNDS] + [("focus", tint) for tint in TINTS]


def colours(scheme):
    """Return the tokens of a scheme that are colours."""
    block = re.search(SCHEMES[scheme], CSS, re.DOTALL | re.MULTILINE).group(1)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    """Return the relative luminance of WCAG, 0 to 1."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of WCAG, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 7), (SHAPES, 3)], ids=["text", "shapes"])
def test_every_pair_of_colours_has_enough_contrast(scheme, pairs, least):
    tokens = colours(scheme)
    found = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_dark_gives_every_colour_a_value_of_its_own():
    assert colours("dark").keys() == colours("light").keys()
    assert colours("chosen dark") == colours("dark")


def test_every_token_that_is_used_is_defined():
    used = set(re.findall(r"var\(--([a-z0-9-]+)", CSS))
    assert used - set(re.findall(r"--([a-z0-9-]+):", CSS)) - {"over", "wash"} == set()


def test_parts_take_their_colours_from_the_tokens():
    parts = CSS[CSS.index("/* Ground */") :]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", parts) == []


def test_nothing_moves_and_nothing_comes_from_elsewhere():
    assert re.findall(r"animation|transition|@keyframes|@import|url\(|https?:", CSS) == []


def test_no_text_is_smaller_than_15_pixels_on_screen():
    screen = re.sub(r"@media print \{.*?^\}", "", CSS, flags=re.DOTALL | re.MULTILINE)
    assert [size for size in re.findall(r"(?:--small|font-size): ([.\d]+)rem", screen) if float(size) < 15 / 16] == []


def test_style_and_script_leave_room_for_the_page_in_30_kilobytes():
    compressed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in ("site.css", "comment-form.js", "mark.svg"))
    assert compressed < 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_around_a_page_has_the_colour_of_its_paper(client, db, scheme):
    page = client.get("/about/").content.decode()
    assert f'content="{colours(scheme)["paper"]}" media="(prefers-color-scheme: {scheme})"' in page


def test_every_time_that_is_shown_has_its_zone():
    for path in (STATIC.parents[2] / "templates").rglob("*.html"):
        for shown in re.findall(r'date:["\'](.*?)["\']', path.read_text()):
            assert "c" not in shown, path  # Six decimals of a second are no valid datetime attribute.
            assert ":i" not in shown or shown.endswith((" T", "O")), (path, shown)
    for app in ("accounts", "articles", "comments", "lupussite", "mail", "web"):
        for path in (STATIC.parents[2] / app).rglob("*.py"):
            assert "%M" not in path.read_text().replace("%H:%M %Z", ""), path
