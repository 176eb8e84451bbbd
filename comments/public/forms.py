"""The form under an article: it says what is well-formed; what is welcome is for screening and a moderator."""

import re
import unicodedata

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comments.flows import retention, second_try
from comments.models import Comment, State, consent
from comments.public.threads import DEEPEST
from comments.screening import Submission
from web.forms import ReaderForm, one_line_break, trap_field
from web.mail_addresses import can_get_mail, typed_address

MAX_NAME = 80
MAX_EMAIL = 254
MAX_BODY = 5000
MAX_ANSWER = 2000


class MailAddressField(forms.EmailField):
    """An address that can get mail. What nobody sees of it is taken out first: it would be another person's, or refused."""

    def to_python(self, value):
        """Return the address as it looks."""
        return typed_address(super().to_python(value))

    def validate(self, value):
        """Refuse an address that nothing can be sent to."""
        super().validate(value)
        if len(value) > MAX_EMAIL:
            raise forms.ValidationError(_("Enter an email address of up to {most} characters").format(most=MAX_EMAIL))
        if "@" in value and not can_get_mail(value):
            words = _("Email can't reach “{host}”. Check the part after the @ sign")
            raise forms.ValidationError(words.format(host=value.rpartition("@")[2]))


def email_field() -> MailAddressField:
    """Return the field for an email address; the browser does not cut what is pasted."""
    field = MailAddressField(
        label=_("Email"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "data-maxlength": MAX_EMAIL}),
        error_messages={"required": _("Enter your email address"), "invalid": _("Enter an email address like name@example.com")},
    )
    field.widget.attrs.pop("maxlength", None)
    return field


def comment_field() -> forms.CharField:
    """Return the field for the words of a comment."""
    return forms.CharField(
        label=_("Comment"),
        strip=False,
        help_text=_("Anyone can read this page, so leave out full names, addresses and dates of birth."),
        widget=forms.Textarea(attrs={"rows": 7, "data-maxlength": MAX_BODY}),
        error_messages={"required": _("Enter your comment")},
    )


def name_field() -> forms.CharField:
    """Return the field for the name under a comment."""
    return forms.CharField(
        label=_("Name"),
        help_text=_("A first name or nickname is fine. Readers see it with your comment."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "data-maxlength": MAX_NAME}),
        error_messages={"required": _("Enter your name")},
    )


def well_named(form: ReaderForm, name: str) -> str:
    """Return the name, or refuse one that is blank, broken, too long or more than a line."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in name):
        raise forms.ValidationError(_("Enter your name on one line"))
    return form.well_formed(name, MAX_NAME, _("Enter your name"))


class CommentForm(ReaderForm):
    """name, email, body, a field for robots, and hidden: what is answered, what is tried anew, how long the form was open."""

    use_required_attribute = True

    name = name_field()
    email = email_field()
    body = comment_field()
    subscribe = forms.BooleanField(
        label=_("Email me the decision and any replies"),
        required=False,
        help_text=_("We'll first send an email to confirm it's you. You can unsubscribe at any time."),
    )
    leave = trap_field()
    elapsed = forms.CharField(required=False, widget=forms.HiddenInput)
    consent = forms.CharField(required=False, widget=forms.HiddenInput, initial=consent.CURRENT)
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    revises = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, article, **kwargs):
        super().__init__(*args, **kwargs)
        self.article = article
        self.fields["email"].required = settings.COMMENT_EMAIL_REQUIRED
        self.fields["email"].help_text = _(
            "So we can contact you about your comment. We never publish it. Only a privacy officer can see it, "
            "and only after giving a reason. We delete it {months} months after your last comment."
        ).format(months=retention.ADDRESS_MONTHS)
        if not settings.COMMENT_EMAIL_REQUIRED:
            self.fields["email"].label = _("Email (optional)")

    @property
    def helper(self):
        """The crispy layout; tag, address and button are the template's."""
        return self.layout("name", "email", "body", "subscribe", "leave", "elapsed", "consent", "parent", "revises")

    def clean_name(self):
        """Refuse a name that is blank, broken, too long or more than a line."""
        return well_named(self, self.cleaned_data["name"])

    def clean_body(self):
        """Refuse a text that is blank, broken or too long; its line breaks are counted once, its words kept as typed."""
        return self.well_formed(one_line_break(self.cleaned_data["body"]), MAX_BODY, _("Enter your comment"))

    def clean_elapsed(self):
        """Return seconds, or None: whatever a script says here never refuses a comment."""
        value = self.cleaned_data["elapsed"]
        return float(value) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value) else None

    def clean_consent(self):
        """Return the number of the sentence that stood above the button."""
        return consent.version_of(self.cleaned_data["consent"])

    def clean_parent(self):
        """Return the comment that is answered, or None; it must be public, on this page, and not too deep."""
        value = self.cleaned_data["parent"]
        if not value:
            return None
        answered = Comment.objects.filter(article=self.article, state=State.APPROVED, depth__lt=DEEPEST)
        parent = answered.filter(pk=int(value)).first() if re.fullmatch(r"[1-9]\d{0,17}", value) else None
        if parent is None:
            self.data[self.add_prefix("parent")] = ""
            raise forms.ValidationError(_("The comment you replied to has been removed. You can send yours as a new comment."))
        return parent

    def clean_revises(self):
        """Return the comment that this is the second try of, or None: whatever stands here never refuses a comment."""
        return second_try.comment_of(self.cleaned_data["revises"], self.article)

    def clean(self):
        """Ask for an address when mail is wanted."""
        data = super().clean()
        if data.get("subscribe") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter your email address, or uncheck “Email me”"))
        return data

    def to_submission(self) -> Submission:
        """Return what screening and storing work on; only for a valid form."""
        data = self.cleaned_data
        return Submission(name=data["name"], email=data["email"], body=data["body"], trap=data["leave"], elapsed=data["elapsed"])


class WordsForm(ReaderForm):
    """New words for a comment that nobody has read yet, and which version of it the author saw."""

    body = comment_field()
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self):
        """The crispy layout; tag, address and button are the template's."""
        return self.layout("body", "version")

    def clean_body(self):
        """Refuse what the form under the article refuses."""
        return self.well_formed(one_line_break(self.cleaned_data["body"]), MAX_BODY, _("Enter your comment"))

    def clean_version(self):
        """Return the number, or 0, which no comment has: then it counts as changed in the meantime."""
        value = self.cleaned_data["version"]
        return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0


class AnswerForm(ReaderForm):
    """The answer to a letter of a moderator."""

    answer = forms.CharField(
        label=_("Your reply"),
        strip=False,
        help_text=_("Only the moderators of this site read it. They won't see your email address."),
        widget=forms.Textarea(attrs={"rows": 9, "data-maxlength": MAX_ANSWER}),
        error_messages={"required": _("Enter your reply")},
    )

    @property
    def helper(self):
        """The crispy layout; tag, address and button are the template's."""
        return self.layout("answer")

    def clean_answer(self):
        """Refuse a text that is blank, broken or too long."""
        return self.well_formed(one_line_break(self.cleaned_data["answer"]), MAX_ANSWER, _("Enter your reply"))
