"""The cleaner, the ids and marks of a page, plain text, citations."""

import re
from html.parser import HTMLParser

import bleach
import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.html import rendering
from articles.html.rendering import clean, finish, fold, headings, marked, plain_html, plain_words, search_text, vancouver, words
from articles.html.tags import ATTRIBUTES, PROTOCOLS, TAGS
from tests.factories import cases

MARKUP = """<p> </p> <h1> </h1> <h2> <h3> </h3> <h5> <ul> </ul> <ol\tstart="3"> </ol> <li> </li> <strong> </strong> <em> <i>
    </i> <b> </b> <a\thref="https://example.org/?a=1&copy=2"> <a\thref=javascript:alert(1)> <a\thref="//evil.example">
    <a\tname=x> </a> <a\thref="mailto:a@example.org"> <a\thref='#x"y'> <blockquote> </blockquote> <table> </table>
    <caption> </caption> <thead> <tbody> </tbody> <tfoot> <tr> </tr> <th\tscope="row"> <th\tscope="x"> </th>
    <td\tcolspan="2"> </td> <br> <br/> <hr> <sub> </sub> <sup> <dl> <dt> </dt> <dd> </dd> <abbr\ttitle="a<b>'c">
    </abbr> <span\tlang="la"> <span> </span> <div\tclass="x"> </div> <script> </script> <script>alert(1)</script>
    <style>p{}</style> <svg> </svg> <svg/onload=alert(1)> <math> <template> </template> <textarea> </textarea> <title>
    <noscript> </noscript> <iframe> <xmp> <plaintext> <select> <option> <!-- --> <!--> <![endif]--> <!doctype> <?xml>
    <del> </del> <s> </s> <q> </q> <span\tstyle="font-weight:700"> <span\tstyle="vertical-align:super">
    <b\tstyle="font-weight:normal"> <i\tstyle="font-style:normal"> <div\tstyle="font-style:italic"> <td\tstyle="display:none">
    <p\tstyle="mso-list:l0\tlevel2\tlfo1"> <span\tstyle="mso-list:Ignore"> <p\tclass="MsoListParagraph"> 3. · <li\tvalue="7">
    <li\tdata-aria-level="2"> <a\thref="#_ftn1"> <a\thref="#_ftnref1"> <a\thref="#_msocom_1"> <p\trole="heading">
    <o:p> </o:p> <img\tsrc=x\tonerror=alert(1)> <figure> </figure> <figcaption>
    </figcaption> <img\tlang=la\tsrc=/pictures/SHA.jpg\talt=[1]> <p\tlang="es"\tonclick="x"> < > & &lt; &amp;lt; &lt;script&gt;
    &nbsp; &#0; &#x3c; &notit; <LOQ <70 <p <a\thref="x [1] [2,3] word other. " ' = / \x00 \u202e \ufdd0 é"""
PIECES = st.sampled_from([piece.replace("\t", " ") for piece in re.split("[ \n]+", MARKUP.replace("SHA", "ab" * 32))])
SOUP = st.lists(st.one_of(PIECES, st.sampled_from([" ", "\n", "\r\n"]), st.text(max_size=4)), max_size=14).map("".join)


class Events(HTMLParser):
    """The tags and the text of HTML, to compare what two libraries wrote in their own ways."""

    def __init__(self, html):
        super().__init__()
        self.events = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.events.append(("start", tag, tuple(sorted(attrs))))

    def handle_endtag(self, tag):
        self.events.append(("end", tag))

    def handle_data(self, data):
        if self.events and self.events[-1][0] == "text":
            data = self.events.pop()[1] + data
        self.events.append(("text", data))


def is_balanced(html):
    stack = []
    for event in Events(html).events:
        if event[0] == "start" and event[1] not in {"br", "hr", "img"}:
            stack.append(event[1])
        elif event[0] == "end" and (not stack or stack.pop() != event[1]):
            return False
    return not stack


@settings(max_examples=cases(400), deadline=None)
@given(SOUP)
@example("<p>C3 <LOQ and < 5")
@example("<table><td><ul><td>x</ul>")
@example("<ul><br><ul>x")
def test_cleaning_again_changes_nothing(text):
    cleaned = clean(text)
    assert clean(cleaned.html) == rendering.Cleaned(cleaned.html, [])


@settings(max_examples=cases(400), deadline=None)
@given(SOUP)
def test_nothing_survives_that_nh3_would_remove(text):
    html = clean(text).html
    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    other = nh3.clean(html, tags=set(TAGS), attributes=attributes, url_schemes=set(PROTOCOLS), link_rel=None, strip_comments=True)
    assert Events(html).events == Events(other).events


