"""Pages of many shapes: what reaches the article, what is left out and named, and where reading stops."""

import datetime
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import earlier_site
from articles.earlier_site import NotAnArticle, Person, parse, report
from articles.html.rendering import clean, vancouver, words
from articles.models import Article, Reviewer, SignOff
from tests.factories import make_reviewer

PAGES = Path(__file__).parent / "pages"
FILES = sorted(PAGES.glob("*.txt"))
DAY = datetime.date
JANE = Person("Jane Doe", "MD")

# File: who reviewed it, on which day, who wrote it, headings, and what the report says was left out.
SHAPES = {
    "blogger": (
        [Person("Dr. Omar Reyes")],
        None,
        "",
        ["Keep warm"],
        "3 comments of the earlier page, a form, links of the earlier site",
    ),
    "disqus": (
        [Person("Li Wei", "M.D., Ph.D.", "rheumatologist")],
        DAY(2023, 6, 1),
        "Nora Finch, RN",
        ["Live vaccines"],
        "6 comments of the earlier page by its own count (1 found), a cookie notice, a newsletter box, an author box, "
        "related posts, a form",
    ),
    "hard-wrapped": (
        [Person("Jane Doe", "MD, FACR")],
        None,
        "",
        ["What tests show"],
        "1 comment of the earlier page, links of the earlier site",
    ),
    "health-site": (
        [JANE],
        DAY(2022, 5, 2),
        "Sam Poe, MPH",
        ["What it feels like"],
        "links of the earlier site, a share bar, related posts",
    ),
    "medium": ([Person("Donald Thomas", "MD")], None, "Ivy Stone", ["Before bed"], "2 comments of the earlier page, a form"),
    "no-comments": ([JANE], None, "Uma Vance", ["Gentle care", "What not to do"], "a form, links of the earlier site"),
    "numbered-headings": ([], None, "", ["1. Is it lupus", "2. What comes next"], None),
    "spanish": (
        [Person("Dra. Ana Gil")],
        DAY(2022, 5, 1),
        "Luz Prado",
        ["Qué ayuda"],
        "1 comment of the earlier page, links of the earlier site, a share bar, related posts, a form",
    ),
    "squarespace": (
        [Person("Ana Lima", "MD"), Person("Ben Ode", "PhD")],
        None,
        "",
        ["Talk early"],
        "4 comments of the earlier page",
    ),
    "two-lines": ([Person("Jane Doe", "PharmD")], None, "", ["When to call"], "a form"),
    "wix": (
        [JANE, Person("John Roe", "DO"), Person("Pat Lee", "RN, BSN")],
        DAY(2022, 5, 13),
        "",
        ["Three Responses to Stress", "What you can do"],
        "links of the earlier site, related posts, a form",
    ),
    "wordpress-thread": (
        [JANE],
        DAY(2022, 5, 1),
        "Ada Verne",
        ["Why light matters", "What helps", "Comments on dosage"],
        "2 comments of the earlier page, links of the earlier site, a share bar, related posts, a form",
    ),
}
ARTICLE = "Sun and Skin\n\nLight can wake lupus up.\n\nWhat helps\n\nWear a hat.\n\nReviewed by Jane Doe, MD\n\n"
OPEN = ARTICLE.replace("Reviewed by Jane Doe, MD\n\n", "")


def load(path, **options):
    out = StringIO()
    call_command("load_article", str(path), stdout=out, **options)
    return out.getvalue()


def published(page):
    parts = [page.title, page.summary, page.need_to_know, words(clean(page.body_html).html), *map(vancouver, page.sources)]
    return " ".join(parts)


