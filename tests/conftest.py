"""What every test needs: quick hashes, plain static files, an empty cache, insert-only tables that can be emptied."""

import math
import os

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from articles import board, listing, searching
from comments import searching as searching_comments
from lupussite import appearance, insert_only, remembered
from tests.factories import make_user

# What the database does by itself when a row comes or goes; emptying a table is no such thing.
TRIGGERS = (insert_only, listing, searching, searching_comments)

# For --hypothesis-profile: machines are shared, so no case is judged by its time.
hypothesis.settings.register_profile("default", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("long", hypothesis.settings.get_profile("default"), max_examples=1000)
hypothesis.settings.load_profile("default")


def pytest_configure(config):
    """Leave out what only costs time here: slow password hashes, and static files under hashed names."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise")]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in production: SQLite in memory locks whole tables between threads.
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
    # Each process of the tests has its own; that all processes of a site share one is what tests/test_shared_cache.py is about.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
    settings.CACHES["default"] |= {"LOCATION": str(settings.DATA_DIR / f"cache-{worker}.sqlite3")}
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def pytest_addoption(parser):
    """Add --database-only, for the second database: what touches none says the same again."""
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the database of DATABASE_URL")


def pytest_collection_modifyitems(config, items):
    """Give transactional tests what migrations put into the database, such as groups: the flush before took it away."""
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = [item for item in items if _uses_database(item)]
    for item in items:
        if _is_transactional(item):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _uses_database(item):
    return item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(item.fixturenames)


def _is_transactional(item):
    marker = item.get_closest_marker("django_db")
    return (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(item.fixturenames)


@pytest.fixture(autouse=True)
def _quiet_limits(settings):
    """Let every test begin with an empty cache, and without flood limits or sessions that end unless it is about them."""
    settings.COMMENT_LIMITS = []
    settings.SESSION_COOKIE_AGE = settings.SESSION_IDLE_AGE = 400 * 24 * 60 * 60
    cache.clear()
    board.compute.cache_clear()


@pytest.fixture(autouse=True)
def _a_page_came_before(monkeypatch):
    """Begin as a process that has made a page: it knows that nothing was chosen, until it writes something else itself."""
    monkeypatch.setattr(remembered, "LIFE", math.inf)
    monkeypatch.setattr(remembered.site, "watch", None)  # Only tests that load the WSGI application would have one.
    remembered.site.forget()
    remembered.site.get(appearance.Shown, None)


@pytest.fixture(autouse=True)
def _tables_can_be_emptied(request):
    """Take the triggers away before a transactional test is cleaned up, and put them back for the next one."""
    if not _is_transactional(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    for triggers in TRIGGERS:
        triggers.put_back(sender=None, using="default")
    yield
    for triggers in TRIGGERS:
        triggers.drop(connection)


@pytest.fixture
def moderator(db):
    """Someone who decides on comments."""
    return make_user("Moderators")


@pytest.fixture
def officer(db):
    """A privacy officer."""
    return make_user("Privacy officers")
