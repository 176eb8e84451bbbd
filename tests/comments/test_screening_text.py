"""How a text is read before the rules see it: look-alikes, disguises, phrases, and the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.screening.reading import speller
from comments.screening.text.folding import folded
from comments.screening.text.grammar import Grammar
from comments.screening.text.phrases import Phrasebook, compiled, phrasebook, sentences
from comments.screening.text.words import plain


def read(text):
    return plain(folded(text), speller()).text.strip()


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("\u0456 w\u0430nt", "i want"),
        ("d\u200bi\u200be", "die"),
        ("\U0001d4ed\U0001d4f2\U0001d4ee", "die"),
        ("\uff44\uff49\uff45", "die"),
        ("a\u00a0b", "a b"),
        ("n\u0303a\u0301", "na"),
        ("\u2461\u0663\uff14", "234"),
        ("\u3164\u2800", ""),
        ("it\u2019s \u2014 fine", "it's - fine"),
    ],
)
def test_signs_become_what_they_look_like(typed, seen):
    assert folded(typed).text == seen


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("k1ll mys3lf", "kill myself"),
        ("w a n t  t o  d i e", "want to die"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("su*cide", "suicide"),
        ("iwanttodie", "i want to die"),
        ("diiiiie", "die"),
        ("wnat to dei", "want to die"),
        ("qiero m0r1r", "quiero morir"),
        ("sui cide", "suicide"),
        ("suiside", "suicide"),
        ("I'm fine, it's 4.5", "im fine, its 4,5"),
        ("I want to... die", "i want to die"),
        ("15yo", "15 yo"),
    ],
)
def test_disguises_are_undone(typed, words):
    assert read(typed) == words


@pytest.mark.parametrize(
    "typed", ["c3 c4 b12 d3", "a b c", "edit the diet idea", "12 13 14 15 16", "vitamin d3 and k2", "form from trial"]
)
def test_ordinary_words_stay(typed):
    assert read(typed) == typed


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_every_view_knows_where_it_came_from(text):
    seen = folded(text)
    words = plain(seen, speller())
    for view in (seen, words):
        assert len(view.text) == len(view.at)
        assert list(view.at) == sorted(view.at)
        assert all(0 <= index < len(text) for index in view.at)


def test_span_of_a_disguised_word_is_the_whole_of_it():
    text = "so: w a n t  t o  d i e."
    seen = folded(text)
    view = plain(seen, speller())
    start = view.text.index("want")
    first, last = view.span(start, start + len("want to die"))
    assert text[first:last] == "w a n t  t o  d i e"


def book(**phrases):
    return Phrasebook({"end": "die|stop living"}, frozenset({"to", "i"}), {"x": phrases})


def found(text, **phrases):
    return [text[hit.start : hit.end] for hit in book(**phrases).find(folded(text)).get("x", [])]


def test_a_phrase_has_words_alternatives_slots_gaps_and_beginnings():
    assert found("i want to die", a=["(want|wish) to <end>"]) == ["want to die"]
    assert found("i wish to stop living", a=["(want|wish) to <end>"]) == ["wish to stop living"]
    assert found("i want so much to die", a=["want ~2 to <end>"]) == ["want so much to die"]
    assert found("i want. to die", a=["want ~2 to <end>"]) == []
    assert found("painful and pain", a=["pain*"]) == ["painful", "pain"]
    assert found("so take it. take it", a=["^ take it"]) == ["take it"]
    assert found("i really die", a=["i really? die"]) == ["i really die"]
    assert found("diet dies", a=["<end>"]) == []


def test_harmless_phrases_take_away_what_they_overlap_or_the_whole_sentence():
    assert found("i never want to die", a=["want to die"], **{"not": ["never want"]}) == []
    assert found("i want to die. never", a=["want to die"], **{"not": ["never want"]}) == ["want to die"]
    assert found("in the film i want to die", a=["want to die"], unless=["film"]) == []


def test_a_pattern_is_made_only_for_a_sentence_with_all_its_words():
    compiled.cache_clear()
    assert found("i want to run, to die i do not", a=["(wish|hope*) ~1 to die", "take <num> ~1 home"]) == []
    assert compiled.cache_info().misses == 0
    assert found("i took 5 home. hoping to die", a=["(wish|hop*) ~1 to die", "took <num> ~1 home"]) == [
        "took 5 home",
        "hoping to die",
    ]
    assert compiled.cache_info().misses == 2


@pytest.mark.parametrize("phrase", ["~3", "word?", "<nothing>", "(open", "close)", "a.b", "<loop>"])
def test_a_phrase_that_is_not_well_formed_is_refused(phrase):
    with pytest.raises((ValueError, KeyError)):
        Grammar({"loop": "<loop>"}, frozenset()).read(phrase)


def test_every_phrase_of_the_data_is_well_formed():
    assert len(phrasebook().phrases) > 500


@given(st.text(alphabet="ab .!?", max_size=2000))
def test_sentences_are_short_and_in_order(text):
    parts = sentences(text)
    assert parts == sorted(parts)
    assert all(0 < end - start <= 600 for start, end in parts)