@settings(max_examples=cases(400), deadline=None)
@given(SOUP)
def test_what_comes_out_is_well_formed_and_has_no_carriage_return(text):
    html = clean(text).html
    assert is_balanced(html)
    assert "\r" not in html
    assert "\0" not in html


@settings(max_examples=cases(300), deadline=None)
@given(st.text())
def test_text_without_tags_keeps_every_visible_character(text):
    visible = [character for character in text.replace("<", "< ") if character.isprintable() and not character.isspace()]
    source = text.replace("<", "< ").replace("&", "&amp;")
    assert [
        character for character in words(clean(source).html) if character.isprintable() and not character.isspace()
    ] == visible


@pytest.mark.parametrize(
    "text", ["C3 <LOQ and < 5", "C4 <70 mg/L", "a <b and c> d", "x<y", "<https://example.org>", "1 < 2 > 0 && 3"]
)
def test_what_only_looks_like_a_tag_stays(text):
    cleaned = clean(f"<p>{text}</p>")
    assert words(cleaned.html) == text
    assert cleaned.removed == []


@pytest.mark.parametrize(
    ("source", "html", "removed"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>", "code (script)"),
        ("<style>p{}</style><p>a</p>", "<p>a</p>", "colors and fonts"),
        ('<p style="color:red">a</p>', "<p>a</p>", "colors and fonts"),
        ("<p onclick=x>a</p>", "<p>a</p>", "code (onclick)"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>", "1 broken link (javascript:alert(1))"),
        ('<p><a href="java\nscript:alert(1)">a</a></p>', "<p>a</p>", "1 broken link (java script:alert(1))"),
        ('<p><a href="//evil.example">a</a></p>', "<p>a</p>", "1 broken link (//evil.example)"),
        ('<p><a href="/\\evil.example">a</a></p>', "<p>a</p>", "1 broken link (/\\evil.example)"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p>a</p>", "1 broken link (data:text/html,x)"),
        ('<p>a <a href="/x"></a></p>', "<p>a</p>", "1 link with no text (/x)"),
        ('<p>a<img src=x alt="A hat"></p>', "<p>a</p>", "1 picture (“A hat”)"),
        ("<h1>a</h1>", "<h2>a</h2>", "1 heading level (h1 is now h2)"),
        ("<p><font>a</font></p>", "<p>a</p>", "colors and fonts"),
        ("<!-- note --><p>a</p>", "<p>a</p>", "hidden comments in the code"),
        ("<p>a<iframe src=x></iframe></p>", "<p>a</p>", "1 embedded item and any text in it (iframe)"),
        ("<p>a\0b</p>", "<p>ab</p>", "invisible control characters"),
    ],
)
def test_what_is_removed_is_said(source, html, removed):
    assert clean(source) == rendering.Cleaned(html, [removed])


def test_the_same_removal_is_said_once_with_its_number():
    assert clean('<p class="x">a</p><p style="y">b</p>').removed == ["colors and fonts"]
    assert clean('<p>a<img src="x" alt="A hat"><img src="y"></p>').removed == ["2 pictures (“A hat”)"]


def test_of_many_removals_of_a_kind_all_are_named():
    links = "".join(f'<a href="javascript:{name}">a</a>' for name in "abcd")
    assert clean(f"<p>{links}</p>").removed == ["4 broken links (javascript:a, javascript:b, javascript:c, javascript:d)"]


def test_what_matters_is_said_first_and_looks_last():
    source = '<p style="color:red">a <img src=x alt=Hat> <a href="javascript:x">b</a> <del>40</del><ins>20</ins></p><h1>c</h1>'
    assert clean(source).removed == [
        "crossed-out or deleted text (“40”)",
        "1 picture (“Hat”)",
        "1 broken link (javascript:x)",
        "1 heading level (h1 is now h2)",
        "colors and fonts",
    ]


def test_script_without_an_end_takes_no_words_with_it():
    cleaned = clean("<p>before</p><script>after")
    assert words(cleaned.html) == "before after"
    assert cleaned.removed == ["1 unclosed tag (script)"]


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="https://example.org/?a=1&amp;b=2" title="There">a</a></p>',
        '<p><a href="/articles/">a</a> <a href="#sources">b</a> <a href="mailto:a@example.org">c</a></p>',
        '<h2>In Spring</h2>\n<p><a href="#in-spring">a</a></p>',
        '<ol start="3" type="a">\n<li>a</li>\n</ol>',
        '<table>\n<caption>c</caption>\n<thead>\n<tr>\n<th scope="col">a</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td colspan="2"></td>\n</tr>\n'
        "</tbody>\n</table>",
        '<p lang="es"><span lang="la">a</span> H<sub>2</sub>O x<sup>2</sup> <abbr title="t">b</abbr><br>c</p>',
        "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>",
        "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n<h3>b</h3>",
    ],
)
def test_what_is_allowed_stays_as_it_is(html):
    assert clean(html) == rendering.Cleaned(html, [])


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<div>one</div><div>two</div>", "<p>one</p>\n<p>two</p>"),
        ("<strong><p>a</p><p>b</p></strong>", "<p><strong>a</strong></p>\n<p><strong>b</strong></p>"),
        ("<td>a<div>b</div>", "<table>\n<tbody>\n<tr>\n<td>a<br>b</td>\n</tr>\n</tbody>\n</table>"),
        ("<ul><ul><li>x</ul><li>y</ul>", "<ul>\n<li><ul>\n<li>x</li>\n</ul>\n</li>\n<li>y</li>\n</ul>"),
        ("<p><b>a<p>b</b>c", "<p><b>a</b></p>\n<p><b>b</b>c</p>"),
        ("<p>&nbsp;</p><p><br></p>", ""),
        ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>", "<ul>\n<li>a</li>\n<li><p>b</p>\n<p>c</p>\n</li>\n</ul>"),
        ("a\r\nb", "<p>a b</p>"),
    ],
)
def test_loose_html_is_put_in_order(source, html):
    assert clean(source).html == html


