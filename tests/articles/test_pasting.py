"""What writing programs put on the clipboard, as readers get it; the files beside have the shapes in which they write."""

import re
import time
from pathlib import Path

import pytest

from articles.html.cleaning import clean

CLIPBOARD = Path(__file__).parent / "clipboard"
PROGRAMS = sorted(path.stem for path in CLIPBOARD.glob("*.html") if not path.stem.endswith(".readers"))
NAMES = {
    "word": "Word",
    "word-filtered": "Word, filtered",
    "word-online": "Word on the web",
    "google-docs": "Google Docs",
    "libreoffice": "LibreOffice",
    "pages": "Pages",
    "gutenberg": "WordPress",
    "web-page": "a web page",
}
# Of each feature: how a clipboard shows that it has it, what readers get of it, what is said of it, and the table's words.
FEATURES = {
    "deleted text": (r"\b40\b", r"Take 20 mg", r"deleted text \(“40”\)", "left out, quoted"),
    "10⁹, H₂O": (r"Platelets", r"10<sup>9</sup>.*H<sub>2</sub>O", "", "kept"),
    "bold, italic": (r"not more", r"<(strong|b)>not more</.*<(em|i)>low</", "", "kept"),
    "lists, numbers": (r"Eyes", r'<(ol start="3"|ul)>\s*<li>Eyes.*<ul>\s*<li>OCT', "", "kept"),
    "table": (r"<table", r"<table>.*60 kg", "", "kept"),
    "link": (r"example.org/label", r'<a href="https://example.org/label">', "", "kept"),
    "footnote": (r"dose of the label|cite_note", r"a day\[[13]\]", r"footnotes, .*\[[13]\]", "a citation, named"),
    "comment": (r"msocomtxt", "", r"comments in the margin \(“Which edition\?”\)", "left out, quoted"),
    "picture": (r"<img", "", r"1 picture \(“\w", "left out, named"),
}


def paste_table():
    """Return the table of docs/editing.md: what readers get of each feature of each program's clipboard."""
    lines = [f"| from | {' | '.join(FEATURES)} |", "|---" * (len(FEATURES) + 1) + "|"]
    for program, name in NAMES.items():
        clipboard, html = ((CLIPBOARD / f"{program}{end}").read_text() for end in (".html", ".readers.html"))
        told = (CLIPBOARD / f"{program}.notice.txt").read_text()
        cells = []
        for pasted, read, named, right in FEATURES.values():
            is_right = re.search(read, html, re.DOTALL) and re.search(named, told)
            cells.append((right if is_right else "lost") if re.search(pasted, clipboard) else "–")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_table_for_editors_says_what_readers_get():
    assert set(NAMES) == set(PROGRAMS)
    table = paste_table()
    assert "lost" not in table
    assert table in (CLIPBOARD.parents[2] / "docs" / "editing.md").read_text()


@pytest.mark.parametrize("program", PROGRAMS)
def test_readers_get_what_the_program_showed_and_the_rest_is_named(program):
    cleaned = clean((CLIPBOARD / f"{program}.html").read_text())
    assert cleaned.html == (CLIPBOARD / f"{program}.readers.html").read_text().rstrip("\n")
    assert cleaned.removed == (CLIPBOARD / f"{program}.notice.txt").read_text().splitlines()
    assert clean(cleaned.html).removed == []


@pytest.mark.parametrize(
    "deleted",
    [
        "<del>40</del>",
        "<s>40</s>",
        "<strike>40</strike>",
        "<span class=msoDel>40</span>",
        '<span style="text-decoration:line-through">40</span>',
        '<span style="text-decoration-line: underline line-through">40</span>',
        '<style>span.s1 {text-decoration: line-through}</style><span class="s1">40</span>',
    ],
)
def test_deleted_words_go_and_are_quoted(deleted):
    cleaned = clean(f"<p>Take {deleted}<ins>20</ins> mg</p>")
    assert cleaned.html == "<p>Take 20 mg</p>"
    assert "crossed-out or deleted text (“40”)" in cleaned.removed


def test_every_deleted_word_is_quoted_however_many():
    words = " ".join(f"word{number}" for number in range(200))
    assert clean(f"<p>a <del>{words}</del></p>").removed == [f"crossed-out or deleted text (“{words}”)"]


def test_a_deleted_paragraph_goes_and_the_others_stay():
    assert clean("<p>a</p><del><p>b</p><ul><li>c</li></ul></del><p>d</p>").html == "<p>a</p>\n<p>d</p>"


def test_a_deleted_cell_leaves_its_place():
    html = clean("<table><tr><td class=msoDel>a</td><td>b</td></tr></table>").html
    assert html == "<table>\n<tbody>\n<tr>\n<td></td>\n<td>b</td>\n</tr>\n</tbody>\n</table>"


