"""No address leaves: canaries are typed wherever an address can be, then every address of the site is opened as everybody.

A new address of the URLconf is opened without being named here. What a person typed into the words of a comment is another
canary: readers never see it, moderators do.
"""

import base64
import hashlib
import html
import io
import re
import urllib.parse

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from articles.mistakes import report
from comments.flows import addresses, claims, letters, no_mail, rights, secret_links, subscriptions
from comments.flows.moderation import decide
from comments.models import Comment, Contact, DataRequest, State, Subscription
from lupussite.run import worker
from mail import outbox
from tests.factories import make_published, make_topic, make_user
from tests.leaks import Canary
from tests.test_matrix import ROLES, Places

pytestmark = pytest.mark.django_db
CANARY = Canary("kx7vqcanaryzw", "mailbox.qjzcanary.example.org")
TYPED = Canary("wq5zytypedxk", "words.vkztyped.example.org")
# Behind a secret link a person reads what they wrote themselves.
OWN_WORDS = {"own", "change", "revise", "your-data-page", "your-data-file", "mail-letter"}


@pytest.mark.parametrize("canary", [CANARY, TYPED])
@pytest.mark.parametrize(
    "disguise",
    [
        str,
        str.upper,
        lambda text: text.split("@")[0],
        lambda text: text.split("@")[1],
        lambda text: text[::-1],
        lambda text: text.encode().hex(),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(f"x{text}yz".encode()).decode(),
        lambda text: base64.b64encode(f"xy{text}".encode()).decode(),
        urllib.parse.quote_plus,
        lambda text: "".join(f"%{ord(sign):02X}" for sign in text),
        lambda text: "".join(f"&#{ord(sign)};" for sign in text),
        lambda text: "".join(f"&#x{ord(sign):x};" for sign in text),
        lambda text: "<b>" + "</b><b>".join(text) + "</b>",
        lambda text: "\u200b".join(text),
        lambda text: " ".join(text),
        lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
        lambda text: html.escape(f"<{text}>"),
        lambda text: hashlib.sha256(text.encode()).hexdigest(),
        lambda text: base64.b64encode(hashlib.md5(text.encode()).digest()).decode(),
    ],
)
def test_an_address_is_found_in_any_disguise(canary, disguise):
    assert canary.places(f"before {disguise(canary.address)} after")


def test_an_ordinary_text_is_no_leak():
    assert CANARY.places("Kidneys and canaries, mailbox 7, ana@example.org, 6b78377671") == []


def patterns(resolver=None, prefix=""):
    """Yield (route, name) of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from patterns(pattern, route)


def typed_everywhere(client, officer, moderator):
    """Type the canaries into every form of the site, and return what the addresses behind secret links need."""
    topic = make_topic()
    article = make_published(title="An article with canaries")
    article.topics.add(topic)
    words = {"name": f"Ana {TYPED.address}", "email": CANARY.address, "subscribe": "on"}
    post = f"{article.get_absolute_url()}comments/"
    for state in (State.PENDING, State.APPROVED, State.REJECTED, State.SPAM, State.HIDDEN):
        answer = client.post(post, words | {"body": f"Write to me: {TYPED.address}, {state}"})
        assert answer.status_code == 303
        comment = Comment.objects.order_by("-pk").first()
        for step in {State.PENDING: [], State.HIDDEN: [State.APPROVED, State.HIDDEN]}.get(state, [state]):
            comment.refresh_from_db()
            decide(comment, step, version=comment.version, by=moderator, reason="other" if step == State.REJECTED else "")
    for comment in Comment.objects.filter(article=article):
        subscriptions.start(comment)
    public = Comment.objects.get(article=article, state=State.APPROVED)
    pending = Comment.objects.get(article=article, state=State.PENDING)
    client.post(post, words | {"body": f"An answer to {TYPED.address}", "parent": public.pk})
    client.post(f"{post}{public.pk}/report/", {"reason": "other", "note": f"Seen: {TYPED.address}"})
    report(article, f"Wrong: {TYPED.address}", network="192.0.2.9")
    client.post("/your-data/", {"email": CANARY.address})
    client.post("/admin/login/", {"login": CANARY.address, "password": CANARY.address})
    client.post("/admin/forgotten/", {"email": CANARY.address})
    client.get("/search/", {"q": CANARY.address})
    claims.add_note(pending, by=moderator, note="She left an address in her words")
    letter = letters.write(pending, by=moderator, words="How are you?", seen=0)
    addresses.reveal(pending, by=officer, reason="The author asked")
    asked = DataRequest.objects.create(contact=pending.contact)
    opened = rights.search(CANARY.address, by=officer, reason="Letter of May 3")
    subscription = Subscription.objects.get(comment=pending)
    rejected = Comment.objects.get(article=article, state=State.REJECTED)
    by_name = {
        "own": {"pk": pending.pk, "token": pending.token},
        "change": {"pk": pending.pk, "token": pending.token},
        "take-back": {"pk": pending.pk, "token": pending.token},
        "revise": {"pk": rejected.pk, "token": rejected.token},
        "mail-letter": {"pk": letter.pk, "token": secret_links.secret(letter, "letter")},
        "mail-confirm": {"pk": subscription.pk, "token": secret_links.secret(subscription, "confirm")},
        "mail-end": {"pk": subscription.pk, "token": no_mail.token_of(subscription.contact_id)},
        "mail-never": {"token": no_mail.token_of(subscription.contact_id)},
        "mail-rights": {"pk": asked.pk, "token": secret_links.secret(asked, "rights")},
        "your-data-page": {"pk": opened.pk, "token": rights.token_of(opened)},
        "your-data-file": {"pk": opened.pk, "token": rights.token_of(opened)},
        "permalink": {"pk": public.pk},
        "report": {"pk": public.pk},
        "report-thanks": {"pk": public.pk},
        "topic": {"slug": topic.slug},
        "reviewer": {"slug": article.sign_offs.get().reviewer.slug},
    }
    return article, pending, by_name


def filled(route, values):
    """Return the address of a public route."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], "1")), route)