def test_text_pasted_from_word_is_clean():
    source = (
        "<!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]--><style>p.MsoNormal{mso-style-name:x}</style>"
        "<h1 style='mso-x:1'>Title<o:p></o:p></h1>"
        "<p class=MsoNormal><span style='font-size:11pt'>One <b>two</b><o:p>&nbsp;</o:p></span></p>"
        "<p class=MsoListParagraph><![if !supportLists]>· <![endif]>Three</p>"
    )
    cleaned = clean(source)
    assert cleaned.html == "<h2>Title</h2>\n<p>One <b>two</b>\xa0</p>\n<ul>\n<li>Three</li>\n</ul>"
    assert "colors and fonts" in cleaned.removed


def test_text_pasted_from_wordpress_is_clean():
    source = (
        '<!-- wp:heading --><h2 class="wp-block-heading" id="x">Sun</h2><!-- /wp:heading -->\n\n<!-- wp:image {"id":1} -->'
        '<figure class="wp-block-image"><img src="/a.jpg" alt=""/><figcaption>A hat</figcaption></figure><!-- /wp:image -->\n'
        '<!-- wp:paragraph --><p style="x">Shade</p><!-- /wp:paragraph -->'
    )
    assert clean(source).html == "<h2>Sun</h2>\n<p>A hat</p>\n<p>Shade</p>"


def test_the_gate_of_bleach_agrees_with_the_tree():
    html = clean('<p title="x">a <b>c</b> <a href="https://example.org/">d</a></p>').html
    assert bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True) == html


def test_headings_get_ids_from_their_words():
    html = finish("<h2>Why <em>Sunlight</em> Matters</h2>\n<h3>In Spring</h3>\n<h2>¿Qué es?</h2>\n<h2>…</h2>", sources=0)
    assert re.findall('id="([^"]*)"', html) == ["why-sunlight-matters", "in-spring", "que-es", "section-section"]
    assert headings(html) == [("why-sunlight-matters", "Why Sunlight Matters"), ("que-es", "¿Qué es?"), ("section-section", "…")]


def test_equal_headings_get_different_ids():
    html = finish("<h2>In Spring</h2><h2>In Spring</h2><h2>In Spring 2</h2>", sources=0)
    assert re.findall('id="([^"]*)"', html) == ["in-spring", "in-spring-2", "in-spring-2-2"]


@pytest.mark.parametrize(
    "words_of_heading",
    ["Title", "Main", "Comments", "Need to Know", "Sources", "Source 1", "Mark 3", "Comment 12", "id_body", "Error summary"],
)
def test_a_heading_never_takes_an_id_of_the_page(words_of_heading):
    html = finish(f"<h2>{words_of_heading}</h2>", sources=3)
    assert re.search('id="([^"]*)"', html)[1].startswith("section-")


def test_marks_lead_to_the_sources_and_the_first_one_can_be_led_back_to():
    assert finish("<p>a [1] b [1]</p>", sources=1) == (
        '<p>a <a id="mark-1" href="#source-1" aria-label="source 1">[1]</a> '
        'b <a href="#source-1" aria-label="source 1">[1]</a></p>'
    )


def test_marks_side_by_side_and_in_one_bracket():
    html = finish("<p>[1][2] [2, 3]</p>", sources=3)
    assert words(html) == "[1][2] [2, 3]"
    assert re.findall('href="([^"]*)"', html) == ["#source-1", "#source-2", "#source-2", "#source-3"]
    assert marked(html) == {1, 2, 3}


