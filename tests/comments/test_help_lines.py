"""How a help line is reached: every number and address is a link, and nothing else is."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.public.help_lines import with_links


def links(how):
    return [
        (html.unescape(href), html.unescape(words)) for href, words in re.findall(r'<a href="([^"]*)">(.*?)</a>', with_links(how))
    ]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("988", [("tel:988", "988")]),
        ("Call 988, day and night", [("tel:988", "988")]),
        ("Call or text 988", [("tel:988", "Call"), ("sms:988", "text 988")]),
        ("text HOME to 741741", [("sms:741741?&body=HOME", "text HOME to 741741")]),
        ("Text “SHOUT” to 85258", [("sms:85258?&body=SHOUT", "Text “SHOUT” to 85258")]),
        ("Text 50808", [("sms:50808", "Text 50808")]),
        ("+44 116 123", [("tel:+44116123", "+44 116 123")]),
        ("+44 (0)20 7946 0999", [("tel:+442079460999", "+44 (0)20 7946 0999")]),
        ("116 123 (free)", [("tel:116123", "116 123")]),
        ("13 11 14", [("tel:131114", "13 11 14")]),
        ("0800/111 0 111", [("tel:08001110111", "0800/111 0 111")]),
        ("(800) 555-0199", [("tel:8005550199", "(800) 555-0199")]),
        ("1-800-273-TALK", [("tel:18002738255", "1-800-273-TALK")]),
        ("0800 1111 24/7", [("tel:08001111", "0800 1111")]),
        ("988 (US), 116 123 (UK)", [("tel:988", "988"), ("tel:116123", "116 123")]),
        ("988lifeline.org", [("https://988lifeline.org", "988lifeline.org")]),
        ("988, or chat at 988lifeline.org/chat.", [("tel:988", "988"), ("https://988lifeline.org/chat", "988lifeline.org/chat")]),
        ("https://findahelpline.com/?a=b&c.", [("https://findahelpline.com/?a=b&c", "https://findahelpline.com/?a=b&c")]),
        ("www.example.org", [("https://www.example.org", "www.example.org")]),
        ("jo@example.org", [("mailto:jo@example.org", "jo@example.org")]),
    ],
)
def test_numbers_and_addresses_are_links(how, expected):
    assert links(how) == expected


@pytest.mark.parametrize(
    "how",
    [
        "Day and night",
        "24/7",
        "24 hours, 7 days a week",
        "365 days",
        "9-17",
        "0900-1700",
        "8:00-22:00",
        "8 a.m. to 10 p.m.",
        "from 16 years",
        "e.g. <b>",
    ],
)
def test_hours_and_words_are_none(how):
    assert links(how) == []


@given(st.text(alphabet=st.sampled_from("0123456789 +()/-.@<>&'\"abHOMEtextcall:"), max_size=60))
def test_the_words_stay_as_they_are(how):
    plain = html.unescape(re.sub(r"</?a[^>]*>", "", with_links(how)))
    assert plain == how
    assert all(href.startswith(("tel:", "sms:", "mailto:", "https://", "http://")) for href, _ in links(how))
