"""What the people of each group may do, in a sentence each: how roles are given out."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "Moderators": _("read every comment and decide which ones readers see"),
    "Clinicians": _("do what moderators do, and decide on urgent and medical comments; only they change the help lines"),
    "Editors": _("write articles, send them to a reviewer and publish what is signed"),
    gettext_noop("Medical reviewers"): _("sign articles in their own name, or ask for changes"),
    gettext_noop("Privacy officers"): _("see an email address after giving a reason, and erase a comment for good"),
}


def in_words(name: str) -> str:
    """Return a group and what it may do; a group of the owner's own has its name alone."""
    return f"{name}: {SENTENCES[name]}." if name in SENTENCES else name


class RolesField(forms.ModelMultipleChoiceField):
    """The groups as check boxes, each with its sentence."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        """Say what the group may do."""
        return in_words(group.name)
