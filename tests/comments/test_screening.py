"""Text in, signals out, without a database."""

import itertools
import time

import pytest

from comments.screening import (
    COUNTED,
    NOTHING_KNOWN,
    NOTHING_WATCHED,
    WORDS,
    History,
    Lane,
    Signal,
    Submission,
    Watch,
    WatchedWord,
    in_words,
    is_read_first,
    lane_of,
    rules,
    screen,
)
from comments.screening.policy import LOOK_FOR_DANGER, POLICY
from comments.screening.reading import Reading
from comments.screening.text.phrases import compiled


def submission(body="I write my questions on a card.", **fields):
    return Submission(**{"name": "Marta", "email": "m@example.org", "body": body} | fields)


def codes(body="I write my questions on a card.", *, history=NOTHING_KNOWN, watch=NOTHING_WATCHED, **fields):
    return [signal.code for signal in screen(submission(body, **fields), history, watch)]


def lane(body, **fields):
    return lane_of(screen(submission(body, **fields), History()))


def test_plain_comment_has_no_signal():
    assert codes() == []


def test_trap_is_found_and_is_likely_spam():
    signals = screen(Submission(name="Bo", email="", body="Hello", trap="http://example.com"), History())
    assert lane_of(signals) == Lane.SPAM


def test_link_alone_stays_in_the_standard_lane():
    signals = screen(Submission(name="A", email="", body="See https://example.org/sheet and www.example.com"), History())
    assert [(signal.code, signal.detail) for signal in signals] == [("link", "example.org"), ("link", "example.com")]
    assert lane_of(signals) == Lane.STANDARD


def test_too_fast_needs_a_script_that_told_the_time():
    assert codes(elapsed=None) == []
    assert codes(elapsed=2.9) == ["too_fast"]
    assert codes(elapsed=3.0) == []


def test_same_text_is_a_signal():
    assert codes(history=History(same_text=2)) == ["same_text"]


def test_markup_is_a_signal_and_with_a_foreign_link_spam():
    assert codes("My doctor said <b>rest</b> and water.") == ["markup"]
    assert lane('<a href="https://example.com/x">nice page</a> about my lupus') == Lane.SPAM
    assert codes("My C3 was <70 and my C4 <10.") == []


def test_what_moderators_decided_of_a_person_is_said():
    assert codes(history=History(always_hold=True, recent_rejections=2)) == ["always_hold", "recent_rejections"]
    assert lane_of(screen(submission(), History(blocked=True))) == Lane.SPAM


def test_name_is_read_too_but_spans_are_of_the_body():
    signals = screen(submission("Hello from the infusion room.", name="i want to die"), History())
    assert [(signal.code, signal.spans) for signal in signals] == [("crisis_now", ())]


# Safety.


@pytest.mark.parametrize("below", sorted(WORDS.keys() - {"crisis_now", "medical_emergency", "violence", "minor_in_danger"}))
@pytest.mark.parametrize("safety", ["crisis_now", "medical_emergency", "violence", "minor_in_danger"])
def test_safety_is_never_hidden_by_another_signal(safety, below):
    assert lane_of([Signal(below), Signal(safety)]) == Lane.URGENT
    assert lane_of([Signal(safety), Signal(below)]) == Lane.URGENT


@pytest.mark.parametrize("pair", list(itertools.combinations(sorted(WORDS), 2)), ids=" ".join)
def test_a_pair_of_signals_has_the_lane_of_the_graver_one(pair):
    order = [Lane.URGENT, Lane.CLINICIAN, Lane.SPAM, Lane.STANDARD]
    together = lane_of(map(Signal, pair))
    alone = [lane_of([Signal(code)]) for code in pair]
    if "crisis_worded" in pair and {"promo", "spam_bot", "link"} & {*pair}:
        # An advertisement sounds like much; a phrase has to say it.
        assert together == (Lane.STANDARD if "link" in pair else Lane.SPAM)
    elif set(pair) in ({"too_fast", "link"}, {"same_text", "link"}):
        assert together == Lane.SPAM
    elif {*alone} == {Lane.SPAM, Lane.CLINICIAN}:
        # A cure on sale is spam first; a crisis in the past is not.
        assert together == (Lane.CLINICIAN if "crisis_past" in pair else Lane.SPAM)
    else:
        assert together == min(alone, key=order.index)


