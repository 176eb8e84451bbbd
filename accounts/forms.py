"""The forms of the login page and of a forgotten password."""

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class StaffLoginForm(LoginForm):
    """allauth's form; what it calls "login" is a username here, in the page as well, where password managers look for it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].help_text = ""
        self.fields["password"].label = _("Password")
        self.fields["login"].error_messages["required"] = _("Type your username.")
        self.fields["password"].error_messages["required"] = _("Type your password.")

    def add_prefix(self, field_name):
        """Send the name under the name that it has everywhere else."""
        return super().add_prefix("username" if field_name == "login" else field_name)


class ForgottenForm(forms.Form):
    """Where to send a link."""

    email = forms.EmailField(
        label=_("Your email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Type your email address.")},
    )
