"""What stands before Django: a reader who asks for what others get as well is given a copy, when there is one that is right.

A copy is right for a second from the moment its making began, and longer while the watch says that nothing was written at all;
never past midnight, never after this process took a post that can change a page. One making serves all who ask meanwhile, and a
page that is asked for again and again while others write is made anew before its copy is over, so that nobody waits for it. A
page is made without cookies and codings of whoever asked first; what is picked for a browser is picked here, whether a page was
kept or just made.
"""

import concurrent.futures
import dataclasses
import datetime
import functools
import io
import ipaddress
import logging
import re
import threading
import time
from http import HTTPStatus

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone

from lupussite.copies import coding
from lupussite.copies.shelf import Copy, Shelf
from web.threads import step_back

log = logging.getLogger("lupussite.access")

# Requests that one process works on at once.
THREADS = 4
# Seconds.
LIFE = 0.9  # A second with the way to the reader.
RENEWED_AFTER = 0.5
LONGEST_WITHOUT_DATABASE = 60 * 60
LONGEST_WAIT = 30.0
NOT_MODIFIED = f"{HTTPStatus.NOT_MODIFIED} {HTTPStatus.NOT_MODIFIED.phrase}"
TELL_AFTER = 60.0

QUERY = re.compile(r"([a-z]+)=[1-9][0-9]{0,5}")
# All that a page which is the same for everybody is made with of what a browser says; the rest, and what it sends, is its own:
# a body that is too large, say, is refused, and nobody else is to get that for an answer.
OF_EVERYBODY = {"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"}
BODY = {"CONTENT_LENGTH", "CONTENT_TYPE", "wsgi.input"}
# Said anew for each coding.
OF_ONE_CODING = {"content-length", "content-encoding", "etag"}
# What a 304 leaves out: it has no body.
OF_A_BODY = {"Content-Length", "Content-Type", "Content-Encoding"}


@dataclasses.dataclass
class Making:
    """A page that is being made, for whoever asked first and all who wait."""

    started: float
    round: int
    done: threading.Event = dataclasses.field(default_factory=threading.Event)
    copy: Copy | None = None
    is_personal: bool = False


