"""A part of a page that is made once is the right one for its values."""

import pytest
from django.template import Context, Template

from lupussite.templatetags.kept import include_kept


def test_it_is_what_an_include_prints():
    for values in ({"name": "Ours & theirs", "here": "about"}, {"name": "<b>", "here": ""}):
        included = Template('{% include "_masthead.html" with name=name here=here only %}').render(Context(values))
        assert include_kept("_masthead.html", **values) == include_kept("_masthead.html", **values) == included
    assert "&lt;b&gt;" in included


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "word"), [("/", "Articles"), ("/articles/", "Articles"), ("/search/?q=x", "Search"), ("/about/", "About")]
)
def test_the_masthead_knows_where_the_reader_is(client, path, word):
    page = client.get(path).content.decode()
    assert page.count('aria-current="page"') == 1
    assert f'aria-current="page">{word}</a>' in page


@pytest.mark.django_db
def test_another_name_or_contact_is_on_the_next_page(client, settings):
    for name in ("First Library", "Second Library"):
        settings.SITE_NAME, settings.CONTACT_EMAIL = name, f"{name.split()[0].lower()}@example.org"
        page = client.get("/about/").content.decode()
        assert name in page
        assert f"mailto:{settings.CONTACT_EMAIL}" in page
