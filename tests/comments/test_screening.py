"""Text in, signals out, without a database."""

import pytest

from comments.screening import History, Lane, Submission, lane_of, rules, screen
from comments.screening.details import emails, phones


def codes(body="I write my questions on a card.", *, same_text=0, **fields):
    submission = Submission(**{"name": "Marta", "email": "m@example.org", "body": body} | fields)
    return [signal.code for signal in screen(submission, History(same_text=same_text))]


def test_plain_comment_has_no_signal():
    assert codes() == []


def test_trap_is_found_and_is_likely_spam():
    submission = Submission(name="Bo", email="", body="Hello", trap="http://example.com")
    assert lane_of(screen(submission, History())) == Lane.SPAM


def test_link_alone_stays_in_the_standard_lane():
    signals = screen(Submission(name="A", email="", body="See https://example.org/sheet and www.example.com"), History())
    assert [(signal.code, signal.detail) for signal in signals] == [("link", "example.org"), ("link", "example.com")]
    assert lane_of(signals) == Lane.STANDARD


def test_too_fast_needs_a_script_that_told_the_time():
    assert codes(elapsed=None) == []
    assert codes(elapsed=2.9) == ["too_fast"]
    assert codes(elapsed=3.0) == []


def test_same_text_is_a_signal():
    assert codes(same_text=2) == ["same_text"]


@pytest.mark.parametrize(
    "text",
    [
        "ana\uff20example.org",
        "a\u200bna@exam\u00adple.org",
        "marta @ example.org",
        "marta%40example.org",
        "write to ana@example.org",
        "a.b+c@mail.example.co.uk!",
        "<x_y@example.com>",
    ],
)
def test_email_address_is_found(text):
    assert len(emails(text)) == 1
    assert "personal_email" in codes(text)


@pytest.mark.parametrize("text", ["I was @ home", "me @ home.Then we left", "name@", "@example.org", "see you @ 5"])
def test_other_at_signs_are_not(text):
    assert emails(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "0176-1234567",
        "0660-123456",
        "0176/1234567",
        "9123 4567",
        "0800 1111",
        "5551 2345 6789",
        "436601234567",
        "2025-551234",
        "12.34.5678",
        "555\u2011123\u20114567",
        "555\u2013123\u20134567",
        "tel5551234567",
        "\uff15\uff15\uff15\uff10\uff11\uff12\uff13\uff14\uff15",
        "555\u200b0123\u200b4567",
        "call 555-0123-44",
        "+43 660 555 0100",
        "(212) 555-0199",
        "01632 960123",
        "07700900123",
        "555-0134",
        "020 7946 0999",
    ],
)
def test_phone_number_is_found(text):
    ((start, end),) = phones(text)
    assert sum(character.isdigit() for character in text[start:end]) == sum(character.isdigit() for character in text)


@pytest.mark.parametrize(
    "text",
    [
        "My C3 was 70 and C4 12",
        "ANA 1:1280, then 1:640",
        "platelets 134000, then 98000",
        "since 12/03/2019",
        "from 2019-03-12 to 2020-01-05",
        "PMID 21742409",
        "doi 10.1016/j.jaad.2013.03.015",
        "200 mg, 400 mg",
        "2019-2024",
        "2019 \u2013 2024",
        "https://pubmed.example.org/217424091/",
        "12.03.2019 - 14.03.2019",
    ],
)
def test_other_numbers_are_not_phones(text):
    assert phones(text) == []


def test_a_rule_that_fails_hides_nothing(monkeypatch):
    def broken(submission, history):
        raise ValueError

    monkeypatch.setattr("comments.screening.RULES", [broken, *rules.RULES])
    assert codes(trap="x") == ["rule_error", "trap"]


@pytest.mark.parametrize(
    "text", ["1 " * 2500, "1" * 5000, "(1)" * 1600, "a@" * 2500, "+1-" * 1600, "www." * 1250, "a" * 4990 + "@b"]
)
def test_hostile_text_takes_no_longer_than_its_length_allows(text):
    # Bounded by construction; a rule that backtracks without bound would not come back from here.
    assert isinstance(codes(text), list)