def test_policy_names_only_signals_that_exist():
    assert {code for line in POLICY for code in line.needed | line.unless} <= WORDS.keys() | COUNTED.keys()


CRIES = ["I am going to kill myself tonight.", "Me quiero morir esta noche.", "My husband beats me every night."]
AROUND = [
    "Best casino bonus https://example.com/win https://example.com/spin {}",
    "You are all idiots. {}",
    "Celery juice cured my lupus, throw your pills away. {}",
    "Call me: (202) 555-0199. {}",
    "I was suicidal ten years ago. {}",
    "<a href='https://example.com'>x</a> {} [url=https://example.com]y[/url]",
    "Use code SUN20 for 20% off in our store! {} Free shipping.",
    "Take 50 mg of prednisone daily, you all should. {}",
]


@pytest.mark.parametrize("cry", CRIES)
@pytest.mark.parametrize("around", AROUND)
def test_cry_for_help_is_urgent_whatever_stands_around_it(cry, around):
    assert lane(around.format(cry), trap="robot", elapsed=0.5) == Lane.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "This is goodbye. I gave my cat to the neighbor and paid the rent ahead.",
        "So this is my farewell.",
        "You won't have to worry about me much longer.",
        "Can't do another winter of this.",
        "How easy is it to die from these, just curious",
        "I gave my clothes away, I won't be needing them anymore.",
        "Esta es mi despedida.",
        "No aguanto otro invierno de estos.",
        "¿Qué tan fácil es morirse con estas? Solo por curiosidad.",
    ],
)
def test_a_plain_farewell_is_urgent(text):
    assert lane(text) == Lane.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "I've written letters to everyone.",
        "My affairs are in order.",
        "I have said my goodbyes.",
        "Everything is paid, the cat has a new home. Goodbye everyone.",
        "Les dejé una carta a cada uno de mis hijos.",
        "Le regalé mi perrita a la vecina y dejé pagado el alquiler por adelantado.",
    ],
)
def test_what_may_be_a_farewell_is_read_first(text):
    signals = screen(submission(text))
    assert lane_of(signals) == Lane.URGENT or is_read_first(signals)


@pytest.mark.parametrize(
    "text",
    [
        "This is goodbye to prednisone, after four years!",
        "Can't do another winter without my heated blanket.",
        "I can't do another year of these insurance calls, so I changed plans.",
        "How easy is it to get the pills out of the box with sore hands?",
        "I said my goodbyes to the team at work and start the new job on Monday.",
        "I gave my cat to the neighbor while I was in the hospital.",
        "No aguanto otro invierno sin calefacción, así que nos mudamos.",
        "Adiós a las agujas, hoy fue mi última infusión.",
    ],
)
def test_other_goodbyes_wake_nobody(text):
    assert lane(text) == Lane.STANDARD


def test_cry_for_help_is_found_in_the_middle_of_a_long_text():
    filler = "We walked along the canal in the evening, and the light was kind to my skin. " * 30
    assert lane(filler + "I do not want to live anymore. " + filler) == Lane.URGENT


# Rules that fail.


def test_a_rule_that_fails_hides_nothing(monkeypatch):
    def broken(reading):
        raise ValueError

    monkeypatch.setattr("comments.screening.RULES", [broken, *rules.RULES])
    assert codes(trap="x") == ["rule_error", "trap"]


@pytest.mark.parametrize("name", [rule.__name__ for rule in rules.RULES if rule.__name__ != "crisis_now"])
def test_no_failing_rule_hides_a_crisis(monkeypatch, name):
    def broken(reading):
        raise ValueError

    broken.__name__ = name
    monkeypatch.setattr("comments.screening.RULES", [broken if rule.__name__ == name else rule for rule in rules.RULES])
    signals = screen(submission(CRIES[0]), History())
    assert Signal("rule_error", name) in signals
    assert lane_of(signals) == Lane.URGENT


def test_a_rule_that_takes_too_long_is_said_and_what_it_found_is_kept(monkeypatch):
    def slow(reading):
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass
        return [Signal("promo")]

    monkeypatch.setattr("comments.screening.RULES", [slow])
    signals = screen(submission(), History())
    assert signals == [Signal("promo"), Signal("rule_error", "slow")]


