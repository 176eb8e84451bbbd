"""Identifiers as editors paste them, what repeats, and the list for a check by hand."""

import csv
import io

import pytest
from django.core.management import call_command

from articles import citations, workflow
from articles.models import Article
from tests.factories import make_article, make_reviewer, make_user


@pytest.mark.parametrize(
    "text",
    [
        "30114969",
        " 30114969 ",
        "PMID: 30114969",
        "pmid 30114969.",
        "https://pubmed.ncbi.nlm.nih.gov/30114969/",
        "http://www.ncbi.nlm.nih.gov/pubmed/30114969?x=1",
    ],
)
def test_a_pmid_is_taken_as_it_is_pasted(text):
    assert citations.pmid(text) == "30114969"


@pytest.mark.parametrize("text", ["0", "012", "1234567890", "12a", "PMC123", "https://example.org/30114969/", "١٢٣"])
def test_what_is_no_pmid_is_refused(text):
    with pytest.raises(ValueError, match="one to nine digits"):
        citations.pmid(text)


@pytest.mark.parametrize(
    "text",
    [
        "10.1002/acr.23703",
        " 10.1002/acr.23703. ",
        "doi:10.1002/acr.23703",
        "DOI 10.1002/acr.23703",
        "https://doi.org/10.1002/acr.23703",
        "http://dx.doi.org/10.1002%2Facr.23703",
    ],
)
def test_a_doi_is_taken_as_it_is_pasted(text):
    assert citations.doi(text) == "10.1002/acr.23703"


def test_a_doi_keeps_its_odd_signs():
    odd = "10.1002/(SICI)1529-0131(199903)42:3<441::AID-ANR6>3.0.CO;2-I"
    assert citations.doi(odd) == odd


@pytest.mark.parametrize("text", ["acr.23703", "10.1/x", "10.1002", "10.1002/", "10.1002/a b"])
def test_what_is_no_doi_is_refused(text):
    with pytest.raises(ValueError, match=r"starts with “10"):
        citations.doi(text)


def test_nothing_stays_nothing():
    assert citations.pmid("") == citations.doi(" ") == ""


def test_only_what_stood_before_repeats():
    assert citations.repeated(["10.1002/A", "", "10.1002/a", "", "x", "10.1002/A"]) == {2, 5}


@pytest.mark.parametrize(("year", "is_plausible"), [(1799, False), (1800, True), (2026, True), (2027, True), (2028, False)])
def test_years_that_can_be(year, is_plausible):
    assert citations.plausible_year(year, 2026) is is_plausible


@pytest.fixture
def listed(db):
    """An article whose working copy has one source more than the page, and one that was retracted."""
    article = make_article(slug="hats")
    article.sources.create(position=1, kind="journal", title="Brims", pmid="30114969", retracted_on="2026-02-03")
    user = make_user("Editors", is_superuser=True)
    make_reviewer(user=user)
    revision = workflow.submit(article, by=user)
    workflow.sign(revision, shown_hash=revision.sha256, by=user)
    workflow.publish(revision, by=user)
    article.sources.create(position=2, kind="web", title="Felt, a page", url="https://example.org/felt")
    make_article(slug="caps").sources.create(position=1, kind="book", title="Caps", doi="10.1002/caps")
    return article


def listing(*args):
    out = io.StringIO()
    call_command("list_sources", *args, stdout=out)
    return out.getvalue()


def test_every_source_of_every_text_is_listed_once(listed):
    lines = listing().splitlines()
    assert [line.split()[0] for line in lines] == ["caps", "hats", "hats"]
    assert "https://doi.org/10.1002/caps (book, working copy)" in lines[0]
    assert "RETRACTED on 2026-02-03. https://pubmed.ncbi.nlm.nih.gov/30114969/ (journal, online and working copy)" in lines[1]
    assert "https://example.org/felt (web, working copy)" in lines[2]


def test_a_source_that_is_only_online_any_more_is_listed_as_such(listed):
    listed.sources.all().delete()
    assert "(journal, online)" in listing().splitlines()[1]
    Article.objects.filter(pk=listed.pk).update(withdrawn_on="2026-03-01", withdrawal_reason="Wrong.")
    assert len(listing().splitlines()) == 1


def test_the_list_as_a_table(listed):
    rows = list(csv.DictReader(io.StringIO(listing("--csv"))))
    assert [(row["article"], row["number"], row["pmid"]) for row in rows] == [
        ("caps", "1", ""),
        ("hats", "1", "30114969"),
        ("hats", "2", ""),
    ]
    assert rows[1]["retracted_on"] == "2026-02-03"
    assert rows[2]["citation"] == "Felt, a page."
