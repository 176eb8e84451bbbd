"""What editors write is kept: every save, and what was typed without being saved."""

import datetime
import html
import re
import uuid

import pytest
import time_machine
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import drafts, workflow
from articles.models import Article, ArticleEvent, SavedDraft, Source, UnsavedDraft
from tests.factories import make_article, make_reviewer, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    """Someone who writes, logged in."""
    editor = make_user("Editors", username="ed")
    client.force_login(editor)
    return editor


def at(article, end="change/"):
    return f"/admin/articles/article/{article.pk}/{end}"


def form_of(article, **changes):
    """Return what a browser sends of the form as it was opened."""
    article.refresh_from_db()
    fields = {name: getattr(article, name) for name in ("title", "slug", "summary", "need_to_know", "body", "language")}
    sources = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}
    return fields | {"opened": article.version, "comments_open": "on"} | sources | changes


def tab():
    return str(uuid.uuid4())


def test_every_save_is_kept_with_who_and_when_and_compared(client, editor):
    article = make_article(summary="Wear a hat.")
    client.post(at(article), form_of(article, summary="Wear a wide hat."))
    client.post(at(article), form_of(article, summary="Wear a wide hat and sleeves."))
    page = client.get(at(article, "drafts/"))
    assert len(page.context["drafts"]) == 3, "also what was there before the first save that is kept"
    assertContains(page, "</span>and sleeves<span", html=False)
    first = SavedDraft.objects.last()
    page = client.get(at(article, f"drafts/?of={first.pk}"))
    assertContains(page, "</span>wide<span", html=False)
    assertContains(client.get(at(article)), at(article, "drafts/"))


def test_a_save_that_changes_nothing_is_no_draft(client, editor):
    article = make_article()
    client.post(at(article), form_of(article))
    assert not SavedDraft.objects.exists()


def test_an_earlier_save_comes_back_whole_with_its_sources_and_nothing_is_lost(client, editor):
    article = make_article(summary="Wear a hat [1].", author_name="Ada", language="es")
    day = datetime.date(2026, 1, 2)
    Source.objects.create(
        article=article, position=1, title="Hats", pmid="12", year=2020, accessed=day, retracted_on=day, url="https://a.example/"
    )
    drafts.keep_what_is_there(article)
    article.sources.all().delete()
    Source.objects.create(article=article, position=1, title="Other")
    article.summary, article.slug = "Gone.", "new-address"
    article.save()
    drafts.keep_save(article, by=editor)
    old = SavedDraft.objects.last()
    page = client.post(at(article, f"drafts/{old.pk}/back/"), follow=True)
    assertContains(page, "is back, and saved")
    article.refresh_from_db()
    assert (article.summary, article.author_name, article.language) == ("Wear a hat [1].", "Ada", "es")
    assert article.slug == "new-address", "an address stays"
    source = article.sources.get()
    assert (source.title, source.pmid, source.year, source.accessed) == ("Hats", "12", 2020, day)
    assert SavedDraft.objects.count() == 3
    assert article.events.filter(kind=ArticleEvent.Kind.SAVED, actor=editor).exists()
    assert article.version == 2


def test_bringing_back_while_somebody_else_writes_is_a_conflict_for_them(client, editor):
    article = make_article()
    drafts.keep_what_is_there(article)
    typed = form_of(article, title="Typed meanwhile")
    client.post(at(article, f"drafts/{SavedDraft.objects.get().pk}/back/"))
    assertContains(client.post(at(article), typed), "Nothing was overwritten")


def test_what_is_typed_is_kept_in_one_row_a_tab_and_comes_back_by_one_press(client, editor):
    article, one = make_article(body="<p>Saved.</p>"), tab()
    for words in ("<p>Ty</p>", "<p>Typed.</p>"):
        answer = client.post(at(article, "keep/"), form_of(article, body=words, tab=one, csrfmiddlewaretoken="x"))
        assert "kept" in answer.json()
    kept = UnsavedDraft.objects.get()
    assert ["csrfmiddlewaretoken", "x"] not in kept.fields
    assert Article.objects.get().body == "<p>Saved.</p>"
    page = client.get(at(article))
    assertContains(page, "didn't save it")
    page = client.get(at(article, f"change/?unsaved={kept.pk}"))
    assertContains(page, "It isn't saved yet")
    assertContains(page, "&lt;p&gt;Typed.&lt;/p&gt;")
    client.post(at(article), form_of(article, body="<p>Typed.</p>", tab=one))
    assert Article.objects.get().body == "<p>Typed.</p>"
    assert not UnsavedDraft.objects.exists(), "what is saved is not unsaved"