def test_a_deletion_that_nothing_ends_takes_no_words_with_it():
    assert clean("a <del>b<p>c</p>").html == "<p>a b</p>\n<p>c</p>"


def test_a_deletion_without_an_end_ends_with_its_paragraph():
    assert clean("<p>a <del>b</p><p>c</p>").html == "<p>a</p>\n<p>c</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('<p>10<span style="vertical-align:super">9</span></p>', "<p>10<sup>9</sup></p>"),
        ('<p>H<span style="font-size:6pt;vertical-align:sub">2</span>O</p>', "<p>H<sub>2</sub>O</p>"),
        ('<p>10<span style="vertical-align: 4.0px">9</span></p>', "<p>10<sup>9</sup></p>"),
        ('<p>10<span style="position:relative;top:-3.0pt;mso-text-raise:3.0pt">9</span></p>', "<p>10<sup>9</sup></p>"),
        ('<p>a<sup style="vertical-align:super">9</sup></p>', "<p>a<sup>9</sup></p>"),
        ('<p>a<span style="vertical-align:baseline">9</span></p>', "<p>a9</p>"),
        ('<p><span style="font-weight:700">a</span></p>', "<p><strong>a</strong></p>"),
        ('<p><span style="font-weight:500">a</span></p>', "<p>a</p>"),
        ('<p><span style="font-style:italic;font-weight:bold">a</span></p>', "<p><strong><em>a</em></strong></p>"),
        ('<p style="font-weight:bold">a</p><p>b</p>', "<p><strong>a</strong></p>\n<p>b</p>"),
        ('<b style="font-weight:normal"><p>a</p><p>b</p></b>', "<p>a</p>\n<p>b</p>"),
        ('<p><b>a <span style="font-weight:normal">b</span> c</b></p>', "<p><b>a </b>b<b> c</b></p>"),
        ('<p><b style="mso-bidi-font-weight:normal">a</b></p>', "<p><b>a</b></p>"),
        ('<h2><span style="font-weight:700">a</span></h2>', "<h2>a</h2>"),
        ('<p><b><span style="font-weight:700">a</span></b></p>', "<p><b>a</b></p>"),
        ('<p><i style="font-style:normal">a</i></p>', "<p>a</p>"),
        ("<p><q>a</q> b</p>", "<p>“a” b</p>"),
        ('<table><tr><td style="vertical-align:super">a</td></tr></table>', None),
    ],
)
def test_what_a_style_says_of_words_is_an_element(source, html):
    cleaned = clean(source)
    assert cleaned.html == html if html else "<sup>" not in cleaned.html


def word(*items, begin=""):
    """Return paragraphs as Word writes them of (level, marker, words)."""
    return begin + "".join(
        f"<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]><span "
        f"style='font-family:Symbol'><span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>"
        f"&nbsp;&nbsp; </span></span></span><![endif]>{words}</p>"
        for level, marker, words in items
    )


def flat(html):
    return html.replace("\n", "")


@pytest.mark.parametrize(
    ("items", "html"),
    [
        ([(1, "·", "a"), (1, "·", "b")], "<ul><li>a</li><li>b</li></ul>"),
        (
            [(1, "·", "a"), (2, "o", "b"), (3, "§", "c"), (1, "·", "d")],
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
        ),
        ([(1, "1.", "a"), (2, "a.", "b"), (1, "2.", "c")], '<ol><li>a<ol type="a"><li>b</li></ol></li><li>c</li></ol>'),
        ([(1, "7.", "a"), (1, "8.", "b")], '<ol start="7"><li>a</li><li>b</li></ol>'),
        ([(1, "1.", "a"), (1, "5.", "b")], '<ol><li>a</li></ol><ol start="5"><li>b</li></ol>'),
        (
            [(1, "i.", "a"), (1, "ii.", "b"), (1, "iii.", "c"), (1, "iv.", "d")],
            '<ol type="i"><li>a</li><li>b</li><li>c</li><li>d</li></ol>',
        ),
        ([(1, "h)", "a"), (1, "i)", "b")], '<ol start="8" type="a"><li>a</li><li>b</li></ol>'),
        ([(1, "IX.", "a"), (1, "X.", "b")], '<ol start="9" type="I"><li>a</li><li>b</li></ol>'),
        ([(1, "1.", "a"), (4, "·", "b"), (2, "·", "c")], "<ol><li>a<ul><li>b</li></ul><ul><li>c</li></ul></li></ol>"),
        ([(1, "2.1.", "a")], "<p>2.1.  a</p>"),
        ([(1, "Step 3:", "a")], "<p>Step 3:  a</p>"),
    ],
)
def test_lists_of_word_are_lists_with_their_numbers(items, html):
    assert flat(clean(word(*items)).html).replace("\xa0", "").replace("  ", " ") == html.replace("  ", " ")


