"""Hostile texts: whatever is typed is cleaned in bounded time or refused in words, and what is usual stays as it was."""

import time

import pytest

from articles.html.cleaning import TooDeep, clean

LONG = 60_000


@pytest.mark.parametrize(
    "piece",
    [
        "<script>",
        "<svg>",
        "<svg></svg>",
        "<b>",
        "<b>x",
        "<p><b>x",
        "<b><p>x",
        "<b><i><em><strong>x",
        '<span lang="en">x',
        "x</b>",
        "<!--",
        "<!a ",
        "<li>x",
        "<table><td>x</table>",
        "x<br>",
        "<a b=\"<p '",
    ],
)
def test_a_hostile_text_is_cleaned_in_bounded_time(piece):
    start = time.process_time()
    clean((piece * LONG)[:LONG])
    # A step that looks back over the whole text each time takes half a minute.
    assert time.process_time() - start < 5


@pytest.mark.parametrize("piece", ["<blockquote>", "<ul><li>", "<table><tbody><tr><td>"])
def test_blocks_too_deep_inside_each_other_are_refused_in_words(piece):
    with pytest.raises(TooDeep, match="nested too deeply"):
        clean(piece * 5_000 + "x")


def test_lists_as_deep_as_anybody_writes_are_kept():
    html = clean("<ul><li>x" * 20).html
    assert html.count("<ul>") == 20
    assert clean(html).html == html


def test_bold_as_deep_as_anybody_writes_ends_where_it_ends():
    assert clean("<p>" + "<b>" * 20 + "in" + "</b>" * 20 + " out</p>").html == "<p><b>in</b> out</p>"


def test_of_too_many_open_elements_the_words_stay_and_the_first_still_end():
    cleaned = clean("<p>" + "<b>" * 500 + "in" + "</b>" * 500 + " out</p>")
    assert cleaned.html == "<p><b>in</b> out</p>"
    assert cleaned.removed == ["formatting nested too deeply"]


def test_many_blocks_come_out_as_they_came_in():
    html = "\n".join(f"<p>Number {number}</p>" for number in range(250))
    assert clean(html).html == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a<svg>x<svg>y</svg>z</svg>b", "<p>ab</p>"),
        ("a<svg>x<svg>y</svg>b", "<p>axb</p>"),
        ("a<script>x<script>y</script>b", "<p>ab</p>"),
        ("a</svg>b<svg>c</svg>d", "<p>abd</p>"),
        ("a<svg>b", "<p>ab</p>"),
    ],
)
def test_elements_that_go_with_their_text_end_at_their_own_end(text, html):
    assert clean(text).html == html
