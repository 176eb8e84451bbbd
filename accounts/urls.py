"""The addresses of the login and of a person's own page, all below the admin's; allauth's names, and nothing of its sign-up."""

from allauth.account.views import reauthenticate
from django.urls import include, path

from accounts import views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("account/kept-form/", views.kept_form, name="account_kept_form"),
    path("welcome/<uidb64>/<token>/", views.ChoosePassword.as_view(), name="account_choose_password"),
    path("account/password-again/", reauthenticate, name="account_reauthenticate"),
    path("account/totp/picture/", views.totp_picture, name="account_totp_picture"),
    path("account/end-sessions/", views.end_sessions, name="account_end_sessions"),
    path("account/webauthn/login/", views.passkey_login),  # Before allauth's, which anybody could begin any number of times.
    path("account/webauthn/keys/<int:pk>/remove/", views.remove_passkey),  # Before allauth's, which would remove the last one.
    path("account/", include("allauth.mfa.urls")),
]
