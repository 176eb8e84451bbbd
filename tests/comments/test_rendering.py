"""Words as typed, escaped; links marked; contact details covered."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Redaction
from comments.rendering import marked_html, name_text, words_html
from comments.screening import Submission, screen
from comments.screening.emails_and_phones import dialed


def html(text, show_details=False):
    return words_html(text, show_details=show_details)


def test_words_are_escaped_and_kept():
    assert html("My C3 was <70 & ANA <normal>") == '<p dir="auto">My C3 was &lt;70 &amp; ANA &lt;normal&gt;</p>'


def test_line_breaks_and_paragraphs_are_kept():
    assert html("one\ntwo\n\nthree") == '<p dir="auto">one<br>two</p><p dir="auto">three</p>'


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=2", "http://example.org", "www.example.org"])
def test_typed_links_are_links_that_vouch_for_nothing(address):
    assert 'rel="ugc nofollow noopener"' in html(f"see {address} there")


@pytest.mark.parametrize(
    "text", ["lupus.ai is a name", "javascript:alert(1)", "ftp://example.org/x", "https://ana@example.org/x"]
)
def test_other_words_are_no_links(text):
    assert "<a" not in html(text)


PAGE = "https://example.org/page"
WIKI = "https://en.wikipedia.org/wiki/Lupus_(disease)"


def links(text):
    return [unescape(address) for address in re.findall(r"<a [^>]*>(.*?)</a>", html(text))]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        *[
            (f"{before}{PAGE}{after}", PAGE)
            for before, after in ['""', "''", "“”", "„“", "‘’", "«»", "‹›", "[]", "()", "{}", "<>"]
        ],
        *[(f"{sign}{PAGE}{sign}", PAGE) for sign in "*_~`|"],
        (f"« {PAGE} »", PAGE),
        *[(PAGE + after, PAGE) for after in ["!", "?", ";", ":", "…", ")", ".", ",", "...", "?!", ").", ").)", "’.", "\u200b"]],
        *[(host + after, host) for host in ["https://example.org"] for after in ["”", "…", ",and", "(see", "'s", ".", ":", "]"]],
        (f"({WIKI})", WIKI),
        (f"(see {WIKI}).", WIKI),
        (f"({PAGE}.)", PAGE),
        (f"({PAGE})0", PAGE),
        (f"[the page]({PAGE})", PAGE),
        (f"参见{PAGE}。", PAGE),
        (f"（{PAGE}）", PAGE),
        ("www.example.org/x.", "www.example.org/x"),
        ("-www.example.org", "www.example.org"),
        *[
            (address, address)
            for address in [
                *("https://lupus.health", "https://my.app/x", "https://a.care", "https://b.clinic/", "http://c.blog/d?e=f#g"),
                *(
                    "https://münchen.example/ä",
                    "https://пример.рф/путь",
                    "https://xn--e1afmkfd.xn--p1ai/",
                    "https://例え.テスト/",
                ),
                "https://example.org/stories/manitoba’s-métis-history/",
                "https://example.org/?a[]=1&b[x]=2",
                "https://example.org/web/2020/https://example.org/x",
                "https://example.org/a,b;c=1",
                "https://example.org/it's",
                "HTTPS://EXAMPLE.ORG:8080/X_",
                "https://example.org/#:~:text=lupus,flare",
                "https://example.org/~ana/",
            ]
        ],
    ],
)
def test_what_surrounds_an_address_stays_outside_of_the_link(text, address):
    assert links(text) == [address]
    assert links(f"It says so: {text} and more") == [address]


def test_addresses_that_follow_each_other_are_two_links():
    assert links(f"{PAGE},{PAGE};{PAGE}") == [PAGE, PAGE, PAGE]


def test_a_link_keeps_its_direction_in_a_line_of_another_one():
    assert '(<a href="https://example.org/a_(b)" rel="ugc nofollow noopener" dir="ltr">' in html(
        "ראו (https://example.org/a_(b))"
    )


def test_a_link_without_a_scheme_is_given_the_safe_one():
    assert '<a href="https://www.example.org/?a&amp;b"' in html("see www.example.org/?a&b")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/?from=ana@example.org&x",
        "https://example.org/call/tel:+43 660 555 0100",
        "https://wa.me/436605550100",
        "https://example.org/[name removed by a moderator]/x",
    ],
)
def test_an_address_with_something_covered_is_no_link(text):
    assert links(text) == []
    assert 'class="redacted"' in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://192.0.2.1/x",
        "https://localhost/x",
        "https://",
        "https://)",
        "see www.that is",
        "https://example.org@evil.example/",
    ],
)
def test_an_address_that_does_not_lead_where_it_seems_is_no_link(text):
    assert links(text) == []


@given(
    st.text(alphabet=st.sampled_from("ab.:/()[]“”’'_*,https:www.\n é…"), max_size=60),
    st.sampled_from([PAGE, WIKI, "www.example.org"]),
)
def test_every_link_is_told_to_the_moderator(text, address):
    text = f"{text}{address}{text}"
    told = [
        text[start:end] for signal in screen(Submission("", "", text)) if signal.code == "link" for start, end in signal.spans
    ]
    assert all(any(link in one for one in told) for link in links(text))


def test_contact_details_are_covered_until_a_moderator_shows_them():
    text = "write to ana@example.org or +43 660 555 0100"
    assert html(text) == (
        '<p dir="auto">write to <span class="redacted">[email address not shown]</span> or '
        '<span class="redacted">[phone number not shown]</span></p>'
    )
    assert html(text, show_details=True) == f'<p dir="auto">{text}</p>'


@pytest.mark.parametrize("show_details", [True, False])
def test_what_a_moderator_removed_looks_like_it(show_details):
    for kind in Redaction.Kind:
        words = str(Redaction(kind=kind))
        assert html(f"<Ask {words}> now", show_details=show_details) == (
            f'<p dir="auto">&lt;Ask <span class="redacted">{words}</span>&gt; now</p>'
        )
    assert "span" not in html("[my shame removed by a moderator]")


def test_a_help_line_of_the_site_is_never_covered():
    ours = dialed("Call 555 010 0199 or +44 20 7946 0123 24/7")
    shown = words_html("Call them: 555-010-0199 or 020 7946 0123. I am at 202-555-0142", show_details=False, help_lines=ours)
    assert "555-010-0199 or 020 7946 0123. I am at <span" in shown
    assert "202-555-0142" not in shown


def test_address_in_the_name_is_covered():
    assert name_text("ana@example.org", show_details=False) == "[email address not shown]"


def test_moderator_sees_the_marks_on_the_words():
    assert marked_html("a <b> c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> c"


@given(st.text(alphabet=st.sampled_from("ab<>&\"' \n@.0123456789+:/w"), max_size=200))
def test_no_tag_comes_out_that_is_not_ours(text):

    tags = set(re.findall(r"<(/?\w+)", html(text)))
    assert tags <= {"p", "/p", "br", "span", "/span", "a", "/a"}


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=5))
def test_marking_loses_no_word(text, spans):

    assert unescape(marked_html(text, spans).replace("<mark>", "").replace("</mark>", "")) == unescape(text.replace("&", "&amp;"))
