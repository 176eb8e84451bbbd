"""What differs between two frozen contents: exact in what it keeps, readable in what it shows."""

import random

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.diff import differences
from articles.diff.blocks import Block, blocks
from articles.diff.differences import Change, Gap, between
from articles.html.rendering import clean, finish

SOURCE = {
    "kind": "journal",
    "authors": "Foering K",
    "title": "About brims",
    "container": "Hats",
    "year": 2012,
    "pages": "",
    "pmid": "12",
    "doi": "",
    "url": "",
    "accessed": None,
}


def content(**fields):
    empty = {"title": "Hats", "summary": "About hats.", "need_to_know": "", "body_html": "", "language": "en", "sources": []}
    return empty | {"no_source_reason": "", "format": 1} | fields


def body(html):
    return content(body_html=html)


def said(old, new):
    """Return the printed difference as lines, "[-removed-]" and "{+added+}" in them."""
    signs = {Change.SAME: "{}", Change.ADDED: "{{+{}+}}", Change.REMOVED: "[-{}-]"}
    lines = []
    for part in between(old, new):
        lines += [part.note] if part.note else []
        for row in part.shown:
            if isinstance(row, Gap):
                lines.append(f"({row.count})")
                continue
            lines += [row.note] if row.note else []
            words = "".join(" " * piece.space + signs[piece.change].format(piece.shown) for piece in row.pieces)
            lines += [words] if words else []
    return lines


def test_the_same_content_differs_in_nothing():
    assert between(content(sources=[SOURCE]), content(sources=[SOURCE])) == []


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("<p>Wear a hat every day.</p>", "<p>Wear a hat each day.</p>", ["Wear a hat [-every-] {+each+} day."]),
        ("<p>One.</p>", "<p>One.</p><p>Two.</p>", ["(1)", "{+Two.+}"]),
        ("<p>One.</p><p>Two.</p>", "<p>Two.</p>", ["[-One.-]", "(1)"]),
        ("<h2>Why</h2><p>x</p>", "<p>Why</p><p>x</p>", ["Now: paragraph. Before: heading.", "Why", "(1)"]),
        (
            '<p>See <a href="https://a.example/?a&amp;b">this</a>.</p>',
            '<p>See <a href="https://b.example/">this</a>.</p>',
            ["See [-[link to https://a.example/?a&b]-] {+[link to https://b.example/]+} this."],
        ),
        ("<p>Not now.</p>", "<p><strong>Not</strong> now.</p>", ["{+[bold]+} Not {+[end of bold]+} now."]),
        ("<p>Use H2O now.</p>", "<p>Use H<sub>2</sub>O now.</p>", ["Use [-H2O-] {+H [subscript] 2 [end of subscript] O+} now."]),
        (
            "<ul><li>One</li></ul>",
            "<ol><li>One</li></ol>",
            ["Removed: list.", "Added: numbered list.", "(1)", "Removed: end of list.", "Added: end of numbered list."],
        ),
        (
            "<ol><li>x</li></ol>",
            '<ol start="4"><li>x</li></ol>',
            ["Removed: numbered list.", "Added: numbered list (start 4).", "(1)"],
        ),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>",
            ["(1)", "Added: table row.", "(1)"],
        ),
        ("<p>a b</p>", "<p>a  b</p>", ["The words are the same. Only formatting or spacing that you can't see has changed."]),
    ],
)
def test_every_change_is_told(old, new, lines):
    assert said(body(old), body(new)) == lines


@pytest.mark.parametrize(
    ("fields", "name", "line"),
    [
        ({"title": "Caps"}, "Title", "[-Hats-]"),
        ({"summary": "About caps."}, "Summary", "About [-hats-] {+caps+}."),
        ({"need_to_know": "- Wear one"}, "Need To Know", "{+Wear one+}"),
        ({"language": "es"}, "Language", "{+Spanish+}"),
        ({"sources": [SOURCE]}, "Sources", "{+Foering K. About brims. Hats 2012. PMID 12. Type: journal article.+}"),
        ({"no_source_reason": "How the site works"}, "Why no sources are needed", "{+How the site works+}"),
    ],
)
def test_every_part_is_compared(fields, name, line):
    assert [part.name for part in between(content(), content(**fields))] == [name]
    assert line in said(content(), content(**fields))