def test_every_page_has_its_expectation():
    assert [path.stem for path in FILES] == sorted(SHAPES)
    assert len(FILES) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_read_of_a_page(path):
    page = parse(path.read_text())
    reviewers, day, author, headings, left_out = SHAPES[path.stem]
    assert (page.reviewers, page.reviewed_on, page.author) == (reviewers, day, author)
    assert re.findall("<h2>(.*?)</h2>", page.body_html) == headings
    named = [line for line in report(page) if line.startswith("left out: ")]
    assert (named[0] == f"left out: {left_out}") if left_out else named


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_reader_and_no_address_gets_through(path):
    page = parse(path.read_text())
    everything = published(page) + page.author + str(page.reviewers) + "\n".join(report(page))
    strangers = (
        "cousin,cured,Mary,nobody believes,ginger,never asked,which doctor,arm fell off,limón,whisky,Beets,@,555,Gus,Zed,Rosa"
    )
    for stranger in strangers.split(","):
        assert stranger not in everything, stranger


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_of_a_page_is_published_or_named_as_left_out(path):
    page = parse(path.read_text())
    review = " ".join(line for line in path.read_text().split("\n") if re.match(r"(Medically r|R)e(viewed|visado)", line))
    told = " ".join([published(page), *page.left_out, review, str(page.reviewers), "Need to Know Sources"])
    lost = set(re.findall(r"\w+", path.read_text())) - set(re.findall(r"\w+", told))
    assert {word for word in lost if not re.fullmatch(r"\d+|[a-z]", word)} <= {"By", "Need", "To", "to", "Know", "know"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cleaner_leaves_the_body_of_a_page_alone(path):
    html = parse(path.read_text()).body_html
    assert (clean(html).html, clean(html).removed) == (html, [])


@pytest.mark.parametrize(
    "marker",
    [
        "2 thoughts on “Sun and Skin”",
        "One thought on “Sun and Skin”",
        '3 Responses to "Sun and Skin"',
        "3 Responses to",
        "5 responses to Sun and Skin",
        "2 Replies to “Sun and S…”",
        "Comments (4)",
        "4 comments",
        "No comments yet",
        "Leave a Reply",
        "Leave a Comment",
        "Post a comment",
        "Join the discussion…",
        "Your email address will not be published. Required fields are marked *",
        "## Comments (4)",
        "💬 4 Comments",
        "3 comentarios",
        "Deja un comentario",
        "Dejar una respuesta",
    ],
)
def test_nothing_after_the_beginning_of_the_comments_is_published(marker):
    page = parse(f"{ARTICLE}{marker}\n\nMary says:\nMay 3, 2022 at 3:15 pm\n\nTea cured me. mary@example.com\n\nReply\n")
    assert published(page) == "Sun and Skin Light can wake lupus up.  What helps Wear a hat."
    assert "Tea" not in "\n".join(report(page))


@pytest.mark.parametrize("marker", ["Related posts", "You may also like", "About the author", "Entradas relacionadas"])
def test_a_box_after_the_article_is_left_out(marker):
    page = parse(f"{ARTICLE}{marker}\n\nCold Fingers\nFever\n")
    assert page.left_out == [marker, "Cold Fingers", "Fever"]
    assert published(page).endswith("Wear a hat.")


@pytest.mark.parametrize(
    "line",
    [
        "Comments on dosage",
        "Leave a reply to your doctor",
        "Post a comment in your diary every day",
        "Responses to treatment",
        "Related conditions",
        "More on sun protection",
        "What is a thought record?",
        "Name your fears",
        "Share this plan with your family and your doctor",
        "Sharing a bathroom",
        "By mouth or by vein",
        "Home exercises",
        "Print shops and lupus",
        "Written by hand",
        "Stay informed",
        "Reviewers and what they do",
        "No response",
        "Topics to bring up",
        "Menu",
        "« Words »",
        "Medical review boards",
    ],
)
def test_a_heading_with_the_same_words_cuts_nothing(line):
    page = parse(
        f"Sun and Skin\n\nLight can wake lupus up.\n\n{line}\n\nA second paragraph follows here.\n\nReviewed by Jane Doe, MD\n"
    )
    assert f"<h2>{line}</h2>\n<p>A second paragraph follows here.</p>" in page.body_html
    assert page.left_out == []


@pytest.mark.parametrize(
    ("text", "words_of_error"),
    [
        (OPEN + "Comments\n\nThis part tells what doctors say about it in plain words.\n", "line 9 .“Comments”. may be the end"),
        (OPEN + "5 Thoughts on Life\n\nThis part tells how to go on from day to day.\n", "line 9 .* may be the end"),
        (OPEN + "Leave a comment\n\nThis part tells how to go on from day to day with lupus.\n", "line 9 .* may be the end"),
        (OPEN + "Related articles\n\nThis part tells how to go on from day to day with lupus.\n", "line 9 .* may be the end"),
        (
            OPEN + "Comments (2)\n\nMary\n\nSources\n\n1. NHS. Lupus.\n",
            "line 9 .“Comments .2.”. looks like the end .* line 13 .“Sources”",
        ),
        (OPEN + "4 comments\n\nMary\n\nReviewed by Jane Doe, MD\n", "line 9 .* looks like the end .* line 13"),
        (
            OPEN + "Mary says:\nMay 3, 2022 at 3:15 pm\nI tried it.\n",
            "line 9 .“Mary says:”. looks like part of a reader's comment",
        ),
        (OPEN + "hatter • 3 years ago\nI tried it.\n", "line 9 .* looks like part of a reader's comment"),
        (OPEN + "I tried it.\n\nReply\n", "line 11 .“Reply”. looks like part"),
        (OPEN + "Ask us\n\nName *\n\nShoe size *\n", "line 11 .“Name .”. looks like part"),
        (OPEN + "Related articles\n\nFever\n\nWhat to do\n\nCall us.\n\nRest a lot.\n", "line 9 .* may be the end"),
        (OPEN + "3 comments\n\nStay in the shade.\n\n3 comments\n\nMary says:\n", "line 9 .* may be the end"),
        (ARTICLE + "What readers think\n\nMary: it cured me.\n", "line 11 .* stands under the line that says who reviewed"),
        (ARTICLE + "Sources\n\n1. NHS. Lupus.\n\nMary\n\nIt cured me.\n", "line 15 .“Mary”. stands under"),
        (OPEN + "Reviewed by Jane Doe, MD, and the editors\n", "line 9: “the editors” in the line that says who reviewed"),
        (OPEN + "Reviewed by jane\n", "line 9: “jane” in the line"),
        (OPEN + "Reviewed by Jane Doe, MD\nReviewed by Jane Doe, RN\n", "line 10 gives Jane Doe other letters"),
    ],
)
def test_where_it_is_not_certain_reading_stops_and_says_where(text, words_of_error):
    with pytest.raises(NotAnArticle, match=words_of_error):
        parse(text)


def test_a_person_can_say_where_the_article_ends():
    text = OPEN + "Comments\n\nThis part tells what doctors say about it in plain words.\n\nWhat readers think\n\nTea cured me.\n"
    page = parse(text, last_line=11)
    assert "<h2>Comments</h2>" in page.body_html
    assert "Tea" not in published(page)
    assert "left out: what follows the last line of the article" in report(page)


@pytest.mark.parametrize("where", ["title", "summary", "body", "point", "need to know", "source", "reviewer", "author"])
@pytest.mark.parametrize(
    ("private", "what"),
    [
        ("mary@example.com", "an email address"),
        ("mary@exam\u200bple.com", "an email address"),
        ("mary (at) example (dot) org", "an email address"),
        ("(555) 123-4567", "a phone number"),
        ("+49 30 1234567", "a phone number"),
    ],
)
def test_an_address_anywhere_in_what_would_be_published_stops_it(where, private, what):
    places = dict.fromkeys(["title", "summary", "body", "point", "need to know", "source", "reviewer", "author"], "")
    places[where] = f" {private}"
    text = (
        "Sun{title}\n\nBy Ada Verne{author}\n\nLight{summary} can wake lupus up.\n\nWhat helps\n\nWear{body} a hat.\n\n"
        "• A hat{point}\n\nNeed to know\n\nWear{need to know} it.\n\n"
        "Sources\n\n1. NHS{source}. Lupus.\n\nReviewed by Jane Doe, MD{reviewer}\n"
    )
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    number = next(number for number, line in enumerate(text.split("\n"), start=1) if private in line)
    with pytest.raises(NotAnArticle, match=rf"line {number}\b") as caught:
        parse(text)
    if where not in {"reviewer", "author"}:
        assert f"has {what}, which readers would see" in str(caught.value)
    assert private not in str(caught.value) or where == "reviewer"


@pytest.mark.parametrize(
    "harmless",
    [
        "eGFR 59 61 58 60 62 57",
        "200-400 mg",
        "10.1016/S0140-6736(19)30546-X",
        "911",
        "2019-2020-2021",
        "150 200 300",
        "lupus.org",
    ],
)
def test_numbers_of_an_article_are_no_phone_numbers(harmless):
    assert harmless in published(parse(f"{OPEN}Look at {harmless} again.\n"))


@pytest.mark.django_db
def test_an_address_of_the_editors_may_be_kept(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(OPEN + "Write to desk@example.org or call 1-800-555-0199.\n")
    with pytest.raises(CommandError, match="line 9 has an email address"):
        load(path, keep_address=["1-800-555-0199"])
    assert not Article.objects.exists()
    load(path, keep_address=["desk@example.org", "1-800-555-0199"])
    assert "desk@example.org" in Article.objects.get().body


@pytest.mark.parametrize(
    ("line", "people", "day"),
    [
        ("Reviewed by Jane Doe, MD on May 1, 2022", [JANE], DAY(2022, 5, 1)),
        ("Medically Reviewed by Jane Doe, MD on Sunday, May 01, 2022.", [JANE], DAY(2022, 5, 1)),
        ("Reviewed by Jane Doe, MD (1 May 2022)", [JANE], DAY(2022, 5, 1)),
        ("Reviewed on 2022-05-01 by Jane Doe, MD", [JANE], DAY(2022, 5, 1)),
        ("Reviewed by Jane Doe, MD, 05/13/2022", [JANE], DAY(2022, 5, 13)),
        ("Reviewed by Jane Doe, MD on 05/01/2022", [JANE], None),
        ("Reviewed by Jane Doe, MD on May 1, 2090", [JANE], None),
        ("Reviewed by Jane Doe, MD on May 1, 1989", [JANE], None),
        ("Reviewed by Jane Doe, MD on February 30, 2022", [JANE], None),
        ("Reviewed by Jane Doe, MD in May 2022", [JANE], None),
        ("Medically reviewed by Jane Doe, MD. Last updated on May 1, 2022.", [JANE], None),
        ("Revisado por Jane Doe, MD el 1 de mayo de 2022", [JANE], DAY(2022, 5, 1)),
        ("Reviewed by A. Lee, MD and B. Roe, PhD", [Person("A. Lee", "MD"), Person("B. Roe", "PhD")], None),
        (
            "Reviewed by Al Lee, MD, Bo Roe, DO, & Cy Poe, NP",
            [Person("Al Lee", "MD"), Person("Bo Roe", "DO"), Person("Cy Poe", "NP")],
            None,
        ),
        ("Reviewed by Dr. Jane Doe", [Person("Dr. Jane Doe")], None),
        ("Reviewed by Dr. Jane Doe, MD", [JANE], None),
        ("Reviewed by Jane Doe MD, FACR", [Person("Jane Doe", "MD, FACR")], None),
        ("Reviewed by Jane Doe, M.D., Ph.D.", [Person("Jane Doe", "M.D., Ph.D.")], None),
        ("Reviewed by Jane Doe, MD, Medical Director", [Person("Jane Doe", "MD", "Medical Director")], None),
        ("Reviewed by Jane Ma and Bob Do, RN-BC", [Person("Jane Ma"), Person("Bob Do", "RN-BC")], None),
        ("Revisado por la Dra. Ana Gil y el Dr. Luis Paz", [Person("Dra. Ana Gil"), Person("Dr. Luis Paz")], None),
    ],
)
def test_who_reviewed_a_page_and_when(line, people, day):
    page = parse(f"{OPEN}{line}\n")
    assert (page.reviewers, page.reviewed_on) == (people, day)
    assert "eviewed" not in published(page)


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("05/01/2022", "can be read in two ways"),
        ("May 1, 2090", "is in the future"),
        ("5/1/22", "does not write the year in full"),
        ("May 1, 1989", "is before 1990"),
        ("May 2022", "names no day"),
    ],
)
def test_a_date_that_is_not_used_is_reported(date, reason):
    page = parse(f"{OPEN}Reviewed by Jane Doe, MD on {date}\n")
    assert any(line.startswith("please check: the date is not used: ") and reason in line for line in report(page))