def test_three_tabs_do_not_overwrite_each_other_and_the_oldest_of_many_goes(client, editor):
    article = make_article()
    for number in range(7):
        client.post(at(article, "keep/"), form_of(article, title=f"Tab {number}", tab=tab()))
    titles = [dict(row.fields)["title"] for row in drafts.unsaved(article, by=editor)]
    assert titles == [f"Tab {number}" for number in (6, 5, 4, 3, 2)]


def test_a_new_page_that_was_never_saved_comes_back_too(client, editor):
    data = {"title": "New page", "slug": "new-page", "summary": "Words.", "body": "<p>Typed.</p>", "language": "en", "tab": tab()}
    client.post("/admin/articles/article/keep/", data | {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"})
    kept = UnsavedDraft.objects.get()
    assertContains(client.get("/admin/articles/article/add/"), f"?unsaved={kept.pk}")
    assertContains(client.get(f"/admin/articles/article/add/?unsaved={kept.pk}"), "New page")
    assert not Article.objects.exists()


def test_nobody_else_sees_or_throws_away_what_somebody_typed(client, editor):
    article = make_article()
    client.post(at(article, "keep/"), form_of(article, title="Canary", tab=tab()))
    kept = UnsavedDraft.objects.get()
    client.force_login(make_user("Editors"))
    assertNotContains(client.get(at(article)), "unsaved=")
    assertNotContains(client.get(at(article, f"change/?unsaved={kept.pk}")), "Canary")
    assert client.post(f"/admin/articles/article/unsaved/{kept.pk}/discard/").status_code == 404
    client.force_login(make_user("Moderators"))
    assert client.post(at(article, "keep/"), form_of(article, tab=tab())).status_code == 403
    client.force_login(editor)
    client.post(f"/admin/articles/article/unsaved/{kept.pk}/discard/")
    assert not UnsavedDraft.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"tab": "x"}, {"tab": "../" * 12}])
def test_keeping_needs_a_tab_and_a_post(client, editor, sent):
    article = make_article()
    assert client.post(at(article, "keep/"), sent).status_code == 400
    assert client.get(at(article, "keep/")).status_code == 400


def test_words_of_a_page_that_somebody_saved_meanwhile_come_back_as_a_conflict(client, editor):
    article = make_article()
    client.post(at(article, "keep/"), form_of(article, title="Mine", tab=tab()))
    client.post(at(article), form_of(article, title="Saved first"))
    kept = UnsavedDraft.objects.get()
    page = client.get(at(article, f"change/?unsaved={kept.pk}"))
    assertContains(page, "Nothing was overwritten")
    assertContains(page, "Mine")


def test_what_is_typed_while_somebody_publishes_is_kept_and_saved(client, editor):
    article = make_article(body="<p>Signed.</p>")
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=make_reviewer().user)
    fields = form_of(article, body="<p>Typed.</p>", tab=tab())
    client.post(at(article, "keep/"), fields)
    workflow.publish(revision, by=make_user("Editors"))
    assert "kept" in client.post(at(article, "keep/"), fields).json()
    kept = UnsavedDraft.objects.get()
    assertContains(client.get(at(article, f"change/?unsaved={kept.pk}")), "&lt;p&gt;Typed.&lt;/p&gt;")
    client.post(at(article), fields)
    assert Article.objects.get().body == "<p>Typed.</p>"
    assertContains(client.get(article.get_absolute_url()), "Signed.")


def test_sending_to_the_reviewer_saves_first_and_shows_the_whole_of_a_new_page(client, editor):
    article = make_article(body="<p>Old words.</p>")
    page = client.post(at(article), form_of(article, body="<p>New words.</p>", _send="1"), follow=True)
    assert page.redirect_chain[-1][0] == at(article, "submit/")
    assertContains(page, "Saved the draft of")
    assertContains(page, "New words.")
    page = client.post(at(article), form_of(article, _send="1"), follow=True)
    assert page.redirect_chain[-1][0] == at(article, "submit/")