def test_the_first_to_need_a_pattern_is_not_called_slow(monkeypatch):
    monkeypatch.setattr("comments.screening.READING_BUDGET", 0)
    compiled.cache_clear()
    assert codes(CRIES[0]) == ["crisis_now"]
    assert codes(CRIES[0]) == ["rule_error", "crisis_now"]


@pytest.mark.parametrize("name", sorted(LOOK_FOR_DANGER))
def test_spam_waits_with_the_others_while_a_check_for_danger_has_failed(name):
    assert lane_of([Signal("spam_bot"), Signal("rule_error", name)]) == Lane.STANDARD


@pytest.mark.parametrize("name", ["links", "personal_phone", "promo"])
def test_another_check_that_failed_takes_nothing_out_of_spam(name):
    assert lane_of([Signal("spam_bot"), Signal("rule_error", name)]) == Lane.SPAM


def test_the_checks_that_look_for_danger_are_those_whose_signals_come_first():
    assert {rule.__name__ for rule in rules.RULES[:7]} | {"reading"} == LOOK_FOR_DANGER


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_signal_can_be_said_in_words(code):
    assert "{" not in in_words(Signal(code, "7").as_dict())


# What moderators watch.


def watched(body, *words, **fields):
    signals = screen(submission(body), History(), Watch(words=tuple(WatchedWord(word, **fields) for word in words)))
    return [
        (signal.detail, [body[start:end] for start, end in signal.spans]) for signal in signals if signal.code == "watched_word"
    ]


def test_watched_word_is_found_with_its_place():
    assert watched("The MIRACLE tea, miracle!", "miracle") == [("miracle", ["MIRACLE", "miracle"])]
    assert watched("Miracles happen", "miracle") == []
    assert watched("Miracles happen", "miracle", whole_word=False) == [("miracle", ["Miracle"])]
    assert watched("a miracle", "Miracle", match_case=True) == []


def test_watched_phrase_may_be_broken_by_spaces_and_disguised():
    assert watched("our magic \n tea is back", "magic tea") == [("magic tea", ["magic \n tea"])]
    assert watched("our m\u00e1gic te\u0430", "magic tea") == [("magic tea", ["m\u00e1gic te\u0430"])]


@pytest.mark.parametrize("word", ["a.c", "(", "[x", "a|b", "^", "$", "\\d+", "*", "a{9}"])
def test_watched_word_is_never_a_pattern(word):
    assert watched(f"see {word} here", word, whole_word=False) == [(word, [word])]
    assert watched("abc 123", word) == []


def test_blocked_host_blocks_all_below_it():
    watch = Watch(blocked_hosts=frozenset({"bad.example"}))
    assert "blocked_host" in codes("see https://shop.bad.example/x", watch=watch)
    assert "blocked_host" not in codes("see https://notbad.example/x", watch=watch)
    assert lane_of(screen(submission("my hat is from www.bad.example"), History(), watch)) == Lane.SPAM


def test_other_script_and_language_are_said():
    assert "other_script" in codes("Добрый день, сколько стоит доставка")
    assert "other_language" in codes("Je suis une femme de trente ans et je ne dors pas avec cette maladie")
    assert codes("Hola, tengo lupus desde hace mucho y me gusta leer") == []


# Time.


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1 " * 2500,
            "1" * 5000,
            "(1)" * 1600,
            "a@" * 2500,
            "+1-" * 1600,
            "www." * 1250,
            "a" * 4990 + "@b",
            " " * 5000,
            "[" * 5000,
        ),
        *(
            "a" + "\u0301" * 4999,
            "<a " * 1600,
            "die:" * 1250,
            "k1ll" * 1250,
            "a " * 2500,
            "five " * 1000,
            "calle a " * 625,
            "A" * 5000,
        ),
    ],
    ids=range(17),
)
def test_hostile_text_is_read_to_its_end(text):
    """How long that takes is measured by bench/screening.py; a pattern that never ends would stop here."""
    watch = Watch(words=tuple(WatchedWord(f"watched {number}", whole_word=bool(number % 2)) for number in range(500)))
    assert {code for code in codes(text, watch=watch) if code.startswith("crisis")} <= {
        "crisis_now",
        "crisis_worded",
        "crisis_like",
    }


