"""The steps of the editorial path through the admin's addresses: submit, sign, publish and back, and who may not."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles import saving, workflow, workflow_rules
from articles.models import Article, ArticleEvent, Revision, SignOff
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

WHY = {"reason": "The dose was wrong."}


@pytest.fixture
def editor():
    return make_user("Editors")


@pytest.fixture
def reviewer():
    return make_reviewer()


def at(name, *args):
    """Return the address of a step; an article or a row stands for its key."""
    return reverse(f"admin:articles_article_{name}", args=[getattr(arg, "pk", arg) for arg in args])


def words_of(response):
    return " ".join(str(message) for message in response.context["messages"])


def errors_of(response):
    return " ".join(response.context["form"].non_field_errors())


def change(article, **fields):
    """Save the working copy with these words."""
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    saving.save(article, by=make_user("Editors"))
    return article


def sent(article, **fields):
    """Return what the submit page sends."""
    return {"version": Article.objects.get(pk=article.pk).version, "change": "wording", "note": "A word."} | fields


def signed_by(client, reviewer, revision, step="full", **fields):
    client.force_login(reviewer.user)
    base = workflow_rules.base_of(revision, timezone.localdate())
    data = {"sha256": revision.sha256, "base": base.pk if base else "", "step": step, "note": ""} | fields
    return client.post(at("review", revision.article, revision.number), data, follow=True)


def test_from_the_working_copy_to_the_page(client, editor, reviewer):
    article = make_article(title="Hats")
    client.force_login(editor)
    assertContains(client.get(at("change", article)), 'form="article_form" name="_send"')
    page = client.get(at("submit", article))
    assertNotContains(page, "What changes on the live page")
    assert "Version 1 is now waiting for a reviewer" in words_of(
        client.post(at("submit", article), sent(article, change="new", note=""), follow=True)
    )
    page = client.get(at("change", article))
    assertNotContains(page, "Publish version")
    assertNotContains(page, "Send to the reviewer")
    assertContains(page, "waiting for a reviewer")

    client.force_login(reviewer.user)
    assertContains(client.get(at("change", article)), "Read and sign version 1")
    revision = Revision.objects.get()
    assertContains(client.get(at("review", article, 1)), f'name="sha256" value="{revision.sha256}"')
    assert "You signed version 1" in words_of(signed_by(client, reviewer, revision))

    client.force_login(editor)
    assertContains(client.get(at("change", article)), "Publish version 1")
    assert "Version 1 is online" in words_of(client.post(at("publish", article), {"number": "1"}, follow=True))
    page = client.get(at("change", article))
    assertContains(page, "Version 1: reviewed, up to date")
    assertNotContains(page, "Publish version")
    assertContains(client.get(at("history", article)), "Published")
    client.logout()
    assertContains(client.get(article.get_absolute_url()), "Reviewed by Rita Reviewer, MD")


def test_whoever_sends_a_text_is_told_while_no_one_can_sign_it(client, editor):
    article = make_article()
    client.force_login(editor)
    reviewer = make_reviewer()
    assert "No one can sign" not in words_of(
        client.post(at("submit", article), sent(article, change="new", note=""), follow=True)
    )
    client.post(at("recall", article), {"number": "1"})
    reviewer.user.is_active = False
    reviewer.user.save()
    said = words_of(client.post(at("submit", article), sent(article, change="new", note=""), follow=True))
    assert "No one can sign it yet." in said
    assert "Version 2 is now waiting for a reviewer" in said


def test_a_typo_is_corrected_with_a_signature_on_the_changes(client, editor, reviewer):
    article = change(make_published(), body="<p>The better words.</p>")
    client.force_login(editor)
    page = client.get(at("submit", article))
    assertContains(page, "added: </span>better")
    assertNotContains(page, "New page")
    page = client.post(at("submit", article), sent(article, note=""))
    assert page.context["form"].errors["note"]
    client.post(at("submit", article), sent(article))
    revision = Revision.objects.get(number=2)
    assert (revision.change, revision.public_note) == ("wording", "A word.")

    client.force_login(reviewer.user)
    assertNotContains(client.get(at("review", article, 2)), "added: </span>better")
    page = client.get(at("review", article, 2) + "?view=changes")
    assertContains(page, "added: </span>better")
    assertContains(page, "Sign the changes only")
    signed_by(client, reviewer, revision, "changes")
    assert SignOff.objects.last().scope == "changes"
    client.force_login(editor)
    client.post(at("publish", article), {"number": "2"})
    assertContains(client.get(article.get_absolute_url()), "better")


def test_a_signature_on_changes_is_not_offered_without_one_to_build_on(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    client.force_login(reviewer.user)
    assertNotContains(client.get(at("review", revision.article, 1)), "Sign the changes only")
    assert "no valid earlier signature" in errors_of(signed_by(client, reviewer, revision, "changes"))
    article = change(make_published(), body="<p>Later.</p>")
    workflow.submit(article, by=editor)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=366), tick=False):
        client.force_login(reviewer.user)
        assertNotContains(client.get(at("review", article, 2)), "Sign the changes only")


def test_the_changes_are_shown_against_the_text_that_a_signature_on_them_builds_on(client, editor, reviewer):
    article = make_published(body="<p>One two three four five.</p>")
    first = SignOff.objects.get()
    article = change(article, body="<p>One two three four five. Slipped in.</p>")
    signed_by(client, reviewer, workflow.submit(article, by=editor), "changes")
    workflow.revoke(first, by=editor, reason="R")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        workflow.sign(first.revision, shown_hash=first.revision.sha256, by=first.reviewer.user)
        workflow.submit(change(article, body="<p>One two three four five. Slipped in. Typo.</p>"), by=editor)
        client.force_login(reviewer.user)
        page = client.get(at("review", article, 3) + "?view=changes")
        assertContains(page, "What changed since version 1")
        assertContains(page, "added: </span>Slipped in. Typo.")
        assertContains(page, f'name="base" value="{SignOff.objects.last().pk}"')


@pytest.mark.parametrize("shown", ["", "0", "999999"])
def test_changes_that_were_shown_against_another_text_are_not_signed(client, editor, reviewer, shown):
    revision = workflow.submit(change(make_published(), body="<p>Other.</p>"), by=editor)
    page = signed_by(client, reviewer, revision, "changes", base=shown)
    assert "The comparison has changed" in errors_of(page)
    assert SignOff.objects.count() == 1
    assertContains(page, f'name="base" value="{SignOff.objects.get().pk}"')


def test_who_saw_the_changes_only_does_not_sign_all_of_it(client, editor, reviewer):
    revision = workflow.submit(change(make_published(), body="<p>Other.</p>"), by=editor)
    client.force_login(reviewer.user)
    address = at("review", revision.article, 2)
    assertContains(client.get(address), 'action="?"')
    assertContains(client.get(f"{address}?view=changes"), 'action="?view=changes"')
    data = {"sha256": revision.sha256, "base": SignOff.objects.get().pk, "note": ""}
    assert "only the changes" in errors_of(client.post(f"{address}?view=changes", data | {"step": "full"}))
    assert SignOff.objects.count() == 1
    client.post(f"{address}?view=changes", data | {"step": "changes"})
    assert SignOff.objects.last().scope == "changes"


def test_what_is_online_already_is_not_offered_for_review(client, editor):
    article = make_published()
    workflow.recall(workflow.submit(change(article, body="<p>Other.</p>"), by=editor), by=editor)
    change(article, body="<p>The words.</p>")
    client.force_login(editor)
    assertContains(client.get(at("submit", article)), "This text is already online as version 1")
    page = client.get(at("change", article))
    assertContains(page, "same as version 1, which is online")
    assertNotContains(page, "Send to the reviewer")


def test_the_page_to_sign_shows_the_frozen_words_and_not_the_working_copy(client, reviewer, editor):
    article = make_article(title="Hats", summary="Sum.", need_to_know="- Know", body="<h2>A Brim</h2><p>C3 <LOQ</p>")
    workflow.submit(article, by=editor)
    Article.objects.update(title="Other", summary="Else", body="<p>Changed</p>")
    client.force_login(reviewer.user)
    page = client.get(at("review", article, 1))
    for html in (
        '<h1 id="title">Hats</h1>',
        "<p>Sum.</p>",
        "<ul><li>Know</li></ul>",
        '<h2 id="a-brim">A Brim</h2>',
        "<p>C3 &lt;LOQ</p>",
    ):
        assertContains(page, html)
    assertNotContains(page, "Changed")
    assert "no-store" in page["Cache-Control"]


def article_of(page):
    return page.content.decode().partition('<article aria-labelledby="title"')[2].partition("</article>")[0]


def test_the_page_to_sign_is_the_page_of_readers_in_every_letter(client, reviewer, editor):
    article = make_article(body="<blockquote><p>Quoted.</p></blockquote><h2>Hats</h2><p>Wear one. [1]</p>")
    article.sources.create(position=1, title="On hats")
    revision = workflow.submit(article, by=editor)
    client.force_login(reviewer.user)
    page = client.get(at("review", article, 1))
    shown = article_of(page)
    assert shown.count("Quoted.") == 1
    assert shown == article_of(client.get(at("preview", article, 1)))
    assertContains(page, "lupussite/site.css")
    assertNotContains(page, "admin.css")
    assertContains(page, '<a class="skip" href="#decide">')
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    workflow.publish(revision, by=editor)
    signed = article_of(client.get(at("review", article, 1)))
    assert signed == article_of(client.get(article.get_absolute_url()))


def test_a_reviewer_sees_what_changed_since_the_version_they_sent_back(client, editor, reviewer):
    article = make_published(title="Hats")
    second = workflow.submit(change(article, title="Caps"), by=editor)
    workflow.request_changes(second, shown_hash=second.sha256, by=reviewer.user, note="Which caps?\n\nSay why.")
    client.force_login(editor)
    status = client.get(at("change", article))
    assertContains(status, "<p>Which caps?</p>\n\n<p>Say why.</p>")
    third = workflow.submit(change(article, title="Peaked caps"), by=editor)
    assertNotContains(client.get(at("change", article)), "<p>Which caps?</p>")
    client.force_login(reviewer.user)
    page = client.get(at("review", article, 3))
    assertContains(page, "<p>Which caps?</p>\n\n<p>Say why.</p>")
    assertContains(page, 'href="?view=changes">What changed since version 1</a>')
    assertContains(page, 'href="?view=read">What changed since version 2, the last one you read</a>')
    (since_read,) = client.get(at("review", article, 3) + "?view=read").context["parts"]
    pieces = [piece.shown for row in since_read.shown for piece in row.pieces]
    assert any("Caps" in shown for shown in pieces)
    assert not any("Hats" in shown for shown in pieces)
    for step in ("full", "changes"):
        answer = client.post(at("review", article, 3) + "?view=read", {"sha256": third.sha256, "step": step, "base": "1"})
        assert "only what changed since you last read" in errors_of(answer)
    assert not SignOff.objects.filter(revision=third).exists()
    client.post(at("review", article, 3) + "?view=read", {"sha256": third.sha256, "step": "ask", "note": "Better."})
    assert workflow_rules.stage(third) == "asked"


def test_the_version_that_was_read_last_is_named_once(client, editor, reviewer):
    article = make_article()
    first = workflow.submit(article, by=editor)
    workflow.sign(first, shown_hash=first.sha256, by=reviewer.user)
    workflow.publish(first, by=editor)
    workflow.submit(change(article, title="Caps"), by=editor)
    client.force_login(reviewer.user)
    page = client.get(at("review", article, 2))
    assertContains(page, "What changed since version 1")
    assertNotContains(page, "the last one you read")


def test_what_is_submitted_is_what_was_on_the_screen(client, editor):
    article = make_article()
    shown = sent(article, change="new")
    change(article, body="<p>Saved by somebody else.</p>")
    client.force_login(editor)
    page = client.post(at("submit", article), shown)
    assert "saved the draft while you had this page open" in errors_of(page)
    assert not Revision.objects.exists()
    assertContains(page, 'name="version" value="2"')


def test_submitting_says_what_readers_will_not_get(client, editor):
    article = make_article(body="<p>Brims.<img src=x></p>")
    client.force_login(editor)
    assertContains(client.get(at("submit", article)), "Left out or changed: 1 picture.")


def test_submitting_the_same_text_again_says_that_nothing_changed(client, editor):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assertContains(client.get(at("submit", article)), "Nothing has changed since version 1")
    assert "Nothing has changed" in errors_of(client.post(at("submit", article), sent(article, change="new")))
    assert Revision.objects.count() == 1


def test_two_reviewers_at_once_sign_the_same_text(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    signed_by(client, reviewer, revision)
    signed_by(client, make_reviewer(name="Otto Other"), revision)
    assert sorted(SignOff.objects.values_list("name", flat=True)) == ["Otto Other", "Rita Reviewer"]


def test_of_a_signature_and_a_wish_for_changes_the_first_holds_and_no_note_is_lost(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    assert "asked for changes" in words_of(signed_by(client, reviewer, revision, "ask", note="Source 3 is missing."))
    page = signed_by(client, make_reviewer(), revision)
    assert "You can't do that now. Version 1: changes requested." in errors_of(page)
    assert not SignOff.objects.exists()
    page = signed_by(client, make_reviewer(), revision, "ask", note="My long note.")
    assertContains(page, "My long note.")
    client.force_login(editor)
    assertContains(client.get(at("change", revision.article)), "Source 3 is missing.")


def test_asking_for_changes_needs_a_note(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    assert "say what should change" in errors_of(signed_by(client, reviewer, revision, "ask"))


def test_a_recalled_version_is_not_signed(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    client.force_login(editor)
    assert "recalled" in words_of(client.post(at("recall", revision.article), {"number": "1"}, follow=True))
    assert "You can't do that now. Version 1: recalled." in errors_of(signed_by(client, reviewer, revision))
    assertContains(client.get(at("review", revision.article, 1)), "nothing to do with this version right now")
    assert not SignOff.objects.exists()


def test_a_text_that_was_followed_by_another_is_not_signed(client, reviewer, editor):
    revision = workflow.submit(make_article(), by=editor)
    workflow.submit(change(revision.article, title="Newer"), by=editor)
    assert "There's a newer version" in errors_of(signed_by(client, reviewer, revision))
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("sha256", ["", "x" * 64, "0" * 64, "0" * 100_000])
def test_signing_needs_the_hash_that_was_shown_and_keeps_the_note(client, reviewer, editor, sha256):
    revision = workflow.submit(make_article(), by=editor)
    page = signed_by(client, reviewer, revision, sha256=sha256, note="Kept.")
    assert "has changed since you opened" in errors_of(page)
    assertContains(page, "Kept.")
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("step", ["", "all", "stated"])
def test_a_step_that_is_none_is_said(client, reviewer, editor, step):
    revision = workflow.submit(make_article(), by=editor)
    assert "choose what to do" in errors_of(signed_by(client, reviewer, revision, step))
    assert not SignOff.objects.exists()


def test_a_text_whose_signature_was_just_taken_back_is_not_published(client, editor, reviewer):
    revision = workflow.submit(make_article(), by=editor)
    sign_off = workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    client.force_login(reviewer.user)
    client.post(at("revoke", revision.article, sign_off), WHY)
    client.force_login(editor)
    assert "no one has signed" in words_of(client.post(at("publish", revision.article), {"number": "1"}, follow=True))
    assert not Revision.objects.live().exists()


def test_reading_again_moves_the_dates(client, reviewer):
    article = make_published()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400), tick=False):
        client.force_login(reviewer.user)
        assertContains(client.get(at("change", article)), "reviewed, next review overdue")
        assertContains(client.get(at("review", article, 1)), "Sign the whole page again")
        signed_by(client, reviewer, article.revision)
        assertContains(client.get(at("change", article)), "reviewed, up to date")
    assert ArticleEvent.objects.filter(kind="reaffirmed").count() == 1


def test_a_signature_is_taken_back_with_a_reason_that_readers_see(client, editor):
    article = make_published()
    sign_off = SignOff.objects.get()
    client.force_login(editor)
    assertContains(client.get(at("change", article)), "Withdraw this signature")
    assertContains(client.get(at("revoke", article, sign_off)), "Readers will see your reason")
    assert client.post(at("revoke", article, sign_off), {"reason": " "}).context["form"].errors["reason"]
    client.post(at("revoke", article, sign_off), WHY)
    assertContains(client.get(article.get_absolute_url()), "The dose was wrong.")
    assertNotContains(client.get(at("change", article)), "Withdraw this signature")
    assert "no longer valid" in errors_of(client.post(at("revoke", article, sign_off), WHY))


def test_an_urgent_change_goes_online_unsigned_and_says_so(client, editor):
    article = change(make_published(), body="<p>Do not take it.</p>")
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assertNotContains(client.get(at("change", article)), "urgently")
    editor.user_permissions.add(Permission.objects.get(codename="publish_urgently"))
    assertContains(client.get(at("change", article)), "Publish version 2 urgently")
    client.post(at("urgent", article, 2), WHY)
    assertContains(client.get(article.get_absolute_url()), "Do not take it.")
    assertContains(client.get(at("change", article)), "changed since it was reviewed")
    assertContains(client.get(at("desk")), "review due on")


def test_a_page_that_was_never_online_is_not_published_urgently(client, editor):
    workflow.submit(make_article(), by=editor)
    article = Article.objects.get()
    editor.user_permissions.add(Permission.objects.get(codename="publish_urgently"))
    client.force_login(editor)
    assertNotContains(client.get(at("change", article)), "urgently")
    assert "only to a page that is online" in errors_of(client.post(at("urgent", article, 1), WHY))


def test_a_page_is_withdrawn_and_put_back(client, editor):
    article = make_published()
    client.force_login(editor)
    assert client.post(at("withdraw", article), {"reason": ""}).context["form"].errors["reason"]
    client.post(at("withdraw", article), WHY)
    assertContains(client.get(article.get_absolute_url()), "The dose was wrong.", status_code=410)
    assert "isn't online" in errors_of(client.post(at("withdraw", article), WHY))
    assertContains(client.get(at("change", article)), "Put the page back online")
    client.post(at("restore", article))
    assert client.get(article.get_absolute_url()).status_code == 200
    assert "neither withdrawn" in words_of(client.post(at("restore", article), follow=True))


def test_a_page_goes_into_the_archive_and_comes_back(client, editor):
    article = make_published()
    client.force_login(editor)
    client.post(at("archive", article))
    assertContains(client.get(article.get_absolute_url()), "for reference")
    assertContains(client.get(at("change", article)), "Version 1: archived")
    assert "already archived" in words_of(client.post(at("archive", article), follow=True))
    client.post(at("restore", article))
    assertNotContains(client.get(article.get_absolute_url()), "for reference")


@pytest.mark.parametrize(
    ("name", "button", "words"),
    [
        ("recall", "Recall version 2", "can no longer sign version 2"),
        ("publish", "Publish version 2", "right away, in place of version 1"),
        ("archive", "Archive the page", "under a banner"),
    ],
)
def test_a_step_that_readers_or_reviewers_notice_is_asked_once(client, editor, name, button, words):
    article = make_published()
    signer = make_reviewer()
    revision = workflow.submit(change(article, body="<p>Other.</p>"), by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=signer.user)
    client.force_login(editor)
    number = "" if name == "archive" else "?number=2"
    assertContains(client.get(at("change", article)), f'href="{at(name, article)}{number}">{button}</a>')
    asked = client.get(at(name, article) + number)
    assertContains(asked, words)
    assertContains(asked, f'<button class="button" type="submit">{button}</button>', html=True)
    client.post(at(name, article), {"number": asked.context["number"] or ""})
    assert ArticleEvent.objects.last().kind == {"recall": "recalled", "publish": "published", "archive": "archived"}[name]


def test_an_article_with_200_versions_opens_as_quickly(client, editor, reviewer, django_assert_max_num_queries):
    article = make_published()
    many = [
        Revision(
            article=article, number=number, content=article.revision.content, sha256=article.revision.sha256, format=1,
            search_text="", published_at=timezone.now(), retired_at=timezone.now(),
        )
        for number in range(2, 201)
    ]  # fmt: skip
    Revision.objects.bulk_create(many)
    workflow.submit(change(article, title="Newest"), by=editor)
    client.force_login(editor)
    with django_assert_max_num_queries(45):
        assertContains(client.get(at("change", article)), "All 201 versions")
    client.force_login(reviewer.user)
    with django_assert_max_num_queries(30):
        client.get(at("review", article, 201) + "?view=changes")


@pytest.mark.django_db
def test_a_preview_of_a_page_of_comments_that_is_not_there_is_still_a_preview(admin_client):
    article = make_published()
    page = admin_client.get(f"/admin/articles/article/{article.pk}/preview/?page=99")
    assert page.status_code == 200
