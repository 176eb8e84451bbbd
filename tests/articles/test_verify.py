"""`verify_revisions`: what holds, and one line for each thing that does not."""

import datetime
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.models import Article, Revision, SignOff
from lupussite import insert_only
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def verify():
    """Return the lines and the exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("verify_revisions", stdout=out)
    except SystemExit as end:
        status = end.code
    return out.getvalue().splitlines(), status


@pytest.fixture
def article():
    """An article that was published twice, after the triggers were taken away, as by somebody with the database file."""
    insert_only.drop(connection)
    article = make_published(slug="hats")
    editor = make_user("Editors")
    Article.objects.update(body="<p>Other words.</p>")
    revision = workflow.submit(Article.objects.get(), by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=make_reviewer().user)
    workflow.publish(revision, by=editor)
    return article


def test_all_holds(article):
    make_published()
    workflow.submit(make_article(), by=make_user("Editors"))
    assert verify() == (["4 revisions, 3 signatures: all hold."], 0)


def test_an_empty_database_holds():
    assert verify() == (["0 revisions, 0 signatures: all hold."], 0)


def test_an_import_from_an_earlier_site_holds():
    workflow.publish_imported(workflow.submit(make_article(), by=None))
    assert verify() == (["1 revisions, 0 signatures: all hold."], 0)


def test_a_statement_and_an_urgent_change_hold():
    article = make_article()
    workflow.publish_stated(workflow.submit(article, by=None), make_reviewer(), edited=True)
    editor = make_user("Editors")
    editor.user_permissions.add(Permission.objects.get(codename="publish_urgently"))
    Article.objects.update(body="<p>Other words.</p>")
    workflow.publish_urgently(workflow.submit(Article.objects.get(), by=editor), by=editor, reason="A recall")
    assert verify() == (["2 revisions, 1 signatures: all hold."], 0)


def test_a_revoked_signature_still_was_the_ground_to_publish(article):
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error")
    assert verify()[1] == 0


YESTERDAY = timezone.now() - datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("model", "number", "fields", "line"),
    [
        (Revision, 1, {"sha256": "0" * 64}, "version 1: the text does not have the hash in its row."),
        (Revision, 2, {"content": '{"format":1}'}, "version 2: the text does not have the hash in its row."),
        (Revision, 2, {"content": "["}, "version 2: the text is not JSON of a page."),
        (Revision, 2, {"content": "[]"}, "version 2: the text is not JSON of a page."),
        (Revision, 2, {"content": '{"a": 1,"format":1}'}, "version 2: the text is not in its canonical form."),
        (Revision, 1, {"format": 7}, "version 1: the text says format 1, its row format 7."),
        (Revision, 2, {"number": 5}, "version 5: version 2 is missing before it."),
        (Revision, 2, {"submitted_at": YESTERDAY}, "version 2: it was submitted before version 1."),
        (Revision, 1, {"published_at": YESTERDAY}, "version 1: it was published before it was submitted."),
        (Revision, 1, {"retired_at": YESTERDAY}, "version 1: it was retired before it was published."),
        (
            Revision,
            2,
            {"retired_at": timezone.now(), "published_at": YESTERDAY},
            "version 2: it was published before version 1 was retired.",
        ),
        (SignOff, 1, {"sha256": "0" * 64}, "version 1: the signature of Rita Reviewer is on another hash."),
    ],
)
def test_each_change_behind_the_back_of_the_site_is_found(article, model, number, fields, line):
    path = "number" if model is Revision else "revision__number"
    model.objects.filter(**{path: number}).update(**fields)
    lines, status = verify()
    assert status == 1
    assert f"hats, {line}" in lines


def test_a_version_that_went_online_for_no_reason_is_found(article):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_articleevent")
        cursor.execute("DELETE FROM articles_signoff")
    lines, _ = verify()
    assert [line for line in lines if line.startswith("hats, version 2: it was published without a signature")]


def test_a_live_version_before_a_later_one_is_found(article):
    Revision.objects.filter(number=2).update(retired_at=timezone.now())
    Revision.objects.filter(number=1).update(retired_at=None)
    assert "hats, version 2: version 1 before it was never retired." in verify()[0]


def test_a_signature_of_another_article_is_found(article):
    other = make_published()
    SignOff.objects.filter(revision__number=2).update(article=other)
    assert "hats, version 2: the signature of Rita Reviewer names another article." in verify()[0]


def test_a_base_of_another_article_is_found(article):
    other = make_published()
    base = SignOff.objects.filter(article=other).get()
    SignOff.objects.filter(revision__number=2).update(base=base, scope="changes")
    assert "hats, version 2: the signature of Rita Reviewer builds on one that it cannot build on." in verify()[0]


def test_many_articles_cost_a_few_queries_for_each_hundred(django_assert_max_num_queries):
    for _ in range(5):
        make_published()
    with django_assert_max_num_queries(4):
        assert verify()[1] == 0


def test_a_forged_signature_and_dates_that_were_moved_are_found():
    article = make_published(slug="caps")
    one = article.sign_offs.get()
    insert_only.drop(connection)
    SignOff.objects.filter(pk=one.pk).update(read_on=datetime.date(2020, 1, 1))
    fields = {name: getattr(one, name) for name in ("article", "revision", "sha256", "scope", "origin", "reviewer", "signed_on")}
    SignOff.objects.create(**fields, name="Forged", read_on=one.signed_on, valid_until=one.valid_until)
    Revision.objects.filter(article=article).update(search_text="other words")
    assert verify()[0] == [
        "caps, version 1: the words to search in are not those of the text.",
        "caps, version 1: the signature of Rita Reviewer has another day of reading than of signing.",
        "caps, version 1: nothing in the log says that Forged signed it.",
    ]
