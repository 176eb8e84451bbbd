"""What the hints see in a text, and what they leave alone."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from articles import addresses, hints, saving, workflow
from tests.factories import make_article, make_published, make_user

EASY = {
    "title": "Hats",
    "summary": "A hat keeps the sun off. [1]",
    "need_to_know": "- Wear a hat.",
    "body_html": "<h2>Brims</h2>\n<p>A wide brim is good.</p>",
    "language": "en",
    "no_source_reason": "",
    "sources": [{"title": "On hats"}],
}


def found(words, **fields):
    """Return the hint with these words in the content, or nothing."""
    return next((hint for hint in hints.hints(EASY | fields) if words in hint.words), None)


def body(html):
    return {"body_html": html}


def test_an_easy_text_gets_its_grade_and_nothing_else():
    (only,) = hints.hints(EASY)
    assert only.words == "Reading level: about grade 1."


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("hat", 1),
        ("brim", 1),
        ("like", 1),
        ("table", 2),
        ("lupus", 2),
        ("walked", 1),
        ("wanted", 2),
        ("sees", 1),
        ("glasses", 2),
        ("fatigue", 2),
        ("the", 1),
        ("b", 1),
        ("sunscreen", 2),
        ("medicine", 3),
        ("immunosuppression", 6),
    ],
)
def test_syllables_are_counted_well_enough(word, count):
    assert hints.syllables(word) == count


def test_the_grade_follows_the_published_formula():
    # 10 words in 2 sentences, 12 syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59
    assert hints.reading_grade(["The cat sat on it.", "A lupus rash looks pinkish."]) == pytest.approx(0.52, abs=0.01)
    assert hints.reading_grade([]) is hints.reading_grade(["12 %"]) is None


def test_a_hard_text_is_said_to_be_hard():
    hard = "<p>Immunosuppressive medication necessitates interdisciplinary pharmacological monitoring.</p>"
    assert "Grade 8 or lower is easier" in found("Reading level", **body(hard)).words


def test_the_grade_of_spanish_is_honestly_left_out():
    assert found("reading level of English", language="es")
    assert not found("Reading level: about", language="es")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", 4),
        ("Dr. Thomas and Mr. Low came.", 1),
        ("It rose, e.g. 2.5 mg. Then it fell.", 2),
        ("He said “Go.” Then he went.", 2),
        ("C3 < 70 vs. C4", 1),
        ("¿Qué es? Árboles.", 2),
        ("It was 50 nmol/L. Then it rose.", 2),
        ("Take vitamin D. It helps.", 2),
        ("Drink 2 L. Rest.", 2),
        ("Take 5 g. Then rest.", 2),
        ("J. R. Smith and A. Low, i. e. two people, came.", 1),
        ("By Rita A. Low. See p. 12.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text, sentences):
    assert len(hints.split(text)) == sentences


def test_headings_and_list_items_are_sentences():
    html = "<h2>A heading without a stop</h2>\n<ul>\n<li>one item</li>\n<li>another item</li>\n</ul>\n<p>Words.</p>"
    assert not found("more than 25", **body(html))


def test_long_sentences_are_shown():
    long = " ".join(["word"] * 26)
    hint = found(
        "1 sentence has more than 25 words:", **body(f"<p>Short one. Now {long[5:]}.</p><p>{' '.join(['word'] * 25)}.</p>")
    )
    assert hint.examples == (f"Now {long[5:]}. (26 words)",)


@pytest.mark.parametrize(
    "text",
    [
        "Hydroxychloroquine (HCQ) helps. HCQ is old.",
        "HCQ (hydroxychloroquine) helps.",
        "Take antinuclear antibodies (ANAs) as an example.",
        '<abbr title="hydroxychloroquine">HCQ</abbr> helps. HCQ is old.',
        "SPF 30 in the UK and the USA, with UV light.",
        "C3 and C4 are I or II, said A.",
        "ALL OF THIS IS CAPITALS",
    ],
)
def test_abbreviations_that_are_written_out_or_well_known(text):
    hint = found("abbreviations", **body(f"<p>{text}</p>"))
    assert hint is None or hint.examples == ("II",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("HCQ helps. Later: hydroxychloroquine (HCQ).", ("HCQ",)),
        ("HCQ (5 mg) and MTX help.", ("HCQ", "MTX")),
        ("NSAIDs help. SLE-related", ("NSAID", "SLE")),
        ("ABCDEFG is a name.", ()),
    ],
)
def test_abbreviations_that_nobody_explains(text, names):
    hint = found("abbreviations", **body(f"<p>{text}</p>"))
    assert (hint.examples if hint else ()) == names


def test_a_subheading_before_the_first_heading_skips_a_level():
    assert found("first heading is a subheading", **body("<h3>Deep</h3><p>Words.</p>")).examples == ("Deep",)
    assert not found("first heading", **body("<h2>One</h2><h3>Two</h3><p>Words.</p>"))


def test_marks_without_source_and_sources_without_mark():
    html = '<p>So <a id="mark-1" href="#source-1" aria-label="source 1">[1]</a> and [2, 3].</p>'
    assert found("citations have no source", **body(html)).examples == ("[2]", "[3]")
    assert found("aren't cited in the text", summary="No mark.").examples == ("1. On hats",)


def test_no_summary_and_no_source():
    assert found("Add a summary", summary=" ")
    assert found("Add sources", sources=[], summary="S.")
    assert not found("Add sources", sources=[], summary="S.", no_source_reason="Common knowledge.")


def test_a_very_long_text_is_read():
    """With nested repetition in a pattern, this would not come back."""
    assert hints.hints(EASY | body("<p>A plain sentence of HCQ stands here, 3 < 5 (so it is).</p>\n" * 5_000))
    assert hints.hints(EASY | body(f"<p>{'A' * 100_000} {'(' * 100_000} {'. ' * 100_000}</p>"))


def test_links_are_encrypted_and_say_where_they_lead():
    html = '<p><a href="http://example.org/a">Hats in summer</a>, <a href="https://example.org/b"><em>Click</em> here.</a></p>'
    assert found("aren't encrypted", **body(html)).examples == ("Hats in summer (http://example.org/a)",)
    assert found("don't say where", **body(html)).examples == ("Click here. (https://example.org/b)",)
    assert not found("links", **body('<p><a href="https://example.org/b">Hats from here to there</a></p>'))


@pytest.mark.parametrize(
    ("rows", "examples"),
    [
        ("<tr><td>Dose</td><td>Day</td></tr><tr><th>5</th><td>6</td></tr>", ("Dose | Day",)),
        ("<tr><th>Dose</th><th>Day</th></tr><tr><td>5</td><td>6</td></tr>", None),
        ("<tr><td></td><th>Day</th></tr><tr><td>5</td><td>6</td></tr>", None),
    ],
)
def test_a_table_without_a_header_row(rows, examples):
    hint = found("no header row", **body(f"<p>Words.</p><table><tbody>{rows}</tbody></table>"))
    assert (hint and hint.examples) == examples


@pytest.mark.django_db
def test_links_that_lead_to_no_page_of_ours(settings):
    settings.SITE_URL = "https://lupus.example"
    make_published(slug="hats")
    moved = make_published(slug="caps")
    moved.slug = "peaked-caps"
    saving.save(moved, by=None)
    make_article(slug="draft")
    gone = make_published(slug="gone")
    workflow.withdraw(gone, reason="R", by=make_user("Editors"))
    there = ["/articles/hats/", "/articles/caps/#hats", "https://lupus.example/articles/peaked-caps/", "/search/?q=hat", "/"]
    elsewhere = ["https://example.org/articles/none/", "mailto:a@example.org", "#hats", "//example.org/x"]
    dead = ["/articles/none/", "/article/hats/", "https://lupus.example/articles/draft/", "/articles/gone/"]
    assert addresses.dead([*there, *elsewhere, *dead]) == set(dead)


@pytest.mark.django_db
def test_the_change_page_names_a_dead_link(client):
    client.force_login(make_user("Editors"))
    article = make_article(body='<p>See <a href="/articles/none/">our page on hats</a>.</p>')
    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    assertContains(page, "lead to no page that readers can open")
    assertContains(page, "our page on hats (/articles/none/)")


@pytest.mark.django_db
def test_the_change_page_shows_them_about_what_is_saved(client):
    client.force_login(make_user("Editors"))
    article = make_article(body="<p>HCQ helps.</p>")
    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    assertContains(page, "Spell out these abbreviations")
    assertContains(page, "say why none are needed")
