"""What editors fill in: a working copy and its sources, and a topic.

The forms say what is well-formed and whether somebody else was faster.
"""

import functools

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminIntegerFieldWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import addresses, citations
from articles.html import rendering
from articles.html.cleaning import TooDeep
from articles.models import Article, ArticleEvent, Source, Topic

MOST_BODY = 300_000
MOST_WORDS = 20_000
LAST_NUMBER = 999
AWAY = 10_000  # Where numbers wait while sources change places.
# What an article leads to: kept in tables of their own, so they are compared and saved apart from its row.
LINKS = ("topics", "related")


class ArticleForm(forms.ModelForm):
    """The working copy; `opened` is the version that was on the screen, so that nobody overwrites what they have not seen.

    The text is shown, and saved, as readers would get it; `left_out` names what that leaves out of what is saved, or was sent.
    """

    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = [
            "title",
            "slug",
            "summary",
            "need_to_know",
            "body",
            "no_source_reason",
            "author_name",
            "author_credentials",
            "language",
            "owner",
            "comments_open",
            *LINKS,
        ]
        widgets = {
            # A title is one line of text that may be longer than the page is wide.
            "title": AdminTextareaWidget(attrs={"rows": 2, "class": "one-line"}),
            **dict.fromkeys(["slug", "no_source_reason", "author_name", "author_credentials"], AdminTextInputWidget),
            **dict.fromkeys(["summary", "need_to_know", "body"], AdminTextareaWidget),
            **dict.fromkeys(LINKS, forms.CheckboxSelectMultiple),
        }

    def __init__(self, *args, **kwargs):
        """Remember what is saved now, and offer staff alone as owners."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = self.fields["owner"].queryset.filter(is_staff=True).order_by("username")
        self.fields["related"].queryset = Article.objects.exclude(pk=self.instance.pk).only("title")
        self.fields["related"].choices = self._related_choices()
        self.has_conflict = False
        self.saved = {field.attname: getattr(self.instance, field.attname) for field in Article._meta.concrete_fields}
        self.saved |= {name: self._linked(name) for name in LINKS}
        self.left_out: list[str] = []
        if self.instance.pk:
            self.initial["opened"] = self.instance.version
            if not self.is_bound:
                self.initial["body"] = self._as_readers_get(self.instance.body)

    def _linked(self, name):
        return {row.pk for row in getattr(self.instance, name).all()} if self.instance.pk else set()

    def _related_choices(self):
        """Return the other articles: first those that share saved topics with this one, the most of them first, then the rest."""
        suggested, others = [], []
        for article in Article.objects.to_relate(self.instance):
            name = str(article) if article.is_readable else _("{title} (not online)").format(title=article)
            (suggested if article.shared else others).append((article.pk, name))
        groups = [(_("Suggested: articles with the same topics"), suggested), (_("Other articles"), others)]
        return [group for group in groups if group[1]] if suggested else others

    def clean_slug(self):
        """Refuse an address that leads to another page, or ever did."""
        slug = self.cleaned_data["slug"]
        if addresses.is_taken(slug, self.instance):
            raise ValidationError(addresses.TAKEN.format(slug=slug))
        return slug

    def clean_title(self):
        """Keep it in one line: its box shows it in several."""
        return " ".join(self.cleaned_data["title"].splitlines())

    def clean_summary(self):
        """Keep it within what a page can hold."""
        return _within(self.cleaned_data["summary"], MOST_WORDS)

    def clean_need_to_know(self):
        """Keep it within what a page can hold."""
        return _within(self.cleaned_data["need_to_know"], MOST_WORDS)

    def clean_body(self):
        """Keep it within what can be cleaned while somebody waits, and keep of it what readers would get."""
        body = _within(self.cleaned_data["body"], MOST_BODY)
        try:
            return self._as_readers_get(body)
        except TooDeep as error:
            raise ValidationError(str(error)) from error

    def _as_readers_get(self, body):
        cleaned = rendering.clean(body)
        self.left_out = cleaned.removed
        return cleaned.html

    def clean_author_credentials(self):
        """Refuse letters that stand behind no name."""
        letters = self.cleaned_data["author_credentials"].strip()
        if letters and not self.cleaned_data.get("author_name", "").strip():
            raise ValidationError(_("Enter the author's name too, or leave both blank."))
        return letters

    def clean(self):
        """Compare the version that was open with the one that is saved; the row is held while the admin saves."""
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = _lines(value)
        if self.instance.pk and cleaned.get("opened") != self.instance.version:
            self.has_conflict = True
            raise ValidationError(_who_was_faster(self.instance))
        return cleaned

    def has_seen(self):
        """Let the next save pass: whoever saves again has seen what stands beside the form."""
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = self.instance.version

    def changed(self) -> set[str]:
        """Return the names of the fields that now say something else than what is saved; to be asked when the form is valid."""
        now = {name: getattr(self.instance, name) for name in self.saved if name not in LINKS}
        now |= {name: {row.pk for row in self.cleaned_data[name]} for name in LINKS}
        changed = {name for name, value in now.items() if _lines(value) != _lines(self.saved[name])}
        if "body" in changed and rendering.clean(self.saved["body"]).html == now["body"]:
            # It was saved with other line breaks, or with what readers never got.
            changed.remove("body")
        return changed

    def save_links(self):
        """Save what the article leads to; its row is saved by then."""
        for name in LINKS:
            getattr(self.instance, name).set(self.cleaned_data[name])


class TopicForm(forms.ModelForm):
    """What readers see of a topic, and the MeSH term that stands for it."""

    class Meta:
        model = Topic
        fields = ["name", "slug", "description", "mesh"]
        widgets = {**dict.fromkeys(["name", "slug", "mesh"], AdminTextInputWidget), "description": AdminTextareaWidget}

    def clean_mesh(self):
        """Take it in small letters as well."""
        return self.cleaned_data["mesh"].upper()


def _who_was_faster(article):
    kinds = [ArticleEvent.Kind.SAVED, ArticleEvent.Kind.SETTINGS]
    faster = ArticleEvent.objects.filter(article=article, kind__in=kinds).select_related("actor").last()
    if faster is None:
        return _("This article was saved while you had it open. Nothing was overwritten; your text is below.")
    when = date_format(timezone.localtime(faster.created_at), "DATETIME_FORMAT")
    who = faster.actor.get_username() if faster.actor else _("Someone")
    return _(
        "{name} saved this article on {when}, while you had it open. Nothing was overwritten; your text is below. "
        "Copy what you want to keep from the saved draft. Saving again replaces {name}'s version with yours."
    ).format(name=who, when=when)


def _lines(value):
    """Return a text with the line ends that are stored: browsers send others."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _within(text, most):
    if len(text) > most:
        words = _("This is {count:,} characters long. The limit is {most:,}. Your text is still here.")
        raise ValidationError(words.format(count=len(text), most=most))
    return text


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
