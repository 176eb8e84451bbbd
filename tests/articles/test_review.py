"""What readers are told, computed from (live hash, signatures, today)."""

import datetime

import pytest

from articles.review import Kind, Signature, status

DAY = datetime.date(2026, 1, 10)
LATER = datetime.date(2027, 1, 10)


def signed(sha256="a", on=DAY, until=LATER, **fields):
    return Signature(
        sha256=sha256, scope="full", origin="signed", name="Rita Reviewer", signed_on=on, valid_until=until, **fields
    )


def stated(sha256="a", **fields):
    return Signature(sha256=sha256, scope="full", origin="stated", name="Donald Thomas", credentials="MD", edited=True, **fields)


def told(signatures, today=datetime.date(2026, 6, 1), live="a", **fields):
    return status(live, signatures, today, published_on=datetime.date(2026, 1, 11), **fields)


def test_signed_and_in_date():
    result = told([signed()])
    assert (result.kind, result.since, result.is_reviewed) == (Kind.CURRENT, DAY, True)


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (LATER - datetime.timedelta(days=1), Kind.CURRENT),
        (LATER, Kind.OVERDUE),
        (LATER + datetime.timedelta(days=1), Kind.OVERDUE),
    ],
)
def test_overdue_from_the_very_day(today, kind):
    assert told([signed()], today=today).kind == kind


def test_another_text_is_live_than_was_signed():
    result = told([signed(sha256="b")])
    assert (result.kind, result.signature.name, result.is_reviewed) == (Kind.CHANGED, "Rita Reviewer", False)
    assert result.since == datetime.date(2026, 1, 11)


def test_nobody_ever_signed():
    assert told([]).signature is None


def test_a_revoked_signature_is_told_with_its_day():
    day = datetime.date(2026, 3, 1)
    result = told([signed(revoked_on=day, revocation_reason="An error")])
    assert (result.kind, result.since, result.is_reviewed) == (Kind.REVOKED, day, False)


def test_a_second_signature_outlives_a_revoked_one():
    assert told([signed(revoked_on=DAY), signed(on=datetime.date(2026, 2, 1))]).since == datetime.date(2026, 2, 1)


def test_the_newest_signature_decides():
    assert told([signed(until=datetime.date(2026, 2, 1)), signed()]).kind == Kind.CURRENT


def test_what_an_earlier_site_stated_never_ages_and_is_no_signature():
    result = told([stated()], today=datetime.date(2040, 1, 1))
    assert (result.kind, result.since) == (Kind.STATED, None)


def test_a_signature_of_our_own_comes_before_a_statement():
    assert told([signed(), stated()]).kind == Kind.CURRENT


def test_withdrawn_comes_before_everything():
    assert told([signed()], withdrawn_on=DAY).kind == Kind.WITHDRAWN


def test_a_person_and_what_they_did_in_words():
    assert f"{stated().verb} {stated().person}" == "Reviewed and edited by Donald Thomas, MD"
    assert f"{signed().verb} {signed().person}" == "Reviewed by Rita Reviewer"