def test_a_content_from_before_there_was_a_reason_is_compared_as_well():
    old = content()
    del old["no_source_reason"]
    assert said(old, content(title="Hats!")) == ["Hats{+!+}"]


def test_ids_and_links_of_marks_follow_and_are_not_told():
    old = finish(clean("<h2>A</h2><p>My old hat [1].</p><p>Rest [1].</p>").html, sources=1)
    new = finish(clean("<h2>A</h2><p>My old hat.</p><p>Rest [1].</p>").html, sources=1)
    assert said(body(old), body(new)) == ["A", "My old hat [-[1]-].", "(1)"]


def test_long_stretches_without_change_are_shortened_and_headings_stay():
    words = " ".join(f"w{number}" for number in range(100))
    old = f"<h2>First</h2><p>x</p><h2>Second</h2><p>y</p><p>{words} end</p>"
    assert said(body(old), body(old.replace("w50", "new"))) == [
        "(2)",
        "Second",
        "(1)",
        "… w42 w43 w44 w45 w46 w47 w48 w49 [-w50-] {+new+} w51 w52 w53 w54 w55 w56 w57 w58 …",
    ]


def test_changes_are_told_in_words_and_escaped():
    old, new = content(title="Two <i>hats</i>"), content(title="Two <b>caps</b>")
    html = render_to_string("articles/_difference.html", {"parts": between(old, new)})
    assert "removed: </span>i&gt;hats&lt;/i<span" in html
    assert "added: </span>b&gt;caps&lt;/b<span" in html
    assert "<b>" not in html


VOCABULARY = [f"word{number}" for number in range(1500)]


def text(paragraphs, each, seed):
    rnd = random.Random(seed)
    return "".join(f"<p>{' '.join(rnd.choices(VOCABULARY, k=each))}</p>" for _ in range(paragraphs))


@pytest.mark.parametrize(("paragraphs", "each"), [(1, 5000), (100, 50), (1000, 5)])
def test_two_long_texts_that_differ_everywhere_are_compared(paragraphs, each):
    """Compared word against word without a bound, this would not come back."""
    old, new = body(text(paragraphs, each, 1)), body(text(paragraphs, each, 2))
    assert between(old, new)
    assert between(old, body(old["body_html"].replace("word1", "other").replace("<p>", "<p>New ")))


def test_the_same_few_words_again_and_again_are_compared():
    assert between(body(f"<p>{'a b ' * 2500}</p>"), body(f"<p>{'b a c ' * 1700}</p>"))
    assert between(body("<p>a</p><p>b</p>" * 1000), body("<p>b</p><p>a</p><p>c</p>" * 1000))


WORDS = st.lists(st.sampled_from(["a", "b", "not", "hat,", "<LOQ", "&amp;", "[1]", "https://a.example/x", "é"]), max_size=12).map(
    " ".join
)
INLINE = st.one_of(
    WORDS,
    WORDS.map("<strong>{}</strong>".format),
    WORDS.map('<a href="https://a.example/">{}</a>'.format),
    WORDS.map("x<sub>{}</sub>y".format),
)
BLOCK = st.one_of(
    INLINE.map("<p>{}</p>".format),
    INLINE.map("<h2>{}</h2>".format),
    st.lists(INLINE, max_size=4).map(lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"),
    st.lists(INLINE, max_size=4).map(lambda cells: f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"),
)
HTML = st.lists(BLOCK, max_size=8).map(lambda parts: finish(clean("".join(parts)).html, sources=1))


@given(HTML, HTML, st.sampled_from([40_000, 20, 0]))
@settings(deadline=None)
def test_the_pieces_give_back_both_texts(old, new, most):
    before, after = body(old), body(new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "MOST_WORD_PAIRS", most)
        patch.setattr(differences, "MOST_BLOCK_PAIRS", most)
        parts = between(before, after)
    assert bool(parts) == (old != new)
    for part in parts:
        if part.rows:
            assert side(part, "before", Change.REMOVED) == blocks("body_html", before)
            assert side(part, "after", Change.ADDED) == blocks("body_html", after)


def side(part, name, change):
    """Return the blocks of one side, their tokens put together from the pieces."""
    found = []
    for row in part.rows:
        block = getattr(row, name)
        if block is not None:
            pieces = [token for piece in row.pieces if piece.change in {Change.SAME, change} for token in piece.tokens]
            found.append(Block(block.kind, tuple(pieces)))
    return found
