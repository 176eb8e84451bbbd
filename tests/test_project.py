"""Guards of the whole: directions of imports, what opens, what never leaks, what a database refuses."""

import ast
import io
import pathlib
import re

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains

from articles.models import Article
from bench.mutations import MUTATIONS
from comments.models import State
from lupussite import insert_only
from tests.factories import make_article, make_comment, make_published

ROOT = pathlib.Path(__file__).resolve().parent.parent
CANARY = "canary@example.org"


def imported(app):
    """Return (file, module, names) of every import in an app."""
    for path in sorted((ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and not node.level:
                yield path, node.module, [alias.name for alias in node.names]
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield path, alias.name, []


# What each app may import of the others; mail, web and accounts know nothing of each other.
FLOORS = {
    "lupussite": {"comments", "articles", "mail", "web", "accounts"},
    "comments": {"articles", "mail", "web", "accounts"},
    "articles": {"mail", "web", "accounts"},
    "mail": set(),
    "web": set(),
    "accounts": {"web"},
}


@pytest.mark.parametrize("app", FLOORS)
def test_imports_lead_down_and_never_back(app):
    others = FLOORS.keys() - {app} - FLOORS[app]
    assert not [(path, module) for path, module, _ in imported(app) if module.split(".")[0] in others]


def test_no_module_imports_in_a_circle():
    """Follow the imports that run when a module is loaded; those inside functions are late on purpose."""
    modules = {}
    for app in FLOORS:
        for path in (ROOT / app).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            modules[name] = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ImportFrom | ast.Import)]
    arrows = {}
    for name, nodes in modules.items():
        wanted = {f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        wanted |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        wanted |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        # A package and what lies in it belong together: what __init__ hands on comes from its own modules.
        arrows[name] = {other for other in wanted & modules.keys() if not f"{name}.".startswith(f"{other}.")}
    left = dict(arrows)
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left


def test_comments_know_one_name_of_articles():
    names = {(module, *names) for _, module, names in imported("comments") if module.split(".")[0] in {"articles", "lupussite"}}
    assert names == {("articles.models", "Article")}


def test_screening_and_rendering_touch_no_database():
    pure = [*(ROOT / "comments/screening").glob("*.py")]
    pure += [ROOT / f"articles/{name}.py" for name in ("canonical", "review")]
    pure += [*(ROOT / "articles/html").glob("*.py"), *(ROOT / "articles/diff").glob("*.py")]
    for path in pure:
        assert "from django.db import" not in path.read_text().replace("from django.db.models import TextChoices", ""), path


def test_words_become_html_in_few_places():
    code = {path: path.read_text() for app in FLOORS for path in (ROOT / app).rglob("*.py")}
    assert sorted(
        str(path.relative_to(ROOT)) for path, text in code.items() if re.search(r"\b(?:mark_safe|SafeString)\(", text)
    ) == [
        "articles/templatetags/articles.py",  # JSON-LD, which escapes what could end its block
        "comments/public/thread_html.py",  # which escapes names, and gets words from the next
        "comments/rendering.py",
    ]
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert re.findall(r"[\w.]+\|safe\b", templates) == ["revision.body_html|safe"]
    # JSON-LD is a data block and runs nowhere; its content is the tag's and nothing else.
    data = '<script type="application/ld+json">{% json_ld record %}</script>'
    assert templates.count(data) == 1
    templates = templates.replace(data, "")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|autoescape off", templates)


def test_a_template_tag_answers_no_request():
    """What a page lacks is decided by its view: a tag that raises Http404 turns every page that uses it into one."""
    tags = [path for app in FLOORS for path in (ROOT / app).rglob("templatetags/*.py")]
    assert tags
    assert not [path for path in tags if re.search(r"404|django\.http|django\.shortcuts", path.read_text())]


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes detected" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_every_admin_list_opens_and_every_page_keeps_the_policy(admin_client, model):
    page = admin_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), follow=True)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*[^\s<]|<style|\sstyle=|\sonclick=", page.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/articles/", "/about/", "/comment-rules/", "/privacy/", "/accessibility/", "/search/?q=lupus", "/nothing/"]
)
def test_every_page_is_locked_and_sets_no_cookie(client, address):
    page = client.get(address)
    assert not page.cookies
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in page.headers["Permissions-Policy"]
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', re.sub(r'<link rel="canonical"[^>]*>', "", page.content.decode()))


