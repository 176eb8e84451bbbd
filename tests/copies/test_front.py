"""When a copy may stand for a page that would be made anew: here before an application and a clock of our own."""

import datetime
import io
import logging
import os
import sys
import threading
import zoneinfo

import pytest

from lupussite.copies.front import LIFE, RENEWED_AFTER, Front

MB = 1024 * 1024
PAGE = "/about/"
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Vary", "Accept-Encoding"), ("Cache-Control", "no-cache")]


class Answer(list):
    """What Django gives back: pieces, and a way to say that all were taken."""

    def close(self):
        pass


class Site:
    """An application that numbers its pages; what it answers, and what it does meanwhile, is set by the test."""

    def __init__(self):
        self.asked, self.status, self.headers = [], "200 OK", HEADERS
        self.meanwhile = lambda: None

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        number = len(self.asked)
        self.meanwhile()
        body = f"page {number} of {environ['PATH_INFO']} ".encode() * 40
        start_response(self.status, [*self.headers, ("ETag", f'"{number}"'), ("Content-Length", str(len(body)))])
        return Answer([body])


class Watch:
    """Says what the test says."""

    def __init__(self):
        self.now, self.last = 1, 1

    def token(self):
        self.last = self.now if self.now is not None else self.last
        return self.now


class Later(list):
    """Does what is to be done beside the readers when the test says so."""

    def submit(self, *call):
        self.append(call)

    def do(self):
        while self:
            function, *arguments = self.pop(0)
            function(*arguments)


class World:
    """A front, what is behind it, and its two clocks."""

    def __init__(self, most=MB):
        self.site, self.watch = Site(), Watch()
        self.seconds, self.wall = 100.0, 1_800_000_000.0
        self.later = Later()
        clocks = {"monotonic": lambda: self.seconds, "clock": lambda: self.wall}
        self.front = Front(self.site, self.watch, most=most, executor=self.later, **clocks)

    def ask(self, path=PAGE, method="GET", query="", **more):
        said = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "127.0.0.1:8000",
            "REMOTE_ADDR": "127.0.0.1",
        }
        body = b"".join(self.front(environ | more, lambda status, headers: said.append((status, dict(headers)))))
        ((status, headers),) = said
        return status[:3], headers, body

    def number(self, path=PAGE, **more):
        """Return which making the answer is of."""
        return int(self.ask(path, **more)[2].split()[1])

    def pass_on(self, seconds):
        self.seconds += seconds
        self.wall += seconds


@pytest.fixture
def world(settings):
    settings.OWN_HOSTS = {"127.0.0.1:8000"}
    return World()


def test_a_page_is_made_once_while_nothing_is_written(world):
    assert world.number() == 1
    world.pass_on(3600)
    assert world.number() == 1
    assert len(world.site.asked) == 1


def test_a_write_ends_a_copy_within_a_second(world):
    world.number()
    world.watch.now = 2
    world.pass_on(LIFE - 0.01)
    assert world.number() == 1
    world.pass_on(0.02)
    assert world.number() == 2
    assert LIFE <= 1


def test_a_write_while_a_page_is_made_ends_it_too(world):
    def write():
        world.watch.now += 1

    world.site.meanwhile = write
    world.number()
    world.site.meanwhile = lambda: None
    world.pass_on(LIFE + 0.1)
    assert world.number() == 2


def test_a_copy_ages_from_the_moment_its_making_began(world):
    world.site.meanwhile = lambda: world.pass_on(10)
    world.number()
    world.site.meanwhile = lambda: None
    world.watch.now = 2
    assert world.number() == 2


def test_without_a_word_from_the_database_a_copy_lives_a_second(world):
    world.watch.now = None
    world.number()
    world.pass_on(LIFE - 0.01)
    assert world.number() == 1
    world.pass_on(0.02)
    assert world.number() == 2


def test_a_post_empties_the_shelf_of_its_process(world):
    world.number()
    world.site.status = "303 See Other"
    world.ask("/articles/x/comments/1/report/", "POST")
    world.site.status = "200 OK"
    assert world.number() == 3


def test_a_comment_that_waits_leaves_the_shelf_as_it_is(world):
    world.number()
    world.site.status = "303 See Other"
    world.ask("/articles/x/comments/", "POST")
    assert world.number() == 1


