"""What is found by the wording alone, without a phrase that says so, and that plain comments are left in peace."""

import json
import pathlib
import re
from unittest import mock

import pytest

from bench import labelled
from bench import likeness as bench_likeness
from comments.management.commands.screen import predict
from comments.screening import Lane, Submission, lane_of, screen
from comments.screening.measured import CRIES, ORDINARY, Measured
from comments.screening.policy import is_read_first
from comments.screening.text import likeness as likeness_module
from comments.screening.text.likeness import KINDS, PLACES, likeness, pieces, weights

BENCH = pathlib.Path(__file__).parents[2] / "bench"
MAY_BE = "I don't know how much longer I can do this. Nobody would notice anyway."
WORDED = "Goodbye everyone. I want to end it."


def lane(text):
    return lane_of(screen(Submission(name="", email="", body=text)))


@pytest.mark.parametrize(
    "text",
    [
        "I have written to each of my children and put the letters in the drawer. After Friday I won't be in anybody's way.",
        "The nurse counted my tablets and asked why there are so many left. I said I forget them. I don't forget them, I am saving them up.",
        "Ya dejé todo arreglado para que mi hermana se quede con el perro. No quiero seguir siendo una carga para nadie.",
    ],
)
def test_a_cry_without_the_usual_words_is_urgent_or_read_first(text):
    signals = screen(Submission(name="", email="", body=text))
    assert lane_of(signals) == Lane.URGENT or is_read_first(signals)


@pytest.mark.parametrize(
    "text",
    [
        "I keep a small notebook, and this is page 9 of it.",
        "I read this page aloud to my mother. She grows roses.",
        "Beside the door is clever. I have moved mine.",
        "I wanted to write this under the other article.",
        "Gracias por el artículo, se lo mandé a mi cuñada.",
        "My appointment is on Tuesday at nine. Which bus stops at the hospital?",
        "We go to the lake on Sundays, early, with hats.",
        "See https://example.org/sheet and www.example.com",
        "I won't be here next week, we are on vacation, so ask the others.",
        "This is my last post about the move, we live close to the hospital now.",
    ],
)
def test_a_plain_comment_stays_in_the_standard_lane(text):
    assert lane(text) == Lane.STANDARD


def test_the_sentence_that_reads_most_like_it_is_marked():
    text = "i walked to the post office with the dog. goodbye everyone, i want to end it. it rained all day on the hills"
    start, end = likeness(text)["crisis"].place
    assert text[start:end].strip() == "goodbye everyone, i want to end it"


def test_a_cry_in_the_middle_of_a_long_text_is_heard():
    everyday = "We went to the market and bought two kinds of apples for the cake. " * 25
    cry = "I have saved up my pills and written the letters. I am a burden to all of them and I want it to be over. Tonight. "
    calm = screen(Submission(name="", email="", body=everyday))
    heard = screen(Submission(name="", email="", body=everyday + cry + everyday))
    assert not is_read_first(calm)
    assert lane_of(heard) == Lane.URGENT or is_read_first(heard)


def test_every_medicine_is_one_word_and_every_number_too():
    assert pieces("take 200 of plaquenil") == pieces("take 50 of plaquenil")
    assert "DRUG" in pieces("take prednisone").stems
    assert "DRUG" in pieces("toma prednisona").stems


def test_a_text_without_words_is_like_nothing():
    assert likeness("?! ...") == {}


def test_the_weights_come_from_the_repository_alone():
    """Other versions of the libraries may round otherwise; then no text of the tests may change its lane for it."""
    learned = bench_likeness.weights()
    assert len(learned) == (PLACES + 1) * len(KINDS)
    if learned == weights():
        return
    rows = texts("unseen/general.jsonl")
    before = [predict(row["text"]) for row in rows]
    with mock.patch("comments.screening.text.likeness.weights", return_value=learned):
        likeness_module.rows.cache_clear()
        likeness_module._of_letters.cache_clear()
        assert [predict(row["text"]) for row in rows] == before


