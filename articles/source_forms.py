"""The sources of an article as editors fill them in: each a citation, and all together with numbers that may change places."""

import functools

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminIntegerFieldWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import citations
from articles.models import Article, Source

LAST_NUMBER = 999
AWAY = 10_000  # Where numbers wait while sources change places.


class SourceForm(forms.ModelForm):
    """One citation; PMID and DOI may be pasted with a label or as an address."""

    pmid = forms.CharField(
        label=gettext_lazy("PMID"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Enter the number or paste a PubMed link."),
    )
    doi = forms.CharField(
        label=gettext_lazy("DOI"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Enter the DOI or paste a doi.org link."),
    )

    # The number as it was when the form was opened: marks in the text that comes with it name their sources by these.
    was = forms.IntegerField(widget=forms.HiddenInput, required=False)
    url = forms.URLField(label=gettext_lazy("URL"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Source
        fields = [
            "position",
            "kind",
            "year",
            "authors",
            "title",
            "container",
            "pages",
            "pmid",
            "doi",
            "url",
            "accessed",
            "retracted_on",
        ]
        widgets = {
            **dict.fromkeys(["position", "year"], AdminIntegerFieldWidget),
            **dict.fromkeys(["authors", "title", "container", "pages"], AdminTextInputWidget),
            **dict.fromkeys(["accessed", "retracted_on"], AdminDateWidget),
        }

    def __init__(self, *args, **kwargs):
        """Send along which number the source has now."""
        super().__init__(*args, **kwargs)
        self.initial["was"] = self.instance.position if self.instance.pk else None

    @functools.cached_property
    def changed_data(self):
        """The names of the fields that somebody changed; which number there was is none of them."""
        return [name for name in super().changed_data if name != "was"]

    def clean_position(self):
        """Keep it a number that can be a mark in the text."""
        position = self.cleaned_data["position"]
        if not 1 <= position <= LAST_NUMBER:
            raise ValidationError(_("Choose a number from 1 to {last}.").format(last=LAST_NUMBER))
        return position

    def clean_year(self):
        """Refuse a year that must be a slip."""
        year = self.cleaned_data["year"]
        if year is not None and not citations.plausible_year(year, timezone.localdate().year):
            raise ValidationError(_("Enter a year from {first} to next year.").format(first=citations.FIRST_YEAR))
        return year

    def clean_pmid(self):
        """Return the digits alone."""
        return _identifier(citations.pmid, self.cleaned_data["pmid"])

    def clean_doi(self):
        """Return the DOI alone."""
        return _identifier(citations.doi, self.cleaned_data["doi"])

    def clean_retracted_on(self):
        """Refuse a day that has not come: readers are told of it at once."""
        day = self.cleaned_data["retracted_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This date is in the future."))
        return day

    def validate_constraints(self):
        """Leave the one constraint, that a number stands once, to the formset: numbers may change places."""


def _identifier(read, text):
    try:
        return read(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class BaseSourceFormSet(forms.BaseInlineFormSet):
    """All sources of an article: no number, PMID or DOI stands twice, and numbers may change places."""

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        """Take the rows of sources that somebody else removed meanwhile as new ones, so that their words are kept."""
        if data is not None and instance is not None and instance.pk:
            there = {str(pk) for pk in instance.sources.values_list("pk", flat=True)}
            data = _with_gone_as_new(data, kwargs.get("prefix") or self.get_default_prefix(), there)
        super().__init__(data, files, instance, **kwargs)

    def clean(self):
        """Say beside the field what stands twice, also what somebody else added while the page was open."""
        forms = [form for form in self.forms if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")]
        known = [form.instance.pk for form in self.initial_forms]
        others = list(Source.objects.filter(article=self.instance.pk).exclude(pk__in=known)) if self.instance.pk else []
        for field, words in (
            ("position", _("Another source in this article already has number {}.")),
            ("pmid", _("Another source in this article already has PMID {}.")),
            ("doi", _("Another source in this article already has DOI {}.")),
        ):
            values = [getattr(other, field) for other in others] + [form.cleaned_data.get(field) for form in forms]
            texts = ["" if value is None else str(value) for value in values]
            for place in citations.repeated(texts):
                if place >= len(others):
                    forms[place - len(others)].add_error(field, words.format(texts[place]))

    def moved(self) -> dict[int, int | None]:
        """Return number as it was opened -> new one of the sources that get another, None for those that are deleted."""
        moved = {}
        for form in self.forms:
            old = form.cleaned_data.get("was") or form.initial.get("position")
            if old is None:
                continue
            new = None if form in self.deleted_forms else form.cleaned_data["position"]
            if new != old:
                moved[old] = new
        return moved

    def save(self, commit=True):
        """Save; numbers that change wait out of the way, so that two sources can change places."""
        moving = [
            form.instance.pk for form in self.initial_forms if form in self.deleted_forms or "position" in form.changed_data
        ]
        Source.objects.filter(pk__in=moving).update(position=F("position") + AWAY)
        return super().save(commit)


SourceFormSet = forms.inlineformset_factory(Article, Source, form=SourceForm, formset=BaseSourceFormSet, extra=0)


def _with_gone_as_new(data, prefix, there):
    """Return the data of a formset with rows whose source is gone behind the others and without their key."""
    numbers = [data.get(f"{prefix}-{name}", "") for name in ("TOTAL_FORMS", "INITIAL_FORMS")]
    if not all(number.isdecimal() and len(number) < 5 for number in numbers):
        return data
    total, initial = map(int, numbers)
    gone = [row for row in range(min(initial, total)) if data.get(f"{prefix}-{row}-id") not in there]
    if not gone:
        return data
    rows = [{key.split("-", 2)[2]: key for key in data if key.startswith(f"{prefix}-{row}-")} for row in range(total)]
    kept = [row for row in range(total) if row not in gone]
    dropped = [row for row in gone if data.get(f"{prefix}-{row}-DELETE")]
    changed = data.copy()
    for row in rows:
        for key in row.values():
            del changed[key]
    for place, row in enumerate([*kept, *(row for row in gone if row not in dropped)]):
        for name, key in rows[row].items():
            changed[f"{prefix}-{place}-{name}"] = "" if name == "id" and row in gone else data[key]
    changed[f"{prefix}-TOTAL_FORMS"] = total - len(dropped)
    changed[f"{prefix}-INITIAL_FORMS"] = initial - len(gone)
    return changed