@pytest.mark.parametrize(
    "text",
    [
        "It took me eight months to get a diagnosis.",
        "Eight months of this and I'm done with prednisone.",
        "I waited eight months.",
        "It has been eight months.",
        "my 9 month old had the rash too",
        "I have a 9 month old and lupus.",
        "I'm 16 weeks pregnant and on Plaquenil.",
        "I am 16 wks pregnant with my second.",
        "I'm eight months pregnant.",
        "She put me on 10mg first.",
        "My insurance limits me to 8 pills a month.",
        "Call me at 9, the clinic said.",
        "I am 6 ft tall.",
        "I'm enrolled 15 hrs at college and work full time.",
        "They kept me 11 days in the hospital.",
        "I have a 10 year old boy with lupus.",
        "My son is now 9 years old and has a rash.",
        "My daughter is 12 and has lupus nephritis.",
        "My third child developed a tumor at 11 years old.",
        "My doctor had me take 15mg for a week.",
    ],
)
def test_a_number_of_something_else_is_not_the_age_of_the_author(text):
    assert "minor" not in {signal.code for signal in screen(Submission(name="", email="", body=text))}


@pytest.mark.parametrize(
    "text",
    [
        "I'm 16 and was just diagnosed",
        "me 15 f, lupus",
        "i am only 15, thanks",
        "I am 13 and a half",
        "I am 14 and my sister is 12",
    ],
)
def test_the_age_of_the_author_is_still_found(text):
    assert "minor" in {signal.code for signal in screen(Submission(name="", email="", body=text))}


@pytest.mark.parametrize("sign", [*". \nax0", "\u00e9"])
def test_padding_changes_neither_what_is_found_nor_where(sign):
    padding = f" {sign * 4800} "
    words = "I want to die. Call 202-555-0199"
    found = {signal.code: signal.spans for signal in screen(submission(f"{padding}{words}"))}
    assert {code: [(start - len(padding), end - len(padding)) for start, end in spans] for code, spans in found.items()} == {
        signal.code: list(signal.spans) for signal in screen(submission(words))
    }
    assert len(Reading(submission(f"{padding}{words}{padding}")).folded.text) < 150


def test_a_place_that_holds_padding_ends_where_it_ends():
    (signal,) = [one for one in screen(submission(f"write to {'a' * 2000}@example.org")) if one.code == "personal_email"]
    assert signal.spans == ((9, 2021),)


SCRIPTS = [
    "The hat helps.",
    "Шляпа помогает.",
    "Το καπέλο βοηθά.",
    "הכובע עוזר.",
    "القبعة تساعد.",
    "टोपी मदद करती है।",
    "หมวกช่วยได้",
    "모자가 도움이 돼요.",
    "帽子はいい。",
    "帽子有用。",
    "Գլխարկը օգնում է։",
    "ქუდი მშველის.",
]


def test_a_text_in_twelve_scripts_is_read_and_a_cry_in_it_heard():
    text = "\n".join(SCRIPTS)
    assert set(codes(text)) <= {"other_script", "crisis_like"}
    signals = screen(submission(f"{text}\nI want to die.\n{text}"))
    (cry,) = [signal for signal in signals if signal.code == "crisis_now"]
    assert [f"{text}\nI want to die.\n{text}"[slice(*span)] for span in cry.spans] == ["want to die"]


@pytest.mark.parametrize("piece", ["flare ", "flare", "\U0001f622", "\n", "\U0001f469\u200d\u2695\ufe0f"], ids=ascii)
def test_five_thousand_characters_of_one_thing_wake_nobody_and_hide_nothing(piece):
    text = (piece * 5000)[:4900]
    assert lane(text) == Lane.STANDARD
    assert lane(f"{text} I want to die.") == Lane.URGENT
    assert lane(f"I want to die. {text}") == Lane.URGENT


@pytest.mark.parametrize("body", ["I write my questions on a card.", "I want to die.", "I was suicidal ten years ago."])
def test_a_name_of_eighty_letters_that_is_a_phrase_only_raises(body):
    cry = ("I want to die " * 6)[:80]
    calm = ("in the film they say it was years ago " * 3)[:80]
    assert lane(body, name=cry) == Lane.URGENT
    assert lane(body, name=calm) == lane(body, name="")


def test_piled_up_marks_are_a_signal_and_marked():
    text = "Za" + "\u0335\u0321\u034a" * 5 + "lgo"
    assert [(s.code, s.spans) for s in screen(Submission(name="", email="", body=text))] == [("piled_marks", ((2, 17),))]
    assert "piled_marks" in {s.code for s in screen(Submission(name=text, email="", body="Hello there"))}


