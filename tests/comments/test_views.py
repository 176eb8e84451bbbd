"""A reader's form through the public door: what is taken, what is refused, and that no word is lost."""

import concurrent.futures
import io
import re

import pytest
from django.core.signals import request_started
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Address
from comments.flows import rights, secret_links
from comments.flows.erasing import erase, withdraw
from comments.models import Comment, CommentSettings, DataRequest, Letter, State
from comments.urls import urlpatterns as comment_urls
from lupussite.wsgi import application, front
from tests.factories import make_article, make_comment, make_published, make_user

pytestmark = pytest.mark.django_db
WORDS = "I write my questions on a card."


def fields(**changes):
    return {"name": "Marta", "email": "canary@example.org", "body": WORDS, "leave": "", "parent": ""} | changes


def post(client, article, *, headers=None, **changes):
    return client.post(
        f"/articles/{article.slug}/comments/", fields(**changes), headers={"Sec-Fetch-Site": "same-origin"} | (headers or {})
    )


def test_comment_is_taken_and_its_author_thanked(client):
    answer = post(client, make_published())
    assert answer.status_code == 303
    assert re.fullmatch(r"/comments/\d+/[0-9a-f]{40}/", answer.url)
    page = client.get(answer.url)
    assertContains(page, 'role="status"')
    assertContains(page, "Thank you")
    assertContains(page, "a moderator will read it")
    assertContains(page, WORDS)
    assertContains(page, "ake back my comment")
    assertNotContains(page, "canary@")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not page.cookies


def test_pending_comment_is_not_on_the_page(client):
    comment = make_comment(body="Pending words")
    assertNotContains(client.get(comment.article.get_absolute_url()), "Pending words")


