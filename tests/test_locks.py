"""Who waits for whom while a row is held: readers' posts for nobody."""

import threading

import pytest
from django.db import connection, transaction

from articles import workflow
from comments.flows import letters, moderation
from comments.flows.submission import submit_comment
from comments.models import Comment, State
from comments.screening import Submission
from tests.factories import make_comment, make_published, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def post_while(hold, article, parent=None):
    """Send a comment from another connection while `hold` has done its work and not committed; return the comment."""
    sent, failed = [], []

    def post():
        try:
            with connection.cursor() as cursor:
                # Far less than the transaction lasts, far more than a post takes.
                cursor.execute("SET lock_timeout = '3s'")
            submit_comment(article, Submission("Marta", "marta@example.org", "Words"), network="192.0.2.1", parent=parent)
            sent.append(True)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        hold()
        thread = threading.Thread(target=post)
        thread.start()
        thread.join(30)
    assert not failed
    assert sent


def test_an_article_that_is_held_takes_comments():
    article = make_published()
    post_while(lambda: workflow.held(article), article)


def test_an_article_on_which_somebody_decides_takes_comments():
    comment, clinician = make_comment(), make_user("Clinicians")
    post_while(lambda: moderation.decide(comment, State.SPAM, version=1, by=clinician), comment.article)


def test_a_comment_that_is_held_takes_replies():
    comment = make_comment(state=State.APPROVED)
    post_while(lambda: Comment.objects.select_for_update(no_key=True).get(pk=comment.pk), comment.article, comment)
    post_while(lambda: moderation.take_down(comment, why="reported"), comment.article, comment)


def test_a_comment_about_which_a_letter_is_written_takes_replies():
    comment, moderator = make_comment(state=State.APPROVED), make_user("Moderators")
    post_while(lambda: letters.write(comment, by=moderator, words="How are you?", seen=0), comment.article, comment)
