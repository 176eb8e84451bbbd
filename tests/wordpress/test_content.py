"""What becomes of the text of a post. No database."""

import dataclasses
import datetime

import pytest

from lupussite.wordpress.comment_words import words
from lupussite.wordpress.content import Beside, Shown, Surroundings, of_post

AROUND = Surroundings(datetime.date(2026, 11, 30))


def made(text, around=AROUND, **more):
    """Return the parts of a post whose excerpt is its summary, so that the text is whole."""
    return of_post(text, around, Beside(**{"excerpt": "Summary."} | more))


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("One\ntwo\n\nThree", "<p>One<br>two</p>\n<p>Three</p>"),
        ("One\r\n\r\n\r\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("A <b>b\n\nc</b> d", "<p>A <b>b</b></p>\n<p><b>c</b> d</p>"),
        ("<ul>\n<li>a</li>\n<li>b\n</li>\n</ul>\nafter", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>after</p>"),
        ("One<!--more Read on-->Two<!--nextpage-->Three", "<p>One</p>\n<p>Two</p>\n<p>Three</p>"),
        ("<h1>A</h1>x<h3>B</h3>y", "<h2>A</h2>\n<p>x</p>\n<h3>B</h3>\n<p>y</p>"),
        ("<h3>A</h3>x<h4>B</h4>y<h5>C</h5>", "<h2>A</h2>\n<p>x</p>\n<h3>B</h3>\n<p>y</p>\n<h3>C</h3>"),
        ("C3 <LOQ and < 5\n\nx", "<p>C3 &lt;LOQ and &lt; 5</p>\n<p>x</p>"),
        ("<pre>a\n  b</pre>\n\nx", "<p>a<br>b</p>\n<p>x</p>"),
        ("x [1] and [sic]\n\n[[gallery]]", "<p>x [1] and [sic]</p>\n<p>[gallery]</p>"),
        ("[caption id='a' width='3']<img src='h.jpg' alt='A hat'> The hat[/caption] after", "<p>The hat</p>\n<p>after</p>"),
        ("[row][col width='3']Words [b]bold[/b][/col][/row]", "<p>Words bold</p>"),
        (
            "[embed]https://x.example.org/v[/embed]\n\nz",
            '<p><a href="https://x.example.org/v">https://x.example.org/v</a></p>\n<p>z</p>',
        ),
        ("<script>alert(1)</script><p onclick='x' style='color:red'>a</p><form><input></form>", "<p>a</p>"),
    ],
)
def test_classic_text(text, body):
    assert made(text).body == body


HAT = f"/pictures/{1:064x}.jpg"


def found(wanted):
    """Know one picture, by its name or its number."""
    return Shown(HAT, "A red hat", "In May") if "hat" in wanted["src"] or wanted["id"] == "7" else f"missing: {wanted['src']}"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<img src='/u/hat-300x200.jpg' alt='A hat' onclick='x'>", f'<figure>\n<img alt="A hat" src="{HAT}">\n</figure>'),
        ("<img src='hat.jpg' alt='hat'>", f'<figure>\n<img alt="A red hat" src="{HAT}">\n</figure>'),
        ("<img src='cap.jpg' class='wp-image-7'>", f'<figure>\n<img alt="A red hat" src="{HAT}">\n</figure>'),
        (
            "Before <a href='/u/hat.jpg'><img src='/u/hat-300x200.jpg' alt='A'></a> after",
            f'<p>Before</p>\n<figure>\n<img alt="A" src="{HAT}">\n</figure>\n<p>after</p>',
        ),
        (
            "[caption width='3']<a href='x.jpg'><img src='hat.jpg' alt='A'></a> The <em>hat</em>[/caption]",
            f'<figure>\n<img alt="A" src="{HAT}">\n<figcaption>The <em>hat</em></figcaption>\n</figure>',
        ),
        (
            "[caption caption='Old way']<img src='hat.jpg' alt='A'>[/caption]",
            f'<figure>\n<img alt="A" src="{HAT}">\n<figcaption>Old way</figcaption>\n</figure>',
        ),
        (
            "[gallery ids='7,9']",
            f'<figure>\n<img alt="A red hat" src="{HAT}">\n<figcaption>In May</figcaption>\n</figure>',
        ),
        (
            "<figure class='wp-block-gallery'><ul class='blocks-gallery-grid'><li class='blocks-gallery-item'>"
            "<figure><img src='hat.jpg' alt='A'><figcaption>One</figcaption></figure></li>"
            "<li class='blocks-gallery-item'><figure><img src='cap.jpg' alt='B'><figcaption>Two</figcaption></figure></li></ul>"
            "<figcaption>Both</figcaption></figure>",
            f'<figure>\n<img alt="A" src="{HAT}">\n<figcaption>One</figcaption>\n</figure>\n<p>Two</p>\n<p>Both</p>',
        ),
        (
            "<h2>Hats <img src='hat.jpg' alt='A'>help</h2>",
            f'<figure>\n<img alt="A" src="{HAT}">\n</figure>\n<h2>Hats help</h2>',
        ),
        (
            "<picture><source srcset='hat.webp'><img src='data:image/gif;base64,x' data-src='hat.jpg' alt='A'></picture>"
            "<noscript><img src='hat.jpg' alt='A'></noscript>",
            f'<figure>\n<img alt="A" src="{HAT}">\n</figure>',
        ),
        ("Fine <img class='wp-smiley' src='s.gif' alt=':-)'> thanks", "<p>Fine :-) thanks</p>"),
        ("x <img src='https://t.example.org/p.gif' width='1' height='1'>", "<p>x</p>"),
        ("<figure><table><tr><td>a</td></tr></table><figcaption>T</figcaption></figure>", None),
    ],
)
def test_pictures_become_figures_of_their_own(text, body):
    parts = made(text, dataclasses.replace(AROUND, picture=found))
    if body is None:
        assert parts.body.endswith("</table>\n<p>T</p>")
    else:
        assert parts.body == body