class Front:
    """A WSGI application before another; `watch` is one of `lupussite.copies.watch`, `most` how many bytes copies may take."""

    def __init__(self, application, watch, *, most: int, monotonic=time.monotonic, clock=time.time, executor=None):
        self.application, self.watch, self.most = application, watch, most
        # What is made ahead must not take the readers' own threads, and a post takes a hundred times as long as a copy.
        if executor is None:
            executor = concurrent.futures.ThreadPoolExecutor(1, "copies", initializer=step_back)
        self.executor = executor
        self.posts = concurrent.futures.ThreadPoolExecutor(THREADS, "posts", initializer=step_back)
        self.renewing: set[tuple] = set()
        self.monotonic, self.clock = monotonic, clock
        self.shelf = Shelf(most)
        self.lock = threading.Lock()
        self.makings: dict[tuple, Making] = {}
        self.round = 0
        self.day = (0.0, 0.0)
        self.given, self.told_at = 0, monotonic()
        # The database did not answer at this moment (monotonic seconds).
        self.away_at: float | None = None

    def __call__(self, environ, start_response):
        """Answer a request."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._post(environ, start_response)
        key = _key(environ)
        if key is None:
            return self.application(environ, start_response)
        copy = self.shelf.get(key)
        if copy is not None:
            if self._is_right(copy):
                self._renew(key, environ, copy)
                return self._give_ready(copy, environ, start_response)
            if self.away_at is not None and self.monotonic() - self.away_at < LIFE and self._was_right(copy):
                return self._give_ready(copy, environ, start_response, stale=True)
        if not _is_for_everybody(key):
            return self.application(environ, start_response)
        copy = self._made(key, environ)
        if copy is None:
            return self.application(environ, start_response)
        if copy.status.startswith("503"):
            self.away_at = self.monotonic()
            old = self.shelf.get(key)
            if old is not None and self._was_right(old):
                return self._give_ready(old, environ, start_response, stale=True)
        return self._give(copy, environ, start_response)

    def _post(self, environ, start_response):
        said, body = self.posts.submit(self._taken, environ).result()
        start_response(*said)
        return [body]

    def _taken(self, environ):
        """Return (status, headers) and bytes of the answer to a post, all of it made and ended in this thread."""
        said = []
        try:
            answer = self.application(environ, lambda line, headers, exc_info=None: said.append((line, headers)))
            try:
                return said[-1], b"".join(answer)
            finally:
                answer.close()
        finally:
            # What was refused changed nothing, and must not be a way to empty the shelf; nor what no database took.
            refused = said and said[-1][0].startswith(("4", "503"))
            if not refused and not _said_of(environ["PATH_INFO"], "changes_no_page"):
                with self.lock:
                    self.round += 1

    def _is_right(self, copy):
        if copy.round != self.round or not self._is_today(copy):
            return False
        if self.monotonic() - copy.started <= LIFE:
            return True
        return copy.token is not None and copy.token == self.watch.token()

    def _was_right(self, copy):
        """Return whether nothing was written until the database was last heard of, and that was not too long ago."""
        known = copy.token is not None and copy.token == self.watch.last
        young = self.monotonic() - copy.started <= LONGEST_WITHOUT_DATABASE
        return known and young and copy.round == self.round and self._is_today(copy)

    def _is_today(self, copy):
        # The clock may have been set back, too.
        return copy.day[0] <= self.clock() < copy.day[1]

    def _today(self):
        now = self.clock()
        if not self.day[0] <= now < self.day[1]:
            self.day = _day_around(now)
        return self.day

    def _made(self, key, environ):
        """Return the page, made now or by whoever asked a moment before; None when that one could not make it."""
        now = self.monotonic()
        if not self.most:
            return self._make(environ, Making(now, self.round))
        with self.lock:
            making = self.makings.get(key)
            mine = making is None or now - making.started > LIFE or making.round != self.round
            if mine:
                making = self.makings[key] = Making(now, self.round)
        if not mine:
            making.done.wait(LONGEST_WAIT)
            return making.copy
        try:
            making.copy = self._make(environ, making)
            if making.copy.status == "200 OK" and not making.is_personal:
                self.shelf.put(key, making.copy)
            return making.copy
        finally:
            with self.lock:
                if self.makings.get(key) is making:
                    del self.makings[key]
            making.done.set()

    def _renew(self, key, environ, copy):
        """Have the page made anew meanwhile, when its copy is right for only a moment more."""
        if not RENEWED_AFTER < self.monotonic() - copy.started <= LIFE or self.watch.token() in {None, copy.token}:
            return
        with self.lock:
            if key in self.makings or key in self.renewing:
                return
            self.renewing.add(key)
        self.executor.submit(self._renewed, key, dict(environ))

    def _renewed(self, key, environ):
        try:
            self._made(key, environ)
        finally:
            with self.lock:
                self.renewing.discard(key)

    def _make(self, environ, making):
        token, day = self.watch.token() if self.most else None, self._today()
        plain = {
            name: value
            for name, value in environ.items()
            if name not in BODY and (not name.startswith("HTTP_") or name in OF_EVERYBODY)
        }
        plain |= {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
        said = []
        answer = self.application(plain, lambda line, headers, exc_info=None: said.append((line, headers)))
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        self.away_at = None
        ((status, headers),) = said
        copy = Copy(
            status=status,
            headers=[(name, value) for name, value in headers if name.lower() not in OF_ONE_CODING],
            body=body,
            etag=next((value for name, value in headers if name.lower() == "etag"), ""),
            started=making.started,
            token=token,
            day=day,
            round=making.round,
        )
        making.is_personal = any(_is_personal(name, value) for name, value in headers)
        return copy

    def _give_ready(self, copy, environ, start_response, *, stale=False):
        """Answer with a copy that was kept. Not each is a line in the log: the line would cost twice what the answer does."""
        self.given += 1
        now = self.monotonic()
        if now - self.told_at >= TELL_AFTER:
            log.info("%d pages given as ready copies in %d s", self.given, now - self.told_at)
            self.given, self.told_at = 0, now
        return self._give(copy, environ, start_response, stale=stale)

    def _give(self, copy, environ, start_response, *, stale=False):
        headers, body = copy.variant(coding.chosen(environ.get("HTTP_ACCEPT_ENCODING", "")))
        status = copy.status
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and copy.etag and status == "200 OK" and coding.is_known(known, copy.etag):
            status, body = NOT_MODIFIED, b""
            headers = [(name, value) for name, value in headers if name not in OF_A_BODY]
        if stale:
            age = self.monotonic() - copy.started
            # RFC 9211; the age is that of the copy, and it is overdue by nearly as much.
            headers = [*headers, ("Age", str(int(age))), ("Cache-Status", f"copies; hit; ttl=-{int(age)}; detail=no-database")]
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _key(environ) -> tuple | None:
    """Return host, path and query of a request that a copy may answer; None of any other, whose answer Django alone knows."""
    query = environ.get("QUERY_STRING", "")
    if query and not QUERY.fullmatch(query):
        return None
    host, path = environ.get("HTTP_HOST", ""), environ["PATH_INFO"]
    if host not in settings.OWN_HOSTS or not path.isascii():
        return None
    if settings.HTTPS and not _came_by_https(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_PROTO", "")):
        return None
    return host, path, query


@functools.lru_cache(maxsize=256)
def _came_by_https(address, proto):
    if proto.split(",")[0].strip().lower() != "https":
        return False
    try:
        connection = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(connection in network for network in settings.TRUSTED_PROXIES)


def _is_for_everybody(key):
    """Return whether the page of an address is the same for everybody with that query."""
    _host, path, query = key
    parameters = _said_of(path, "same_for_everybody")
    return parameters is not None and (not query or query.partition("=")[0] in parameters)


def _said_of(path, mark):
    """Return what the view of an address is marked with, see web/everybody.py; None without a mark or a view."""
    try:
        return getattr(resolve(path).func, mark, None)
    except Resolver404:
        return None


def _is_personal(name, value):
    name, value = name.lower(), value.lower()
    return (
        name == "set-cookie"
        or (name == "vary" and ("cookie" in value or "*" in value))
        or (name == "cache-control" and ("private" in value or "no-store" in value))
    )


def _day_around(now: float) -> tuple[float, float]:
    """Return the midnights before and after that moment, in TIME_ZONE, as seconds of the wall clock."""
    zone = timezone.get_default_timezone()
    day = datetime.datetime.fromtimestamp(now, zone).date()
    midnights = (datetime.datetime.combine(each, datetime.time(), zone) for each in (day, day + datetime.timedelta(days=1)))
    start, end = (midnight.timestamp() for midnight in midnights)
    return start, end
