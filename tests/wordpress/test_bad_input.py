"""Exports as the world is: hostile, huge, broken, and a disk that is full half-way."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article
from comments.models import Comment, State
from lupussite.models import OldAddress
from lupussite.wordpress.patience import patiently
from tests.running import Site, fill
from tests.wordpress import killing
from tests.wordpress.wxr import comment, export, item

pytestmark = pytest.mark.django_db


def test_a_reply_that_comes_before_what_it_answers_answers_it(bring):
    early, late = "2019-04-01 10:00:00", "2019-04-09 10:00:00"
    bring(
        item(comments=[comment("Answer", id="2", parent="1", date_gmt=early), comment("Question", id="1", date_gmt=late)]),
    )
    assert Comment.objects.get(body="Answer").parent.body == "Question"


def test_an_answer_to_a_comment_on_another_post_begins_a_thread(bring):
    report = bring(
        item("One", comments=[comment("There", id="1")]),
        item("Two", comments=[comment("Here", id="2", parent="1"), comment("Itself", id="3", parent="3")]),
    )
    here = Comment.objects.get(body="Here")
    assert (here.parent, here.depth, here.article.title) == (None, 0, "Two")
    assert "replies to something that isn't here, which begin a thread: 1" in report
    assert Comment.objects.get(body="Itself").parent is None


def test_numbers_that_are_as_long_as_addresses_are_kept_apart(bring):
    one, two = (f"tag:blog.example.org,2019:{'very-long/' * 20}{n}" for n in (1, 2))
    for _ in range(2):
        bring(
            item("One", post_id=one, comments=[comment("C1", id=f"{one}#1"), comment("C2", id=f"{one}#2", parent=f"{one}#1")]),
            item("Two", post_id=two),
        )
    assert Article.objects.count() == 2
    assert Comment.objects.get(body="C2").parent.body == "C1"


def test_a_name_that_is_longer_than_names_is_no_reviewer(bring):
    letters = ", ".join(["MD"] * 60)
    report = bring(item("One", f"One.\n\nTwo.\n\nReviewed by Jane Doe, {letters}", meta={"reviewed_by": f"{'B' * 140} Doe, MD"}))
    assert report.count("too long for one") == 2
    assert "marked as not reviewed" in report


def test_whoever_holds_the_database_is_waited_for():
    def write():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database is locked")
        return "written"

    tries = []
    assert patiently(write, pauses=(0, 0, 0)) == "written"
    tries = [1, 1, 1, 1]
    with pytest.raises(OperationalError, match="locked"):
        patiently(lambda: tries.clear() or write(), pauses=(0, 0))


@pytest.mark.parametrize(("cause", "expected"), [("full", 1), ("broken", 1), ("busy", 3), ("full there", 1), ("gone", 3)])
def test_what_does_not_pass_by_itself_is_not_waited_for(cause, expected):
    causes = {"full": sqlite3.SQLITE_FULL, "broken": sqlite3.SQLITE_IOERR_WRITE, "busy": sqlite3.SQLITE_BUSY_SNAPSHOT}
    error = sqlite3.OperationalError()
    if cause in causes:
        error.sqlite_errorcode = causes[cause]
    else:
        error = {"full there": psycopg.errors.DiskFull, "gone": psycopg.OperationalError}[cause]()
    tries = []

    def write():
        tries.append(1)
        raise OperationalError from error

    with pytest.raises(OperationalError):
        patiently(write, pauses=(0, 0))
    assert len(tries) == expected


def test_comments_that_answer_each_other_in_a_circle_all_come(bring):
    bring(item(comments=[comment(f"C{n}", id=str(n), parent=str(n % 3 + 1)) for n in (1, 2, 3)]))
    assert Comment.objects.count() == 3
    assert Comment.objects.filter(parent=None).count() == 1


def test_many_comments_on_one_post_take_the_same_few_queries_a_batch(client, bring):
    def queries(number):
        with CaptureQueriesContext(connection) as captured:
            bring(item(post_name=f"p{number}", comments=[comment(f"C{n}", id=f"{number}{n:05}") for n in range(number)]))
        return len(captured)

    few, many = queries(500), queries(2000)
    assert many - few <= 3 * 12
    assert Comment.objects.filter(article__slug="p2000", state=State.APPROVED).count() == 2000
    last = Comment.objects.filter(article__slug="p2000").order_by("-page").first().page
    assertContains(client.get(f"/articles/p2000/?page={last}"), "C1999")


def test_names_with_markup_are_words(client, bring):
    bring(
        item(post_name="sun", comments=[comment(author='<b>Jo</b> <script>alert(1)</script>& "Mia"'), comment(author="<i></i>")])
    )
    assert sorted(Comment.objects.values_list("name", flat=True)) == ["Anonymous", 'Jo & "Mia"']
    assertNotContains(client.get("/articles/sun/"), "alert(1)")


def test_signs_beyond_the_basic_plane_stay_and_those_of_no_page_go(client, bring):
    bring(
        item(
            "Moth \U0001f98b",
            "a\0b \ud83d \U0001f98b &#0;&#xD800; c\n\nd",
            post_name="moth",
            comments=[comment("\U0001f98b \udfff\0x \ud83e\udd8b")],
        )
    )
    article = Article.objects.get()
    assert (article.title, article.summary) == ("Moth \U0001f98b", "ab \U0001f98b c")
    assert Comment.objects.get().body == "\U0001f98b x \U0001f98b"
    assertContains(client.get("/articles/moth/"), "\U0001f98b")


def test_shortcodes_inside_shortcodes_leave_the_words(bring):
    bring(
        item(
            content='[box style="x"][row][gallery ids="1"][caption]<em>Words</em>[/caption] more[/row][/box]\n\nAnd.', excerpt="S"
        )
    )
    assert Article.objects.get().body == "<p><em>Words</em></p>\n<p>more</p>\n<p>And.</p>"


def test_what_does_something_in_a_browser_does_nothing_here(client, bring):
    content = (
        '<p style="position:fixed" onclick="x()">One</p><script>alert(1)</script><iframe src="javascript:alert(2)"></iframe>'
        '<form action="https://evil.example/"><input name="q"><button>Go</button></form><a href="javascript:alert(3)">link</a>'
        '<svg onload="x()"></svg><object data="x"></object><style>p{}</style><img src=x onerror="x()"><p>Two</p>'
    )
    bring(item(post_name="evil", content=content), item("P", content, post_type="page", post_name="evil"))
    for path in ("/articles/evil/", "/pages/evil/"):
        page = client.get(path).content.decode()
        for words in ("alert(", "javascript:", "onclick", "onerror", "evil.example", "position:fixed", "<svg onload"):
            assert words not in page, (path, words)
        assert "One" in page


@pytest.mark.parametrize("name", ["%d8%b4%d9%85%d8%b3", "شمس", "very-long-" * 20, "a%2fb", "..%2f..", "%"])
def test_any_old_address_leads_on(client, bring, name):
    bring(item("Sun", post_name=name, post_id=7, link=f"https://old.example.org/2019/03/{name}/"))
    article = Article.objects.get()
    assert client.get("/?p=7").headers["Location"] == article.get_absolute_url()
    for path in OldAddress.objects.filter(path__startswith="/2019/03/").values_list("path", flat=True):
        assert client.get(f"{path}/").headers["Location"] == article.get_absolute_url(), path


def test_a_disk_that_is_full_half_way_is_said_in_a_line_and_the_next_run_goes_on(tmp_path):
    def comments(post):
        return [comment(f"C{post}-{n} {'x' * 200}", id=f"{post}{n:03}") for n in range(30)]

    path = tmp_path / "export.xml"
    path.write_text(export([item(f"Post {n}", post_id=n, post_name=f"p{n}", comments=comments(n)) for n in range(1, 31)]))
    whole, hindered = tmp_path / "whole", tmp_path / "hindered"
    whole.mkdir()

    def run(folder, *words, size=resource.RLIM_INFINITY):
        environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": "", "SITE_URL": ""}
        # What a full disk does to each file that grows.
        limits = (resource.RLIMIT_FSIZE, (size, size))
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(*limits)
        )
        return done.returncode, done.stderr

    fill(Site(whole), demo=False)
    shutil.copytree(whole, hindered)
    size = (whole / "db.sqlite3").stat().st_size
    # The first does not even get to the end of reading.
    for room in (-size + 200_000, 200_000):
        status, said = run(hindered, "import_wordpress", str(path), size=size + room)
        assert (status, said.count("\n")) == (1, 1), said
    for folder in (whole, hindered):
        assert run(folder, "import_wordpress", str(path)) == (0, "")
    assert killing.query(hindered, killing.TABLE) == killing.query(whole, killing.TABLE)
    assert killing.count(whole) == 900