@pytest.mark.parametrize(
    "text", ["Nguyễn Thị Hường", "שָׁלוֹם עֲלֵיכֶם", "بِسْمِ ٱللَّهِ", "ปั๊มน้ำ", "བསྒྲུབས་", "e\u0301te\u0301", "1\ufe0f\u20e3 first"]
)
def test_marks_of_a_language_are_none(text):
    assert "piled_marks" not in {s.code for s in screen(Submission(name=text, email="", body=text))}


@pytest.mark.parametrize(
    "text",
    [
        "I took all my tablets at once an hour ago",
        "she swallowed the whole bottle",
        "i just overdosed",
        "chest pain and my left arm is numb",
        "my lips are blue and I can't breathe",
        "I can't breathe right now",
        "Me tomé todas las pastillas de golpe",
        "se me está cerrando la garganta",
        "me duele el pecho, dolor en el pecho y el brazo dormido",
        "I have crushing chest pain going down my left arm and I'm in a cold sweat",
        "I just swallowed the whole bottle of pills and I feel so cold",
        "I took all my pills at once an hour ago, not as prescribed",
        "I just swallowed the whole bottle, I used to be happy",
        "I can't breathe right now, same as last week",
    ],
)
def test_a_body_in_danger_is_an_emergency(text):
    assert "medical_emergency" in codes(text)
    assert lane(text) == Lane.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "I took all my tablets this morning as prescribed.",
        "When I was diagnosed I had chest pain and a numb arm.",
        "My fingers go blue in the cold, that is Raynaud's.",
        "My toes are blue from the nail polish.",
        "I had chest pain last year and it was the lining of the lung.",
    ],
)
def test_what_is_told_of_the_past_or_of_the_cold_is_no_emergency(text):
    assert "medical_emergency" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "I stopped taking it because of the side effects.",
        "I just quit using them after a week.",
        "I take half of what the doctor said.",
        "Gave up on the tablets, they did nothing.",
        "I got off of it on my own.",
        "I had to discontinue the medication.",
    ],
)
def test_stopping_is_found_without_the_name_of_the_medicine(text):
    assert {"medical_stop", "stop_like"} & set(codes(text))
    assert lane(text) == Lane.CLINICIAN


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir, my wife was diagnosed last month and suffers a lot. Thank you for your great article and kindly advise.",
        "Dear Madam, I suffer from joint pain since May. Thanks for sharing this wonderful information.",
    ],
)
def test_courtesy_makes_no_patient_a_spammer(text):
    assert lane(text) != Lane.SPAM


@pytest.mark.parametrize(
    "text",
    [
        "My wife was diagnosed in May. Thank you so much, amazing site, where can I order the capsules? Best price? God bless!",
        "I suffer every winter. Please send me the product, I want to buy the cream today, what does shipping cost?",
        "Sufro mucho. Quiero comprar el producto, gracias, excelente informacion, bendiciones, me diagnosticaron hace un mes.",
        "Mi esposa tiene fiebre. Cuanto cuesta el tratamiento, hacen envios, quiero comprar ya?",
        "My MD said the other brand is in stock at the drugstore, is it the same as mine?",
        "Two studies and the leaflet of my clinic: https://example.org/one https://example.org/two https://example.org/leaflet",
        "Lavado de manos contra el covid: https://example.org/a https://example.org/b",
    ],
)
def test_what_patients_and_clinics_write_is_no_spam(text):
    assert lane(text) != Lane.SPAM


def test_a_list_of_links_that_is_worded_like_an_advertisement_stays_spam_whatever_it_promises_to_heal():
    assert lane("Buy pain pills online cheap https://example.com/a https://example.com/b https://example.com/c") == Lane.SPAM
    assert lane("Buy cheap followers https://example.com/a https://example.com/b https://example.com/c") == Lane.SPAM


def test_a_word_of_illness_does_not_let_an_advertisement_through():
    text = "I was diagnosed with lupus. Earn $5000 a week from home with bitcoin investment, write me on telegram @fx_pro"
    assert lane(text) == Lane.SPAM


@pytest.mark.parametrize("name", ["Marta Moreno", "Barbara Thompson", "James Moreno", "Not again"])
def test_an_ordinary_name_wakes_nobody(name):
    assert lane_of(screen(Submission(name=name, email="", body="The bus to the clinic was late again."))) == Lane.STANDARD