def test_a_gallery_that_names_none_shows_the_pictures_of_the_post():
    around = dataclasses.replace(AROUND, picture=found)
    assert made("[gallery]", around, attached=["7"]).body.count("<figure>") == 1
    assert "which has no pictures" in str(made("[gallery]", around).lost)


def test_the_posts_own_picture_stands_above_the_text_once():
    around = dataclasses.replace(AROUND, picture=found)
    body = f'<figure>\n<img alt="A red hat" src="{HAT}">\n<figcaption>In May</figcaption>\n</figure>\n<p>One.</p>'
    assert made("One.", around, fields={"_thumbnail_id": "7"}).body == body
    assert made("One. <img src='hat.jpg'>", around, fields={"_thumbnail_id": "7"}).body.count("<figure>") == 1
    assert made("One.", around, fields={"_thumbnail_id": "9"}).body == "<p>One.</p>"


def test_a_picture_above_the_first_words_takes_no_summary_away():
    around = dataclasses.replace(AROUND, picture=found)
    parts = of_post("<img src='hat.jpg' alt='A'>\n\nOne.\n\nTwo.", around, Beside())
    assert (parts.summary, parts.body) == ("One.", f'<figure>\n<img alt="A" src="{HAT}">\n</figure>\n<p>Two.</p>')


def test_what_becomes_of_a_picture_is_told():
    text = "<img src='hat.jpg'><a href='https://shop.example.org/'><img src='cap.jpg' alt='A cap'></a><a href='/f/leaf.pdf'>x</a>"
    parts = made(text, dataclasses.replace(AROUND, picture=lambda wanted: Shown(HAT) if "hat" in wanted["src"] else "missing"))
    assert parts.check == ["the picture hat.jpg has no description, so screen readers pass over it"]
    assert sorted(parts.lost) == [
        "a file that a link leads to, which stays where it is: /f/leaf.pdf",
        "a picture, missing (“A cap”)",
        "the link of a picture: https://shop.example.org/",
    ]


def test_a_long_list_with_a_list_at_its_end_takes_no_longer_than_its_length():
    points = "<li>Abc: word</li>" * 60
    body = made(f"One.\n\n<ul>{points}<li>x<ul><li>Yes: a</li><li>No: b</li></ul></li></ul>").body
    assert body.endswith("<ul>\n<li><strong>Yes:</strong> a</li>\n<li><strong>No:</strong> b</li>\n</ul>\n</li>\n</ul>")


ENDLESS = (
    "<pre>",
    "<figure>",
    "<!-- more",
    "<!-- wp:x {",
    "[embed]",
    "[caption]",
    "\n",
    " \n",
    " ",
    "<a href='x'>",
    "<noscript><img ",
)


