"""Settings that are the same on every machine: what the site is made of, how people log in, what the log holds."""

import datetime

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lupussite",
    "comments",
    "articles",
    "mail",
    "accounts.apps.AccountsConfig",
    "axes",
    "crispy_forms",
    "django_prose_editor",
    "csp",
    "accounts.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
MIDDLEWARE = [
    "lupussite.middleware.proxy_headers",
    "lupussite.middleware.access_log",
    "lupussite.middleware.ContentPolicy",
    "lupussite.middleware.response_headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "lupussite.middleware.error_pages",
    "lupussite.old_addresses.old_addresses",
    "lupussite.middleware.body_limit",
    "lupussite.middleware.ReadersOnlyRead",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AskAgain",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lupussite.urls"
WSGI_APPLICATION = "lupussite.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
# How apps that know nothing of the project ask what the site calls itself (web/site.py).
APPEARANCE = "lupussite.appearance.current"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]


# Logging in: allauth asks for the factors and limits guesses of codes; its sign-up, mails and addresses are not used

AUTHENTICATION_BACKENDS = ["accounts.backends.LockedNames", "accounts.backends.OneAtATime"]
PASSWORD_RESET_TIMEOUT = 48 * 60 * 60
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "admin:index", "account_login"
ACCOUNT_ADAPTER = "accounts.second_factor.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # What a login has; nobody signs up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = {"login": None}  # It counts who only opens the page; accounts.views.login counts passwords.
MFA_ADAPTER = "accounts.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # The clock of a phone may be half a minute off.

# Wrong passwords (accounts.locks)

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = "accounts.locks.what_counts"
AXES_CLIENT_IP_CALLABLE = "accounts.locks.network_tag"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_ENABLE_ADMIN = AXES_VERBOSE = False


# The log names routes, never addresses: the last part of an author's page is a secret, and readers stay unknown.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "lupussite.logs.WithoutValues", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"without_path": {"()": "lupussite.logs.WithoutPath"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lupussite": {"level": "INFO"},
        "comments": {"level": "INFO"},
        "articles": {"level": "INFO"},
        "mail": {"level": "INFO"},
        "web": {"level": "INFO"},
        # Errors with where they happened, but not Django's mail reports, which hold the form as it was posted.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR", "filters": ["without_path"]},
        "django.security": {"level": "CRITICAL"},
    },
}
