"""What the desk's list is narrowed by, and whom the articles in it are given to."""

from urllib.parse import urlencode

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.board import State
from articles.desk import NO_ONE, Wanted
from articles.models import Reviewer

KEEP = ""


def owners() -> list[tuple[str, str]]:
    """Return (key, name) of those who can answer for a page."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("username")
    return [(str(person.pk), str(person)) for person in people]


def reviewers() -> list[tuple[str, str]]:
    """Return (key, name) of those who may sign today."""
    return [(str(one.pk), str(one)) for one in Reviewer.objects.active(timezone.localdate()).exclude(user=None)]


class FindForm(forms.Form):
    """The filters of the desk; what cannot be read of them counts as not asked for."""

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *State.choices])
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    reviewer = forms.ChoiceField(label=_("Assigned reviewer"), required=False)
    due = forms.ChoiceField(
        label=_("Review due"),
        required=False,
        choices=[
            ("", _("Any time")),
            ("0", _("Today or earlier")),
            ("30", _("Within 30 days")),
            ("60", _("Within 60 days")),
            ("90", _("Within 90 days")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("By title")), ("due", _("By review date")), ("saved", _("Last saved first"))],
    )

    def __init__(self, *args, owners, reviewers, **kwargs):
        """Take the people to choose from."""
        super().__init__(*args, **kwargs)
        first = [("", _("Anyone")), (NO_ONE, _("No one"))]
        self.fields["owner"].choices = [*first, *owners]
        self.fields["reviewer"].choices = [*first, *reviewers]

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(words=said.get("q", ""), **{name: said.get(name, "") for name in self.fields if name != "q"})

    def query(self) -> str:
        """Return what was asked for as it stands in an address."""
        return urlencode({name: value for name in self.fields if (value := self.cleaned_data.get(name))})


class AssignForm(forms.Form):
    """Whom the chosen articles are given to; `every` takes all that the filters found."""

    every = forms.BooleanField(required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    reviewer = forms.ChoiceField(label=_("Assigned reviewer"), required=False)

    def __init__(self, *args, owners, reviewers, **kwargs):
        """Take the people to choose from."""
        super().__init__(*args, **kwargs)
        first = [(KEEP, _("No change")), (NO_ONE, _("No one"))]
        self.fields["owner"].choices = [*first, *owners]
        self.fields["reviewer"].choices = [*first, *reviewers]

    def people(self) -> dict:
        """Return the owner and the reviewer that were chosen, as `articles.assignment.assign` takes them."""
        found = {}
        for name, model in (("owner", get_user_model()), ("reviewer", Reviewer)):
            key = self.cleaned_data[name]
            if key != KEEP:
                found[name] = None if key == NO_ONE else model.objects.get(pk=key)
        return found
