"""The login page, and a person's own page: second factors, passkeys, sessions."""

from allauth.account.views import LoginView
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView, login_webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import kept_forms, locks, second_factor
from accounts.forms import ForgottenForm, StaffLoginForm
from accounts.models import User
from web import limits
from web.admin import takes_a_form
from web.mail_addresses import normal_address
from web.network import network_of_request

_login = LoginView.as_view(form_class=StaffLoginForm)


def login(request):
    """Log in with a password or a passkey; who is logged in but lacks the second factor is led to it."""
    if not request.user.is_authenticated:
        return (request.method == "POST" and _too_many(request, "login")) or _login(request)
    if not request.user.is_staff:
        raise PermissionDenied
    behind = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(behind, allowed_hosts=None) or behind.startswith(request.path):
        behind = reverse("admin:index")
    if not second_factor.is_missing(request):
        return HttpResponseRedirect(behind)
    if not is_mfa_enabled(request.user):
        return HttpResponseRedirect(reverse("mfa_index"))
    return redirect_to_login(behind, "mfa_reauthenticate")


def kept_form(request):
    """Show what somebody sent when their login had lapsed, to be sent now: nothing was done with it."""
    if not request.user.is_authenticated or second_factor.is_missing(request):
        return redirect_to_login(request.path, "account_login")
    form = kept_forms.waiting(request)
    if form is None:
        return HttpResponseRedirect(reverse("admin:index"))
    context = {
        "title": _("You were logged out, and your form is here"),
        "words": _("Nothing was saved or decided yet. Everything you typed is below. Send it again, or copy it."),
        "action": f"{form['path']}?{form['query']}".rstrip("?"),
        "token": get_token(request),
    }
    response = render(request, "sent_too_late.html", context | kept_forms.as_shown(form["fields"]))
    response.headers["Cache-Control"] = "no-store"
    return response


def _too_many(request, what):
    """Return 429 when one network tries this more than thirty times in a minute, with whatever names; else None."""
    return ratelimit.consume_or_429(request, app="accounts", action=what, config={what: "30/m/ip"}, limit_get=True)


def locked_out(request, original, credentials):
    """Answer a name that is locked; axes puts this in place of the page with "not right"."""
    response = render(request, "account/locked.html", status=429)
    response.headers["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response


def forgotten(request, *, send):
    """Ask for an address, and have `send(user or None)` write there; the answer is the same for one that nobody has."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return render(request, "account/forgotten.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        limits.take_of_network("forgotten", network_of_request(request), timezone.localdate(), [(10, 600)])
    except limits.TooMany as error:
        words = _("You've asked several times. Please wait {time}.").format(time=error.in_words)
        form.add_error(None, words)
        return render(request, "account/forgotten.html", {"form": form}, status=429)
    user = User.objects.filter(email=normal_address(form.cleaned_data["email"]), is_active=True, is_staff=True).first()
    send(user)
    return render(request, "account/forgotten.html", {"sent": True})


class ChoosePassword(PasswordResetConfirmView):
    """Where the link of a mail leads: choose a password, and be let in although strangers guessed at the name."""

    template_name = "account/choose_password.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form):
        """Save it, which ends all sessions and all other links of the person; of two at the same moment, one is saved."""
        password = make_password(form.cleaned_data["new_password1"])  # Takes a while, and others wait to write.
        with transaction.atomic():
            person = User.objects.select_for_update(no_key=True).get(pk=self.user.pk)
            self.validlink = self.token_generator.check_token(person, self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN))
            if not self.validlink:
                return self.render_to_response(self.get_context_data())
            person.password = password
            person.save(update_fields=["password"])
            person.end_sessions()
        locks.open_again(person)
        locks.note_network(self.request, person)
        messages.success(self.request, _("Your password is saved. Log in with it."))
        return HttpResponseRedirect(self.success_url)


def passkey_login(request):
    """Begin a login with a passkey, or end it; each beginning is a row, so one network cannot begin any number of them."""
    return (request.method != "POST" and _too_many(request, "passkey")) or login_webauthn(request)


def remove_passkey(request, pk):
    """Remove one of one's own passkeys, but not the only factor where one is required."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user.pk, type=Authenticator.Type.WEBAUTHN)
    if not get_adapter().can_delete_authenticator(passkey):
        return render(request, "mfa/webauthn/only_one.html", {"authenticator": passkey}, status=409)
    return RemoveWebAuthnView.as_view()(request, pk=pk)


def totp_picture(request):
    """Show the key that is being set up as a picture to scan; the policy of the pages allows none in an address."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not request.user.is_authenticated or not secret:
        raise Http404
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    picture = picture.replace("<path ", '<rect width="100%" height="100%" fill="white"/><path ', 1)  # Readable in the dark too.
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@takes_a_form(lambda: reverse("mfa_index"))
def end_sessions(request):
    """End all of one's own sessions, this one too."""
    if request.user.is_authenticated:
        request.user.end_sessions()
    logout(request)
    messages.success(request, _("All your sessions are ended. Log in again here."))
    return HttpResponseRedirect(reverse("account_login"))