def test_approved_comment_is_on_the_page_as_typed(client):
    comment = make_comment(body="My C3 was <70", state=State.APPROVED)
    page = client.get(comment.article.get_absolute_url())
    assertContains(page, "My C3 was &lt;70")
    assertContains(page, "1 comment")


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.SPAM, State.HIDDEN])
def test_no_public_door_shows_what_is_not_approved(client, state):
    comment = make_comment(state=state, name="Canaria", body="Secret words")
    slug = comment.article.slug
    doors = (
        "/",
        f"/articles/{slug}/",
        f"/articles/{slug}/?answer={comment.pk}",
        f"/articles/{slug}/feed/",
        "/search/?q=secret",
        "/sitemap.xml",
    )
    for address in doors:
        page = client.get(address).content.decode()
        assert "Secret words" not in page
        assert "Canaria" not in page
    assert client.get(f"/articles/{slug}/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "\u200b\u3164"}, "Enter your name"),
        ({"name": "Marta\r\nBcc: x@example.org"}, "Enter your name on one line"),
        ({"name": "x" * 81}, "1 character too long"),
        ({"email": ""}, "Enter your email address"),
        ({"email": "canary"}, "Enter an email address like name@example.com"),
        ({"email": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example.org"}, "up to 254 characters"),
        ({"body": " \n\t "}, "Enter your comment"),
        ({"body": "\u200b\u2800\u3164\u202e"}, "Enter your comment"),
        ({"body": "\u034f\ufe0f\u0301"}, "Enter your comment"),
        ({"body": "x" * 5001}, "This is 1 character too long. The limit is 5,000."),
        ({"body": "broken \ufffd"}, "damaged"),
    ],
)
def test_wrong_field_is_named_and_everything_typed_is_kept(client, change, words):
    answer = post(client, make_published(), **change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(words) >= 2, "in the summary and at the field"
    assert re.search(r"<title>\s*Error: ", page)
    assert 'aria-invalid="true"' in page
    for name, value in fields(**change).items():
        if name in {"name", "email", "body"} and value.isprintable() and value.strip():
            assert value in page
    assert page.index('id="error-summary"') < page.index('id="title"')
    assert not Comment.objects.exists()


def test_nul_is_told_and_taken_out_of_the_form_that_comes_back(client):
    answer = post(client, make_published(), body="nul\0here")
    assert answer.status_code == 422
    assertContains(answer, "nulhere", status_code=422)
    assertContains(answer, "we can&#x27;t save", status_code=422)


@pytest.mark.parametrize("sign", ["\x1b", "\x08", "\x7f", "\ufffe", "\ufdd0"])
def test_sign_that_no_feed_may_hold_is_told_and_taken_out(client, sign):
    answer = post(client, make_published(), body=f"one{sign}two")
    assertContains(answer, "we can&#x27;t save", status_code=422)
    assertContains(answer, "onetwo", status_code=422)


def test_soft_line_break_of_a_word_processor_is_a_line_break(client):
    post(client, make_published(), body="one\x0btwo\u2028three")
    assert Comment.objects.get().body == "one\ntwo\nthree"


def test_name_cannot_turn_the_words_around_it(client):
    comment = make_comment(name="\u202eevil", state=State.APPROVED)
    assertContains(client.get(comment.article.get_absolute_url()), "<bdi>\u202eevil</bdi>")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ["/", "/search/", "/feed/", "/about/", "/healthz", "/sitemap.xml"])
def test_pages_that_only_show_answer_405_to_other_methods(method, address):
    answer = Client(enforce_csrf_checks=True).generic(method, address)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_broken_utf8_is_refused(client):
    article = make_published()
    answer = client.post(
        f"/articles/{article.slug}/comments/",
        b"name=Marta&email=a%40example.org&body=broken%ff",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422


def test_line_breaks_count_once(client):
    article = make_published()
    assert post(client, article, body="\r\n".join(["x"] * 2500) + "y").status_code == 303
    assert Comment.objects.get().body.count("\r") == 0


def test_bidi_marks_are_kept_as_typed(client):
    post(client, make_published(), body="right \u202eleft\u202c again")
    assert Comment.objects.get().body == "right \u202eleft\u202c again"


def test_email_may_be_left_out_when_the_owner_says_so(client, settings):
    settings.COMMENT_EMAIL_REQUIRED = False
    assert post(client, make_published(), email="").status_code == 303


def test_the_trap_is_a_signal_and_no_refusal(client):
    assert post(client, make_published(), leave="http://example.com").status_code == 303
    assert Comment.objects.get().lane == "spam_likely"


def test_the_same_form_again_leads_to_the_same_page(client):
    article = make_published()
    assert post(client, article).url == post(Client(), article).url
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 303),
        ({"Sec-Fetch-Site": "", "Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": ""}, 303),
    ],
)
def test_a_form_of_another_site_stores_nothing_and_keeps_the_text(client, headers, status):
    answer = post(client, make_published(), headers=headers)
    assert answer.status_code == status
    assert Comment.objects.count() == (status == 303)
    if status == 403:
        assertContains(answer, WORDS, status_code=403)
        assertContains(answer, 'name="body"', status_code=403)


@pytest.mark.parametrize("where", ["article", "site"])
def test_closed_page_says_so_and_shows_the_text(client, where):
    article = make_published(comments_open=where != "article")
    if where == "site":
        CommentSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
    answer = post(client, article)
    assertContains(answer, "closed", status_code=403)
    assertContains(answer, WORDS, status_code=403)
    assertContains(answer, "readonly", status_code=403)
    assertNotContains(answer, '<form method="post"', status_code=403)
    assertNotContains(client.get(article.get_absolute_url()), 'name="body"')


def test_unknown_draft_and_withdrawn_article(client):
    assertContains(client.post("/articles/nothing/comments/", fields()), WORDS, status_code=404)
    assertContains(post(client, make_article()), WORDS, status_code=404)
    article = make_published()
    type(article).objects.filter(pk=article.pk).update(withdrawn_on="2026-01-01", withdrawal_reason="Out of date")
    assertContains(post(client, article), WORDS, status_code=410)
    assertContains(client.get(article.get_absolute_url()), "Out of date", status_code=410)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_other_content_types_are_415(client, content_type):
    article = make_published()
    answer = client.post(f"/articles/{article.slug}/comments/", b"{}", content_type=content_type)
    assertContains(answer, "read this kind of message", status_code=415)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_405_with_a_page(client, method):
    article = make_published()
    answer = getattr(client, method)(f"/articles/{article.slug}/comments/")
    assertContains(answer, "open this address directly", status_code=405)
    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("method", ["get", "head"])