@pytest.mark.django_db
def test_no_public_address_and_no_ordinary_admin_page_holds_an_address(client, admin_client):
    """Walk from the start page and the admin's index over every link; the only door is the page with the reason."""
    article = make_published()
    comments = [make_comment(article=article, state=state, email=CANARY) for state in (State.PENDING, State.APPROVED, State.SPAM)]
    make_comment(article=article, parent=comments[1], state=State.APPROVED, email=CANARY)
    own = [comment.author_url for comment in comments]
    doors = ["/", "/feed/", f"/articles/{article.slug}/feed/", "/sitemap.xml", "/robots.txt", "/healthz", "/search/?q=canary"]
    public = walk(client, [*doors, *own])
    staff = walk(admin_client, ["/admin/", "/admin/comments/comment/?q=canary", "/admin/comments/queued/"])
    assert len(public) > 15
    assert len(staff) > 20


def walk(browser, start):
    """Open every address that links lead to, at most 300, and return them; fails when one holds the canary."""
    waiting, seen = list(start), set()
    while waiting and len(seen) < 300:
        address = waiting.pop().split("#")[0].replace("&amp;", "&")
        if address in seen or "logout" in address:
            continue
        seen.add(address)
        page = browser.get(address)
        assert page.status_code < 500, address
        if page.streaming or "text/css" in page.headers.get("Content-Type", ""):
            continue
        text = page.content.decode()
        assert CANARY not in text + str(page.headers), address
        waiting += [found for found in re.findall(r'href="(/[^"]*)"', text) if not found.startswith("/static/")]
        if "Location" in page.headers:
            waiting.append(page.headers["Location"])
    return seen


@pytest.mark.django_db
def test_nothing_that_readers_sent_is_logged(client, caplog):
    article = make_published()
    caplog.set_level("DEBUG")
    answer = client.post(
        f"/articles/{article.slug}/comments/",
        {"name": "Canaria", "email": CANARY, "body": "Canary words"},
        REMOTE_ADDR="203.0.113.77",
    )
    client.get(answer.url)
    client.get(f"/search/?q={CANARY}", REMOTE_ADDR="203.0.113.77")
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert any("POST /articles/<slug:slug>/comments/ 303" in line for line in lines)
    secret = answer.url.rstrip("/").split("/")[-1]
    assert not [line for line in lines if any(word in line for word in ("anary", "203.0.113", secret))]


@pytest.mark.django_db
def test_no_address_of_a_network_is_in_the_database(client):
    article = make_published()
    form = {"name": "A", "email": CANARY, "body": "Words"}
    client.post(f"/articles/{article.slug}/comments/", form, REMOTE_ADDR="203.0.113.77")
    # An index of FTS5 is not read itself; the tables that it is made of are.
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {table for table in tables if f"{table}_docsize" not in tables and f"{table}_data" not in tables}:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "203.0.113.77" not in str(cursor.fetchall()), table


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles_revision SET content = '{}'",
        "UPDATE articles_revision SET sha256 = 'x'",
        "DELETE FROM articles_revision",
        "UPDATE articles_signoff SET name = 'Somebody Else'",
        "DELETE FROM articles_signoff",
    ],
)
def test_database_refuses_to_change_what_was_signed(sql):
    make_published()
    with pytest.raises(IntegrityError, match="only takes new rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_no_comment_becomes_one_that_an_earlier_site_approved():
    make_comment()
    said = "UPDATE comments_comment SET decided_elsewhere = NOT decided_elsewhere"
    with pytest.raises(IntegrityError, match="only takes new rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)
    approved = "UPDATE comments_comment SET state = 'approved', page = 1, decided_at = submitted_at"
    refused = pytest.raises(IntegrityError, match="comments_approved_by_a_person")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(approved)


@pytest.mark.django_db
def test_missing_triggers_are_reported_and_put_back():
    assert insert_only.check(None, ["default"]) == []
    insert_only.drop(connection)
    assert "insert_only_comments_commentevent_delete" in insert_only.check(None, ["default"])[0].msg
    insert_only.put_back(sender=None, using="default")
    assert insert_only.check(None, ["default"]) == []


@pytest.mark.django_db
def test_health_answers(client):
    assertContains(client.get("/healthz"), "ok")


@pytest.mark.django_db
def test_draft_is_nowhere(client):
    draft = make_article(title="Canary draft")
    for address in ("/", f"/articles/{draft.slug}/", "/feed/", "/sitemap.xml", "/search/?q=canary"):
        assert "Canary draft" not in client.get(address).content.decode()
    assert not Article.objects.published().filter(pk=draft.pk).exists()


def test_staff_accounts_are_deactivated_never_deleted(admin_client, moderator):
    assert admin_client.post(f"/admin/accounts/user/{moderator.pk}/delete/", {"post": "yes"}).status_code == 403
    assertContains(admin_client.get(f"/admin/accounts/user/{moderator.pk}/change/"), "is_active")


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_of_the_bench_finds_its_place(name):
    file, before, *_ = MUTATIONS[name]
    assert (ROOT / file).read_text().count(before) == 1
