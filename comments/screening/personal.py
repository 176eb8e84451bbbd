"""Personal details in the text or the name: each rule says where, so that a moderator can cover the place."""

from comments.screening import details, identity
from comments.screening.reading import Reading
from comments.screening.types import Signal


def _signal(code, reading, places):
    return [Signal(code, spans=reading.spans(places, reading.folded))] if places else []


def personal_email(reading: Reading) -> list[Signal]:
    """Find e-mail addresses, spelled out ones too."""
    return _signal("personal_email", reading, details.emails_in(reading.folded))


def personal_phone(reading: Reading) -> list[Signal]:
    """Find phone numbers, in words too; what is a number of a record is none."""
    places = details.phones_in(reading.folded)
    records = identity.records_in(reading.folded) if places else []
    free = [place for place in places if not any(start < place[1] and place[0] < end for start, end in records)]
    return _signal("personal_phone", reading, free)


def personal_address(reading: Reading) -> list[Signal]:
    """Find a street with a number, or a box number."""
    return _signal("personal_address", reading, identity.addresses_in(reading.folded))


def personal_birthdate(reading: Reading) -> list[Signal]:
    """Find day, month and year of a birth."""
    return _signal("personal_birthdate", reading, identity.birthdates_in(reading.folded))


def personal_record(reading: Reading) -> list[Signal]:
    """Find a number of a record, insurance, claim, identity card or social security."""
    return _signal("personal_record", reading, identity.records_in(reading.folded))
