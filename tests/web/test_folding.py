"""A search finds a word however it is accented, in Python and in both databases alike."""

import pytest

from comments.models import WatchedWord
from web.admin import HasWords
from web.folding import fold

TEXTS = [
    "Zoë",
    "ZOË",
    "Él  ÑANDÚ\nStraße ﬁn",
    "STRASSE ẞ",
    "ŐŰ Łódź Đorđe İstanbul ısı",
    "Ο Δράκος ΟΔΟΣ",
    "Привет Ёлка",
    "½ № ² Ｆｕｌｌ",
    "e\u0301te\u0301",
    "Nguyễn Thị Hường",
    "हिन्दी में",
    "שָׁלוֹם עֲלֵיכֶם",
    "مُحَمَّد",
    "がん ガン 한국어",
    "𝔏𝔲𝔭𝔲𝔰 😀",
    "hydroxy\u00adchloro\u00adquine zero\u200bwidth \ufeffword\u200e joi\u2060ned نمی\u200cخواهم",
    "plain ASCII   100%\nof _ \\ ' ]",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS)
def test_the_database_folds_as_python_does(text):
    WatchedWord.objects.create(word=text)
    assert WatchedWord.objects.filter(HasWords("word", fold(text))).exists()
    assert WatchedWord.objects.filter(HasWords("word", *fold(text).split())).exists()
    assert not WatchedWord.objects.filter(HasWords("word", fold(text), "elsewhere")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["%", "_", "a%c", "a_c", "\\", ".", "[a]"])
def test_a_word_is_no_pattern(pattern):
    WatchedWord.objects.create(word="abc")
    assert not WatchedWord.objects.filter(HasWords("word", pattern)).exists()


def test_folding_is_case_and_accents_and_spaces():
    assert fold("  Él  ÑANDÚ\nStraße ﬁn ") == "el nandu strasse fin"
    assert fold("  A\tB ") == "a b"


def test_what_is_not_seen_is_not_searched():
    assert fold("hydroxy\u00adchloro\u00adquine zero\u200bwidth \ufeffword\u200e") == "hydroxychloroquine zerowidth word"
