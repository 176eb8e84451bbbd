"""Submit, sign, publish, withdraw: who may, what is frozen, what is refused."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles import canonical, desk, saving, workflow, workflow_rules
from articles.admin import buttons
from articles.models import Article, Revision, SignOff, Source
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("Editors")


@pytest.fixture
def revision(editor):
    return workflow.submit(make_article(), by=editor)


def sign(revision, reviewer=None, **fields):
    return workflow.sign(revision, **({"shown_hash": revision.sha256, "by": (reviewer or make_reviewer()).user} | fields))


def test_submit_freezes_everything_the_page_shows(editor):
    article = make_article(
        title="Sun", summary="Sum [1].", need_to_know="- One", body="<p>Body [1]<script>x</script></p>", language="es"
    )
    Source.objects.create(article=article, position=1, title="A source", pmid="12")
    revision = workflow.submit(article, by=editor)
    assert (revision.title, revision.summary, revision.need_to_know) == ("Sun", "Sum [1].", "- One")
    assert revision.language == "es"
    assert revision.body_html == '<p>Body <a id="mark-1" href="#source-1" aria-label="source 1">[1]</a></p>'
    assert revision.sources[0]["pmid"] == "12"
    assert revision.sha256 == canonical.sha256(revision.content)
    assert revision.search_text == "sun sum. one body"


def test_readers_see_nothing_of_a_working_copy_or_a_submitted_text(revision):
    assert not Article.objects.live().exists()


def test_an_edit_after_publication_changes_nothing_for_readers():
    article = make_published(title="Old")
    Article.objects.filter(pk=article.pk).update(title="New")
    assert Article.objects.published().get().revision.title == "Old"


def test_submitting_the_same_again_is_refused(revision, editor):
    with pytest.raises(workflow.Unchanged, match="Nothing has changed since version 1"):
        workflow.submit(revision.article, by=editor)
    assert Revision.objects.count() == 1


def test_an_article_without_words_is_not_submitted(editor):
    with pytest.raises(workflow.WorkflowError, match="no text yet"):
        workflow.submit(make_article(body="<p>&nbsp;</p><script>x</script>"), by=editor)


def test_a_signature_stands_on_the_hash_with_the_letters_of_that_day(revision):
    reviewer = make_reviewer(name="Ana Ruiz", credentials="MD", specialty="Rheumatology", ties="None")
    sign_off = sign(revision, reviewer)
    reviewer.name, reviewer.credentials = "Other", "PhD"
    reviewer.save()
    sign_off.refresh_from_db()
    assert (sign_off.name, sign_off.credentials, sign_off.specialty, sign_off.sha256) == (
        "Ana Ruiz",
        "MD",
        "Rheumatology",
        revision.sha256,
    )
    assert sign_off.valid_until - sign_off.signed_on == datetime.timedelta(days=365)


def test_a_superuser_without_a_profile_does_not_sign(revision):
    with pytest.raises(PermissionDenied):
        workflow.sign(revision, shown_hash=revision.sha256, by=make_user(is_superuser=True))
    assert not SignOff.objects.exists()


def test_a_reviewer_without_the_permission_does_not_sign(revision):
    with pytest.raises(PermissionDenied):
        sign(revision, make_reviewer(user=make_user("Editors")))


def test_a_reviewer_whose_time_ended_does_not_sign(revision):
    with pytest.raises(PermissionDenied):
        sign(revision, make_reviewer(ended_on=timezone.localdate()))


def test_only_the_text_that_was_shown_is_signed(revision):
    with pytest.raises(workflow.WorkflowError, match="has changed since you opened"):
        sign(revision, shown_hash="0" * 64)


def test_an_older_text_is_not_signed_when_a_newer_one_waits(revision, editor):
    Article.objects.update(title="Newer")
    workflow.submit(revision.article, by=editor)
    with pytest.raises(workflow.WorkflowError, match="newer version"):
        sign(revision)


def test_publishing_needs_a_signature(revision, editor):
    with pytest.raises(workflow.WorkflowError, match="no one has signed"):
        workflow.publish(revision, by=editor)


def test_a_revoked_signature_does_not_publish(revision, editor):
    sign(revision)
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error")
    with pytest.raises(workflow.WorkflowError, match="no one has signed"):
        workflow.publish(revision, by=editor)


def test_publishing_needs_the_permission(revision):
    reviewer = make_reviewer()
    sign(revision, reviewer)
    with pytest.raises(PermissionDenied):
        workflow.publish(revision, by=reviewer.user)


def test_publishing_makes_exactly_this_one_live(editor):
    article = make_published()
    Article.objects.update(title="Second")
    second = workflow.submit(article, by=editor)
    assert second.base == article.revision
    sign(second)
    workflow.publish(second, by=editor)
    assert Revision.objects.live().get() == second
    assert Revision.objects.get(number=1).retired_at is not None


def test_an_older_text_is_not_published_over_a_newer_one(editor):
    article = make_published()
    Article.objects.update(title="Second")
    second = workflow.submit(article, by=editor)
    sign(second)
    Article.objects.update(title="Third")
    third = workflow.submit(article, by=editor)
    sign(third)
    workflow.publish(third, by=editor)
    with pytest.raises(workflow.WorkflowError, match="newer version"):
        workflow.publish(second, by=editor)
    assert Revision.objects.live().get() == third


def test_signs_that_nobody_can_see_are_taken_out_of_every_text_and_told(editor):
    article = make_article(title="Sun\x0b hats", summary="Sum\x1bmary")
    Source.objects.create(article=article, position=1, title="A\x08 source")
    _, removed = article.content()
    assert removed == [f"invisible control characters in: {name}" for name in ("sources", "summary", "title")]
    revision = workflow.submit(article, by=editor)
    assert (revision.title, revision.summary, revision.sources[0]["title"]) == ("Sun hats", "Summary", "A source")


def test_a_text_is_published_once(editor):
    article = make_published()
    with pytest.raises(workflow.WorkflowError, match="already been published"):
        workflow.publish(article.revision, by=editor)
    assert Revision.objects.live().exists()


def test_a_page_says_overdue_after_a_year():
    article = make_published()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=366)):
        assert Article.objects.published().get(pk=article.pk).review.kind == "overdue"


def test_withdrawing_needs_a_reason_and_the_permission(editor):
    article = make_published()
    with pytest.raises(workflow.WorkflowError, match="reason"):
        workflow.withdraw(article, reason=" ", by=editor)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(article, reason="Out of date", by=make_user("Moderators"))
    workflow.withdraw(article, reason="Out of date", by=editor)
    assert not Article.objects.published().exists()
    assert Article.objects.live().get().review.kind == "withdrawn"


def test_a_draft_cannot_be_withdrawn(editor):
    with pytest.raises(workflow.WorkflowError, match="isn't online"):
        workflow.withdraw(make_article(), reason="Out of date", by=editor)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Revision.objects.update(content="{}"),
        lambda: Revision.objects.update(sha256="0"),
        lambda: SignOff.objects.update(name="Somebody Else"),
        lambda: SignOff.objects.update(sha256="0"),
    ],
)
def test_the_database_refuses_to_change_what_was_frozen_or_signed(change):
    make_published()
    with pytest.raises(DatabaseError, match="only takes new rows"), transaction.atomic():
        change()


def live_article(editor, reviewer, **fields):
    """Return an article whose first version is signed by this reviewer and online."""
    article = make_article(**fields)
    first = workflow.submit(article, by=editor)
    sign(first, reviewer)
    workflow.publish(first, by=editor)
    return article


def next_version(article, editor, **fields):
    """Change the words and submit them."""
    Article.objects.filter(pk=article.pk).update(**fields)
    return workflow.submit(article, by=editor)


def kind_of(article):
    return Article.objects.live().get(pk=article.pk).review.kind


def test_changes_are_shown_against_the_text_that_their_signature_rests_on(editor):
    """A signature on changes that fell with its base vouches for no word, so its words are new again."""
    reviewer, other = make_reviewer(), make_reviewer()
    article = live_article(editor, reviewer)
    first = article.revisions.get()
    second = next_version(article, editor, title="Added words")
    sign(second, reviewer, scope="changes")
    workflow.revoke(first.sign_offs.get(), by=reviewer.user, reason="An error")
    sign(first, other)
    third = next_version(article, editor, title="Added words, a typo mended")
    base = workflow_rules.base_of(third, timezone.localdate())
    assert base.revision == workflow_rules.last_signed(third) == first
    with pytest.raises(workflow.WorkflowError, match="comparison has changed"):
        sign(third, reviewer, scope="changes", shown_base=second.sign_offs.get().pk)


def test_old_words_under_a_new_number_are_not_signed_by_the_old_signature(editor):
    reviewer = make_reviewer()
    article = live_article(editor, reviewer, title="Old advice")
    second = next_version(article, editor, title="New advice")
    sign(second, reviewer)
    workflow.publish(second, by=editor)
    third = next_version(article, editor, title="Old advice")
    workflow.publish_urgently(third, by=make_user(is_superuser=True), reason="By mistake")
    assert kind_of(article) == "changed"


def test_taking_a_signature_back_takes_all_of_that_reviewer_on_that_version(editor):
    reviewer = make_reviewer()
    article = live_article(editor, reviewer)
    live = article.revisions.get()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
        sign(live, reviewer)
        workflow.revoke(live.sign_offs.order_by("pk").last(), by=reviewer.user, reason="An error")
        assert kind_of(article) == "revoked"


def test_the_same_is_not_signed_twice_on_a_day(revision):
    reviewer = make_reviewer()
    sign(revision, reviewer)
    with pytest.raises(workflow.WorkflowError, match="signed this today"):
        sign(revision, reviewer)


def test_who_wrote_the_words_is_known_after_a_recall_and_not_by_settings_alone(editor, settings):
    reviewer = make_reviewer(user=make_user("Medical reviewers", "Editors"))
    article = make_article()
    saving.save(article, by=reviewer.user)
    workflow.recall(workflow.submit(article, by=editor), by=editor)
    again = workflow.submit(article, by=editor)
    settings.REVIEWERS_MAY_EDIT = False
    with pytest.raises(workflow.WorkflowError, match="another reviewer"):
        sign(again, reviewer)
    settings.REVIEWERS_MAY_EDIT = True
    assert sign(again, reviewer).edited
    other = make_article()
    saving.save(other, by=reviewer.user, words_changed=False)
    assert not sign(workflow.submit(other, by=editor), reviewer).edited


def test_a_save_on_an_older_version_overwrites_nothing():
    article, editor = make_article(summary="Wear a hat."), make_user("Editors")
    older = Article.objects.get(pk=article.pk)
    article.summary = "Wear a hat and a scarf."
    saving.save(article, by=editor)
    older.summary = "Stay inside."
    with pytest.raises(workflow.WorkflowError, match="Someone else saved"):
        saving.save(older, by=editor, version=older.version)
    article.refresh_from_db()
    assert article.summary == "Wear a hat and a scarf."


def test_what_is_online_already_is_not_submitted_again(editor):
    article = live_article(editor, make_reviewer(), title="Live")
    workflow.recall(next_version(article, editor, title="Other"), by=editor)
    with pytest.raises(workflow.Unchanged, match="already online"):
        next_version(article, editor, title="Live")


def test_a_recall_leaves_the_version_before_it_signed_and_publishable(editor):
    article, reviewer = make_article(title="One"), make_reviewer()
    first = workflow.submit(article, by=editor)
    sign(first, reviewer)
    second = next_version(article, editor, title="Two")
    assert workflow_rules.stage(first) == "superseded"
    workflow.recall(second, by=editor)
    assert workflow_rules.stage(first) == "signed"
    with pytest.raises(workflow.Unchanged, match="since version 1"):
        next_version(article, editor, title="One")
    (row,) = desk.standings(timezone.localdate())
    assert (row.pending.number, row.pending.stage) == (1, "signed")
    article = Article.objects.get(pk=article.pk)
    labels = [button.label for button in buttons.buttons(article, make_user(is_superuser=True), unsent=False)]
    assert "Publish version 1" in labels
    workflow.publish(first, by=editor)
    assert Article.objects.published().get().revision.title == "One"
    workflow.recall(next_version(article, editor, title="Three"), by=editor)
    (row,) = desk.standings(timezone.localdate())
    assert (row.pending.number, row.pending.stage) == (3, "recalled")


def test_a_withdrawn_page_is_not_changed_urgently_and_comes_back_to_the_archive(editor):
    admin = make_user(is_superuser=True)
    article = live_article(editor, make_reviewer())
    workflow.archive(article, by=admin)
    workflow.withdraw(article, reason="Out of date", by=admin)
    with pytest.raises(workflow.WorkflowError, match="online"):
        workflow.publish_urgently(next_version(article, editor, title="New"), by=admin, reason="A recall")
    workflow.restore(article, by=admin)
    assert kind_of(article) == "archived"


@pytest.mark.parametrize(
    "change",
    [
        lambda: SignOff.objects.update(revoked_at=None, revoked_by=None, revocation_reason=""),
        lambda: Revision.objects.update(published_at=None),
    ],
)
def test_what_is_written_later_is_written_once(editor, change):
    reviewer = make_reviewer()
    article = live_article(editor, reviewer)
    workflow.revoke(article.sign_offs.get(), by=reviewer.user, reason="An error")
    with pytest.raises(DatabaseError, match="only takes new rows"), transaction.atomic():
        change()


def test_frozen_rows_refuse_to_be_saved_again_or_deleted(revision):
    for row in (revision, sign(revision), revision.events.last()):
        with pytest.raises(TypeError, match="only takes new rows"):
            row.save()
        with pytest.raises(TypeError, match="only takes new rows"):
            row.delete()


def test_a_retraction_outlives_the_source_in_the_working_copy(client):
    article = make_article(body="<p>Words [1]</p>")
    source = Source.objects.create(article=article, position=1, title="A study", pmid="12345")
    editor = make_user("Editors")
    revision = workflow.submit(article, by=editor)
    sign(revision)
    workflow.publish(revision, by=editor)
    source.retracted_on = datetime.date(2026, 5, 1)
    source.save()
    source.delete()
    assert "etracted" in client.get(article.get_absolute_url()).content.decode()


def test_a_retraction_that_was_a_mistake_goes_though_the_title_was_corrected():
    source = Source.objects.create(article=make_article(), position=1, title="A studdy", pmid="12345", retracted_on="2026-05-01")
    source.title = "A study"
    source.save()
    source.retracted_on = None
    source.save()
    assert not source.article.retractions.exists()