def test_whoever_only_opens_an_address_of_a_form_is_led_to_its_page(client, method):
    comment = make_comment()
    article = comment.article
    Address.objects.create(slug="former", article=article)
    form, own = f"{article.get_absolute_url()}#add", comment.author_url
    ways = {f"/articles/{article.slug}/comments/": form, "/articles/former/comments/": form, f"{own}take-back/": own}
    for address, page in ways.items():
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    assert client.get("/articles/nothing/comments/").status_code == 404
    assert client.get(f"/comments/{comment.pk}/{'0' * 40}/take-back/").status_code == 404


def test_no_address_of_a_reader_answers_405_to_opening_it(client):
    """Walk every address outside the admin that takes a form: each has a page of its own or leads to one."""
    comment = make_comment(state=State.APPROVED)
    letter = Letter.objects.create(comment=comment, by=comment.decided_by)
    asked, opened = (DataRequest.objects.create(contact=comment.contact) for _ in range(2))
    rights.use(opened)
    opened.refresh_from_db()
    theirs = {
        "mail-letter": {"pk": letter.pk, "token": secret_links.secret(letter, "letter")},
        "mail-rights": {"pk": asked.pk, "token": secret_links.secret(asked, "rights")},
        "your-data-page": {"pk": opened.pk, "token": rights.token_of(opened)},
    }
    values = {"slug": comment.article.slug, "pk": comment.pk, "token": comment.token}
    takes_forms = [pattern for pattern in comment_urls if getattr(pattern.callback, "csrf_exempt", False)]
    assert len(takes_forms) >= 8
    for pattern in takes_forms:
        names = pattern.pattern.converters
        mine = values | theirs.get(pattern.name, {})
        answer = client.get(reverse(f"comments:{pattern.name}", kwargs={name: mine[name] for name in names}))
        assert answer.status_code in {200, 302}, pattern


def test_a_form_that_came_back_stays_in_the_readers_own_browser(client, settings):
    """With "no-store" the Back button, after the mended form was sent, asks whether to send the wrong one again."""
    article = make_published()
    report = f"{make_comment(article=article, state=State.APPROVED).get_absolute_url()}report/"
    refused = [post(client, article, name=""), post(client, article, headers={"sec-fetch-site": "cross-site"})]
    refused.append(client.post(report, {"note": "Words"}))
    refused.append(client.post(reverse("articles:mistake", args=[article.slug]), {"note": ""}))
    settings.COMMENT_LIMITS = [(1, 600)]
    refused += [post(client, article, email=f"a{number}@example.org", body=f"{number}") for number in range(2)][1:]
    assert [answer.status_code for answer in refused] == [422, 403, 422, 422, 429]
    assert {answer.headers["Cache-Control"] for answer in refused} == {"private, no-cache"}


def test_what_cannot_be_sent_again_is_kept_nowhere(client):
    article = make_published(comments_open=False)
    assert post(client, article).headers["Cache-Control"] == "no-store"
    assert client.get(make_comment().author_url).headers["Cache-Control"] == "no-store"


def test_too_much_is_413_before_it_is_read(client):
    assertContains(post(client, make_published(), body="x" * 300_000), "256 kilobytes", status_code=413)


def test_ten_thousand_fields_hide_no_word(client):
    article = make_published()
    body = "&".join(f"f{number}=1" for number in range(10_000)) + "&body=Typed+words"
    answer = client.post(f"/articles/{article.slug}/comments/", body, content_type="application/x-www-form-urlencoded")
    assertContains(answer, "Typed words", status_code=422)


@pytest.mark.usefixtures("in_this_thread")
def test_body_in_chunks_is_read_up_to_the_limit():
    article = make_published()
    for size, status in ((10, "303"), (300_000, "413")):
        body = f"name=A&email=a%40example.org&body={'x' * size}".encode()
        environ = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        assert wsgi_status(f"/articles/{article.slug}/comments/", "POST", body, **environ).startswith(status)


