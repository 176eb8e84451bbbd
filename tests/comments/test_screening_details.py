"""Personal details: where they stand, and what only looks like them."""

import pytest

from comments.screening import History, Submission, screen
from comments.screening.emails_and_phones import dialed, emails, phones


def places(text):
    signals = screen(Submission(name="", email="", body=text), History())
    return {
        signal.code: [text[start:end] for start, end in signal.spans] for signal in signals if signal.code.startswith("personal_")
    }


@pytest.mark.parametrize("text", ["write to ana@example.org", "a.b+c@mail.example.co.uk!", "<x_y@example.com>"])
def test_email_address_is_found(text):
    assert len(emails(text)) == 1
    assert "personal_email" in places(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("it is rosie at example dot com ok", "rosie at example dot com"),
        ("rosie [at] example [dot] com", "rosie [at] example [dot] com"),
        ("rosie(at)example.com", "rosie(at)example.com"),
        ("rosie (a) example (d0t) org", "rosie (a) example (d0t) org"),
        ("rosie at-sign example period org", "rosie at-sign example period org"),
        ("es rosa arroba example punto com gracias", "rosa arroba example punto com"),
        ("r o s i e @ example . com", "r o s i e @ example . com"),
        ("rosie @ example.com", "rosie @ example.com"),
        ("rosie @ mail.example.org", "rosie @ mail.example.org"),
        ("rosie\uff20example\uff0ecom", "rosie\uff20example\uff0ecom"),
    ],
)
def test_disguised_email_address_is_found(text, address):
    assert places(text)["personal_email"][0].endswith(address)


@pytest.mark.parametrize(
    "text",
    [
        "I was @ home",
        "name@",
        "@example.org",
        "see you @ 5",
        "look at lupus.org",
        "at the point where",
        "meet at noon. dot",
        "me @ home.Then we left",
    ],
)
def test_other_at_signs_are_not(text):
    assert emails(text) == []


@pytest.mark.parametrize(
    "text",
    [
        *("call 555-0123-44", "+43 660 555 0100", "(212) 555-0199", "01632 960123", "07700900123", "555-0134", "020 7946 0999"),
        *(
            "call 2O2-555-O1I7",
            "\uff12\uff10\uff12 555 0199",
            "call 2\ufe0f\u20e30\ufe0f\u20e32\ufe0f\u20e3 555 0133",
            "0 7 7 0 0 9 0 0 1 2 3",
        ),
    ],
)
def test_phone_number_is_found(text):
    ((start, end),) = phones(text)
    assert sum(character.isdigit() for character in text[start:end]) == sum(character.isdigit() for character in text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("it is two oh two, five five five, oh one two two ok", "two oh two, five five five, oh one two two"),
        ("es el cinco cinco cinco cero uno uno dos", "cinco cinco cinco cero uno uno dos"),
        ("seis cero cero doce treinta y cuatro cincuenta y seis", "seis cero cero doce treinta y cuatro cincuenta y seis"),
        ("202 five five five 0133", "202 five five five 0133"),
        ("text two02 five5five 01three3", "two02 five5five 01three3"),
        (
            "al dos cero dos, quinientos cincuenta y cinco, cero uno nueve uno",
            "dos cero dos, quinientos cincuenta y cinco, cero uno nueve uno",
        ),
    ],
)
def test_phone_number_in_words_is_found(text, number):
    assert [text[start:end] for start, end in phones(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "My C3 was 70 and C4 12",
            "ANA 1:1280, then 1:640",
            "platelets 134000, then 98000",
            "since 12/03/2019",
            "from 2019-03-12 to 2020-01-05",
        ),
        *(
            "PMID 21742409",
            "doi 10.1016/j.jaad.2013.03.015",
            "200 mg, 400 mg",
            "2019-2024",
            "one two three four",
            "911 or 988",
            "1.500.000 people",
        ),
        *(
            "142/91 then 138/88 then 129/80",
            "1.1 2.4 1.3 0.9 1.2",
            "1 2 3 4 5 6 7 8 9 10",
            "lot 2247-1099",
            "12345678 steps",
            "SSN 000-12-3456",
        ),
    ],
)
def test_other_numbers_are_not_phones(text):
    assert phones(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "eGFR 59 61 58 60 62 57",
        "eGFR: 59 61 58 60 62",
        "My kidneys over the last two years: 59 61 58 60 62 57",
        "59-61-58-60-62-57",
        "eGFR went 72 64 51 43 38 over two years",
        "C3 88 92 61 70 45 since spring",
        "creatinine 1.1 1.2 1.4 1.3 1.1",
        "platelets 134 128 141 119",
        "weights 182 179 177 176",
        "BP readings 142 138 129 131 127",
        "fge 59 61 58 60 62 57",
        "HbA1c 48 51 47 53 49 50",
    ],
)
def test_a_row_of_values_is_no_phone_number(text):
    assert phones(text) == []


