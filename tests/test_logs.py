"""What the log says of an error: where and of which kind, never what somebody typed."""

import logging
import sqlite3

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from comments import screening
from comments.screening import Submission
from lupussite.logs import WithoutValues
from mail import outbox
from mail.models import Outbox
from tests.factories import make_published


@pytest.fixture
def printed(monkeypatch):
    """What the console would show, line by line."""
    lines = []
    handler = logging.Handler()
    handler.setFormatter(WithoutValues("%(levelname)s %(name)s: %(message)s"))
    handler.emit = lambda record: lines.append(handler.format(record))
    root = logging.getLogger()
    # Alone: a record keeps the text that the first formatter made of its error.
    monkeypatch.setattr(root, "handlers", [handler])
    return lines


def test_an_error_is_printed_with_kind_code_and_frames_and_without_its_text(printed):
    try:
        sqlite3.connect(":memory:").execute("SELECT canary FROM nowhere")
    except sqlite3.Error as error:
        logging.getLogger("mail").warning("it failed", exc_info=error)
    (line,) = printed
    assert "sqlite3.OperationalError SQLITE_ERROR at test_logs.py:" in line
    assert "canary" not in line


def test_what_an_error_came_from_is_printed_too(printed):
    try:
        try:
            raise ValueError("canary")
        except ValueError:
            raise TypeError("canary") from None
    except TypeError as error:
        logging.getLogger("mail").warning("it failed", exc_info=error)
    assert [part.split(" at ")[0].strip() for part in printed[0].splitlines()[1:]] == ["TypeError", "ValueError"]
    assert "canary" not in printed[0]


@pytest.mark.django_db
def test_a_refusal_of_the_database_is_named_by_its_code(printed):
    article = make_published()
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET slug = NULL WHERE slug = %s", [article.slug])
    logging.getLogger("mail").warning("it failed", exc_info=caught.value)
    assert ("SQLITE_CONSTRAINT_NOTNULL" if connection.vendor == "sqlite" else "23502") in printed[0]
    assert article.slug not in printed[0]


@pytest.mark.django_db
def test_the_outbox_says_where_a_task_failed(printed):
    def handler(payload):
        raise DatabaseError(payload["canary"])

    outbox.add("kind", {"canary": "canary@example.org"})
    outbox.run_due({"kind": handler})
    assert Outbox.objects.get().failed_at
    assert "mail.outbox: kind failed, attempt 1" in printed[0]
    assert "DatabaseError at outbox.py:" in printed[0]
    assert "test_logs.py" in printed[0]
    assert "canary" not in printed[0]


def test_screening_says_which_rule_failed_and_where(printed, monkeypatch):
    def broken(reading):
        raise KeyError(reading.submission.body)

    monkeypatch.setattr(screening, "RULES", [broken])
    signals = screening.screen(Submission(name="Marta", email="", body="canary"))
    assert [(signal.code, signal.detail) for signal in signals] == [("rule_error", "broken")]
    assert "the rule broken fails" in printed[0]
    assert "KeyError at " in printed[0]
    assert "canary" not in printed[0]


@pytest.mark.django_db
def test_a_form_that_was_not_kept_is_logged_with_frames(client, printed, monkeypatch):
    def locked(*args, **kwargs):
        raise DatabaseError("canary words")

    monkeypatch.setattr("comments.public.views.submit_comment", locked)
    form = {"name": "Marta", "email": "marta@example.org", "body": "canary words"}
    assert client.post(f"/articles/{make_published().slug}/comments/", form).status_code == 503
    line = next(line for line in printed if "web.posting" in line)
    assert "your comment wasn't saved" in line
    assert "DatabaseError at posting.py:" in line
    assert "canary" not in "".join(printed)
