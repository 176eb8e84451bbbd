"""Submit, sign, publish, withdraw: who may, what is frozen, what is refused."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles import canonical, workflow
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
    with pytest.raises(workflow.WorkflowError, match="Nobody has signed"):
        workflow.publish(revision, by=editor)


def test_a_revoked_signature_does_not_publish(revision, editor):
    sign(revision)
    SignOff.objects.update(revoked_at=timezone.now(), revocation_reason="An error")
    with pytest.raises(workflow.WorkflowError, match="Nobody has signed"):
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
    assert removed == [f"control characters, which nobody can see, in {name}" for name in ("sources", "summary", "title")]
    revision = workflow.submit(article, by=editor)
    assert (revision.title, revision.summary, revision.sources[0]["title"]) == ("Sun hats", "Summary", "A source")


def test_a_text_is_published_once(editor):
    article = make_published()
    with pytest.raises(workflow.WorkflowError, match="published before"):
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
    with pytest.raises(workflow.WorkflowError, match="not online"):
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
