"""Settings of the site, read from the environment and safe by default; what no machine changes is in fixed_settings.py.

An http site is for this machine alone; https in SITE_URL switches every production rule on, and what it then needs from
outside is named in one line when it is missing.
"""

import datetime
import ipaddress
import os
import re
import sys
import zoneinfo
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from lupussite.environment import (
    flag,
    kept_secret,
    limits,
    networks,
    number,
    parsed,
    site_url,
    sqlite_at,
    sqlite_for_readers,
    sqlite_name,
    stop,
    text,
    words,
)
from lupussite.fixed_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where it listens, and what readers see as its address

HOST = text("HOST", "127.0.0.1")
PORT = text("PORT", "8000")
if not re.fullmatch(r"[1-9]\d{0,4}", PORT) or int(PORT) > 65535:
    stop(f"PORT must be a number from 1 to 65535, not {PORT!r}.")
SITE_URL = site_url(text("SITE_URL", f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}"))
site = urlsplit(SITE_URL)
HTTPS = site.scheme == "https"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

if not HTTPS and HOST != "localhost":
    try:
        on_loopback = ipaddress.ip_address(HOST).is_loopback
    except ValueError:
        on_loopback = False
    if not on_loopback:
        stop("without https in SITE_URL the site listens on this machine only: set HOST to 127.0.0.1, or SITE_URL to https.")
if HTTPS:
    # What would be unsafe without. Whatever else is missing, `manage.py doctor` and the admin say in red.
    required = ("SECRET_KEY", "CONTACT_KEYS", "CONTACT_INDEX_KEYS", "TRUSTED_PROXIES")
    # Until there could be several, the one key of the index had a name without the S.
    if missing := [name for name in required if not (text(name) or (name == "CONTACT_INDEX_KEYS" and text(name[:-1])))]:
        stop(f"SITE_URL is https, which also needs {', '.join(missing)}; see docs/deploy.md.")

ALLOWED_HOSTS = sorted({f"[{site.hostname}]" if ":" in site.hostname else site.hostname} | (set() if HTTPS else LOOPBACK))
# What a request says as its Host when it was meant for this site and for nothing else.
OWN_HOSTS = {site.netloc} | (set() if HTTPS else {f"{host}:{PORT}" for host in LOOPBACK})
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
# Web server processes, and the room that each has for pages kept ready (lupussite/copies); 0 MB keeps none.
WEB_PROCESSES = number("WEB_PROCESSES", len(os.sched_getaffinity(0)), least=1, most=64)
READY_COPIES_MB = number("READY_COPIES_MB", 32, least=0, most=4096)

# Everything that is written

DATA_DIR = Path(text("DATA_DIR", str(BASE_DIR / "var"))).absolute()
SECRET_KEY = text("SECRET_KEY") or kept_secret(DATA_DIR, "secret-key")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
CONTACT_KEYS = words("CONTACT_KEYS") or kept_secret(DATA_DIR, "contact-keys", lambda: Fernet.generate_key().decode()).split()
CONTACT_INDEX_KEYS = (
    words("CONTACT_INDEX_KEYS") or words("CONTACT_INDEX_KEY") or kept_secret(DATA_DIR, "contact-index-key").split()
)
for name, keys in (("SECRET_KEY", [SECRET_KEY, *SECRET_KEY_FALLBACKS]), ("CONTACT_INDEX_KEYS", CONTACT_INDEX_KEYS)):
    if HTTPS and any(len(key) < 50 or len(set(key)) < 10 for key in keys):
        stop(f"{name} can be guessed: make one of 64 random characters, as docs/deploy.md shows.")
try:
    [Fernet(key) for key in CONTACT_KEYS]
except ValueError:
    stop("CONTACT_KEYS must hold Fernet keys (32 bytes, URL-safe base64), newest first, separated by commas.")

if text("DATABASE_URL"):
    if not text("DATABASE_URL").startswith(("postgres://", "postgresql://", "sqlite:///")):
        stop("DATABASE_URL must begin with postgres:// or sqlite:///.")
    DATABASES = {"default": parsed("DATABASE_URL", lambda: env.db_url("DATABASE_URL"))}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite_name(DATA_DIR / "db.sqlite3")}}
database = DATABASES["default"]
# Set while script/update migrates (lupussite/run/closing.py): what readers are served from, and nothing is written.
READERS_FROM = text("READERS_FROM")
options = database.setdefault("OPTIONS", {})
if database["ENGINE"].endswith("sqlite3"):
    database["NAME"] = sqlite_at(str(database["NAME"]))
    if READERS_FROM:
        database["NAME"] = sqlite_for_readers(database["NAME"] if READERS_FROM == "database" else READERS_FROM)
    READ_ONLY_DATABASE = str(database["NAME"]).startswith("file:")
    database["CONN_MAX_AGE"] = None
    # secure_delete: what retention and withdrawal erase is overwritten in the file too. recursive_triggers: REPLACE deletes
    # a row, and only then do the triggers of insert-only tables see it.
    pragmas = "PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;PRAGMA secure_delete=ON;PRAGMA recursive_triggers=ON;"
    options |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,  # Longer, and a few writers that wait would keep every reader waiting.
        "init_command": pragmas if READ_ONLY_DATABASE else "PRAGMA journal_mode=WAL;" + pragmas,
    }
else:
    READ_ONLY_DATABASE = bool(READERS_FROM)
    if READERS_FROM:
        options["options"] = "-c default_transaction_read_only=on"
    database["CONN_MAX_AGE"] = 0  # A pool excludes persistent connections.
    options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SHARED_CACHE = DATA_DIR / "cache.sqlite3"