def test_while_others_write_a_page_is_made_anew_before_a_reader_has_to_wait(world):
    assert world.number() == 1
    for _ in range(5):
        world.watch.now += 1
        world.pass_on(RENEWED_AFTER + 0.01)
        before = world.number()
        assert len(world.later) == 1
        # It is asked for once, and whoever comes meanwhile is not kept waiting.
        assert world.number() == before
        assert len(world.later) == 1
        world.later.do()
        assert world.number() == before + 1
        assert not world.later


def test_a_page_that_is_right_anyway_is_not_made_anew(world):
    world.number()
    for seconds in (RENEWED_AFTER + 0.01, 3600):
        world.pass_on(seconds)
        assert world.number() == 1
    world.watch.now = None
    world.number()
    assert not world.later


def test_what_was_made_ahead_is_right_no_longer_than_any_other(world):
    world.number()
    world.watch.now = 2
    world.pass_on(RENEWED_AFTER + 0.01)
    world.number()
    # It begins late, and a decision comes while it is made.
    world.pass_on(0.3)
    world.site.meanwhile = lambda: world.ask("/articles/x/comments/1/report/", "POST") if len(world.site.asked) == 2 else None
    world.later.do()
    assert world.number() == 4


def test_a_page_that_could_not_be_made_ahead_is_made_for_the_next_reader(world):
    world.number()
    world.watch.now = 2
    world.pass_on(RENEWED_AFTER + 0.01)
    world.number()
    world.site.status = "500 Internal Server Error"
    world.later.do()
    world.site.status = "200 OK"
    world.pass_on(0.5)
    assert world.number() == 3


def test_a_page_that_was_being_made_during_a_post_is_not_kept(world):
    posted = []

    def post():
        if not posted:
            posted.append(True)
            world.ask("/articles/x/comments/1/report/", "POST")

    world.site.meanwhile = post
    first = world.number()
    assert world.number() != first


@pytest.mark.parametrize(
    "status", ["403 Forbidden", "405 Method Not Allowed", "413 Content Too Large", "503 Service Unavailable"]
)
def test_a_post_that_was_refused_leaves_the_shelf_as_it_is(world, status):
    world.number()
    world.site.status = status
    world.ask("/about/", "POST")
    assert world.number() == 1


def test_no_copy_outlives_its_day(world, settings):
    settings.TIME_ZONE = "America/New_York"
    midnight = datetime.datetime(2027, 3, 14, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
    world.wall = midnight.timestamp() - 0.5
    assert world.number() == 1
    world.pass_on(0.25)
    assert world.number() == 1
    world.pass_on(0.25)
    assert world.number() == 2
    # The day on which clocks change has 23 hours.
    world.pass_on(23 * 3600 - 1)
    assert world.number() == 2
    world.pass_on(1)
    assert world.number() == 3


def test_a_clock_that_is_set_back_gives_no_page_of_tomorrow(world):
    world.number()
    world.wall -= 24 * 3600
    assert world.number() == 2


def test_a_page_made_across_midnight_is_not_kept(world):
    world.wall = datetime.datetime(2027, 5, 5, tzinfo=datetime.UTC).timestamp() - 1
    world.site.meanwhile = lambda: world.pass_on(2)
    world.number()
    assert world.number() == 2


def test_all_who_wait_get_the_page_that_is_being_made(world):
    going_on, go_on = threading.Event(), threading.Event()

    def wait():
        going_on.set()
        assert go_on.wait(10)

    world.site.meanwhile = wait
    numbers = []
    readers = [threading.Thread(target=lambda: numbers.append(world.number())) for _ in range(8)]
    readers[0].start()
    assert going_on.wait(10)
    for reader in readers[1:]:
        reader.start()
    go_on.set()
    for reader in readers:
        reader.join(10)
    assert numbers == [1] * 8


def test_nobody_waits_for_a_page_whose_making_began_longer_ago(world):
    going_on, go_on = threading.Event(), threading.Event()

    def wait():
        world.site.meanwhile = lambda: None
        going_on.set()
        assert go_on.wait(10)

    world.site.meanwhile = wait
    first = threading.Thread(target=world.number)
    first.start()
    assert going_on.wait(10)
    world.pass_on(LIFE + 0.1)
    assert world.number() == 2
    go_on.set()
    first.join(10)
    assert world.number() == 2


def test_an_error_is_given_and_never_kept(world):
    for status in ("500 Internal Server Error", "404 Not Found", "410 Gone", "302 Found"):
        world.site.status = status
        assert world.ask()[0] == status[:3]
    world.site.status = "200 OK"
    assert world.number() == 5


def test_a_page_that_turns_out_to_be_somebodys_is_never_kept(world):
    for header in [
        ("Set-Cookie", "a=b"),
        ("Vary", "Cookie"),
        ("Vary", "*"),
        ("Cache-Control", "private"),
        ("Cache-Control", "no-store"),
    ]:
        world.site.headers = [HEADERS[0], header]
        first = world.number()
        assert world.number() == first + 1


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "x=1"},
        {"query": "page=1"},  # /about/ knows no page
        {"path": "/articles/x/", "query": "page=1&page=2"},
        {"path": "/articles/x/", "query": "page=01"},
        {"path": "/articles/x/", "query": "page=2&answer=3"},
        {"path": "/articles/x/", "query": "answer=3"},
        {"path": "/articles/x/", "query": "Page=2"},
        {"path": "/search/", "query": "q=lupus"},
        {"path": "/search/"},
        {"path": "/admin/"},
        {"path": "/comments/1/secret/"},
        {"path": "/articles/x/comments/1/report/"},
        {"path": "/healthz"},
        {"path": "/nowhere/"},
        {"path": "/\xfc/"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "127.0.0.1:8000:9"},
        {"HTTP_HOST": "127.0.0.1:1"},
        {"HTTP_HOST": ""},
        {"method": "OPTIONS"},
    ],
)
def test_what_is_not_the_same_for_everybody_is_always_made_anew(world, asked):
    assert world.number(**asked) == 1
    assert world.number(**asked) == 2
    assert world.site.asked[0].get("HTTP_COOKIE") is None
    assert world.front.shelf.size == 0


