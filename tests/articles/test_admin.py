"""Writing in the admin: what is saved, what is refused beside which field, and that nobody overwrites somebody else."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models.signals import pre_save
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles import saving, workflow
from articles.models import Address, Article, ArticleEvent, Reviewer, Revision
from tests.factories import make_article, make_published, make_user

pytestmark = pytest.mark.django_db

SOURCES = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}
WRITTEN = {
    "title": "Hats",
    "slug": "hats",
    "summary": "About hats.",
    "need_to_know": "",
    "body": "<p>Brims.</p>",
    "language": "en",
    "comments_open": "on",
}
ADD = "/admin/articles/article/add/"


@pytest.fixture
def editor(client):
    """An editor who is signed in."""
    user = make_user("Editors", username="ada")
    client.force_login(user)
    return user


@pytest.fixture
def hats(editor):
    """A working copy that was saved once."""
    article = Article(**{key: value for key, value in WRITTEN.items() if key != "comments_open"})
    saving.save(article, by=editor)
    return article


def at(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def form(article, **fields):
    """Return what the change page sends."""
    opened = fields.pop("opened", article.version)
    return WRITTEN | SOURCES | {"opened": str(opened)} | fields


def rows(*sources, initial=0):
    """Return the sources as the change page sends them."""
    data = {"sources-TOTAL_FORMS": str(len(sources)), "sources-INITIAL_FORMS": str(initial)}
    for place, source in enumerate(sources):
        row = {"position": str(place + 1), "kind": "journal", "title": f"Title {place}"} | source
        data |= {f"sources-{place}-{name}": str(value) for name, value in row.items()}
    return data


def words_of(response):
    return " ".join(str(message) for message in response.context["messages"])


def source_errors(response):
    return response.context["inline_admin_formsets"][0].formset.errors


def test_an_editor_writes_an_article_in_the_rich_text_editor(client, editor):
    assertContains(client.get(ADD), "article-editor")
    response = client.post(ADD, WRITTEN | rows({"kind": "web", "title": "NHS page"}), follow=True)
    article = Article.objects.get(slug="hats")
    assert article.sources.get().title == "NHS page"
    assert "will not get" not in words_of(response)
    assert response.request["PATH_INFO"] == at("change", article)
    assert ArticleEvent.objects.get(kind="saved").actor == editor


def test_the_page_is_linked_only_when_it_is_online(client, editor):
    assertNotContains(client.get(at("change", make_article())), "View on site")
    assertContains(client.get(at("change", make_published())), "View on site")


def test_saving_says_what_readers_will_not_get(client, editor):
    body = '<p style="x">Brims <LOQ.<script>alert(1)</script></p><img src=x>'
    response = client.post(ADD, WRITTEN | SOURCES | {"body": body}, follow=True)
    for words in ("colors and fonts", "code (script)", "1 picture"):
        assert words in words_of(response)
    assert Article.objects.get().body == "<p>Brims &lt;LOQ.</p>"


def test_words_that_go_are_quoted_when_the_draft_is_saved(client, editor):
    body = "<p>Take <del>40</del><ins>20</ins> mg.</p>"
    response = client.post(ADD, WRITTEN | SOURCES | {"body": body}, follow=True)
    assert "Left out or changed: crossed-out or deleted text (“40”); colors and fonts." in words_of(response)
    assert Article.objects.get().body == "<p>Take 20 mg.</p>"


def test_nothing_of_a_picture_is_stored(client, editor):
    body = f'<p>Brims.<img src="data:image/png;base64,{"A" * 200_000}" alt="A hat"></p>'
    response = client.post(ADD, WRITTEN | SOURCES | {"body": body}, follow=True)
    assert "1 picture (“A hat”)" in words_of(response)
    assert Article.objects.get().body == "<p>Brims.</p>"


def test_a_draft_from_before_is_shown_as_readers_would_get_it(client, editor):
    article = make_article(body="<p>Take <s>40</s> 20 mg.</p>")
    page = client.get(at("change", article))
    assertContains(page, "Left out or changed: crossed-out or deleted text (“40”). The text below is what readers would get.")
    assertContains(page, "&lt;p&gt;Take 20 mg.&lt;/p&gt;")


def test_what_word_and_wordpress_paste_is_saved_and_shown_clean(client, editor):
    body = (
        '<!--[if gte mso 9]><xml></xml><![endif]--><p class="MsoNormal" style="mso-x:1">C3 <LOQ and <70<o:p></o:p></p>'
        "<!-- wp:paragraph --><table><tr><td><table><tr><td>In</td></tr></table></td></tr></table>"
        '<a href="javascript:alert(1)">Link</a>'
    )
    response = client.post(ADD, WRITTEN | SOURCES | {"body": body}, follow=True)
    assert "1 broken link (javascript:alert(1))" in words_of(response)
    html = Article.objects.get().content()[0]["body_html"]
    assert html.startswith("<p>C3 &lt;LOQ and &lt;70</p>")
    assert "javascript" not in html


def test_of_looks_that_readers_will_not_get_nothing_is_named(client, editor):
    body = "".join(f"<p x{number}='1'>Brims.</p>" for number in range(500))
    assert "Left out or changed: colors and fonts." in words_of(client.post(ADD, WRITTEN | SOURCES | {"body": body}, follow=True))


def test_a_save_that_changes_nothing_is_no_save(client, hats):
    response = client.post(at("change", hats), form(hats, body="<p>\r\nBrims.\r\n</p>\r\n"), follow=True)
    assert "nothing was saved" in words_of(response)
    hats.refresh_from_db()
    assert (hats.version, hats.body) == (1, "<p>Brims.</p>")
    assert ArticleEvent.objects.filter(kind="saved").count() == 1


def test_a_save_that_adds_only_what_readers_never_get_is_no_save_and_says_so(client, hats):
    response = client.post(at("change", hats), form(hats, body="<p>Brims. <img src=a></p>"), follow=True)
    assert "Left out or changed: 1 picture." in words_of(response)
    assert "nothing was saved" in words_of(response)
    hats.refresh_from_db()
    assert hats.version == 1


def test_a_save_that_changes_something_is_one_save(client, hats):
    client.post(at("change", hats), form(hats, body="<p>Brims, wide.</p>"))
    hats.refresh_from_db()
    assert (hats.version, hats.body) == (2, "<p>Brims, wide.</p>")
    assert ArticleEvent.objects.filter(kind="saved").count() == 2


def test_a_long_title_shows_in_full_and_is_kept_as_one_line(client, hats):
    assertContains(client.get(at("change", hats)), '<textarea name="title"')
    client.post(at("change", hats), form(hats, title="Hats\r\nin the sun"))
    hats.refresh_from_db()
    assert hats.title == "Hats in the sun"


def test_a_source_is_one_line_until_it_is_opened_or_has_an_error(client, hats):
    source = hats.sources.create(position=1, title="On hats")
    page = client.get(at("change", hats)).content.decode()
    assert page.count("<details>\n            <summary>Details of this source") == 1
    wrong = rows({"id": source.pk, "position": "1", "title": "", "kind": "web"}, initial=1)
    page = client.post(at("change", hats), form(hats) | wrong).content.decode()
    assert "<details>\n            <summary>Details of this source" not in page
    assert page.count("<details open>\n            <summary>Details of this source") == 2


def test_browsers_line_ends_are_not_stored(client, hats):
    client.post(at("change", hats), form(hats, need_to_know="- One\r\n- Two"))
    hats.refresh_from_db()
    assert hats.need_to_know == "- One\n- Two"


def test_sources_alone_are_a_save_too(client, hats):
    client.post(at("change", hats), form(hats) | rows({}))
    hats.refresh_from_db()
    assert (hats.version, hats.sources.count()) == (2, 1)


def test_who_saves_over_somebody_else_is_told_and_keeps_every_word(client, hats):
    other = make_user("Editors", username="grace")
    hats.body = "<p>Brims, as Grace knows them.</p>"
    saving.save(hats, by=other)
    mine = form(hats, opened=1, body="<p>Brims, as Ada knows them.</p>") | rows({"title": "Mine"})
    page = client.post(at("change", hats), mine)
    hats.refresh_from_db()
    assert hats.body == "<p>Brims, as Grace knows them.</p>"
    assert not hats.sources.exists()
    assertContains(page, "grace saved this article on")
    assertContains(page, "&lt;p&gt;Brims, as Ada knows them.&lt;/p&gt;")
    assertContains(page, 'value="Mine"')
    assertContains(page, "removed: </span>Grace<")
    assertContains(page, "added: </span>Ada<")
    assertContains(page, 'name="opened" value="2"')


def test_a_conflict_shows_what_differs_beside_the_text_too(client, hats):
    client.post(at("change", hats), form(hats) | rows({"title": "Orig", "year": "2001"}, {"title": "Second"}))
    one, two = hats.sources.all()
    other = make_user("Editors", username="grace")
    one.title, one.retracted_on = "Corrected", "2026-01-02"
    one.save()
    hats.refresh_from_db()
    hats.slug, hats.owner, hats.comments_open = "caps", other, False
    saving.save(hats, by=other)
    sent = rows({"id": one.pk, "title": "Orig", "year": "2001"}, {"id": two.pk, "title": "Second"}, initial=2)
    page = client.post(at("change", hats), form(hats, opened=2) | sent)
    for words in (
        "removed: </span>Corrected",
        "added: </span>Orig",
        "Web address (saved: caps; yours: hats)",
        "Owner (saved: grace; yours: no one)",
        "Comments (saved: closed; yours: open)",
        "Source 1, retracted on (saved: January 2, 2026; yours: not set)",
    ):
        assertContains(page, words)
    assertNotContains(page, "Source 2")
    assertContains(page, 'name="opened" value="3"')


def test_a_conflict_shows_a_source_that_is_deleted_and_one_that_somebody_added(client, hats):
    client.post(at("change", hats), form(hats) | rows({"title": "Orig"}))
    gone = hats.sources.get()
    hats.refresh_from_db()
    hats.sources.create(position=2, title="Added meanwhile")
    saving.save(hats, by=make_user("Editors"))
    sent = rows({"id": gone.pk, "title": "Orig", "DELETE": "on"}, {"title": "Mine", "position": 3}, initial=1)
    parts = client.post(at("change", hats), form(hats, opened=2) | sent).context["parts"]
    (sources,) = parts
    assert [row.change for row in sources.rows] != []
    shown = " ".join(piece.shown for row in sources.rows for piece in row.pieces if piece.change == "same")
    assert "Added meanwhile" in shown
    assert "Orig" not in shown


@pytest.mark.parametrize("broken", [{"slug": "two words"}, rows({"year": "1066"})])
def test_a_conflict_that_cannot_be_shown_whole_holds_up_the_next_save_too(client, hats, broken):
    hats.slug = "caps"
    saving.save(hats, by=make_user("Editors"))
    page = client.post(at("change", hats), form(hats, opened=1) | broken)
    assertContains(page, 'name="opened" value="1"')
    page = client.post(at("change", hats), form(hats, opened=1))
    assertContains(page, "Web address (saved: caps; yours: hats)")
    assertContains(page, 'name="opened" value="2"')


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"slug": "caps"}, "settings"),
        ({"comments_open": ""}, "settings"),
        (rows({"retracted_on": "2026-01-02"}), "settings"),
        ({"slug": "caps", "body": "<p>\r\nBrims.\r\n</p>\r\n"}, "settings"),
        ({"title": "Caps"}, "saved"),
        ({"summary": "Other."}, "saved"),
        ({"need_to_know": "Other."}, "saved"),
        ({"body": "<p>Other.</p>"}, "saved"),
        ({"language": "es"}, "saved"),
        ({"no_source_reason": "Known."}, "saved"),
        (rows({"title": "Other"}), "saved"),
        (rows({}, {}), "saved"),
        (rows({"DELETE": "on"}), "saved"),
    ],
)
def test_only_who_changes_the_words_is_noted_as_their_editor(client, hats, fields, kind):
    client.post(at("change", hats), form(hats) | rows({}))
    there = {"sources-INITIAL_FORMS": "1", "sources-0-id": hats.sources.get().pk}
    client.post(at("change", hats), form(hats, opened=2) | rows({}) | fields | there)
    assert ArticleEvent.objects.filter(article=hats).last().kind == kind
    hats.refresh_from_db()
    assert hats.version == 3


def test_who_has_seen_the_other_text_may_save_again(client, hats):
    saving.save(hats, by=make_user("Editors"))
    page = client.post(at("change", hats), form(hats, opened=1, title="Ada's"))
    opened = page.context["adminform"].form["opened"].value()
    client.post(at("change", hats), form(hats, opened=opened, title="Ada's"))
    hats.refresh_from_db()
    assert (hats.title, hats.version) == ("Ada's", 3)


@pytest.mark.parametrize("opened", ["", "x", "7", "-1", "9" * 30])
def test_a_form_that_does_not_say_what_was_open_overwrites_nothing(client, hats, opened):
    client.post(at("change", hats), form(hats, opened=opened, title="Other"))
    hats.refresh_from_db()
    assert hats.title == "Hats"


def test_a_source_that_somebody_else_removed_comes_back_as_new_with_its_words(client, hats):
    client.post(at("change", hats), form(hats) | rows({"title": "Gone"}, {"title": "Stays"}))
    gone, stays = hats.sources.all()
    gone.delete()
    hats.refresh_from_db()
    saving.save(hats, by=make_user("Editors"))
    sent = rows({"id": gone.pk, "title": "Gone, mended"}, {"id": stays.pk, "title": "Stays"}, initial=2)
    page = client.post(at("change", hats), form(hats, opened=2) | sent)
    assertContains(page, 'value="Gone, mended"')
    again = rows({"id": stays.pk, "title": "Stays", "position": 2}, {"title": "Gone, mended", "position": 1}, initial=1)
    client.post(at("change", hats), form(hats, opened=3) | again)
    assert [source.title for source in hats.sources.all()] == ["Gone, mended", "Stays"]


def test_a_changed_address_leads_readers_on(client, editor):
    article = make_published(slug="hats")
    client.post(at("change", article), form(article, slug="caps"))
    assert Article.objects.get().slug == "caps"
    assert client.get("/articles/hats/")["Location"] == "/articles/caps/"
    client.post(at("change", article), form(article, slug="hats", opened=2))
    assert client.get("/articles/caps/")["Location"] == "/articles/hats/"
    assert client.get("/articles/hats/").status_code == 200


def test_an_address_once_used_is_never_given_to_another_page(client, editor, hats):
    client.post(at("change", hats), form(hats, slug="caps"))
    page = client.post(ADD, WRITTEN | SOURCES)
    assert "Another page has the address" in page.context["adminform"].form.errors["slug"][0]
    other = make_article()
    page = client.post(at("change", other), form(other, slug="caps"))
    assert "Another page has the address" in page.context["adminform"].form.errors["slug"][0]
    assert Address.objects.get(slug="caps").article == hats


def another_article():
    Article.objects.bulk_create([Article(title="Faster", slug="hats")])


def the_address_of_another_article():
    other = Article.objects.bulk_create([Article(title="Faster", slug="caps")])
    Address.objects.create(slug="hats", article=other[0])


@pytest.mark.parametrize("takes_the_address", [another_article, the_address_of_another_article])
def test_an_address_that_somebody_takes_at_the_same_moment_is_said_beside_it(client, editor, takes_the_address):
    def somebody_is_faster(sender, **kwargs):
        pre_save.disconnect(somebody_is_faster, sender=Article)
        takes_the_address()

    pre_save.connect(somebody_is_faster, sender=Article)
    page = client.post(ADD, WRITTEN | rows({"title": "Mine"}))
    assert "Another page has the address" in page.context["adminform"].form.errors["slug"][0]
    assertContains(page, 'value="Mine"')
    assertContains(page, '<input type="hidden" name="sources-0-article" id="id_sources-0-article">', html=True)
    assertContains(page, '<input type="hidden" name="sources-__prefix__-article" id="id_sources-__prefix__-article">', html=True)
    assert not Article.objects.exists()
    assert not ArticleEvent.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_saved_article_whose_new_address_is_taken_at_the_same_moment_stays_as_it_was(client, hats):
    def somebody_is_faster(sender, **kwargs):
        pre_save.disconnect(somebody_is_faster, sender=Article)
        Article.objects.bulk_create([Article(title="Faster", slug="caps")])

    pre_save.connect(somebody_is_faster, sender=Article)
    page = client.post(at("change", hats), form(hats, slug="caps", title="Caps") | rows({}))
    assert "Another page has the address" in page.context["adminform"].form.errors["slug"][0]
    assertContains(page, 'name="opened" value="1"')
    hats.refresh_from_db()
    assert (hats.title, hats.slug, hats.version, hats.sources.count()) == ("Hats", "hats", 1, 0)
    client.post(at("change", hats), form(hats, title="Caps") | rows({}))
    hats.refresh_from_db()
    assert (hats.title, hats.version, hats.sources.count()) == ("Caps", 2, 1)


def test_the_log_of_the_admin_says_once_what_was_done(client, editor):
    client.post(ADD, WRITTEN | rows({"title": "NHS page"}))
    article = Article.objects.get()
    there = rows({"id": article.sources.get().pk, "title": "NHS page"}, initial=1)
    client.post(at("change", article), form(article, title="Caps") | there)
    client.post(at("change", article), form(article, title="Caps", opened=2) | there)
    entries = [(entry.user, entry.object_id, str(entry)) for entry in LogEntry.objects.order_by("pk")]
    said = ["Added “Hats”.", "Changed “Caps” — Changed Title."]
    assert entries == [(editor, str(article.pk), words) for words in said]
    assert "NHS page" in LogEntry.objects.order_by("pk")[0].get_change_message()


def test_what_was_saved_is_said_with_a_link_to_it(client, editor):
    page = client.post(ADD, WRITTEN | SOURCES | {"title": "<Hats>"}, follow=True)
    article = Article.objects.get()
    link = f'<a href="{at("change", article)}">&lt;Hats&gt;</a>'
    assertContains(page, f"Saved the draft of “{link}”.")
    page = client.post(at("change", article), form(article, title="<Caps>"), follow=True)
    assertContains(page, f"Saved the draft of “{link.replace('Hats', 'Caps')}”.")


def test_a_new_article_takes_what_its_address_says_and_belongs_to_who_begins_it(client, editor):
    bound = client.get(f"{ADD}?title=Hats").context["adminform"].form
    assert (bound["title"].value(), bound["owner"].value()) == ("Hats", editor.pk)
    assert [str(choice) for choice in bound.fields["owner"].queryset] == ["ada"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("body", "<p>Plain words of a paragraph.</p>\n" * 30_000, "1,049,999 characters long. The limit is 300,000"),
        ("body", "<blockquote>" * 300 + "x", "nested too deeply"),
        ("summary", "x" * 20_001, "The limit is 20,000"),
        ("need_to_know", "x" * 20_001, "The limit is 20,000"),
        ("slug", "two words", "valid “slug”"),
    ],
)
def test_what_is_too_much_is_refused_beside_the_field_and_kept_in_the_form(client, hats, field, text, words):
    page = client.post(at("change", hats), form(hats, **{field: text}))
    bound = page.context["adminform"].form
    assert words in bound.errors[field][0]
    assert bound[field].value() == text
    hats.refresh_from_db()
    assert hats.version == 1


@pytest.mark.parametrize(
    ("source", "field", "words"),
    [
        ({"pmid": "12a"}, "pmid", "one to nine digits"),
        ({"doi": "11.1/x"}, "doi", "starts with “10.”"),
        ({"year": "20111"}, "year", "from 1800 to next year"),
        ({"year": "1066"}, "year", "from 1800 to next year"),
        ({"position": "0"}, "position", "from 1 to 999"),
        ({"position": "1000"}, "position", "from 1 to 999"),
        ({"retracted_on": "2999-01-01"}, "retracted_on", "in the future"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_of_the_source(client, hats, source, field, words):
    page = client.post(at("change", hats), form(hats) | rows(source))
    assert words in source_errors(page)[0][field][0]
    assert not hats.sources.exists()


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("position", "3", "3"),
        ("pmid", "30114969", "https://pubmed.ncbi.nlm.nih.gov/30114969/"),
        ("doi", "10.1002/ACR.1", "https://doi.org/10.1002/acr.1"),
    ],
)
def test_what_stands_twice_is_said_beside_the_second(client, hats, field, first, second):
    page = client.post(at("change", hats), form(hats) | rows({field: first}, {field: second}))
    assert [list(errors) for errors in source_errors(page)] == [[], [field]]
    assert not hats.sources.exists()


def test_identifiers_are_stored_alone(client, hats):
    client.post(at("change", hats), form(hats) | rows({"pmid": "PMID: 30114969", "doi": "doi:10.1002/acr.23703"}))
    source = hats.sources.get()
    assert (source.pmid, source.doi) == ("30114969", "10.1002/acr.23703")


def test_sources_change_places_and_one_takes_the_place_of_a_deleted_one(client, hats):
    client.post(at("change", hats), form(hats) | rows({"title": "A"}, {"title": "B"}, {"title": "C"}))
    a, b, c = (source.pk for source in hats.sources.all())
    turned = rows(
        {"id": a, "title": "A", "position": 3}, {"id": b, "title": "B", "DELETE": "on"}, {"id": c, "title": "C", "position": 1},
        initial=3,
    )  # fmt: skip
    client.post(at("change", hats), form(hats, opened=2) | turned)
    assert list(hats.sources.values_list("title", "position")) == [("C", 1), ("A", 3)]


def test_a_retraction_reaches_readers_without_a_new_version(client, editor):
    article = make_article()
    article.sources.create(position=1, title="Title 0")
    user = make_user("Editors", is_superuser=True)
    Reviewer.objects.create(name="R", slug="r", user=user)
    revision = workflow.submit(article, by=user)
    workflow.sign(revision, shown_hash=revision.sha256, by=user)
    workflow.publish(revision, by=user)
    sent = rows({"id": article.sources.get().pk, "retracted_on": "2020-02-03"}, initial=1)
    client.post(at("change", article), form(article, slug=article.slug) | sent)
    assertContains(client.get(article.get_absolute_url()), "Retracted on")
    assert Revision.objects.count() == 1


def with_sources(client, hats, *titles):
    """Save sources with these titles as 1, 2, 3, and return them."""
    client.post(at("change", hats), form(hats) | rows(*({"title": title} for title in titles)))
    hats.refresh_from_db()
    return list(hats.sources.all())


def test_a_mark_follows_its_source_when_that_moves_or_goes_and_stops_what_has_none(client, hats, editor):
    one, two, three = with_sources(client, hats, "One", "Two", "Three")
    Article.objects.filter(pk=hats.pk).update(body="<p>Sun [1, 3], rain [2].</p>", summary="See [3].")
    moved = rows(
        {"id": one.pk, "title": "One", "position": 2}, {"id": two.pk, "title": "Two", "position": 2, "DELETE": "on"},
        {"id": three.pk, "title": "Three", "position": 1}, initial=3,
    )  # fmt: skip
    typed = {"body": "<p>Sun [1, 3], rain [2].</p>", "summary": "See [3]."}
    page = client.post(at("change", hats), form(hats, **typed) | moved, follow=True)
    assert "[1] is now [2], [2] is now [?], [3] is now [1]" in words_of(page)
    hats.refresh_from_db()
    assert (hats.body, hats.summary) == ("<p>Sun [2, 1], rain [?].</p>", "See [1].")
    assert [source.title for source in hats.sources.all()] == ["Three", "One"]
    with pytest.raises(workflow.WorkflowError, match=r"have no source: \[\?\]"):
        workflow.submit(hats, by=editor)


def test_the_numbers_of_a_frozen_text_are_the_places_in_its_list(client, hats, editor):
    with_sources(client, hats, "One", "Two", "Three")
    hats.sources.get(position=2).delete()
    Article.objects.filter(pk=hats.pk).update(body="<p>Sun [1], hats [3].</p>")
    revision = workflow.submit(Article.objects.get(pk=hats.pk), by=editor)
    assert [source["title"] for source in revision.sources] == ["One", "Three"]
    assert 'href="#source-1"' in revision.body_html
    assert ">[2]</a>" in revision.body_html
    Article.objects.filter(pk=hats.pk).update(body="<p>Sun [2].</p>")
    hats.refresh_from_db()
    assert "[?]" in hats.content()[0]["body_html"], "what was source 2 is not what is second now"
    with pytest.raises(workflow.WorkflowError, match=r"have no source: \[2\]"):
        workflow.submit(hats, by=editor)


def test_after_a_conflict_marks_still_name_the_sources_of_the_form_they_were_typed_in(client, hats, editor):
    one, two = with_sources(client, hats, "X", "Y")
    Article.objects.filter(pk=hats.pk).update(body="<p>About X [1], Y [2].</p>")
    hats.refresh_from_db()
    mine = form(hats, body="<p>About X [1], Y [2].</p>") | rows(
        {"id": one.pk, "title": "X", "was": 1}, {"id": two.pk, "title": "Y", "was": 2}, initial=2
    )
    swapped = rows(
        {"id": one.pk, "title": "X", "position": 2, "was": 1}, {"id": two.pk, "title": "Y", "position": 1, "was": 2}, initial=2
    )
    client.post(at("change", hats), form(hats, body="<p>About X [1], Y [2].</p>") | swapped)
    hats.refresh_from_db()
    assert hats.body == "<p>About X [2], Y [1].</p>"
    client.post(at("change", hats), mine)
    client.post(at("change", hats), mine | {"opened": str(hats.version)})
    hats.refresh_from_db()
    numbers = dict(hats.sources.values_list("title", "position"))
    assert hats.body == f"<p>About X [{numbers['X']}], Y [{numbers['Y']}].</p>"
