"""What editors fill in: a working copy, and a topic; its sources are in `articles.source_forms`.

The forms say what is well-formed and whether somebody else was faster.
"""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import addresses
from articles.html import rendering
from articles.html.cleaning import TooDeep
from articles.models import Article, ArticleEvent, Topic
from web.checkboxes import Checkboxes

MOST_BODY = 300_000
MOST_WORDS = 20_000
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
            **dict.fromkeys(LINKS, Checkboxes),
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
