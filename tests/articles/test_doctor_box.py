"""The box that says when to call a doctor: what the cleaner keeps of it, what readers get, what differences say."""

import pytest

from articles.diff.differences import between
from articles.html import rendering
from articles.html.rendering import clean
from tests.factories import make_published

BOX = '<section class="doctor">\n<h3>Call a doctor if</h3>\n<ul>\n<li>you have a fever</li>\n</ul>\n</section>'


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (BOX, BOX),
        (f"<p>a</p>{BOX}<p>b</p>", f"<p>a</p>\n{BOX}\n<p>b</p>"),
        ('<section class="doctor">words</section>', '<section class="doctor">\n<p>words</p>\n</section>'),
        ('<section class="doctor"><p> </p></section>', ""),
        # It stands between the blocks of a text, not in one of them.
        (f"<ul><li>a{BOX}</li></ul>", f"<ul>\n<li>a</li>\n</ul>\n{BOX}"),
        (f"<table><tr><td>a{BOX}</td></tr></table>", f"<table>\n<tbody>\n<tr>\n<td>a</td>\n</tr>\n</tbody>\n</table>\n{BOX}"),
        (f'<section class="doctor"><p>a</p>{BOX}</section>', f'<section class="doctor">\n<p>a</p>\n</section>\n{BOX}'),
        # Any other section is only its words, and its end does not end the box around it.
        ('<section><p>a</p></section><section class="intro">b</section>', "<p>a</p>\n<p>b</p>"),
        (
            '<section class="doctor"><section><p>a</p></section><p>b</p></section><p>c</p>',
            '<section class="doctor">\n<p>a</p>\n<p>b</p>\n</section>\n<p>c</p>',
        ),
        ("a</section>b", "<p>a</p>\n<p>b</p>"),
        ('<p class="doctor">a</p>', "<p>a</p>"),
    ],
)
def test_the_cleaner_keeps_the_box_and_no_other_section(html, kept):
    cleaned = clean(html)
    assert cleaned.html == kept
    assert clean(kept).html == kept
    assert clean(kept).removed == []


def test_readers_get_it_as_a_region_with_its_heading_as_name():
    html = rendering.finish(clean(BOX).html, sources=0)
    assert html.startswith('<section class="doctor" aria-labelledby="call-a-doctor-if">\n<h3 id="call-a-doctor-if">')


def test_two_boxes_have_names_of_their_own():
    html = rendering.finish(clean(BOX + BOX).html, sources=0)
    assert 'aria-labelledby="call-a-doctor-if-2">\n<h3 id="call-a-doctor-if-2">' in html


def test_a_box_without_a_heading_has_no_name():
    html = rendering.finish(clean('<section class="doctor"><p>Call <b>now</b>.</p></section>').html, sources=0)
    assert html == '<section class="doctor">\n<p>Call <b>now</b>.</p>\n</section>'


def test_the_page_shows_it(client, db):
    article = make_published(body=f"<p>Words.</p>{BOX}")
    assert '<section class="doctor" aria-labelledby' in client.get(article.get_absolute_url()).content.decode()


def test_differences_name_a_box_that_came():
    texts = "<p>a</p>", f"<p>a</p>{BOX}"
    old, new = ({"title": "A", "body_html": rendering.finish(clean(text).html, sources=0)} for text in texts)
    assert [row.note for part in between(old, new) for row in part.rows if row.note] == [
        "Added: “Call a doctor” box.",
        "Added: subheading.",
        "Added: list.",
        "Added: list item.",
        "Added: end of list.",
        "Added: end of “Call a doctor” box.",
    ]