@pytest.mark.parametrize(
    "html", ["<p>[4] [0] [2020] [x] [1,]</p>", '<p><a href="/x">see [1]</a></p>', '<p><abbr title="[1]">a</abbr></p>']
)
def test_what_is_no_mark_stays_words(html):
    assert finish(html, sources=3) == html


def test_a_heading_keeps_its_mark_in_the_contents():
    html = finish("<h2>Shade helps [1]</h2>", sources=1)
    assert headings(html) == [("shade-helps-1", "Shade helps [1]")]


@settings(max_examples=cases(200), deadline=None)
@given(SOUP)
def test_finishing_changes_no_word_and_no_id_twice(text):
    html = clean(text).html
    finished = finish(html, sources=2)
    assert words(finished) == words(html)
    ids = re.findall(r'<[a-z0-9]+ id="([^"]*)"', finished)
    assert len(ids) == len(set(ids))
    assert is_balanced(finished)


def test_plain_text_becomes_paragraphs_and_lists_and_is_escaped():
    text = "First <b>\nline [1].\n\n- one [2]\n- two [9]\nAfter"
    assert plain_html(text, sources=2) == (
        '<p>First &lt;b&gt; line <a href="#source-1" aria-label="source 1">[1]</a>.</p>\n'
        '<ul><li>one <a href="#source-2" aria-label="source 2">[2]</a></li><li>two [9]</li></ul>\n<p>After</p>'
    )


def test_plain_marks_in_one_bracket():
    html = plain_html("a [1, 2] {b}", sources=1)
    assert html == '<p>a [<a href="#source-1" aria-label="source 1">1</a>, 2] {b}</p>'


def test_plain_words_have_no_marks_and_no_dashes():
    assert plain_words("Sun [1][2]. Shade\n\n- hat [3, 4]\n- roof") == "Sun. Shade hat roof"


def test_folding_drops_accents_case_and_spaces():
    assert fold("  Él  ÑANDÚ\nStraße ﬁn ") == "el nandu strasse fin"


def test_search_text_holds_every_part_without_marks():
    content = {"title": "Título", "summary": "One [1].", "need_to_know": "- Two", "body_html": "<h2>Three</h2><p>four [2]</p>"}
    assert search_text(content) == "titulo one. two three four"


def source(**fields):
    empty = dict.fromkeys(("authors", "title", "container", "pages", "pmid", "doi", "url"), "")
    return empty | {"kind": "journal", "year": None, "accessed": None} | fields


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"authors": "Foering K, et al", "title": "Sun", "container": "J Am", "year": 2012, "pages": "66:220-8", "pmid": "1"},
            "Foering K, et al. Sun. J Am 2012;66:220-8. PMID 1.",
        ),
        ({"title": "Sun?", "doi": "10.1000/x"}, "Sun? DOI 10.1000/x."),
        ({"authors": "NHS", "title": "Lupus", "accessed": "2026-11-22"}, "NHS. Lupus. Accessed November 22, 2026."),
    ],
)
def test_citations_in_one_line(fields, line):
    assert vancouver(source(**fields)) == line


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://example.org/", "doi": "10.1000/x"}, "https://example.org/"),
        ({"doi": "10.1000/x", "pmid": "1"}, "https://doi.org/10.1000/x"),
        ({"pmid": "1"}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({}, ""),
    ],
)
def test_where_a_source_is_read(fields, address):
    assert rendering.source_url(source(**fields)) == address


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("Sun [1] and hats [2, 3].", {1: 3, 3: 1}, "Sun [3] and hats [2, 1]."),
        ("Sun [1][2].", {1: None}, "Sun [?][2]."),
        ("Sun [1, 2].", {2: None}, "Sun [1, ?]."),
        ('<p>Sun <a href="#x[1]" title="[1]">[1]</a></p>', {1: 2}, '<p>Sun <a href="#x[1]" title="[1]">[2]</a></p>'),
        ("Take [10] or [4].", {}, "Take [10] or [4]."),
    ],
)
def test_marks_follow_their_sources(text, numbers, expected):
    assert rendering.renumbered_html(text, numbers) == expected


def test_marks_in_plain_words_are_found_between_signs_too():
    assert rendering.renumbered("CRP <5 [2] and ESR >20 [1].", {1: 2, 2: 1}) == "CRP <5 [1] and ESR >20 [2]."
    assert rendering.renumbered("Sun [1, ?] and [1,\xa02].", {1: 3}) == "Sun [3, ?] and [3,\xa02]."
