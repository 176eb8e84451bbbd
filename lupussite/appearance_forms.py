"""What the owner fills in of the site's name and look."""

import re

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.pictures import DISK
from articles.models import Picture
from articles.pictures.encoding import Refused
from lupussite import logo
from lupussite.appearance import lines_of
from lupussite.colors import SAMPLES, Colors
from lupussite.environment import settings_file

MOST_LINES = 8
SALT = "lupussite.logo"
# What the environment says while a field is blank.
VARIABLES = {
    "name": "SITE_NAME",
    "owner": "SITE_OWNER",
    "contact_email": "CONTACT_EMAIL",
    "owner_address": "OWNER_ADDRESS",
    "processors": "PROCESSORS",
    "complaint_authority": "COMPLAINT_AUTHORITY",
}
# Each color on the ground that it stands on, in light and in dark.
SWATCH = (
    '<svg class="swatch" width="88" height="40" viewBox="0 0 88 40" aria-hidden="true" focusable="false">'
    '<rect width="44" height="40" fill="{}"/><rect x="10" y="12" width="24" height="16" fill="{}"/>'
    '<rect x="44" width="44" height="40" fill="{}"/><rect x="54" y="12" width="24" height="16" fill="{}"/></svg> {}'
)


class AppearanceForm(forms.ModelForm):
    """The one row; a logo that was only previewed comes back by its signed key, for no browser sends a file twice."""

    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,  # It is refused in the same words as other files that can't be used.
        help_text=gettext_lazy(
            "A PNG file of up to 2 MB, at least 44 pixels high; 88 or more look best. "
            "It takes the place of the butterfly. In the dark, it gets a light background."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Go back to the butterfly"), required=False)
    previewed_logo = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by, **kwargs):
        """Show each pair of colors beside its name; `by` is who fills it in."""
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["colors"].choices = [
            (pair.value, format_html(SWATCH, *SAMPLES[pair][0], *SAMPLES[pair][1], pair.label)) for pair in Colors
        ]
        for name, variable in VARIABLES.items():
            if value := getattr(settings, variable):
                words = _("While this is blank, it's “{value}”, as {place} says.").format(value=value, place=settings_file())
                self.fields[name].help_text = format_html("{} {}", self.fields[name].help_text, words)
        imprint = self.fields["imprint"].widget
        imprint.can_change_related = imprint.can_delete_related = imprint.can_view_related = False
        if not self.instance.logo_id and not self.data.get("previewed_logo"):
            del self.fields["remove_logo"]

    def clean_emergency_number(self):
        """Refuse what nobody can call."""
        number = self.cleaned_data["emergency_number"]
        if number and not re.search(r"\d", number):
            raise ValidationError(_("Enter a number that people can call, such as 911 or 112."))
        return number

    def clean_footer(self):
        """Keep it short: it's on every page."""
        lines = lines_of(self.cleaned_data["footer"])
        if len(lines) > MOST_LINES:
            raise ValidationError(_("This can have up to {number} lines.").format(number=MOST_LINES))
        return "\n".join(lines)

    def clean_logo_file(self):
        """Keep the file, and return its row."""
        if not (file := self.cleaned_data["logo_file"]):
            return None
        try:
            # One byte more than allowed is enough to see that it is too much.
            return logo.keep(file.read(logo.MOST_BYTES + 1), by=self.by)
        except Refused as error:
            raise ValidationError(str(error)) from error
        except OSError as error:
            if error.errno not in DISK:
                raise
            words = _("The site's disk is full or can't be written to, so the logo wasn't saved.")
            raise ValidationError(words) from error

    def clean_previewed_logo(self):
        """Return the row of the logo that was on the screen, if any."""
        try:
            key = signing.loads(self.cleaned_data["previewed_logo"], salt=SALT)
        except signing.BadSignature:
            return None
        return Picture.objects.filter(pk=key).first()

    def clean(self):
        """Say which logo it is now."""
        cleaned = super().clean()
        if cleaned.get("remove_logo"):
            self.instance.logo = None
        elif chosen := cleaned.get("logo_file") or cleaned.get("previewed_logo"):
            self.instance.logo = chosen
        for name, value in cleaned.items():
            if isinstance(value, str) and isinstance(self.fields[name].widget, forms.TextInput):
                cleaned[name] = " ".join(value.split())
        return cleaned

    @property
    def logo_key(self) -> str:
        """What `previewed_logo` sends back of the logo of the form as it is now."""
        return signing.dumps(self.instance.logo_id, salt=SALT) if self.instance.logo_id else ""
