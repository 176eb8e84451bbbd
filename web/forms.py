"""What every form of a reader bears: text that is broken, blank, or that no page, feed and database can hold all three."""

import re
import unicodedata

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# Seen as nothing although Unicode counts some of them as letters or symbols: Hangul fillers, the blank braille cell.
BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
# What breaks a line besides LF, such as the vertical tab that word processors paste.
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Signs that no XML document may hold, and so no feed (https://www.w3.org/TR/xml/#charsets): controls and noncharacters.
UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
BROKEN = _("Some characters were damaged (shown as \ufffd). Please type them again.")
ROBOT = _("A field that should stay blank was filled in, maybe by your browser. Please send the form again.")


def is_visible(text: str) -> bool:
    """Return whether anything in the text can be seen."""
    return any(character not in BLANKS and unicodedata.category(character)[0] not in "ZCM" for character in text)


def one_line_break(text: str) -> str:
    """Return the text with LF line ends, as the browser counts them."""
    return LINE_BREAKS.sub("\n", text)


class ReaderForm(forms.Form):
    """What every form of a reader bears: text that is broken, or cannot be stored, is told and shown again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.had_unstorable = False
        for field in self.fields.values():
            if isinstance(field.widget, (forms.TextInput, forms.Textarea)):
                field.widget.attrs["dir"] = "auto"
        if self.is_bound:
            self.data = self._readable(self.data)

    def _readable(self, data):
        """Return the data without signs that no page, feed and database can hold all three; the reader is told."""
        data = data.copy()
        for name in self.base_fields:
            value = data.get(self.add_prefix(name), "")
            readable = UNSTORABLE.sub("", value)
            if readable != value:
                self.had_unstorable = True
                data[self.add_prefix(name)] = readable
        return data

    def clean(self):
        """Tell about signs that were taken out before."""
        if self.had_unstorable:
            self.add_error(
                None, _("Your text had characters we can't save, so we took them out. Please check it and send it again.")
            )
        return super().clean()

    def well_formed(self, text: str, most: int, blank: str) -> str:
        """Return the text, or say what is wrong with it: `blank` when nothing can be seen of it."""
        if not is_visible(text):
            raise forms.ValidationError(blank)
        if "\ufffd" in text or any(unicodedata.category(character) == "Cs" for character in text):
            raise forms.ValidationError(BROKEN)
        if len(text) > most:
            over = len(text) - most
            words = ngettext_lazy(
                "This is {number} character too long. The limit is {most}.",
                "This is {number} characters too long. The limit is {most}.",
                over,
            )
            raise forms.ValidationError(words.format(number=f"{over:,}", most=f"{most:,}"))
        return text

    def layout(self, *names: str) -> FormHelper:
        """Return the crispy layout of these fields; tag, address and button are the template's."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # Readers get no cookie; web.origin checks instead.
        helper.layout = Layout(*names)
        return helper


def trap_field() -> forms.CharField:
    """Return a field that only robots fill in, by its label."""
    return forms.CharField(
        label=_("Leave this blank"), required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )


class TrapForm(ReaderForm):
    """A form of a reader with a field that only robots fill in."""

    leave = trap_field()

    def clean_leave(self):
        """Refuse what a robot fills in, and empty it: a person whose browser did so only sends the form again."""
        if self.cleaned_data["leave"]:
            self.data["leave"] = ""
            self.add_error(None, ROBOT)
        return ""
