"""Who reaches what: every address below /admin/, from the URLconf, for every role, with GET and with an empty POST.

The table is tests/matrix.txt. A new address, or a right that moved, is a difference:
the failing test prints the table as it would be, to be read before it is taken over.
"""

import difflib
import pathlib
import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from articles import workflow
from articles.models import Reviewer, SiteIdentity
from comments.flows.reports import file_report
from comments.models import BlockedHost, CommentSettings, HelpLine, WatchedWord
from lupussite.models import Appearance, Page
from tests.accounts.logging_in import give_app
from tests.factories import make_article, make_comment, make_published, make_topic, make_user

TABLE = pathlib.Path(__file__).with_name("matrix.txt")
ROLES = ["Moderators", "Clinicians", "Editors", "Medical reviewers", "Privacy officers"]
SHORT = ["anyone", "no role", "moderator", "clinician", "editor", "reviewer", "privacy", "owner"]


def routes(patterns=None, prefix=""):
    """Yield every route of the URLconf below /admin/."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            if route.startswith("admin/"):
                yield route
        else:
            yield from routes(pattern.url_patterns, route)


class Places:
    """Rows behind the addresses, so that each has something to show."""

    def __init__(self, user):
        article, comment = make_published(), make_comment()
        reported = make_comment(state="approved")
        file_report(reported, "harm", "", network="192.0.2.7")
        draft = make_article()
        workflow.submit(draft, by=make_user("Editors"))
        keys = {
            "comments/comment": comment.pk,
            "comments/queued": comment.pk,
            "comments/reveal": comment.events.first().pk,
            "comments/report": reported.reports.get().pk,
            "comments/commentsettings": CommentSettings.objects.get_or_create(pk=1)[0].pk,
            "comments/helpline": HelpLine.objects.create(country="Everywhere", name="A line", how="112").pk,
            "comments/watchedword": WatchedWord.objects.create(word="cure").pk,
            "comments/blockedhost": BlockedHost.objects.create(host="offers.example").pk,
            "articles/article": draft.pk,
            "articles/revision": article.revision.pk,
            "articles/signoff": article.sign_offs.get().pk,
            "articles/reviewer": Reviewer.objects.first().pk,
            "articles/topic": make_topic().pk,
            "articles/siteidentity": getattr(SiteIdentity.objects.first(), "pk", 1),
            "lupussite/appearance": Appearance.objects.create(pk=1).pk,
            "lupussite/page": Page.objects.create(title="About", slug="about").pk,
            "accounts/user": user.pk,
            "auth/group": user.groups.get().pk,
        }
        self.keys, self.sign_off, self.tag = keys, article.sign_offs.get().pk, comment.contact.tag

    def address(self, route):
        """Return the address of a route."""
        model = "/".join(route.split("/")[1:3])
        fill = {
            "number": 1,
            "key": self.sign_off,
            "tag": self.tag,
            "uidb64": "MQ",
            "token": "x-y",
            "rest": "9/1/",
            "app_label": "comments",
        }
        fill["url"] = "nothing"
        key = self.keys.get(model, 1)
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: f"<{found[1]}>", route)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(fill.get(found[1], key)), route).replace("\\Z", "")


def status(client, method, address):
    """Return what an answer says: its status, or "login"; what it changed is taken back."""
    cookies = client.cookies.output()
    with transaction.atomic():
        answer = getattr(client, method)(address)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
    if answer.status_code == 302 and answer["Location"].startswith("/admin/login/"):
        return "login"
    return str(answer.status_code)


@pytest.mark.django_db
def test_every_role_reaches_exactly_what_the_table_says():
    places = Places(make_user("Editors"))
    people = [None, make_user(), *(make_user(role) for role in ROLES), make_user(is_superuser=True)]
    Reviewer.objects.create(name="Rita", slug="rita", user=people[5])
    clients = []
    for person in people:
        clients.append(Client())
        if person:
            clients[-1].force_login(person)
    lines = ["GET/POST".ljust(62) + " ".join(name.rjust(11) for name in SHORT)]
    for route in sorted(set(routes())):
        cells = [
            "/".join(status(client, method, places.address(route)) for method in ("get", "post")).rjust(11) for client in clients
        ]
        lines.append(f"{route.ljust(62)}{' '.join(cells)}".rstrip())
    now = "\n".join(lines) + "\n"
    expected = TABLE.read_text()
    difference = "".join(difflib.unified_diff(expected.splitlines(True), now.splitlines(True), n=0))
    assert not difference, f"\n{difference}"


@pytest.mark.django_db
def test_a_session_without_its_second_factor_reaches_what_anyone_does(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    owner = give_app(make_user("Editors", is_superuser=True))
    places, half = Places(owner), Client()
    half.force_login(owner)
    for route in sorted(set(routes())):
        if route.startswith(("admin/account/", "admin/login", "admin/forgotten", "admin/welcome", "admin/r/")):
            continue
        for method in ("get", "post"):
            assert status(half, method, places.address(route)) in {"login", "302"}, route
            if route not in {"admin/logout/"}:
                assert status(half, method, places.address(route)) == "login", route
