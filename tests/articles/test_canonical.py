"""Content -> canonical JSON -> hash."""

import hashlib
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from articles.canonical import canonical_json, normal, sha256

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CONTENT = st.dictionaries(TEXT, st.one_of(TEXT, st.none(), st.integers(), st.lists(st.dictionaries(TEXT, TEXT))))


def test_the_text_form_is_exactly_this():
    content = {"title": "Caf\u0065\u0301 ", "b": [{"y": "1\r\n2 \r3\n\n", "x": None}]}
    assert canonical_json(content) == '{"b":[{"x":null,"y":"1\\n2\\n3"}],"format":1,"title":"Café"}'


def test_the_hash_is_of_the_utf8_text():
    assert sha256("Café") == hashlib.sha256("Café".encode()).hexdigest()


@given(CONTENT)
def test_order_of_keys_and_repetition_change_nothing(content):
    text = canonical_json(content)
    turned = dict(reversed(list(content.items())))
    assert canonical_json(turned) == text
    assert canonical_json(json.loads(text)) == text


@given(TEXT)
def test_a_normal_text_is_composed_and_has_no_space_at_line_ends(text):
    result = normal(text)
    assert result == unicodedata.normalize("NFC", result)
    assert "\r" not in result
    assert all(line == line.rstrip() for line in result.split("\n"))


@given(TEXT, TEXT)
def test_different_words_have_different_hashes(one, other):
    same = normal(one) == normal(other)
    assert (sha256(canonical_json({"title": one})) == sha256(canonical_json({"title": other}))) == same