def test_saves_and_unsaved_words_go_after_ninety_days_but_for_the_newest_save(editor):
    article = make_article()
    with time_machine.travel(timezone.now() - datetime.timedelta(days=200)):
        drafts.keep_save(article, by=editor)
    with time_machine.travel(timezone.now() - datetime.timedelta(days=91)):
        drafts.keep_save(article, by=editor)
        drafts.keep_unsaved(article, tab(), [("title", "x")], by=editor)
    drafts.keep_save(article, by=editor)
    drafts.forget({})
    assert SavedDraft.objects.count() == 2, "what was replaced today is kept for 90 days from today"
    assert not UnsavedDraft.objects.exists()


def test_keeping_costs_few_queries(client, editor, django_assert_max_num_queries):
    article, one = make_article(), tab()
    data = form_of(article, tab=one)
    client.post(at(article, "keep/"), data)
    with django_assert_max_num_queries(10):
        client.post(at(article, "keep/"), data)


def test_bringing_back_leaves_what_is_known_of_retractions_as_it_is(client, editor):
    article = make_article()
    for number, title in enumerate(["Fine", "Retracted since"], 1):
        Source.objects.create(article=article, position=number, title=title, pmid=str(number))
    drafts.keep_save(article, by=editor)
    keys = set(article.sources.values_list("pk", flat=True))
    later = article.sources.get(position=2)
    later.retracted_on = datetime.date(2026, 1, 2)
    later.save()
    drafts.bring_back(SavedDraft.objects.get(), by=editor)
    assert [source.retracted_on for source in article.sources.all()] == [None, datetime.date(2026, 1, 2)]
    assert article.retractions.count() == 1
    assert set(article.sources.values_list("pk", flat=True)) == keys, "a form that is open elsewhere finds its rows"


def test_words_that_came_back_in_another_window_are_forgotten_with_the_save(client, editor):
    article, one, other = make_article(), tab(), tab()
    client.post(at(article, "keep/"), form_of(article, title="Typed", tab=one))
    client.post(at(article), form_of(article, title="Typed", tab=other, restored=one))
    assert not UnsavedDraft.objects.exists()


def test_a_draft_from_before_there_were_topics_leaves_those_that_are_saved(client, editor):
    article, other = make_article(), make_article(slug="other")
    article.topics.add(make_topic("Skin"))
    article.related.add(other)
    fields = [[name, value] for name, value in form_of(article, title="Typed").items()]
    kept = UnsavedDraft.objects.create(user=editor, article=article, tab=tab(), fields=fields)
    sent = sent_by(client.get(at(article, f"change/?unsaved={kept.pk}")))
    assert sent["title"] == ["Typed"]
    client.post(at(article), sent)
    assert Article.objects.get(pk=article.pk).title == "Typed"
    assert list(article.topics.values_list("name", flat=True)) == ["Skin"]
    assert list(article.related.all()) == [other]


def test_a_draft_in_which_all_topics_were_taken_away_stays_so(client, editor):
    article = make_article()
    article.topics.add(make_topic("Skin"))
    sent = sent_by(client.get(at(article)))
    del sent["topics"]
    client.post(at(article, "keep/"), sent | {"title": "Typed", "tab": tab()})
    sent = sent_by(client.get(at(article, f"change/?unsaved={UnsavedDraft.objects.get().pk}")))
    assert "topics" not in sent
    client.post(at(article), sent)
    assert not article.topics.exists()


def sent_by(page):
    """Return what a browser would send of the form on the page: name -> values."""
    form = page.content.decode().partition('id="article_form"')[2].partition("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        is_off = found.get("type") == "checkbox" and " checked" not in tag
        if "name" in found and not is_off and found.get("type") not in {"submit", "button"}:
            sent.setdefault(found["name"], []).append(html.unescape(found.get("value", "")))
    for name, words in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        sent.setdefault(name, []).append(html.unescape(words))
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', options)
    return sent