def all_of(answer):
    """Return everything that an answer says: status line, headers, cookies, body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "\n".join([str(answer.headers), answer.cookies.output(), body.decode(errors="replace")])


def opened_as(client, address, *, always_asks):
    """Yield what GET answers, with a query too where there is a page, and an empty POST; what they change is taken back.

    Without `always_asks` only a page that offers a search, an order or further pages is asked with a query.
    """
    query = {"q": "Ana", "page": "1", "comments": "all", "o": "1"}
    is_asked = True
    for method, data in (("get", {}), ("get", query), ("post", {})):
        if data and not is_asked:
            continue
        cookies = client.cookies.output()
        with transaction.atomic():
            answer = getattr(client, method)(address, data)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        said = all_of(answer)
        is_asked = answer.status_code == 200 and (always_asks or 'href="?' in said or 'method="get"' in said)
        yield said


def everybody(who):
    """Return the browser of a reader, of someone with a role, or of an owner with all of them."""
    client = Client()
    if who != "reader":
        user = make_user(*([who] if who in ROLES else []), is_superuser=who in {"owner", "all roles"})
        if who == "all roles":
            user.groups.set(Group.objects.all())
        client.force_login(user)
    return client


@pytest.mark.parametrize("who", ["reader", "no role", *ROLES, "owner", "all roles"])
def test_no_address_leaves_by_any_door(who, mailoutbox, caplog):
    caplog.set_level("INFO")
    officer, moderator = make_user("Privacy officers"), make_user("Clinicians")
    article, pending, by_name = typed_everywhere(Client(), officer, moderator)
    outbox.run_due(worker.all_handlers())
    places, client = Places(make_user("Editors")), everybody(who)
    places.keys["comments/comment"] = places.keys["comments/queued"] = pending.pk
    places.keys["comments/datarequest"] = DataRequest.objects.first().pk
    places.tag = pending.contact.tag

    opened = 0
    for route, name in sorted(set(patterns())):
        is_admin = route.startswith("admin/")
        if not is_admin and who not in {"reader", "all roles"}:
            continue  # The same pages as readers'.
        values = {"slug": article.slug, "pk": pending.pk, "token": pending.token} | by_name.get(name, {})
        address = places.address(route) if is_admin else filled(route, values)
        for said in opened_as(client, address, always_asks=who in {"reader", "all roles"}):
            opened += 1
            assert not CANARY.places(said), address
            assert who != "reader" or name in OWN_WORDS or not TYPED.places(said), address
    assert opened > 300

    assert mailoutbox
    for mail in mailoutbox:
        mail.to = []
        assert not CANARY.places(mail.message().as_string())
        assert not TYPED.places(mail.message().as_string())
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert "POST /your-data/" in lines
    assert not CANARY.places(lines)
    assert not TYPED.places(lines)


def test_no_address_lies_open_in_the_database_or_in_what_commands_print(client):
    officer, moderator = make_user("Privacy officers"), make_user("Clinicians")
    typed_everywhere(client, officer, moderator)
    outbox.run_due(worker.all_handlers())
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table in {table for table in tables if f"{table}_docsize" not in tables and f"{table}_data" not in tables}:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = [
                bytes(cell).decode("latin-1") if isinstance(cell, (bytes, memoryview)) else str(cell)
                for row in cursor
                for cell in row
            ]
            assert not CANARY.places("\n".join(rows)), table
    for command in (("apply_retention", "--dry-run"), ("rotate_contact_keys",), ("check",)):
        said = io.StringIO()
        call_command(*command, stdout=said, stderr=said)
        assert not CANARY.places(said.getvalue()), command
    assert Contact.objects.filter(address__isnull=False).exists()


@pytest.mark.parametrize("part", [CANARY.address, CANARY.address.split("@")[0], "qjzcanary"])
def test_no_search_finds_a_person_by_the_address(client, part):
    typed_everywhere(client, make_user("Privacy officers"), make_user("Clinicians"))
    assert "An article with canaries" not in client.get("/search/", {"q": part}).content.decode()
    client.force_login(make_user("Privacy officers", is_superuser=True))
    assert "Write to me" in client.get("/admin/comments/comment/", {"q": "Write"}).content.decode()
    assert "Write to me" not in client.get("/admin/comments/comment/", {"q": part}).content.decode()