def test_a_list_goes_on_with_its_number_after_a_paragraph():
    html = flat(clean(word((1, "1.", "a")) + "<p>between</p>" + word((1, "2.", "b"))).html)
    assert html == '<ol><li>a</li></ol><p>between</p><ol start="2"><li>b</li></ol>'


def test_one_more_paragraph_of_an_item_stays_in_it():
    html = flat(clean(word((1, "1.", "a")) + "<p class=MsoListParagraph>more</p>" + word((1, "2.", "b"))).html)
    assert html == "<ol><li>a<p>more</p></li><li>b</li></ol>"


def test_a_numbered_heading_is_a_heading_with_its_number():
    source = "<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>Eyes</h2>"
    assert clean(source).html == "<h2>2. Eyes</h2>"


def test_an_item_with_its_own_number_keeps_it():
    assert flat(clean("<ol><li>a<li value=4>b<li>c</ol>").html) == '<ol><li>a</li></ol><ol start="4"><li>b</li><li>c</li></ol>'


@pytest.mark.parametrize(
    "text", ["1.\xa0\xa0 a", "·\xa0\xa0 a", "o\xa0\xa0 a", "- a", "> 125 nmol/L", "2 * 10 mg * 7", "a)\xa0\xa0b"]
)
def test_what_somebody_typed_stays_words(text):
    assert clean(f"<p>{text}</p>").html == f"<p>{text.replace('>', '&gt;')}</p>"


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="#_ftn3" name="_ftnref3"><span class=MsoFootnoteReference>[3]</span></a>',
        '<a href="#_edn3" name="_ednref3"><span>[iii]</span></a>',
        '<a class="sdfootnoteanc" href="#sdfootnote3sym"><sup>3</sup></a>',
        '<sup><a href="#ftnt3" id="ftnt_ref3">[3]</a></sup>',
        '<sup class="reference"><a href="https://example.org/wiki/X#cite_note-Smith2020-3">[3]</a></sup>',
        '<a href="#fn3" class="footnote-ref" id="fnref3"><sup>3</sup></a>',
        '<sup data-fn="0d9f3c1e-58a7-4b6e-9d4f-6f2f4f2b7c11"><a href="#0d9f3c1e-58a7-4b6e-9d4f-6f2f4f2b7c11">3</a></sup>',
        '<a href="file:///C:/Temp/clip.htm#_ftn3">[3]</a>',
    ],
)
def test_the_mark_of_a_footnote_is_the_mark_of_a_source(mark):
    cleaned = clean(f"<p>a{mark}, b</p>")
    assert cleaned.html == "<p>a[3], b</p>"
    assert "footnotes, which now cite the sources with these numbers ([3])" in cleaned.removed


def test_marks_copied_from_our_own_page_are_typed_again():
    assert clean('<p>a <a id="mark-2" href="#source-2" aria-label="source 2">[2]</a></p>').html == "<p>a [2]</p>"


def test_comments_in_the_margin_go_and_are_quoted():
    source = (
        "<p>a<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[AB1]</a></span></p>"
        "<div style='mso-element:comment-list'><div class=msocomtxt><p>[AB1] Really?</p></div></div>"
        "<p>b<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup></p>"
        "<div><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a>Who says so?</p></div>"
    )
    cleaned = clean(source)
    assert cleaned.html == "<p>a</p>\n<p>b</p>"
    assert cleaned.removed[0] == "comments in the margin (“Really?”, “Who says so?”)"


def test_a_link_to_nowhere_is_named_and_one_to_a_heading_stays():
    cleaned = clean('<h2>In Spring</h2><p><a href="#in-spring">a</a> <a href="#x">b</a> <a href="#">c</a></p>')
    assert cleaned.html == '<h2>In Spring</h2>\n<p><a href="#in-spring">a</a> b c</p>'
    assert cleaned.removed == ["2 links to places that aren't on this page (#x, #)"]


def test_a_part_may_link_the_headings_of_the_text_that_it_is_meant_for():
    link = '<p><a href="#in-spring">a</a></p>'
    assert clean(link, around="<h2>In Spring</h2>").html == link


def test_pictures_are_counted_once_and_named_and_nothing_of_them_stays():
    data = "data:image/png;base64," + "A" * 10_000
    cleaned = clean(f'<p>a<picture><source srcset="{data}"><img src="{data}" alt="A hat"></picture><img src="{data}"></p>')
    assert cleaned.html == "<p>a</p>"
    assert cleaned.removed == ["2 pictures (“A hat”)", "colors and fonts"]


def test_hidden_words_do_not_come_to_light():
    cleaned = clean('<p>a<span style="display:none">b</span><span style="mso-hide:all">c</span></p>')
    assert cleaned.html == "<p>a</p>"
    assert cleaned.removed == ["hidden text (“b”, “c”)"]