def test_lines_about_the_page_are_no_headings():
    lines = "Last updated May 2, 2022", "Share this", "Fact checked by Tess Orr", "Tags: sun, skin", "Published on May 1, 2021"
    page = parse(OPEN + "\n\n".join(lines) + "\n\nRelated: Cold Fingers\n")
    assert page.left_out == list(lines)
    assert re.findall("<h2>(.*?)</h2>", page.body_html) == ["What helps"]
    assert "<p>Related: Cold Fingers</p>" in page.body_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("1. a\n\n2. b\n\n3. c\n\nWords.", "<ol><li>a</li><li>b</li><li>c</li></ol><p>Words.</p>"),
        ("• a\n• b", "<ul><li>a</li><li>b</li></ul>"),
        ("– a\n– b", "<ul><li>a</li><li>b</li></ul>"),
        ("Do this:\n- a\n- b\nThen rest.", "<p>Do this:</p><ul><li>a</li><li>b</li></ul><p>Then rest.</p>"),
        ("1. a\n   • x\n   • y\n2. b", "<ol><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ol>"),
        ("1. a\n• x\n• y\n2. b", "<ol><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ol>"),
        ("• a\n– x\n– y\n• b", "<ul><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ul>"),
        ("• a\n\t◦ x\n\t\t▪ deep\n• b", "<ul><li>a<ul><li>x<ul><li>deep</li></ul></li></ul></li><li>b</li></ul>"),
        ("1. a\n  a) x\n  b) y\n2. b", '<ol><li>a<ol type="a"><li>x</li><li>y</li></ol></li><li>b</li></ol>'),
        (" 9. a\n10. b", '<ol start="9"><li>a</li><li>b</li></ol>'),
        ("1. a goes\non and\n2. b", "<ol><li>a goes on and</li><li>b</li></ol>"),
        ("• a\n\n1. b\n2. c", "<ul><li>a</li></ul><ol><li>b</li><li>c</li></ol>"),
        ("1. a\n2. b\n\n1. c", "<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol>"),
        ("“Words.”\n\n— Ada Verne", "<p>“Words.”</p><p>— Ada Verne</p>"),
        ("It was seen in\n2. That is all.", "<p>It was seen in 2. That is all.</p>"),
        ("- 5 is less than 2", "<p>- 5 is less than 2</p>"),
    ],
)
def test_lists_at_the_margin_and_lists_in_lists(text, html):
    made = parse(f"Title\n\nSummary of it.\n\nFirst words.\n\n{text}\n").body_html
    assert made.replace("\n", "").removeprefix("<p>First words.</p>") == html
    assert clean(made).html == made


