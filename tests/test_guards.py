"""Promises that hold only because of one line of code: each test fails when that line is taken away (bench/mutations.py)."""

import ipaddress
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from articles import canonical, workflow
from articles.html import cleaning
from articles.models import Article, Revision
from articles.review import Kind
from comments.flows import erasing, letters, moderation, thread_pages
from comments.flows.replies import reply_as_staff
from comments.flows.submission import change_words
from comments.models import Comment, Letter, State
from lupussite import insert_only
from tests.factories import make_article, make_comment, make_published, make_reviewer, make_user
from web import limits

on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")


@pytest.mark.django_db
def test_a_move_is_made_on_the_version_that_was_loaded(moderator):
    comment = make_comment()
    stale = Comment.objects.get(pk=comment.pk)
    change_words(comment, "Other words", version=1, network="192.0.2.1")
    with pytest.raises(moderation.Conflict):
        moderation.move(stale, State.APPROVED, "decided", actor=moderator)
    comment.refresh_from_db()
    assert comment.state == State.PENDING


@pytest.mark.django_db
def test_words_that_change_while_somebody_decides_are_not_published(moderator, monkeypatch):
    """The author saves new words after the decision has looked at the version, and before it is written."""
    comment, give_page = make_comment(), thread_pages.give_page

    def meanwhile(seen):
        change_words(comment, "Words that nobody saw", version=1, network="192.0.2.1")
        return give_page(seen)

    monkeypatch.setattr(thread_pages, "give_page", meanwhile)
    with pytest.raises(moderation.Conflict):
        moderation.decide(comment, State.APPROVED, version=1, by=moderator)
    assert not Comment.objects.public().exists()


@pytest.mark.django_db
def test_a_text_that_was_changed_behind_the_stored_hash_is_not_called_reviewed(client):
    article = make_published(body="<p>Take 20 mg.</p>")
    assert article.review.is_reviewed
    insert_only.drop(connection)
    revision = Revision.objects.get()
    content = canonical.canonical_json(json.loads(revision.content) | {"body_html": "<p>Take 40 mg.</p>"})
    Revision.objects.update(content=content)  # The column with the hash still says what was signed.
    insert_only.put_back(sender=None, using="default")
    article = Article.objects.live().get()
    assert article.review.kind == Kind.CHANGED
    assert not article.review.is_reviewed
    assert "Reviewed by" not in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_text_that_was_changed_after_it_was_signed_is_not_published(client):
    editor, reviewer = make_user("Editors"), make_reviewer()
    article = make_article(body="<p>Take 20 mg.</p>")
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    insert_only.drop(connection)
    content = canonical.canonical_json(json.loads(revision.content) | {"body_html": "<p>Take 40 mg.</p>"})
    Revision.objects.update(content=content)  # The column with the hash still says what was signed.
    insert_only.put_back(sender=None, using="default")
    with pytest.raises(workflow.WorkflowError):
        workflow.publish(Revision.objects.get(), by=editor)
    assert client.get(article.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_nobody_chooses_the_network_they_are_counted_by(client, settings):
    settings.COMMENT_LIMITS = [(2, 600)]
    address = f"{make_published().get_absolute_url()}comments/"

    def post(number, **more):
        form = {"name": "Ana", "email": f"ana-{number}@example.org", "body": f"Words {number}"}
        return client.post(address, form, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}", **more).status_code

    assert [post(number, REMOTE_ADDR="203.0.113.9") for number in range(3)] == [303, 303, 429]


@pytest.mark.django_db
def test_a_proxy_of_ours_says_whom_a_form_came_from(client, settings):
    settings.COMMENT_LIMITS = [(2, 600)]
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1/32")]
    address = f"{make_published().get_absolute_url()}comments/"
    for number in range(4):
        form = {"name": "Ana", "email": f"ana-{number}@example.org", "body": f"Words {number}"}
        # What the reader claims stands before what the proxy saw.
        header = f"192.0.2.1, 198.51.100.{number}"
        assert client.post(address, form, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=header).status_code == 303


@pytest.mark.django_db
def test_a_reviewer_takes_back_no_signature_but_their_own(client):
    article, other = make_published(), make_reviewer(name="Rolf Other")
    signature = article.sign_offs.get()
    with pytest.raises(PermissionDenied, match="Only the reviewer who signed"):
        workflow.revoke(signature, by=other.user, reason="I disagree")
    client.force_login(other.user)
    address = f"/admin/articles/article/{article.pk}/revoke/{signature.pk}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "I disagree"}).status_code == 403
    signature.refresh_from_db()
    assert signature.revoked_at is None
    workflow.revoke(signature, by=signature.reviewer.user, reason="I was wrong")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's own files are its own")
def test_erased_words_are_gone_from_the_file_of_the_database(officer):
    comment = make_comment(name="Canaria", body="Canary words that are long enough to be found. " * 20)
    erasing.erase(comment, by=officer, reason="asked")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA database_list")
        path = next(row[2] for row in cursor.fetchall() if row[1] == "main")
    with open(path, "rb") as file:
        assert b"Canar" not in file.read()


def refused_while_held(hold, act):
    """Return whether `act`, on another connection, waits for the row that `hold` holds."""
    waited = []

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            act()
        except OperationalError as error:
            waited.append(error.__cause__.sqlstate == "55P03")  # lock_not_available
        finally:
            connection.close()

    with transaction.atomic():
        hold()
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)
    return waited == [True]


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_approvals_under_one_article_come_one_after_the_other(moderator):
    """Else both take the last place of a page."""
    comment = make_comment()
    assert refused_while_held(
        lambda: Article.objects.select_for_update(no_key=True).get(pk=comment.article_id),
        lambda: moderation.decide(comment, State.APPROVED, version=1, by=moderator),
    )


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_letter_waits_for_an_author_who_takes_the_comment_back(moderator):
    """Else it is kept although every trace of the author was to go."""
    comment = make_comment()
    letter = letters.write(comment, by=moderator, words="How are you?", seen=0)
    assert refused_while_held(
        lambda: Comment.objects.select_for_update(no_key=True).get(pk=comment.pk), lambda: letters.answer(letter, "Fine")
    )
    assert Letter.objects.get().answer == ""


