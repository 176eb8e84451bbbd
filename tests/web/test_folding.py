"""A search finds a word however it is accented, in Python and in both databases alike."""

import pytest

from comments.models import WatchedWord
from web.admin import HasWholeWords, HasWords
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


WHOLE = [
    ("hat", "That hat.", True),
    ("hat", "that chat hats what", False),
    ("hat", "hat", True),
    ("hat", "(hat)", True),
    ("hat", "a-hat_b", True),
    ("hat", "hat2", False),
    ("cafe", "Un café, por favor", True),
    ("cafe", "cafés", False),
    ("ana", "mañana", False),
    ("ana", "man\u0303ana ana\u0301", True),
    ("no", "niño", False),
    ("strasse", "Die Straße", True),
    ("δρακο", "Ο Δράκος", False),
    ("елка", "Ёлка!", True),
    ("ел", "Ёлка", False),
    ("ह", "हाथ", False),
    ("한국", "한국어", True),
    ("がん", "乳がんです", True),
    ("😀", "so😀so", True),
    ("hat😀", "that😀", False),
    ("hat😀", "hat😀x", True),
    ("50%", "150%", False),
    ("50%", "50%ig", True),
    ("c++", "C++?", True),
    ("c++", "cc", False),
    (".*", "anything", False),
    ("[a-z]", "a [a-z] z", True),
    ("\\w", "w", False),
    ("\\", "a\\b", True),
    ("(?i)", "i", False),
    ("a|b", "a", False),
    ("$", "a", False),
    ("^", "a^", True),
    ("my hat", "My\n  hat.", True),
    ("my hat", "my hats", False),
    ("x" * 100, "x" * 100, True),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("word", "text", "is_there"), WHOLE)
def test_a_whole_word_is_no_part_of_a_longer_one(word, text, is_there):
    WatchedWord.objects.create(word=text)
    assert WatchedWord.objects.filter(HasWholeWords("word", fold(word))).exists() == is_there


@pytest.mark.django_db
def test_all_whole_words_must_be_there():
    WatchedWord.objects.create(word="My hat and my chat")
    assert WatchedWord.objects.filter(HasWholeWords("word", "hat", "chat")).exists()
    assert not WatchedWord.objects.filter(HasWholeWords("word", "hat", "cha")).exists()
