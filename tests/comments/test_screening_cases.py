"""The labelled sentences of `screening_cases.jsonl`: what the rules make of them as a whole.

The format is that of the labelled comments the rules are measured on; the sentences are others.
"""

import json
import pathlib

import pytest

from comments.management.commands.screen import predict

PATH = pathlib.Path(__file__).with_name("screening_cases.jsonl")
CASES = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
PREDICTED = {case["id"]: predict(case["text"]) for case in CASES}
PERSONAL = ["personal_email", "personal_phone", "personal_address", "personal_birthdate", "personal_record"]
LABELS = [
    "crisis_now",
    "crisis_past",
    "violence",
    "minor",
    "third_party_health",
    "medical_dose",
    "medical_stop",
    "medical_cure",
    "promo",
    "spam_bot",
]


def in_lane(case):
    return PREDICTED[case["id"]]["lane"] in {case["lane"], *case.get("lane_also", [])}


def of(label):
    return [case for case in CASES if label in case["labels"]]


@pytest.mark.parametrize("label", [*LABELS, *PERSONAL])
def test_most_of_a_label_is_found(label):
    cases = of(label)
    missed = [case["text"] for case in cases if label not in PREDICTED[case["id"]]["signals"]]
    assert len(missed) <= max(1, 0.1 * len(cases)), missed


@pytest.mark.parametrize("label", PERSONAL)
def test_places_of_personal_details_are_right(label):
    for case in of(label):
        found = [[start, end] for start, end, kind in PREDICTED[case["id"]]["spans"] if kind == label]
        for start, end, kind in case["spans"]:
            if kind == label:
                covered = sum(max(0, min(end, last) - max(start, first)) for first, last in found)
                assert covered >= 0.6 * (end - start), case["text"]


def test_urgent_is_rarely_missed_and_never_filed_as_spam():
    urgent = [case for case in CASES if case["lane"] == "urgent"]
    assert not [case["text"] for case in urgent if PREDICTED[case["id"]]["lane"] == "spam_likely"]
    assert sum(map(in_lane, urgent)) >= 0.90 * len(urgent)
    first = [case for case in urgent if in_lane(case) or "crisis_like" in PREDICTED[case["id"]]["signals"]]
    assert len(first) >= 0.98 * len(urgent)


def test_ordinary_comments_stay_in_the_standard_lane():
    normal = of("normal")
    wrong = [case["text"] for case in normal if not in_lane(case)]
    # Nothing was learned from these texts.
    assert len(wrong) <= 0.08 * len(normal), wrong


def test_ordinary_comments_have_no_personal_details():
    marked = [case["text"] for case in CASES if not case["spans"] and PREDICTED[case["id"]]["spans"]]
    assert marked == []


def test_spans_lie_inside_the_text_and_match_its_code_points():
    for case in CASES:
        assert all(0 <= start < end <= len(case["text"]) for start, end, _ in PREDICTED[case["id"]]["spans"])


def test_command_prints_predictions_and_nothing_else(capsys, tmp_path):
    from django.core.management import call_command

    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": "x", "text": "Ring me: (202) 555-0199"}\n\n{"id": "y", "text": "I want to die"}\n', encoding="utf-8")
    call_command("screen", str(path))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"id": "x", "lane": "standard", "signals": ["personal_phone"], "spans": [[9, 23, "personal_phone"]]}
    assert (second["id"], second["lane"], second["spans"]) == ("y", "urgent", [])
