"""What is asked for in between: the second factor, again; or a moment's patience."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from accounts import kept_forms
from accounts.backends import Busy


class AskAgain:
    """Lead a person to their second factor when a view wants it again, and keep the form that they sent.

    Inside allauth's middleware, which would keep the whole request with its cookie: the database would hold a key that opens
    the session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Answer allauth's ReauthenticationRequired, and Busy; nothing else."""
        if isinstance(exception, Busy):
            response = render(request, "account/busy.html", status=503)
            response.headers["Retry-After"] = "2"
            return response
        if not isinstance(exception, ReauthenticationRequired):
            return None
        here = request.get_full_path()
        if not request.user.is_authenticated:
            return redirect_to_login(here, "account_login")
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        if not methods:
            raise PermissionDenied
        request.session.pop(STATE_SESSION_KEY, None)
        if request.method == "POST" and not request.FILES and (form := kept_forms.of(request)):
            request.session[STATE_SESSION_KEY] = {"state": form, "callback": "accounts.kept_forms.take_now"}
        return redirect_to_login(here, methods[0]["url"])