def test_the_first_letter_of_a_name_is_no_number_of_an_item():
    assert clean("<p class=MsoListParagraph style='text-indent:-18.0pt'>A. Smith wrote</p>").html == "<p>A. Smith wrote</p>"


def test_cells_of_excel_are_cells():
    source = "<table><tr><td class=xl65 style='font-weight:700'>a</td><td class=xl66 x:num>5</td></tr></table>"
    assert flat(clean(source).html) == "<table><tbody><tr><td><strong>a</strong></td><td>5</td></tr></tbody></table>"


def test_the_languages_that_word_guesses_are_dropped_and_others_stay():
    assert clean("<p class=MsoNormal><span lang=PL style='mso-ansi-language:PL'>a</span></p>").html == "<p>a</p>"
    assert clean('<p><span lang="la">a</span></p>').html == '<p><span lang="la">a</span></p>'


PARAGRAPH = (
    "<p class=MsoNormal style='margin-bottom:0cm;mso-add-space:auto'><span lang=EN-US style='font-family:\"Aptos\"'>Take <span "
    "class=msoDel><del>40</del></span><ins>20</ins> mg 10<span style='vertical-align:super'>9</span><o:p></o:p></span></p>\n"
)


@pytest.mark.parametrize("piece", [PARAGRAPH, word((1, "1.", "a"), (2, "a.", "b"), (1, "2.", "c"))])
def test_two_megabytes_are_converted_while_somebody_waits(piece):
    start = time.process_time()
    clean(piece * (2_000_000 // len(piece)))
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "piece",
    [
        "<del>",
        "<del>x",
        "<p><del>",
        '<b style="font-weight:normal">x',
        '<span style="font-weight:700">x',
        '<a href="#_ftn1">',
        '<sup><a href="#_ftn1">1',
        "<p style='mso-list:l0 level1 lfo1'>",
        "<p class=MsoListParagraph><span>",
        "<li data-aria-level=2>x",
        "<ol><li value=7>x</li></ol>",
        "<style>.a{",
        "<li><div>",
        "<p><td><b><ul></ul>",
        "<td><p>",
        '<a href="#x">x</a>',
    ],
)
def test_a_hostile_text_is_converted_in_bounded_time(piece):
    start = time.process_time()
    clean((piece * 60_000)[:60_000])
    assert time.process_time() - start < 5


def test_forty_lists_inside_each_other_are_kept():
    html = clean("<ul style='margin:0'><li style='x'><p>x</p>" * 40 + "</li></ul>" * 40).html
    assert html.count("<ul>") == 40


SYMBOL = "mso-char-type:symbol;mso-symbol-font-family:Symbol"


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (f"<p>50 <span style='font-family:Symbol;{SYMBOL}'><span style='{SYMBOL}'>m</span></span>g</p>", "<p>50 μg</p>"),
        (f"<p>dose <span style='{SYMBOL}'>\xa3</span> 5 mg</p>", "<p>dose ≤ 5 mg</p>"),
        ("<p>50 <font face='Symbol'>m</font>g</p>", "<p>50 μg</p>"),
        ("<p>50 <span style='font-family:Symbol'>\uf06d</span>g</p>", "<p>50 μg</p>"),
        ("<p>5 <span style='font-family:\"Segoe UI Symbol\"'>m</span></p>", "<p>5 m</p>"),
        ("<p style='font-family:Symbol'>Whole words stay words</p>", "<p>Whole words stay words</p>"),
        ("<p>10<span style='position:relative;top:-4pt'>9</span>/L</p>", "<p>10<sup>9</sup>/L</p>"),
    ],
)
def test_what_only_a_font_or_a_place_says_is_not_another_dose(pasted, expected):
    assert clean(pasted).html == expected


@pytest.mark.parametrize(
    ("pasted", "expected", "is_named"),
    [
        ('<p>See <a href="#source-1">the 52-week trial of 10 mg/kg</a>.</p>', "the 52-week trial of 10 mg/kg", False),
        ('<p>Then <a href="#mark-3">the paragraph on 5 mg</a>.</p>', "the paragraph on 5 mg", False),
        ('<p>Take it<a href="#_ftn1">, at most 5 mg a day</a>.</p>', ", at most 5 mg a day", False),
        ('<p>20 mg.<a href="https://lupus.example/articles/other/#source-3">[3]</a></p>', "20 mg.[?]", True),
        ('<p>20 mg.<a href="#source-3" aria-label="source 3">[3]</a></p>', "20 mg.[3]", False),
    ],
)
def test_only_a_mark_becomes_a_mark_and_one_of_another_page_names_nothing(pasted, expected, is_named):
    cleaned = clean(pasted)
    assert expected in re.sub("<[^>]*>", "", cleaned.html)
    assert bool([line for line in cleaned.removed if "[" in line]) == is_named