def test_the_last_step_of_the_cleaner_lets_nothing_through_that_the_tree_let_pass(monkeypatch):
    """The tree is our own code; what it lets pass by mistake is taken out by a cleaner that others keep."""

    foreign = f'<figure><img alt="A > b" src="https://example.org/pictures/{"ab" * 32}.jpg"></figure>'

    class Careless:
        def __init__(self, report):
            pass

        def take(self, token):
            pass

        def finished(self):
            return [
                '<p onclick="x()">Hat<script>x()</script><img src=x onerror=x()></p>',
                '<a href="javascript:x()">here</a>',
                foreign,
            ]

    monkeypatch.setattr(cleaning, "Tree", Careless)
    html = cleaning.clean("<p>Hat</p>").html
    assert "Hat" in html
    assert not any(word in html for word in ("<script", "onclick", "onerror", "<img", "javascript:"))


@pytest.mark.django_db
def test_a_cache_that_fails_keeps_the_comment(monkeypatch, settings):
    def broken(*args, **kwargs):
        raise ConnectionError

    settings.COMMENT_LIMITS = [(1, 600)]
    monkeypatch.setattr(limits.cache, "add", broken)
    assert [make_comment(article=article).state for article in [make_published()] for _ in range(2)] == [State.PENDING] * 2


@pytest.mark.django_db
def test_a_draft_never_gets_a_comment(client):
    draft = make_article()
    form = {"name": "Ana", "email": "ana@example.org", "body": "Words"}
    assert client.post(f"/articles/{draft.slug}/comments/", form).status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_nobody_without_the_permission_speaks_for_the_site():
    comment = make_comment(state=State.APPROVED)
    with pytest.raises(PermissionDenied):
        reply_as_staff(comment, by=make_user("Editors"), body="Words of the site.")
    assert Comment.objects.count() == 1