@pytest.mark.usefixtures("in_this_thread")
@pytest.mark.parametrize("charset", ["hex", "rot13", "zlib", "undefined", "punycode", "idna", "unicode_escape", '"utf-16"'])
def test_a_charset_that_a_request_names_breaks_nothing(charset):
    article = make_published()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert wsgi_status("/search/", "GET", CONTENT_TYPE=f"{kind}; charset={charset}", QUERY_STRING="q=%5Cud800").startswith(
            "200"
        )
    form = b"name=A&email=a%40example.org&body=Words"
    environ = {"CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}", "CONTENT_LENGTH": str(len(form))}
    assert wsgi_status(f"/articles/{article.slug}/comments/", "POST", form, **environ).startswith("303")


@pytest.fixture
def in_this_thread(monkeypatch):
    """Let the application take posts in the thread of the test, whose transaction no other one sees."""

    def submit(call, *arguments):
        future = concurrent.futures.Future()
        future.set_result(call(*arguments))
        return future

    monkeypatch.setattr(front.posts, "submit", submit)


def wsgi_status(path, method, body=b"", **environ):
    """Return the status line of a request through the very application that the web server loads."""
    answered = []
    base = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.9",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    # As Django's own test client does: the connection holds the transaction of the test.
    request_started.disconnect(close_old_connections)
    try:
        b"".join(application(base | environ, lambda status, headers: answered.append(status)))
    finally:
        request_started.connect(close_old_connections)
    return answered[0]