if text("CACHE_URL"):
    CACHES = {"default": parsed("CACHE_URL", lambda: env.cache_url("CACHE_URL"))}
elif READ_ONLY_DATABASE:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {"default": {"BACKEND": "lupussite.shared_cache.SharedCache", "LOCATION": SHARED_CACHE}}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "django.core.cache.backends.redis.RedisCache"

# What the owner calls it, until the owner says so in the admin

SITE_NAME = text("SITE_NAME", "Lupus Library")
SITE_IS_NAMED = bool(text("SITE_NAME"))
SITE_OWNER = text("SITE_OWNER")
CONTACT_EMAIL = text("CONTACT_EMAIL")
# What the privacy page has to say besides: where letters reach the owner, who works for the owner, and who hears complaints.
OWNER_ADDRESS = text("OWNER_ADDRESS")
PROCESSORS = text("PROCESSORS")
COMPLAINT_AUTHORITY = text("COMPLAINT_AUTHORITY")

# The folder for the pages that a web server in front shows while the site is away; nothing without one.
DOWN_PAGES = text("DOWN_PAGES")

# Mail

# What a public site needs before any mail leaves it; until then the outbox keeps everything.
MAIL_LACKS = [name for name in ("EMAIL_URL", "EMAIL_FROM", "MODERATORS_EMAIL") if HTTPS and not text(name)]
if text("EMAIL_URL"):
    globals().update(parsed("EMAIL_URL", lambda: env.email_url("EMAIL_URL")))
    EMAIL_TIMEOUT = 20
    if EMAIL_BACKEND.endswith("smtp.EmailBackend"):  # noqa: F405 - set in the line above
        EMAIL_BACKEND = "mail.server.MailServer"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
if MAIL_LACKS:
    EMAIL_BACKEND = "mail.server.NoServer"
EMAIL_FROM = text("EMAIL_FROM", "lupus-library@localhost")
# Whom a mail is from is seen before its subject, so the site's name stands there and nowhere else.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM if "<" in EMAIL_FROM else formataddr((SITE_NAME, EMAIL_FROM))
EMAIL_USE_LOCALTIME = True  # The date of a mail is that of TIME_ZONE.
MODERATORS_EMAIL = text("MODERATORS_EMAIL", "moderators@example.org")

# Comments

COMMENT_EMAIL_REQUIRED = flag("COMMENT_EMAIL_REQUIRED", True)
COMMENT_LIMITS = limits("COMMENT_LIMITS", "5/10m 30/d")

DEMO_PASSWORD = text("DEMO_PASSWORD")
DEMO_TOTP_SECRET = text("DEMO_TOTP_SECRET")
if not re.fullmatch("([A-Z2-7]{32})?", DEMO_TOTP_SECRET):
    stop("DEMO_TOTP_SECRET must be base32: 32 of the letters A to Z and the digits 2 to 7.")

# Reviewed articles

REVIEW_INTERVAL = datetime.timedelta(days=365)
# Whether somebody who changed the words of a version may sign it; the page then says "Reviewed and edited by".
REVIEWERS_MAY_EDIT = flag("REVIEWERS_MAY_EDIT", True)

# The framework

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lupussite.context.site",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "lupus"

LANGUAGE_CODE = "en-us"
USE_I18N = False
FORMAT_MODULE_PATH = "lupussite.formats"
TIME_ZONE = text("TIME_ZONE", "UTC")
try:
    zoneinfo.ZoneInfo(TIME_ZONE)
except (zoneinfo.ZoneInfoNotFoundError, ValueError):
    stop(f"TIME_ZONE is not a time zone: {TIME_ZONE!r}. Examples: UTC, Europe/Vienna, America/New_York.")
USE_TZ = True
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Second factors of the staff (the rest of logging in is in fixed_settings.py)

REQUIRE_SECOND_FACTOR = flag("REQUIRE_SECOND_FACTOR", HTTPS)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # A passkey on this machine alone: http://localhost.

# Static files: collected by script/server; without that (tests, first look) they are found where they lie

STATIC_URL = "/static/"
# Two folders: what is made beside the files (their list, the stamp of script/server) is not for readers.
COLLECTED_ROOT = BASE_DIR / ".static"
STATIC_ROOT = COLLECTED_ROOT / "public"
COLLECTED = (COLLECTED_ROOT / "staticfiles.json").exists()
# What browsers ask for at the top of a site without being told: icons.
WHITENOISE_ROOT = BASE_DIR / "lupussite" / "root"
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_MANIFEST_STRICT = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "lupussite.storage.HashedStorage"
        if COLLECTED or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Locked from the first day

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "lupussite.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": the Origin of our own forms would be "null" (see web/origin.py).
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Not the host that was asked: it may carry any port.
SECURE_SSL_HOST = site.netloc
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# Whether other hosts under the owner's domain are https, and whether browsers should be told so for ever, is not this
# site's to decide (HSTS includeSubDomains, preload).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
MAX_POST_BYTES = 256 * 1024  # of a reader's form; an article in the admin may be larger
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# A picture of 12 MB and the words that go with it. It stays in memory: what is uploaded is decoded and never kept.
PICTURE_UPLOAD_PATH = "/admin/articles/article/picture/"
MAX_PICTURE_POST_BYTES = FILE_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024
# Counted before anything is read of it: 131,000 fields, which fit into a reader's form, would cost a second.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
DATA_UPLOAD_MAX_NUMBER_FILES = MAX_POST_BYTES // 64