@pytest.mark.parametrize("path", ["/articles/x/", "/articles/", "/", "/articles/x/changes/", "/reviewers/x/", "/topics/x/"])
def test_pages_of_a_list_are_kept_one_by_one(world, path):
    assert [world.number(path, query=f"page={page}") for page in (1, 2, 1, 2)] == [1, 2, 1, 2]


def test_a_page_is_made_without_anything_that_one_browser_says(world):
    world.ask(
        HTTP_COOKIE="sessionid=x", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH='"1"', HTTP_RANGE="bytes=0-9", method="HEAD"
    )
    (environ,) = world.site.asked
    assert environ["REQUEST_METHOD"] == "GET"
    assert not {"HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_RANGE"} & environ.keys()


@pytest.mark.parametrize("said", [{"CONTENT_LENGTH": "9000000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"HTTP_ANYTHING": "x"}])
def test_what_somebody_sends_along_is_nobodys_page(world, said):
    """Who asked at the same moment got the 413 of a stranger who sent a body with a GET."""
    world.ask(**said | {"wsgi.input": io.BytesIO(b"x" * 100)})
    (environ,) = world.site.asked
    assert not said.keys() & environ.keys()
    assert environ["wsgi.input"].read() == b""


def test_each_browser_gets_its_coding_of_the_same_copy(world):
    plain, zipped, brotli = (world.ask(HTTP_ACCEPT_ENCODING=said)[1:] for said in ("", "gzip", "gzip, br"))
    assert len(world.site.asked) == 1
    assert "Content-Encoding" not in plain[0]
    assert (zipped[0]["Content-Encoding"], brotli[0]["Content-Encoding"]) == ("gzip", "br")
    assert (plain[0]["ETag"], zipped[0]["ETag"], brotli[0]["ETag"]) == ('"1"', 'W/"1"', 'W/"1"')
    for headers, body in (plain, zipped, brotli):
        assert headers["Content-Length"] == str(len(body))
        assert headers["Vary"] == "Accept-Encoding"


def test_a_browser_that_has_the_page_is_told_so_in_few_words(world):
    world.ask()
    status, headers, body = world.ask(HTTP_IF_NONE_MATCH='"0", W/"1"')
    assert (status, body) == ("304", b"")
    assert headers["ETag"] == '"1"'
    assert headers["Cache-Control"] == "no-cache"
    assert not {"Content-Length", "Content-Type", "Content-Encoding"} & headers.keys()
    assert world.ask(HTTP_IF_NONE_MATCH='"2"')[0] == "200"
    assert world.ask(HTTP_IF_NONE_MATCH="*")[0] == "304"


def test_head_is_get_without_the_bytes(world):
    got, head = world.ask(), world.ask(method="HEAD")
    assert head == (got[0], got[1], b"")


def test_while_the_database_is_away_the_last_page_is_given_and_says_so(world):
    world.number()
    world.pass_on(1800)
    world.watch.now, world.site.status = None, "503 Service Unavailable"
    status, headers, body = world.ask()
    assert (status, int(body.split()[1])) == ("200", 1)
    assert headers["Cache-Status"] == "copies; hit; ttl=-1800; detail=no-database"
    assert headers["Age"] == "1800"
    asked = len(world.site.asked)
    assert world.number() == 1
    assert len(world.site.asked) == asked  # Not each reader waits for a database that does not answer.
    world.pass_on(1801)
    assert world.ask()[0] == "503"


def test_while_the_database_is_away_nothing_is_given_that_had_changed_before(world):
    world.number()
    world.watch.now = 2
    world.watch.token()
    world.pass_on(2)
    world.watch.now, world.site.status = None, "503 Service Unavailable"
    assert world.ask()[0] == "503"


def test_while_the_database_is_away_no_page_of_yesterday_is_given(world):
    world.wall = datetime.datetime(2027, 5, 5, tzinfo=datetime.UTC).timestamp() - 10
    world.number()
    world.pass_on(20)
    world.watch.now, world.site.status = None, "503 Service Unavailable"
    assert world.ask()[0] == "503"


def test_when_the_database_is_back_pages_are_made_anew(world):
    world.number()
    world.pass_on(60)
    world.watch.now, world.site.status = None, "503 Service Unavailable"
    world.ask()
    world.pass_on(1)
    world.watch.now, world.site.status = 1, "200 OK"
    status, headers, _ = world.ask()
    assert status == "200"
    assert "Cache-Status" not in headers


def test_copies_stay_within_their_bytes_and_the_least_asked_for_goes(world):
    for number in range(300):
        world.ask(f"/articles/a{number}/")
        world.ask("/about/")
    assert world.front.shelf.size <= MB
    assert sum(environ["PATH_INFO"] == "/about/" for environ in world.site.asked) == 1
    asked = len(world.site.asked)
    world.ask("/articles/a299/")
    assert len(world.site.asked) == asked
    world.ask("/articles/a0/")
    assert len(world.site.asked) == asked + 1


def test_a_page_too_large_for_the_shelf_is_given_and_not_kept(settings):
    settings.OWN_HOSTS = {"127.0.0.1:8000"}
    small = World(most=8192)
    assert [small.number(), small.number()] == [1, 2]
    assert small.front.shelf.size == 0


def test_no_room_switches_copies_off_and_changes_nothing_else(world, settings):
    off = World(most=0)
    assert [off.number(), off.number()] == [1, 2]
    on = world.ask(HTTP_ACCEPT_ENCODING="br")
    anew = World(most=0).ask(HTTP_ACCEPT_ENCODING="br")
    assert on == anew


def test_behind_https_only_what_came_by_https_is_answered(world, settings):
    import ipaddress

    settings.HTTPS, settings.OWN_HOSTS = True, {"lupus.example.org"}
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1/32")]
    proxy = {"HTTP_HOST": "lupus.example.org", "HTTP_X_FORWARDED_PROTO": "https"}
    assert [world.number(**proxy), world.number(**proxy)] == [1, 1]
    assert world.number(HTTP_HOST="lupus.example.org") == 2
    assert world.number(**proxy | {"HTTP_X_FORWARDED_PROTO": "http"}) == 3
    assert world.number(**proxy | {"REMOTE_ADDR": "203.0.113.9"}) == 4
    assert world.number(**proxy | {"REMOTE_ADDR": ""}) == 5


def test_the_log_says_now_and_then_how_many_copies_were_given(world, caplog):
    caplog.set_level(logging.INFO, "lupussite.access")
    for _ in range(5):
        world.ask()
    assert caplog.messages == []
    world.pass_on(61)
    world.ask()
    assert caplog.messages == ["5 pages given as ready copies in 61 s"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there each thread has a place in the queue of its own")
def test_what_is_posted_is_taken_after_readers_and_ended_where_it_began(world):
    seen = []

    class Answer(list):
        def close(self):
            seen.append(("closed", threading.get_ident()))

    def application(environ, start_response):
        seen.append((os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), threading.get_ident()))
        start_response("303 See Other", [("Location", "/there/")])
        return Answer([b"one ", b"two"])

    world.front.application = application
    assert world.ask(method="POST") == ("303", {"Location": "/there/"}, b"one two")
    (priority, began), (word, ended) = seen
    assert priority == min(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) + 10, 19)
    assert word == "closed"
    assert began == ended != threading.get_ident()  # Connections belong to their threads, and are looked after when all is sent.