def test_foreign_host_is_400(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_too_many_says_how_long_to_wait(client, settings):
    settings.COMMENT_LIMITS = [(1, 600)]
    article = make_published()
    post(client, article)
    answer = post(client, article, body="Something else")
    assertContains(answer, "Please wait", status_code=429)
    assertContains(answer, "Something else", status_code=429)
    assert int(answer.headers["Retry-After"]) <= 600


def test_broken_database_keeps_the_text_on_a_page_without_it(client, monkeypatch):
    article = make_published()

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("comments.public.views.submit_comment", locked)
    answer = post(client, article)
    assertContains(answer, "t saved", status_code=503)
    assertContains(answer, WORDS, status_code=503)
    assertContains(answer, f'action="/articles/{article.slug}/comments/"', status_code=503)


def test_answer_shows_what_is_answered_and_hangs_under_it(client, moderator):
    parent = make_comment(state=State.APPROVED, name="Ana")
    page = client.get(f"{parent.article.get_absolute_url()}?answer={parent.pk}")
    assertContains(page, f'name="parent" value="{parent.pk}"')
    assert post(client, parent.article, parent=str(parent.pk)).status_code == 303
    assert Comment.objects.latest("pk").parent == parent


def test_links_of_a_refused_page_lead_back_to_the_article(client):
    """The page stands at the address that only takes a form, so a link such as ?answer=1 would lead nowhere."""
    comment = make_comment(state=State.APPROVED)
    page = post(client, comment.article, name="").content.decode()
    assert f'href="{comment.article.get_absolute_url()}?page=1&amp;answer={comment.pk}#add"' in page
    assert 'href="?' not in page


@pytest.mark.parametrize("case", ["elsewhere", "pending", "too deep", "gone", "nonsense", "huge"])
def test_wrong_parent_is_refused_and_emptied(client, case):
    article = make_published()
    parents = {
        "elsewhere": lambda: make_comment(state=State.APPROVED).pk,
        "pending": lambda: make_comment(article=article).pk,
        "too deep": lambda: deep(article).pk,
        "gone": lambda: 10**6,
        "nonsense": lambda: "1 OR 1",
        "huge": lambda: "9" * 40,
    }
    answer = post(client, article, parent=str(parents[case]()))
    assertContains(answer, "has been removed", status_code=422)
    assertContains(answer, WORDS, status_code=422)
    assert re.search(r'name="parent"(?! value="\S)', answer.content.decode())


def deep(article):
    comment = None
    for _ in range(3):
        comment = make_comment(article=article, parent=comment, state=State.APPROVED)
    return comment


def test_author_takes_a_comment_back(client):
    comment = make_comment(state=State.APPROVED, body="My words")
    assert client.post(f"{comment.author_url}take-back/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    answer = client.post(f"{comment.author_url}take-back/", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assertContains(client.get(answer.url), "took")
    assertNotContains(client.get(comment.article.get_absolute_url()), "My words")


@pytest.mark.parametrize("state", list(State))
def test_authors_page_tells_every_state(client, state, officer):
    comment = make_comment(state=state if state not in {State.WITHDRAWN, State.ERASED} else State.PENDING)
    if state == State.WITHDRAWN:
        withdraw(comment)
    if state == State.ERASED:
        erase(comment, by=officer, reason="asked")
    assert client.get(comment.author_url).status_code == 200


def test_authors_page_opens_only_with_its_own_secret(client):
    comment, other = make_comment(), make_comment()
    assert client.get(f"/comments/{comment.pk}/{other.token}/").status_code == 404
    assert client.get(f"/comments/{comment.pk}/{comment.nonce}/").status_code == 404
    assert client.post(f"/comments/{comment.pk}/{other.token}/take-back/").status_code == 404


def test_tombstone_stands_where_an_answered_comment_was(client):
    parent = make_comment(state=State.APPROVED, name="Ana", body="Parent words")
    make_comment(parent=parent, state=State.APPROVED, body="Answer words")
    withdraw(parent)
    page = client.get(parent.article.get_absolute_url())
    assertContains(page, "Comment removed by its author.")
    assertContains(page, "Answer words")
    assertNotContains(page, "Parent words")
    assertNotContains(page, "Ana")


def test_permalink_leads_to_the_page(client):
    comment = make_comment(state=State.APPROVED)
    answer = client.get(comment.get_absolute_url())
    assert answer.status_code == 302
    assert answer.url == f"{comment.article.get_absolute_url()}?page=1#comment-{comment.pk}"


@pytest.mark.parametrize("page", ["0", "2", "-1", "abc", "1e3", "", "9" * 50, "%00", "١"])
def test_page_that_is_not_there_is_404(client, page):
    assert client.get(f"{make_published().get_absolute_url()}?page={page}").status_code == 404


def test_feed_holds_the_approved_and_names_no_address(client):
    comment = make_comment(state=State.APPROVED, body="Feed words ana@example.org")
    feed = client.get(f"/articles/{comment.article.slug}/feed/")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assertContains(feed, "Feed words")
    assertNotContains(feed, "ana@")


def test_feed_loads_the_article_once_however_many_comments_it_prints(client):
    article = make_comment(state=State.APPROVED).article
    for _ in range(3):
        make_comment(article=article, state=State.APPROVED)
    with CaptureQueriesContext(connection) as queries:
        assertContains(client.get(f"/articles/{article.slug}/feed/"), "<entry>", count=4)
    loading = [query["sql"] for query in queries if '"articles_article"."body"' in query["sql"].split(" FROM ")[0]]
    assert len(loading) == 1
    assert "comments_comment" not in loading[0]


def test_feed_does_not_claim_to_be_unchanged_after_a_take_down(client):
    comment = make_comment(state=State.APPROVED)
    feed = client.get(f"/articles/{comment.article.slug}/feed/")
    assert "Last-Modified" not in feed.headers
    withdraw(comment)
    again = client.get(f"/articles/{comment.article.slug}/feed/", headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 200


def test_page_costs_at_most_six_queries(client, django_assert_max_num_queries):
    moderator = make_user("Moderators")
    first = make_comment(state=State.APPROVED, by=moderator)
    for _ in range(8):
        make_comment(article=first.article, parent=first, state=State.APPROVED, by=moderator)
    client.get(first.article.get_absolute_url())  # Now the cache knows how long reading usually takes.
    for address in ("", f"?answer={first.pk}"):
        with django_assert_max_num_queries(6):
            client.get(first.article.get_absolute_url() + address)


def test_page_is_not_sent_again_when_nothing_changed(client):
    address = make_published().get_absolute_url()
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_each_paragraph_and_each_field_for_words_finds_its_own_direction(client):
    comment = make_comment(state=State.APPROVED, name="ליאת", body="I asked in Hebrew:\n\nמה שלומך?")
    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert '<p dir="auto">I asked in Hebrew:</p><p dir="auto">מה שלומך?</p>' in page
    assert "<bdi>ליאת</bdi>" in page
    for field in ("id_name", "id_body"):
        assert re.search(rf'<(input|textarea)[^>]* dir="auto"[^>]* id="{field}"', page)
    assert not re.search(r'<input[^>]*type="email"[^>]* dir="auto"', page)