@pytest.mark.parametrize(
    "line",
    [
        "by admin | May 1, 2022 | News | 3 comments",
        "Leave a Comment / News / By Ada Verne",
        "May 1, 2022 • 5 min read",
        "3 Comments",
    ],
)
def test_what_stands_between_title_and_text_is_no_part_of_it(line):
    page = parse(f"Sun and Skin\n{line}\n\nLight can wake lupus up.\n\nWhat helps\n\nWear a hat.\n")
    assert (page.summary, page.left_out) == ("Light can wake lupus up.", [line])
    assert page.body_html == "<h2>What helps</h2>\n<p>Wear a hat.</p>"


def test_a_date_above_the_title_and_a_title_that_speaks_of_one():
    page = parse(f"Thursday, June 12, 2014\n\n{OPEN}")
    assert (page.title, page.left_out) == ("Sun and Skin", ["Thursday, June 12, 2014"])
    assert parse(OPEN.replace("Sun and Skin", "Sun and Skin — Updated May 2022")).title == "Sun and Skin — Updated May 2022"


@pytest.mark.parametrize("beginning", ["Leave a Reply", "Comments", "Post a comment", "Related articles", "5 Thoughts"])
def test_under_the_closing_review_no_beginning_is_uncertain(beginning):
    page = parse(f"{ARTICLE}{beginning}\n\nMary\n\nIt cured me at once. I tell everyone.\n")
    assert published(page).endswith("Wear a hat.")


