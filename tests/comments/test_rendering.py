"""Words as typed, escaped; links marked; contact details covered."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Redaction
from comments.rendering import marked_html, name_text, words_html


def html(text, show_details=False):
    return words_html(text, show_details=show_details)


def test_words_are_escaped_and_kept():
    assert html("My C3 was <70 & ANA <normal>") == "<p>My C3 was &lt;70 &amp; ANA &lt;normal&gt;</p>"


def test_line_breaks_and_paragraphs_are_kept():
    assert html("one\ntwo\n\nthree") == "<p>one<br>two</p><p>three</p>"


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=2", "http://example.org", "www.example.org"])
def test_typed_links_are_links_that_vouch_for_nothing(address):
    assert 'rel="ugc nofollow noopener"' in html(f"see {address} there")


@pytest.mark.parametrize(
    "text", ["lupus.ai is a name", "javascript:alert(1)", "ftp://example.org/x", "https://ana@example.org/x"]
)
def test_other_words_are_no_links(text):
    assert "<a" not in html(text)


def test_contact_details_are_covered_until_a_moderator_shows_them():
    text = "write to ana@example.org or +43 660 555 0100"
    assert html(text) == (
        '<p>write to <span class="redacted">[e-mail address not shown]</span> or '
        '<span class="redacted">[phone number not shown]</span></p>'
    )
    assert html(text, show_details=True) == f"<p>{text}</p>"


@pytest.mark.parametrize("show_details", [True, False])
def test_what_a_moderator_removed_looks_like_it(show_details):
    for kind in Redaction.Kind:
        words = str(Redaction(kind=kind))
        assert html(f"<Ask {words}> now", show_details=show_details) == (
            f'<p>&lt;Ask <span class="redacted">{words}</span>&gt; now</p>'
        )
    assert "span" not in html("[my shame removed by a moderator]")


def test_address_in_the_name_is_covered():
    assert name_text("ana@example.org", show_details=False) == "[e-mail address not shown]"


def test_moderator_sees_the_marks_on_the_words():
    assert marked_html("a <b> c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> c"


@given(st.text(alphabet=st.sampled_from("ab<>&\"' \n@.0123456789+:/w"), max_size=200))
def test_no_tag_comes_out_that_is_not_ours(text):

    tags = set(re.findall(r"<(/?\w+)", html(text)))
    assert tags <= {"p", "/p", "br", "span", "/span", "a", "/a"}


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=5))
def test_marking_loses_no_word(text, spans):

    assert unescape(marked_html(text, spans).replace("<mark>", "").replace("</mark>", "")) == unescape(text.replace("&", "&amp;"))
