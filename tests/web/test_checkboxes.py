"""Boxes to tick are those of Django's own widget, whatever they are called."""

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from web.checkboxes import Checkboxes

FLAT = [(1, "Hats"), (2, "Sun & <shade>"), ("a", 'A "name"')]
GROUPED = [("Suggested", FLAT[:1]), ("Other <b>", FLAT[1:])]


@pytest.mark.parametrize("choices", [[], FLAT, GROUPED], ids=["none", "flat", "groups"])
@pytest.mark.parametrize("ticked", [None, [2, "a"]], ids=["untouched", "ticked"])
@pytest.mark.parametrize(
    "attrs", [None, {"id": "id_related"}, {"id": "x", "class": "wide", "disabled": True, "aria-label": "a<b"}]
)
def test_the_html_is_that_of_djangos_own_widget(choices, ticked, attrs):
    own, djangos = Checkboxes(choices=choices), forms.CheckboxSelectMultiple(choices=choices)
    assertHTMLEqual(own.render("related", ticked, attrs), djangos.render("related", ticked, attrs))