@pytest.mark.django_db
def test_each_stated_reviewer_stands_on_the_page(tmp_path, client):
    path = tmp_path / "page.txt"
    path.write_text(OPEN + "Reviewed by Ana Lima, MD and Dr. Ben Ode, PhD on May 1, 2022\n")
    assert "reviewed by Ana Lima, MD and Ben Ode, PhD, as the earlier site stated it, on May 1, 2022" in load(path)
    signed = list(SignOff.objects.values_list("name", "credentials", "origin", "signed_on", "valid_until"))
    assert signed == [
        ("Ana Lima", "MD", "stated", DAY(2022, 5, 1), None),
        ("Ben Ode", "PhD", "stated", DAY(2022, 5, 1), None),
    ]
    page = words(client.get(Article.objects.get().get_absolute_url()).content.decode())
    assert "Ana Lima, MD" in page
    assert "Ben Ode, PhD" in page


@pytest.mark.django_db
def test_the_same_person_is_one_reviewer_and_other_letters_stop_it(tmp_path):
    path = tmp_path / "page.txt"
    make_reviewer(name="Jane Doe", slug="jane-doe", credentials="M.D.")
    path.write_text(ARTICLE)
    load(path)
    assert Reviewer.objects.count() == 1
    path.write_text(ARTICLE.replace("Sun", "Moon").replace("MD", "RN"))
    with pytest.raises(CommandError, match=r"the page names Jane Doe, RN, but here Jane Doe, M.D. is a reviewer"):
        load(path)
    assert Article.objects.count() == 1


