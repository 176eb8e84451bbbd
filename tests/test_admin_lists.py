"""Every list of the admin is narrowed by its declared filters and its search, and by nothing else that an address can say."""

import itertools
import re

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Reviewer
from comments.flows.reports import file_report
from comments.models import BlockedHost, Comment, DataRequest, HelpLine, WatchedWord
from lupussite import appearance
from lupussite.models import Appearance, Page
from tests.factories import make_article, make_comment, make_picture, make_published, make_topic, make_user
from web.admin import BaseAdmin

pytestmark = pytest.mark.django_db
ALL = "/admin/comments/comment/"
MODELS = list(admin.site._registry)
# The only parameters that narrow a list, beside `q`.
DECLARED = {
    "accounts.User": {"is_staff__exact", "is_superuser__exact", "is_active__exact", "groups__id__exact", "groups__isnull"},
    "comments.Comment": {"state__exact", "lane__exact", "article__id__exact", "sent"},
    "comments.Report": {"reason__exact", "comment__state__exact"},
    "articles.Article": {"topics__id__exact", "topics__isnull", "language__exact", "comments_open__exact"},
    "articles.Revision": {"article"},
    "articles.SignOff": {"origin__exact", "scope__exact"},
}
LOOKUPS = {
    "": "1",
    "__exact": "1",
    "__iexact": "a",
    "__in": "1,2",
    "__isnull": "1",
    "__gt": "0",
    "__lte": "2026-01-01",
    "__range": "0,9",
    "__year": "9" * 40,
    "__year__gte": "1",
    "__date": "2026-01-01",
    "__contains": "a",
    "__icontains": "a",
    "__startswith": "a",
    "__endswith": "a",
    "__regex": "(a+)+$",
    "__iregex": "a",
    "__has_key": "a",
    "__0": "a",
    "__isempty": "0",
}


def paths(model):
    """Return every field of a model, and every field of what it is related to, in either direction."""
    for field in model._meta.get_fields():
        yield field.name
        if field.is_relation and field.related_model:
            yield from (f"{field.name}__{further.name}" for further in field.related_model._meta.get_fields())


