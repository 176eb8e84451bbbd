"""Sessions that a copy of the database does not open: it holds a keyed hash of each key, and whose session it is.

A session ends after SESSION_COOKIE_AGE, an hour without a request, a change of the password, or when its owner says so. An ended
one leaves its hash for a day: by it a form that was sent too late is known to come from a browser that was logged in.
"""

import contextlib
import datetime

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.secrecy import box
from web.tokens import all_keys

# How many times within the idle time the last request is noted at most; each one is a write.
NOTES = 12
REMEMBERED = datetime.timedelta(days=1)
BEGAN = "began"


def key_hashes(key: str) -> list[str]:
    """Return what the database holds of a session's key: under SECRET_KEY, then under each of SECRET_KEY_FALLBACKS."""
    return [salted_hmac("accounts.session", key, secret=secret, algorithm="sha256").hexdigest() for secret in all_keys()]


def idle() -> datetime.timedelta:
    """Return for how long a session lives without a request."""
    return datetime.timedelta(seconds=settings.SESSION_IDLE_AGE)


class SessionStore(DatabaseStore):
    """Django's store in the database, under the hash of the key."""

    @classmethod
    def get_model_class(cls):
        """Return the table, which is loaded after the settings that name this module."""
        from accounts.models import Session

        return Session

    def encode(self, session_dict):
        """Return the data encrypted: it may hold a form that waits, or the key of an app that is being set up."""
        return box("accounts.sessions").encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data):
        """Return the data; none when no key opens it."""
        try:
            return super().decode(box("accounts.sessions").decrypt(session_data.encode()).decode())
        except InvalidToken:
            return {}

    def _get_session_from_db(self):
        now = timezone.now()
        hashes = key_hashes(self.session_key)
        found = self.model.objects.filter(
            session_key__in=hashes, ended_at=None, expire_date__gt=now, used_at__gt=now - idle()
        ).first()
        if found is None:
            self._session_key = None
            return None
        if not settings.READ_ONLY_DATABASE and (found.session_key != hashes[0] or found.used_at < now - idle() / NOTES):
            with contextlib.suppress(DatabaseError):  # A full disk ends nobody's session.
                self.model.objects.filter(pk=found.session_key).update(session_key=hashes[0], used_at=now)
        return found

    def exists(self, session_key):
        """Return whether there is or was a session with this key."""
        return self.model.objects.filter(session_key__in=key_hashes(session_key)).exists()

    def create_model_instance(self, data):
        """Return the row: it expires so long after the session began, however often it is written."""
        began = datetime.datetime.fromtimestamp(data.setdefault(BEGAN, timezone.now().timestamp()), datetime.UTC)
        return self.model(
            session_key=key_hashes(self._get_or_create_session_key())[0],
            session_data=self.encode(data),
            expire_date=began + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE),
            user_id=data.get(SESSION_KEY),
            used_at=timezone.now(),
        )

    def save(self, must_create=False):
        """Write the row; one that was ended meanwhile, by its owner or by a new password, stays ended."""
        if must_create or self.session_key is None:
            return super().save(must_create)
        row = self.create_model_instance(self._get_session())
        fields = {name: getattr(row, name) for name in ("session_data", "expire_date", "user_id", "used_at")}
        if not self.model.objects.filter(session_key=row.session_key, ended_at=None).update(**fields):
            raise UpdateError
        return None

    def delete(self, session_key=None):
        """End the session: what it held is gone."""
        key = session_key or self.session_key
        if key:
            end(self.model.objects.filter(session_key__in=key_hashes(key)))

    # Nothing here is asynchronous, and Django's own would keep the key in clear.
    acreate_model_instance = None


def end(sessions) -> int:
    """End these sessions and return how many: their data is gone, and what is left of the key opens nothing."""
    return sessions.filter(ended_at=None).update(session_data="", ended_at=timezone.now())


def former_user(request: HttpRequest) -> int | None:
    """Return the key of the user whose session the browser's cookie was, though it ended within the last day."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    rows = SessionStore.get_model_class().objects.filter(session_key__in=key_hashes(key))
    return rows.values_list("user", flat=True).first()


def forget(now: datetime.datetime) -> int:
    """Delete sessions that ended more than a day ago, and return how many; for the daily job."""
    old = now - REMEMBERED
    gone = Q(ended_at__lt=old) | Q(expire_date__lt=old) | Q(used_at__lt=old - idle())
    return SessionStore.get_model_class().objects.filter(gone).delete()[0]