WORD = st.sampled_from(
    [
        "sun",
        "skin",
        "lupus",
        "comments",
        "reply",
        "leave",
        "a",
        "thoughts",
        "on",
        "post",
        "related",
        "share",
        "says",
        "hats",
        "name",
        "date",
    ]
)
SENTENCE = st.lists(WORD, min_size=4, max_size=14).map(lambda words: f"{' '.join(words).capitalize()}.")
POINTS = st.lists(SENTENCE, min_size=2, max_size=4)
BLOCK = st.one_of(
    SENTENCE,
    POINTS.map(lambda points: "\n".join(f"{number}. {point}" for number, point in enumerate(points, start=1))),
    POINTS.map(lambda points: "\n".join(f"• {point}" for point in points)),
)
BEGINNING = st.sampled_from(
    [
        "2 thoughts on “Sun and Skin”",
        "3 Responses to “Sun and Skin”",
        "Comments (4)",
        "4 comments:",
        "1 comentario en “Sun and Skin”",
    ]
)
STRANGER = st.lists(
    st.sampled_from(["zebra", "zinc", "zest", "zebra@example.com", "1. zebra", "Zebra says:", "Zinc", "• zest", ""])
)


@settings(deadline=None, max_examples=80)
@given(st.lists(BLOCK, min_size=2, max_size=6), BEGINNING, st.lists(STRANGER.map(" ".join), max_size=8))
def test_all_before_the_comments_and_nothing_after_reaches_the_article(article, beginning, strangers):
    text = "\n\n".join(["Sun and Skin", "Light can wake lupus up.", *article])
    page = parse("\n\n".join([text, beginning, *strangers]))
    assert "z" not in published(page).casefold()
    made = [word for word in re.findall(r"\w+", published(page)) if not word.isdigit()]
    assert made == [word for word in re.findall(r"\w+", text) if not word.isdigit()]
    assert page.left_out[0] == beginning


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(["", "  ", "    "]), st.sampled_from("•–1a"), WORD), min_size=1, max_size=9))
def test_no_point_of_a_list_is_lost(points):
    """Whatever the marks and places of its points, each word of a list is kept once and in order, or reading stops."""
    text = "\n".join(f"{indent}{mark}{'.' if mark in '1a' else ''} {word}" for indent, mark, word in points)
    try:
        page = parse(f"Title\n\nSummary of it.\n\nFirst words.\n\n{text}\n")
    except NotAnArticle:
        return
    marks = {"1", "a"}
    made = [word for word in re.findall(r"\w+", words(page.body_html)) if word not in marks]
    assert made == ["First", "words"] + [word for _, _, word in points if word not in marks]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By Nora Finch, RN", ("Nora Finch", "RN")),
        ("Written by Nora Finch", ("Nora Finch", "")),
        ("By Nora Finch, RN and Otto Berg", ("", "")),  # the article has room for one; an editor decides
    ],
)
def test_the_one_author_of_a_page_is_frozen_with_it(byline, author):
    text = f"Sun and Hats\n\n{byline}\n\nLight can wake lupus up.\n\nWhat helps\n\nWear a hat.\n\nReviewed by Jane Doe, MD\n"
    article, _ = earlier_site.load(earlier_site.parse(text))
    assert (article.author_name, article.author_credentials) == author
    assert article.revisions.get().author == ", ".join(filter(None, author))
    again, made = earlier_site.load(earlier_site.parse(text))
    assert (again, made) == (article, False)
