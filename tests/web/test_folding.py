"""A search finds a word however it is accented, in Python and in both databases alike."""

import pytest
from django.db.models import Value

from comments.models import WatchedWord
from web.admin import Folded
from web.folding import fold

TEXTS = [
    "Zoë",
    "ZOË",
    "  Él  ÑANDÚ\nStraße ﬁn ",
    "STRASSE ẞ",
    "ŐŰ Łódź Đorđe İstanbul ısı",
    "Ο Δράκος ΟΔΟΣ",
    "Привет Ёлка",
    "½ № ² Ｆｕｌｌ",
    "e\u0301te\u0301",
    "plain ASCII 100% _ \\ '",
    "",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS)
def test_the_database_folds_as_python_does(text):
    WatchedWord.objects.create(word="x")
    assert WatchedWord.objects.values_list(Folded(Value(text)), flat=True).get() == fold(text)


def test_folding_is_case_and_accents_and_spaces():
    assert fold("  Él  ÑANDÚ\nStraße ﬁn ") == "el nandu strasse fin"
    assert fold("  A\tB ") == "a b"
