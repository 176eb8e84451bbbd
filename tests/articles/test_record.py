"""The page, review.json and JSON-LD say the same in every status, and a stranger can recompute the hash."""

import datetime
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import canonical, workflow
from articles.models import Article, Reviewer, Revision, SignOff, Source
from articles.record import retractions
from lupussite.demo import content as demo
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "review-record.md"
START = datetime.datetime(2026, 1, 10, 12, tzinfo=datetime.UTC)


def editor():
    """Return somebody who may also publish without a signature."""
    user = make_user("Editors")
    user.user_permissions.add(Permission.objects.get(codename="publish_urgently"))
    return user


def change(article, words, *, by, **fields):
    """Give the working copy another body and freeze it."""
    Article.objects.filter(pk=article.pk).update(body=f"<p>{words}</p>")
    return workflow.submit(Article.objects.get(pk=article.pk), by=by, **fields)


def sign(revision, reviewer, scope="full"):
    return workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user, scope=scope)


def json_ld(page):
    """Return the data block of a page, or None."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL)
    return json.loads(found.group(1)) if found else None


def words_of(page):
    """Return the words of the main part in one line."""
    text = re.sub(r"<(script|style).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def in_words(day):
    return f"{datetime.date.fromisoformat(day):%B %-d, %Y}"


def check_that_all_agree(client, article, kind):
    """Compare what the page, review.json and JSON-LD say today, and return the record."""
    page = client.get(article.get_absolute_url())
    answer = client.get(f"{article.get_absolute_url()}review.json")
    assert answer.headers["Content-Type"] == "application/json"
    record = answer.json()
    status, said, words = record["status"], json_ld(page), words_of(page)
    assert (page.status_code, answer.status_code) == ((410, 410) if kind == "withdrawn" else (200, 200))
    assert status["kind"] == kind
    assert status["computed_on"] == timezone.localdate().isoformat()
    assert bool(re.search(r"Reviewed (and edited )?by|[Aa]ll of this page", words)) == status["reviewed"]
    if kind == "withdrawn":
        assert said is None
        assert "revision" not in record
        assert status["reason"] in words
        return record
    assert canonical.sha256(record["revision"]["content"]) == record["revision"]["sha256"]
    assert said["headline"] == json.loads(record["revision"]["content"])["title"] == record["title"]
    assert said["dateModified"] == record["revision"]["published_on"]
    assert in_words(said["dateModified"]) in words
    assert in_words(said["datePublished"]) in words
    assert ("lastReviewed" in said) == ("reviewedBy" in said) == status["reviewed"]
    valid = [one for one in record["signatures"] if one["holds"] and one["sha256"] == record["revision"]["sha256"]]
    assert bool(valid) == status["reviewed"]
    if status["reviewed"]:
        assert said["lastReviewed"] == status["read_on"]
        assert in_words(status["read_on"]) in words
        assert in_words(status["next_due_on"]) in words if kind != "archived" else status["next_due_on"] is None
        people = [f"{one['name']}, {one['honorificSuffix']}" for one in said["reviewedBy"]]
        assert people == status["reviewed_by"]
        assert all(person in words for person in people)
        assert ("Later changes reviewed on" in words) == bool(status["changes_read_on"])
    else:
        assert status["read_on"] is status["next_due_on"] is None
        assert status["reviewed_by"] == []
    assert status["reason"] in words
    assert ("It is overdue." in words) == (kind == "overdue")
    assert ("No reviewer has checked this change yet." in words) == (status["text"] == "changed")
    assert ("We keep this page for reference." in words) == (kind == "archived")
    for doors in ("/", "/search/?q=hats", f"/reviewers/{Reviewer.objects.order_by('pk').first().slug}/"):
        listed = client.get(doors)
        if listed.status_code == 200 and kind != "current":
            assert "Reviewed by" not in words_of(listed)
    return record


def test_page_json_and_json_ld_agree_from_the_first_signature_to_the_withdrawal(client):
    with time_machine.travel(START) as clock:
        by, first, second = editor(), make_reviewer(name="Rita One"), make_reviewer(name="Rosa Two")
        article = make_article(title="Hats", body="<p>Old words.</p>")
        revision = workflow.submit(article, by=by)
        assert client.get(f"{article.get_absolute_url()}review.json").status_code == 404
        sign(revision, first)
        workflow.publish(revision, by=by)
        assert check_that_all_agree(client, article, "current")["status"]["read_on"] == "2026-01-10"

        clock.move_to(START.replace(year=2027))
        record = check_that_all_agree(client, article, "overdue")
        assert record["status"]["since"] == "2027-01-10"

        clock.move_to(START.replace(year=2027, month=2))
        sign(revision, first)
        assert check_that_all_agree(client, article, "current")["status"]["read_on"] == "2027-02-10"

        clock.move_to(START.replace(year=2027, month=3))
        urgent = change(article, "Never take both together.", by=by, change="correction", note="A warning was added.")
        workflow.publish_urgently(urgent, by=by, reason="A recall")
        record = check_that_all_agree(client, article, "changed")
        assert (record["revision"]["urgent"], record["revision"]["review_due_on"]) == (True, "2027-03-17")
        assert [one["number"] for one in record["earlier"]] == [1]
        assertNotContains(client.get(f"{article.get_absolute_url()}review.json"), "A recall")

        clock.move_to(START.replace(year=2027, month=4))
        on_changes = sign(urgent, second, scope="changes")
        record = check_that_all_agree(client, article, "current")
        status = record["status"]
        assert (status["read_on"], status["changes_read_on"]) == ("2027-02-10", "2027-04-10")
        assert status["reviewed_by"] == ["Rosa Two, MD", "Rita One, MD"]

        workflow.revoke(on_changes, by=by, reason="A number was wrong.")
        assert check_that_all_agree(client, article, "revoked")["status"]["reason"] == "A number was wrong."

        workflow.archive(Article.objects.get(), by=by)
        assert check_that_all_agree(client, article, "archived")["status"]["text"] == "revoked"
        workflow.restore(Article.objects.get(), by=by)
        sign(urgent, second)
        check_that_all_agree(client, article, "current")
        workflow.archive(Article.objects.get(), by=by)
        assert check_that_all_agree(client, article, "archived")["status"]["reviewed"]
        workflow.restore(Article.objects.get(), by=by)
        check_that_all_agree(client, article, "current")

        workflow.withdraw(Article.objects.get(), by=by, reason="The study was withdrawn.")
        check_that_all_agree(client, article, "withdrawn")
        assertNotContains(client.get(f"{article.get_absolute_url()}changes/"), "Never take", status_code=410)


def test_what_an_earlier_site_stated_is_told_as_that(client):
    article = make_article(no_source_reason="It is about us")
    reviewer = Reviewer.objects.create(name="Donald Thomas", credentials="MD", slug="donald-thomas")
    workflow.publish_stated(workflow.submit(article, by=None), reviewer, edited=True)
    page = client.get(article.get_absolute_url())
    status = client.get(f"{article.get_absolute_url()}review.json").json()["status"]
    assert (status["kind"], status["reviewed"], status["read_on"]) == ("earlier", False, None)
    assert "Reviewed and edited by Donald Thomas, MD" in words_of(page)
    assert "No sources needed: It is about us" in words_of(page)
    said = json_ld(page)
    assert status["reviewed_by"] == []
    assert not {"reviewedBy", "lastReviewed"} & said.keys()
    assertContains(client.get("/reviewers/donald-thomas/"), "signed anything here")


def test_what_an_import_put_online_says_that_it_is_not_reviewed(client):
    article, reviewer = make_article(), make_reviewer()
    workflow.publish_imported(workflow.submit(article, by=None))
    check_that_all_agree(client, article, "not-reviewed")
    assertContains(client.get(article.get_absolute_url()), "No reviewer has checked this page yet.")
    assertContains(client.get("/"), "Not reviewed")
    revision = Revision.objects.get()
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    check_that_all_agree(client, article, "current")


def test_a_text_put_online_by_hand_says_that_nobody_checked_it(client):
    article = make_published()
    revision = change(article, "Other words.", by=make_user("Editors"))
    Revision.objects.live().update(retired_at=timezone.now())
    Revision.objects.filter(pk=revision.pk).update(published_at=timezone.now())
    check_that_all_agree(client, article, "changed")


def test_json_ld_cannot_be_left_by_the_words_in_it(client):
    title = "</script><script>alert(1)</script> & <!-- “hats”"
    article = make_published(title=title)
    page = client.get(article.get_absolute_url())
    assert json_ld(page)["headline"] == title
    block = re.search(r'ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL).group(1)
    assert not set("<>&") & set(block)


def test_name_letters_and_ties_stay_as_they_were_that_day(client):
    article = make_published()
    SignOffs = SignOff.objects
    reviewer = SignOffs.get().reviewer
    Reviewer.objects.filter(pk=reviewer.pk).update(name="Rita Newname", ties="A maker of hats paid me.")
    page = client.get(article.get_absolute_url())
    assertContains(page, "Rita Reviewer, MD")
    assertNotContains(page, "A maker of hats")
    assertContains(client.get(f"/reviewers/{reviewer.slug}/"), "A maker of hats paid me.")


# The script of the document


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_document_confirms_every_live_page(live_server, tmp_path):
    demo.load()
    script = tmp_path / "check.py"
    script.write_text(re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL).group(1))
    articles = list(Article.objects.published())
    assert len(articles) >= 4
    for article in articles:
        address = f"{live_server.url}{article.get_absolute_url()}"
        run = subprocess.run([sys.executable, str(script), address], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert article.revision.sha256 in run.stdout
        assert article.review.signature.name in run.stdout


def test_every_key_of_the_record_is_in_the_document(client):
    article = make_article()
    Source.objects.create(article=article, position=1, title="Brims", retracted_on=datetime.date(2026, 1, 1))
    revision = workflow.submit(article, by=editor())
    sign(revision, make_reviewer())
    workflow.publish(revision, by=editor())
    revision = change(article, "Other", by=editor())
    sign(revision, make_reviewer())
    workflow.publish(revision, by=editor())
    record = client.get(f"{article.get_absolute_url()}review.json").json()
    document = DOCUMENT.read_text()

    def keys(value):
        if isinstance(value, dict):
            yield from value
            for item in value.values():
                yield from keys(item)
        elif isinstance(value, list):
            for item in value:
                yield from keys(item)

    assert [key for key in {*keys(record), *keys(json.loads(record["revision"]["content"]))} if f"`{key}`" not in document] == []


# Sources


def source(**fields):
    return {"title": "About brims", "pmid": "", "doi": ""} | fields


@pytest.mark.parametrize(
    ("frozen", "retracted", "found"),
    [
        (source(pmid="12"), {"pmid": "12", "title": "Another"}, True),
        (source(pmid="12"), {"pmid": "13", "title": "About brims"}, False),
        (source(doi="10.1000/A"), {"doi": "10.1000/a", "title": "Another"}, True),
        (source(doi="10.1000/A"), {"doi": "10.1000/b", "title": "About brims"}, False),
        (source(pmid="12"), {"title": "About  Brims"}, True),
        (source(), {"title": "About rims"}, False),
    ],
)
def test_a_retracted_source_is_found_by_pmid_else_doi_else_title(frozen, retracted, found):
    day = datetime.date(2026, 1, 1)
    assert retractions([source(title="x"), frozen], [Source(retracted_on=day, **retracted)]) == ({2: day} if found else {})


def test_a_retracted_source_is_told_at_once_without_a_new_version(client):
    article = make_article(body="<p>Brims [1].</p>")
    Source.objects.create(article=article, position=1, title="About brims", pmid="12")
    by = make_user("Editors")
    revision = workflow.submit(article, by=by)
    sign(revision, make_reviewer())
    workflow.publish(revision, by=by)
    assertNotContains(client.get(article.get_absolute_url()), "Retracted")
    for one in Source.objects.all():
        one.retracted_on = datetime.date(2026, 5, 1)
        one.save()
    page = client.get(article.get_absolute_url())
    assert "Retracted on May 1, 2026." in words_of(page)
    assert "The publisher has retracted a source that this page cites: source 1." in words_of(page)
    assert json_ld(page)["citation"][0]["creativeWorkStatus"] == "Retracted on 2026-05-01"
    record = client.get(f"{article.get_absolute_url()}review.json").json()
    assert record["retracted_sources"] == [{"number": 1, "retracted_on": "2026-05-01"}]
    assert record["revision"]["number"] == 1
