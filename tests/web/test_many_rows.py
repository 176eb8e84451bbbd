"""Rows by the thousand have what rows one by one have."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Comment
from lupussite.models import Page
from tests.factories import make_published
from web import many_rows

pytestmark = pytest.mark.django_db
NAMES = ("uuid", "article_id", "name", "body", "nonce", "decided_at")


def test_rows_have_their_values_and_the_defaults_of_all_others():
    article, now = make_published(), timezone.now()
    many_rows.insert(Comment, NAMES, ([uuid.uuid4(), article.pk, "Jo", f"Number {n}", f"n{n}", now] for n in range(3)))
    made = Comment.objects.get(body="Number 1")
    assert (made.name, made.state, made.signals, made.parent, made.decided_at) == ("Jo", "pending", [], None, now)
    assert made.submitted_at is not None
    assert Comment.objects.values("uuid").distinct().count() == 3


def test_a_column_that_is_another_one_in_each_row_has_to_be_given():
    with pytest.raises(ValueError, match="uuid, nonce"):
        many_rows.insert(Comment, ("article_id", "body"), [])


def test_the_rules_of_the_database_hold():
    with pytest.raises(IntegrityError), transaction.atomic():
        many_rows.insert(Page, ("title", "slug", "updated_at"), [("A", "a", timezone.now()), ("B", "a", timezone.now())])
    assert not Page.objects.exists()


def test_none_are_none():
    many_rows.insert(Page, ("title", "slug", "updated_at"), [])
    assert not Page.objects.exists()


def test_a_row_that_is_there_already_stays_as_it_is():
    for title in ("A", "B"):
        rows = [(title, "a", timezone.now()), (title, title, timezone.now())]
        many_rows.insert(Page, ("title", "slug", "updated_at"), rows, ignore_conflicts=True)
    assert list(Page.objects.order_by("pk").values_list("title", "slug")) == [("A", "a"), ("A", "A"), ("B", "B")]
