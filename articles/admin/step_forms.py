"""What people fill in to take a step: words for readers, a signature or a note, a reason, a date and time."""

import datetime

from django import forms
from django.conf import settings
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, MailChoice, Revision


class SubmitForm(forms.Form):
    """How the change is called, and what readers are told of it; `version` is the working copy that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    change = forms.ChoiceField(label=_("Type of change"), choices=Revision.Change, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What changed, for readers"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One plain sentence. Readers see it in this page's list of changes."),
    )

    when_signed = forms.BooleanField(label=_("Publish it as soon as it's signed"), required=False)

    def __init__(self, *args, first, may_publish, **kwargs):
        """Take whether the page was never online: then it is new, and nothing has to be told of a change.

        Only who may publish can have it go online by itself.
        """
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["when_signed"]
        if first:
            self.fields["change"].initial = Revision.Change.NEW
        else:
            self.fields["change"].choices = [choice for choice in Revision.Change.choices if choice[0] != Revision.Change.NEW]
            self.fields["note"].required = True


class ReviewForm(forms.Form):
    """What a reviewer does with a text: sign it, sign its changes, or ask for other ones.

    The hash is that of the text on the screen, `base` the signature against whose text its changes were shown.
    """

    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("What should change"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the editors. Readers don't see it."),
    )

    def shows(self, revision, base):
        """Send along what is on the screen now; after an error that is not what was there before."""
        now = {"sha256": revision.sha256, "base": base.pk if base else ""}
        self.initial |= now
        if self.is_bound:
            self.data = self.data.copy()
            self.data.update(now)


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(ReasonForm):
    """Why a page is withdrawn, and what readers may read instead."""

    instead = forms.ModelChoiceField(
        None,
        label=_("Read this instead"),
        required=False,
        empty_label=_("No other article"),
        help_text=_("The withdrawn page links to this article while it's online."),
    )

    def __init__(self, *args, article, **kwargs):
        """Offer the other articles that are online."""
        super().__init__(*args, **kwargs)
        self.fields["instead"].queryset = Article.objects.to_read_instead_of(article)


class ScheduleForm(forms.Form):
    """When a version goes online, on the clock of the site; `cleaned_data["at"]` is the moment."""

    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args, **kwargs):
        """Say whose clock it is."""
        super().__init__(*args, **kwargs)
        self.fields["time"].help_text = _("Time zone: {zone}").format(zone=settings.TIME_ZONE)

    def clean(self):
        """Join both; an hour that the clock skips or has twice, when daylight saving time begins or ends, is refused."""
        said = super().clean()
        if {"day", "time"} <= said.keys():
            said["at"] = from_current_timezone(datetime.datetime.combine(said["day"], said["time"]))
        return said


class MailChoiceForm(forms.ModelForm):
    """What mail a person wants."""

    class Meta:
        model = MailChoice
        fields = ("steps", "reminders", "mistakes")