def list_address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def ask(client, address):
    """Return the answer and the SQL behind it, without the numbers that PostgreSQL's cursors get."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    return answer, [re.sub('_django_curs_[^"]+', "", query["sql"]) for query in queries.captured_queries]


def fill():
    """Put a row behind every list."""
    comment = make_comment(state="approved")
    file_report(comment, "harm", "", network="192.0.2.7")
    WatchedWord.objects.create(word="cure")
    BlockedHost.objects.create(host="offers.example")
    comment.article.topics.add(make_topic())
    make_picture()
    Page.objects.create(title="About us", slug="about-us")
    HelpLine.objects.create(country="Everywhere", name="A line", how="112")
    DataRequest.objects.create(contact=comment.contact)
    Appearance.objects.create(pk=1)
    appearance.current()  # What a process remembers from page to page.


@pytest.fixture(params=["superuser", "moderator"])
def staff(request, client):
    """A browser of someone of the staff."""
    client.force_login(make_user(is_superuser=True) if request.param == "superuser" else make_user("Moderators"))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_has_the_one_base(model):
    assert isinstance(admin.site._registry[model], BaseAdmin)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_address_compares_a_column_but_by_a_declared_filter(staff, model):
    fill()
    address = list_address(model)
    with time_machine.travel("2026-12-01", tick=False):
        plain, expected = ask(staff, address)
        assert plain.status_code in {200, 302, 403}
        for lookup, value in LOOKUPS.items():
            names = {f"{path}{lookup}" for path in paths(model)} - DECLARED.get(model._meta.label, set())
            answer, queries = ask(staff, f"{address}?{urlencode(dict.fromkeys(sorted(names), value))}")
            assert (answer.status_code, queries) == (plain.status_code, expected), lookup


@pytest.mark.parametrize(
    ("model", "name"), [(label, name) for label, names in DECLARED.items() for name in sorted(names)], ids=str
)
def test_a_declared_filter_bears_whatever_stands_in_its_place(admin_client, model, name):
    fill()
    address = list_address(next(each for each in MODELS if each._meta.label == model))
    values = ["", "\0", "9" * 19, "9" * 30, "9" * 5000, "-1", "maybe", "x" * 10_000, "é", "1.5", "True", "null", "1' OR 1=1--"]
    for value in values:
        assert admin_client.get(f"{address}?{urlencode({name: value})}", follow=True).status_code == 200, value
    assert admin_client.get(f"{address}?{'&'.join([f'{name}=1'] * 3000)}", follow=True).status_code == 200


def test_every_link_of_a_filter_filters(admin_client):
    fill()
    Article.objects.update(language="es")
    followed = 0
    for model in MODELS:
        page = admin_client.get(list_address(model))
        if "cl" not in (page.context or {}):
            continue
        for spec in page.context["cl"].filter_specs:
            for choice in list(spec.choices(page.context["cl"]))[1:]:
                narrowed = admin_client.get(f"{list_address(model)}{choice['query_string']}").context["cl"]
                assert narrowed.has_active_filters, choice
                followed += 1
    assert followed > 30


def test_a_filter_and_another_and_the_search_narrow_together(admin_client):
    article = make_published()
    for state, name in itertools.product(("approved", "spam"), ("Ana", "Tom")):
        make_comment(article=article, state=state, name=name)
    page = admin_client.get(f"{ALL}?state__exact=spam&article__id__exact={article.pk}&q=tom&o=-1")
    assert [(comment.state, comment.name) for comment in page.context["cl"].result_list] == [("spam", "Tom")]


def test_all_versions_of_an_article_are_those_of_that_article(admin_client):
    one, other = make_published(title="The one"), make_published(title="The other")
    page = admin_client.get(f"/admin/articles/revision/?article={one.pk}")
    assert [revision.article for revision in page.context["cl"].result_list] == [one]
    assert admin_client.get(f"/admin/articles/revision/?article={other.pk + 7}").context["cl"].result_count == 2


@pytest.mark.parametrize(
    "address",
    [
        f"{ALL}?body__regex=(a%2B)%2B%24",
        f"{ALL}?nonce__startswith=a",
        f"{ALL}?repeat_key__startswith=a",
        f"{ALL}?text_digest__startswith=a",
        f"{ALL}?contact__email_index__startswith=a",
        f"{ALL}?submitted_at__year={'9' * 40}",
        f"{ALL}?signals__contains=x",
        f"{ALL}?e=1&state__year=1",
        f"{ALL}?e=1",
        f"{ALL}?_to_field=nonce",
        f"{ALL}?_popup=1&_facets=True&all=1",
        f"{ALL}?o={'.'.join(['1'] * 3000)}",
        f"{ALL}?o={'9' * 5000}",
        f"{ALL}?o=-.x.%00",
        f"{ALL}?p={'9' * 5000}",
        f"{ALL}?p=-1",
        f"{ALL}?p=%00",
        f"{ALL}?_changelist_filters=body__regex%3Dx",
        "/admin/comments/report/?comment__nonce__startswith=a",
        "/admin/accounts/user/?password__startswith=a",
        "/admin/accounts/user/?password__regex=a",
        "/admin/auth/group/?user__password__startswith=a",
    ],
)
def test_a_link_from_elsewhere_shows_the_ordinary_list(admin_client, address):
    make_comment(name="Marta", body="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")
    page = admin_client.get(address)
    assertContains(page, 'id="changelist"')
    assert page.context["cl"].result_count == page.context["cl"].root_queryset.count()


def test_a_page_that_is_not_there_leads_to_one_that_is(admin_client):
    article = make_published()
    Comment.objects.bulk_create(Comment(article=article, name=f"N{number}") for number in range(101))
    assert admin_client.get(f"{ALL}?p=2").context["cl"].page_num == 2
    for address in (f"{ALL}?p=77", f"{ALL}?p=999999&e=1", f"{ALL}?p=0"):
        assert admin_client.get(address, follow=True).context["cl"].page_num == 1


@pytest.mark.parametrize("query", ["Zoe", "zoë", "ZOË", "dose of zoe", '"THE DOSE"', "dose\0", "50%", "a_b", "back\\slash"])
def test_a_search_knows_no_accents_and_no_patterns(admin_client, query):
    article = make_published()
    make_comment(article=article, name="Zoë", body="The  dose of 50% is a_b back\\slash")
    make_comment(article=article, name="Marta", body="500 axb")
    page = admin_client.get(f"{ALL}?{urlencode({'q': query})}")
    assert [comment.name for comment in page.context["cl"].result_list] == ["Zoë"]


@pytest.mark.parametrize("query", ["% 500", "_", "zoe marta", '"dose the"', "\\"])
def test_a_search_finds_nothing_that_is_not_there(admin_client, query):
    article = make_published()
    make_comment(article=article, name="Zoë", body="The dose")
    make_comment(article=article, name="Marta", body="500 axb")
    assert admin_client.get(f"{ALL}?{urlencode({'q': query})}").context["cl"].result_count == 0


def test_a_search_is_cut_like_the_readers(admin_client):
    make_comment(name="Marta", body="one two three four five six seven eight nine ten")
    ten = "one two three four five six seven eight nine ten"
    assert admin_client.get(f"{ALL}?{urlencode({'q': f'{ten} eleven'})}").context["cl"].result_count == 1
    far = f"one{' ' * 200}eleven"
    assert admin_client.get(f"{ALL}?{urlencode({'q': far})}").context["cl"].result_count == 1
    _, few = ask(admin_client, f"{ALL}?{urlencode({'q': ten})}")
    many, most = ask(admin_client, f"{ALL}?{urlencode({'q': ' '.join(f'w{number}' for number in range(1000))})}")
    assert many.status_code == 200
    assert max(map(len, most)) <= max(map(len, few))


def searchable():
    return [model for model in MODELS if admin.site._registry[model].search_fields]


@pytest.mark.parametrize("model", searchable(), ids=lambda model: model._meta.label)
@pytest.mark.parametrize(
    "query",
    ["Zoë", "\0", "%", "'", '"', "é" * 5000, "a " * 1000, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")],
)
def test_every_search_bears_every_word(admin_client, model, query):
    fill()
    assert admin_client.get(f"{list_address(model)}?{urlencode({'q': query})}").status_code == 200


def test_every_search_knows_no_accents(admin_client):
    word = "Zoë Ñandú"
    make_user(username="zoe", first_name=word)
    Group.objects.create(name=word)
    WatchedWord.objects.create(word=word)
    BlockedHost.objects.create(host="x.example", note=word)
    Reviewer.objects.create(name=word, slug="z")
    make_topic(word)
    Page.objects.create(title=word, slug="w")
    make_picture(alt=word)
    make_published(title=word)
    for model in searchable():
        if model is not Comment:
            assert admin_client.get(f"{list_address(model)}?q=nandu").context["cl"].result_count == 1, model


def test_autocompletion_is_searched_alike_and_tells_no_other_field(admin_client, moderator):
    make_article(title="Zoë")
    address = "/admin/autocomplete/?app_label=comments&model_name=comment&field_name=article&"
    found = admin_client.get(f"{address}{urlencode({'term': 'zoe'})}").json()
    assert [one["text"] for one in found["results"]] == ["Zoë"]
    assert admin_client.get(f"{address}{urlencode({'term': chr(0)})}").status_code == 200
    for term in ("x " * 1000, "%", "9" * 5000):
        assert admin_client.get(f"{address}{urlencode({'term': term})}").json()["results"] == []
    for page in ("junk", "9" * 5000, "-1", "\0"):
        assert admin_client.get(f"{address}{urlencode({'page': page})}").status_code == 404


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_pages_of_one_row_read_no_field_of_the_address(admin_client, model):
    fill()
    make_article()
    row = model._default_manager.first()
    assert row
    base = f"{list_address(model)}{row.pk}"
    junk = {
        "_changelist_filters": "body__regex=(a%2B)",
        "body__regex": "(a+)+$",
        "p": "9" * 5000,
        "page": "\0",
        "o": "x",
    }
    for name in ("change/", "history/", "delete/"):
        with time_machine.travel("2026-12-01", tick=False):
            admin_client.get(f"{base}/{name}")  # What is asked once a process, such as the kinds of content.
            plain, expected = ask(admin_client, f"{base}/{name}")
            answer, queries = ask(admin_client, f"{base}/{name}?{urlencode(junk)}")
        assert plain.status_code < 500
        assert (answer.status_code, queries) == (plain.status_code, expected)
        assert admin_client.get(f"{base}/{name}?_to_field=pk").status_code in {200, 302, 400, 403, 404}
    for key in ("9" * 30, "%00", "x", "9" * 5000):
        for name in ("", "change/", "history/", "delete/"):
            assert admin_client.get(f"{list_address(model)}{key}/{name}").status_code < 500


def test_a_form_is_not_filled_in_by_an_address(admin_client):
    page = admin_client.get("/admin/comments/watchedword/add/?word=Prefilled&groups=x")
    assertNotContains(page, "Prefilled")
    assert admin_client.get("/admin/articles/reviewer/add/?ended_on=x&user=y&name=z").status_code == 200
    assert admin_client.get("/admin/auth/group/add/?permissions=a,b").status_code == 200


@pytest.mark.parametrize("keys", [["x"], ["9" * 30], ["\0"], ["1"] * 3000, [""]])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_action_on_rows_that_cannot_be_there_does_nothing(admin_client, model, keys):
    make_comment()
    for action in ("approve", "reject", "delete_selected", "nothing"):
        posted = {"action": action, "_selected_action": keys, "index": "0"}
        assert admin_client.post(list_address(model), posted, follow=True).status_code == 200
    assert Comment.objects.filter(state="pending").count() == 1


def test_on_site_is_not_there(admin_client):
    article = make_published()
    kind = ContentType.objects.get_for_model(Article).pk
    for address in (f"{kind}/{article.pk}", f"{kind}/{'9' * 30}", f"{kind}/%00", "x/1", f"{'9' * 5000}/1"):
        assert admin_client.get(f"/admin/r/{address}/").status_code == 404