@pytest.mark.parametrize("name", ["Rosa", "lupuswarrior88", "Marta from Lisbon", "I really want to die tonight"])
def test_a_name_makes_no_comment_calmer_and_only_a_cry_in_it_makes_one_urgent(name):
    calm, cry = "The bus to the clinic was late again.", "I want to end it"
    assert lane_of(screen(Submission(name=name, email="", body=cry))) == Lane.URGENT
    assert (lane_of(screen(Submission(name=name, email="", body=calm))) == Lane.URGENT) == ("die" in name)


def test_what_may_be_a_cry_wakes_nobody_and_is_read_first():
    signals = screen(Submission(name="", email="", body=MAY_BE))
    assert lane_of(signals) == Lane.STANDARD
    assert is_read_first(signals)
    assert "crisis_like" in predict(MAY_BE)["signals"]


def test_beside_an_advertisement_a_score_alone_wakes_nobody_and_a_phrase_does():
    advertisement = "Buy cheap followers at https://example.com/shop today! "
    assert lane(advertisement + WORDED) != Lane.URGENT
    assert lane(WORDED) == Lane.URGENT
    assert lane(advertisement + "I want to kill myself.") == Lane.URGENT


def found_in(rows):
    """Return (share of the urgent texts that are found, of those found that are, of the normal texts in a wrong lane)."""
    lanes = {row["id"]: predict(row["text"])["lane"] for row in rows}
    urgent = [row for row in rows if row["lane"] == "urgent"]
    normal = [row for row in rows if row["labels"] == ["normal"]]
    right = sum(lanes[row["id"]] == "urgent" for row in urgent)
    false = sum(lanes[row["id"]] == "urgent" and "urgent" not in {row["lane"], *row.get("lane_also", [])} for row in rows)
    wrong = sum(lanes[row["id"]] not in {row["lane"], *row.get("lane_also", [])} for row in normal)
    return right / len(urgent), right / (right + false), wrong / len(normal)


def texts(path):
    return [json.loads(line) for line in (BENCH / path).read_text(encoding="utf-8").split("\n") if line]


def test_the_weights_are_those_of_the_labelled_texts():
    recall, precision, misrouted = found_in([row for row in labelled.read() if row["hand"] == "general_1"])
    assert recall > 0.95
    assert precision > 0.85
    assert misrouted < 0.05


def test_cries_are_found_in_texts_that_nothing_was_learned_from():
    recall, precision, misrouted = found_in(texts("unseen/general.jsonl"))
    assert recall >= 0.80
    assert precision >= 0.65
    assert misrouted <= 0.12


def numbers(text):
    return [int(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*", text)]


def test_the_published_figures_are_those_of_texts_that_nothing_was_learned_from(client):
    """Those of real texts are measured by hand, with bench/screening.py: the texts are no part of this project."""
    rows = [row for row in texts("unseen/general.jsonl") if row["lane"] == "urgent"]
    found = [screen(Submission(name="", email="", body=row["text"])) for row in rows]
    urgent = sum(lane_of(one) == Lane.URGENT for one in found)
    first = sum(is_read_first(one) and lane_of(one) != Lane.URGENT for one in found)
    spam = sum(lane_of(one) == Lane.SPAM for one in found)
    assert Measured(len(rows), urgent, first, spam) == CRIES
    published = [*ORDINARY, *CRIES[:3], CRIES.missed]
    page = client.get("/comment-rules/").content.decode()
    said = re.search(r'id="sorting">(.*?)</section>', page, re.DOTALL)[1]
    assert numbers(re.sub(r"<[^>]*>", "", said)) == published
    handbook = (BENCH.parent / "docs/moderating.md").read_text(encoding="utf-8")
    said = re.search(r"## How often the checks are wrong\n(.*?)\n## ", handbook, re.DOTALL)[1]
    assert numbers(said) == published


@pytest.mark.parametrize(
    "text",
    [
        "I won't be needing the wheelchair anymore!! So happy",
        "I won't be needing my hat anymore now that summer is over",
        "I won't be needing the brace anymore, thank you physical therapy",
    ],
)
def test_what_is_no_longer_needed_wakes_nobody(text):
    assert lane(text) != Lane.URGENT