@pytest.mark.parametrize("piece", ENDLESS)
def test_what_never_ends_ends(piece):
    # The time of each of these once grew with its square, or faster.
    made(piece * (30_000 // len(piece)))
    words(piece * (30_000 // len(piece)))


def test_blocks_become_what_is_in_them():
    text = (
        '<!-- wp:paragraph {"align":"x"} -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n'
        '<!-- wp:group --><div><!-- wp:heading {"level":3} --><h3>Two</h3><!-- /wp:heading --></div><!-- /wp:group -->'
        "<!-- wp:details --><details><summary>More</summary><!-- wp:paragraph --><p>in it</p><!-- /wp:paragraph --></details>"
        "<!-- /wp:details --><!-- wp:latest-posts /-->"
        '<!-- wp:acme/box {"title":"Call your doctor first","color":"#fff"} /-->'
        "<!-- wp:acme/tip --><p>Drink water</p><!-- /wp:acme/tip -->"
        '<!-- wp:block {"ref":9} /-->'
    )
    parts = made(text, Surroundings(AROUND.today, {"9": "<!-- wp:paragraph --><p>Again</p><!-- /wp:paragraph -->"}))
    assert parts.body == (
        "<p>One</p>\n<h2>Two</h2>\n<p>More</p>\n<p>in it</p>\n<p>Call your doctor first</p>\n<p>Drink water</p>\n<p>Again</p>"
    )
    assert [name in str(parts.lost) for name in ("latest-posts", "acme/box", "acme/tip")] == [True] * 3


def test_a_reusable_block_that_holds_itself_ends():
    around = Surroundings(
        AROUND.today, {"9": '<!-- wp:block {"ref":9} /--><!-- wp:paragraph --><p>Once</p><!-- /wp:paragraph -->'}
    )
    assert made('<!-- wp:block {"ref":9} /-->', around).body == "<p>Once</p>"


def test_the_address_of_a_video_is_no_summary():
    parts = of_post("https://v.example.org/1\n\nOne.\n\nTwo.", AROUND, Beside())
    assert parts.summary == "One."
    assert parts.body.count("<p>") == 3


def test_footnotes_stay_with_their_numbers():
    mark = '<sup data-fn="a" class="fn"><a href="#a" id="a-link">1</a></sup>'
    text = f"<!-- wp:paragraph --><p>Sun{mark}</p><!-- /wp:paragraph --><!-- wp:footnotes /-->"
    parts = made(text, fields={"footnotes": '[{"content":"A <em>note</em>.","id":"a"}]'})
    assert parts.body == "<p>Sun<sup>1</sup></p>\n<h2>Footnotes</h2>\n<ol>\n<li>A <em>note</em>.</li>\n</ol>"


def test_links_to_headings_follow_them():
    assert (
        made('<h2 id="old">New Name</h2>x <a href="#old">up</a>').body == '<h2>New Name</h2>\n<p>x <a href="#new-name">up</a></p>'
    )


@pytest.mark.parametrize("heading", ["<h2>Need To Know</h2>", "<h4>Need to know:</h4>", "<strong>Need To Know</strong>"])
def test_need_to_know_becomes_that_field(heading):
    parts = made(f"<h2>A</h2>x\n\n{heading}\n\nOne.\n\n<ul><li>a</li><li>b</li></ul>\n\n<h2>B</h2>y")
    assert parts.need_to_know == "One.\n\n- a\n- b"
    assert parts.body == "<h2>A</h2>\n<p>x</p>\n<h2>B</h2>\n<p>y</p>"


@pytest.mark.parametrize(
    ("line", "person", "day"),
    [
        ("<em>Reviewed by Donald Thomas, MD</em>", "Donald Thomas, MD", None),
        (
            "<div class='box'>Medically reviewed by <a href='/x'>Jane Doe, MD</a> on May 1, 2022</div>",
            "Jane Doe, MD",
            datetime.date(2022, 5, 1),
        ),
        ("Words.<br>Reviewed by Jane Doe, MD", "Jane Doe, MD", None),
    ],
)
def test_a_reviewers_line_leaves_the_text(line, person, day):
    parts = made(f"One.\n\nTwo.\n\n{line}")
    assert ([str(one) for one in parts.reviewers], parts.reviewed_on) == ([person], day)
    assert "eviewed" not in parts.body


def test_a_line_about_a_review_that_names_nobody_is_no_review():
    parts = made("One.\n\nReviewed by our medical team")
    assert parts.reviewers == []
    assert "our medical team" in str(parts.check)


def test_the_first_paragraph_is_the_summary_where_there_is_no_excerpt():
    assert of_post("One.\n\nTwo.", AROUND, Beside()).summary == "One."
    assert of_post("One.\n\nTwo.", AROUND, Beside()).body == "<p>Two.</p>"
    assert of_post("Only.", AROUND, Beside()).body == "<p>Only.</p>"


@pytest.mark.parametrize(
    ("html", "typed"),
    [
        ("a\n\nb", "a\n\nb"),
        ("<p>a</p>\n<p>b<br />c</p>", "a\n\nb\nc"),
        ("C3 <LOQ, ANA < 5 &amp; &lt;3", "C3 <LOQ, ANA < 5 & <3"),
        ('<a href="https://x.example.org" rel="nofollow">https://x.example.org</a>', "https://x.example.org"),
        ('see <a href="https://x.example.org/a">this</a>', "see this (https://x.example.org/a)"),
        ('<a href="javascript:alert(1)">x</a><script>y</script>', "x"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n\n- b"),
        ("\U0001f98b", "\U0001f98b"),
    ],
)
def test_comments_become_the_words_that_were_typed(html, typed):
    assert words(html) == typed
