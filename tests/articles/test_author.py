"""Who wrote an article: named or not, frozen with the text, signed with it, shown wherever the page speaks of itself."""

import json
import re

import pytest

from articles import canonical, saving, workflow, workflow_rules
from articles.diff.differences import between
from articles.models import Article, Revision
from tests.factories import make_article, make_published, make_user

pytestmark = pytest.mark.django_db


def named(**fields):
    return make_published(**{"author_name": "Jane Doe", "author_credentials": "RN"} | fields)


def test_a_page_names_its_author_in_words_record_and_data(client):
    article = named()
    page = client.get(article.get_absolute_url()).content.decode()
    assert "By Jane Doe, RN" in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL).group(1))
    assert data["author"] == {"@type": "Person", "name": "Jane Doe", "honorificSuffix": "RN"}
    record = client.get(f"{article.get_absolute_url()}review.json").json()
    assert record["author"] == "Jane Doe, RN"
    assert json.loads(record["revision"]["content"])["author"] == {"name": "Jane Doe", "credentials": "RN"}
    assert record["revision"]["format"] == 2


def test_a_page_without_an_author_says_nothing_and_keeps_the_first_format(client):
    article = make_published()
    page = client.get(article.get_absolute_url()).content.decode()
    assert not re.search(r">By (?!sending this comment)", page)
    assert '"author"' not in page
    revision = Revision.objects.get()
    assert (revision.format, "author" in revision.data) == (1, False)
    assert client.get(f"{article.get_absolute_url()}review.json").json()["author"] == ""


def test_content_of_the_first_format_has_the_hash_it_always_had():
    content = {"title": "Hats", "summary": "Words"}
    assert canonical.canonical_json(content) == '{"format":1,"summary":"Words","title":"Hats"}'
    named = canonical.canonical_json(content | {"author": {"name": "Jane Doe", "credentials": ""}})
    assert '"format":2' in named


def test_naming_another_author_needs_another_signature(client):
    article = named()
    Article.objects.filter(pk=article.pk).update(author_name="John Roe")
    revision = workflow.submit(Article.objects.get(pk=article.pk), by=make_user("Editors"))
    assert workflow_rules.stage(revision) == workflow_rules.Stage.WAITING
    assert "Jane Doe" in client.get(article.get_absolute_url()).content.decode()
    (part,) = between(Revision.objects.get(number=1).data, revision.data)
    assert part.name == "Author"
    pieces = [(str(piece.change), piece.shown) for row in part.rows for piece in row.pieces]
    assert ("removed", "Jane Doe") in pieces
    assert ("added", "John Roe") in pieces


def test_an_empty_save_of_a_page_without_an_author_changes_nothing():
    article = make_published()
    with pytest.raises(workflow.Unchanged):
        workflow.submit(Article.objects.get(pk=article.pk), by=make_user("Editors"))


def test_the_author_is_found_by_the_search(client):
    article = named(author_name="Zoë Árbol")
    assert article.title in client.get("/search/?q=zoe+arbol").content.decode()


def test_an_editor_names_the_author_and_is_told_of_letters_without_a_name(client):
    editor = make_user("Editors")
    client.force_login(editor)
    article = make_article()
    form = {
        "title": article.title, "slug": article.slug, "summary": article.summary, "body": article.body, "language": "en",
        "opened": article.version, "sources-TOTAL_FORMS": 0, "sources-INITIAL_FORMS": 0,
    }  # fmt: skip
    address = f"/admin/articles/article/{article.pk}/change/"
    page = client.post(address, form | {"author_credentials": "RN"})
    assert "Enter the author" in page.content.decode()
    client.post(address, form | {"author_name": "Jane Doe", "author_credentials": "RN"})
    article.refresh_from_db()
    assert (article.author_name, article.author_credentials, article.version) == ("Jane Doe", "RN", 2)
    assert article.events.get().kind == "saved"


def test_saving_keeps_the_author(client):
    article = make_article(author_name="Jane Doe")
    saving.save(article, by=make_user("Editors"))
    assert Article.objects.get().author_name == "Jane Doe"


def test_a_reviewer_page_says_who_the_person_is_and_where_to_look_them_up(client):
    article = make_published()
    reviewer = article.sign_offs.get().reviewer
    reviewer.about = "Rheumatologist at a university hospital."
    reviewer.registration = "https://orcid.org/0000-0002-1825-0097"
    reviewer.save()
    page = client.get(f"/reviewers/{reviewer.slug}/").content.decode()
    assert "Rheumatologist at a university hospital." in page
    assert '<a href="https://orcid.org/0000-0002-1825-0097" rel="noopener">' in page
    assert "ORCID" in page
