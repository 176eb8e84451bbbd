"""Personal details in the text or the name: each rule says where, so that a moderator can cover the place."""

from comments.screening import birth_dates, emails_and_phones, record_numbers, street_addresses
from comments.screening.reading import Reading
from comments.screening.types import Signal


def _signal(code, reading, places):
    return [Signal(code, spans=reading.spans(places, reading.folded))] if places else []


def personal_email(reading: Reading) -> list[Signal]:
    """Find e-mail addresses, spelled out ones too."""
    return _signal("personal_email", reading, emails_and_phones.emails_in(reading.folded))


def personal_phone(reading: Reading) -> list[Signal]:
    """Find phone numbers, in words too; what is a number of a record is none."""
    places = emails_and_phones.phones_in(reading.folded, reading.watch.help_lines)
    records = record_numbers.records_in(reading.folded) if places else []
    free = [place for place in places if not any(start < place[1] and place[0] < end for start, end in records)]
    return _signal("personal_phone", reading, free)


def personal_address(reading: Reading) -> list[Signal]:
    """Find a street with a number, or a box number."""
    return _signal("personal_address", reading, street_addresses.addresses_in(reading.folded))


def personal_birthdate(reading: Reading) -> list[Signal]:
    """Find day, month and year of a birth."""
    return _signal("personal_birthdate", reading, birth_dates.birthdates_in(reading.folded))


def personal_record(reading: Reading) -> list[Signal]:
    """Find a number of a record, insurance, claim, identity card or social security."""
    return _signal("personal_record", reading, record_numbers.records_in(reading.folded))