@pytest.mark.parametrize(
    ("how", "typed"),
    [
        ("555 010 0199", "call +1 555 010 0199"),
        ("Day and night: 1-555-010-0199, in Spanish 555-010-0188", "tel:5550100188"),
        ("+44 20 7946 0123 24/7", "llama al 020 7946 0123"),
        ("+34 612 000 123", "me atendieron en el 612 00 01 23"),
        ("555 010 0199", "five five five oh one oh oh one nine nine"),
    ],
)
def test_a_help_line_of_the_site_is_no_personal_number(how, typed):
    assert len(phones(typed)) == 1
    assert phones(typed, dialed(how)) == []
    assert len(phones("Call 202 555 0142", dialed(how))) == 1


def test_short_numbers_of_help_lines_and_hours_are_left_out():
    assert dialed("Call or text 988, daily 9-17, 0900-1700. Every 24 hours") == {"09001700", "009001700"}


@pytest.mark.parametrize(
    "text",
    ["06 12 34 56 78", "55 50 12 34 67", "612 34 56 78", "my labs are back, call 555 012 3467", "eGFR is 59. 555-012-3467"],
)
def test_a_number_in_groups_is_still_found(text):
    assert len(phones(text)) == 1


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("I live at 12 Willow Lane, come by", "12 Willow Lane"),
        ("it is 4 Old Mill Road, Apt 2B", "4 Old Mill Road, Apt 2B"),
        ("letters to P.O. Box 4410", "P.O. Box 4410"),
        ("i live at 44 maple street", "44 maple street"),
        ("vivo en la calle Nogal 23", "calle Nogal 23"),
        ("Carrera 9 # 12-40", "Carrera 9 # 12-40"),
        ("mandar al apartado postal 71", "apartado postal 71"),
        ("Cll 40 sur # 7-15 apto 2", "Cll 40 sur # 7-15 apto 2"),
        ("find me at forty-two Heron Terrace", "forty-two Heron Terrace"),
        ("nous sommes 14 rue des Lilas", "14 rue des Lilas"),
        ("Ahornweg 8, 10999 Berlin", "Ahornweg 8, 10999 Berlin"),
        ("RR 4, Box 19", "RR 4, Box 19"),
        ("Mz. C Lt. 12", "Mz. C Lt. 12"),
    ],
)
def test_street_address_is_found(text, address):
    (found,) = places(text)["personal_address"]
    assert address in found


@pytest.mark.parametrize(
    "text",
    [
        "We drove down Route 66",
        "a 5-way street",
        "I live on Maple Street",
        "a 20 minute drive",
        "carrera de 5 km",
        "en la calle hace calor",
    ],
)
def test_other_streets_are_not(text):
    assert "personal_address" not in places(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("born on March 4, 1980", "March 4, 1980"),
        ("DOB: 03/04/1980", "03/04/1980"),
        ("1980-03-04 is my birthday", "1980-03-04"),
        ("nac\u00ed el 4 de marzo de 1980", "4 de marzo de 1980"),
        ("born the fourth of March nineteen eighty", "the fourth of March nineteen eighty"),
        ("b. 1980-03-04", "1980-03-04"),
        ("my name is Ines, 4.III.1980, and I need a form", "4.III.1980"),
        ("the form wants this: the 4th day of March, 1980", "the 4th day of March, 1980"),
        ("dob 040380 female", "040380"),
        ("twins, 04.03.2019, both well", "04.03.2019"),
    ],
)
def test_birth_date_is_found(text, date):
    assert places(text)["personal_birthdate"] == [date]


@pytest.mark.parametrize(
    "text", ["born in 1980", "my birthday is 4 March", "diagnosed on 03/04/2015", "4 March 1999 was the day of my biopsy"]
)
def test_other_dates_are_not(text):
    assert "personal_birthdate" not in places(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("MRN 00451298", "00451298"),
        ("my member id is XKZ9081", "XKZ9081"),
        ("SSN 000-12-3456", "000-12-3456"),
        ("mi DNI 00000000T", "00000000T"),
        ("p\u00f3liza AX-77120-09", "AX-77120-09"),
        ("policy number LH-22-77, claim 0091827", "0091827"),
        ("the docket is D-2021-00417", "D-2021-00417"),
        ("ficha cl\u00ednica nro 00-4471-B", "00-4471-B"),
        ("my claim, as they told me: cero cero siete nueve", "cero cero siete nueve"),
    ],
)
def test_number_of_a_record_is_found(text, number):
    assert number in places(text)["personal_record"]


@pytest.mark.parametrize(
    "text", ["claim took 12 weeks", "room 1204", "lot 22-4471-B", "policy of 2019", "my insurance paid $1,284.50"]
)
def test_other_numbers_are_no_records(text):
    assert "personal_record" not in places(text)


@pytest.mark.parametrize(
    "number",
    [
        "0176-1234567",
        "0660-123456",
        "0176/1234567",
        "9123 4567",
        "0800 1112",
        "5551 2345 6789",
        "436601234567",
        "2025-551234",
        "555\u2011123\u20114567",
        "555\u2013123\u20134567",
        "555-123-4567x12",
        "tel5551234567",
        "\uff15\uff15\uff15\uff10\uff11\uff12\uff13\uff14\uff15",
        "555\u200b0123\u200b4567",
    ],
)
def test_number_is_found_whatever_its_dress(number):
    assert phones(f"Call me {number} ok")
    assert phones(f"so {number} ok")


@pytest.mark.parametrize(
    "address", ["ana\uff20example.org", "a\u200bna@exam\u00adple.org", "marta @ example.org", "marta%40example.org"]
)
def test_address_is_found_whatever_its_dress(address):
    assert emails(f"write {address} ok")


@pytest.mark.parametrize(
    "text",
    [
        "Please call 988 now.",
        "Call 1-800-273-8255, they are kind.",
        "1 (800) 273 8255",
        "Llama al 717 003 717",
        "Línea de la Vida: 800 911 2000",
        "+52 800 911 2000",
        "+44 800 689 5652",
        "+44 800 1111",
        "0034 717 003 717",
        "tel:18002738255",
        "Samaritans: 116 123",
        "El 024 está abierto",
        "Childline 0800 1111",
    ],
)
def test_a_help_line_is_never_covered(text):
    assert phones(text) == []


@pytest.mark.parametrize("text", ["☎️ 915 179 670", "Para citas 915 179 670", "📞 01632 960 123"])
def test_a_number_to_call_is_found_by_what_announces_it(text):
    assert len(phones(text)) == 1


@pytest.mark.parametrize("text", ["filled 4/8/2007", "NDC 0078-0357-15", "It costs 1,200 - 1,500 dollars"])
def test_dates_codes_and_prices_are_no_phone_numbers(text):
    assert phones(text) == []
